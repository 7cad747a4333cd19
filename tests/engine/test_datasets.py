"""Data sets: repeatable, even, mixed, of the shapes they promise; measured ones against what their authors printed."""

import numpy as np
import pytest

from app.engine import facts
from app.engine.datasets import DATASETS
from app.engine.document import read_problem
from app.engine.errors import ProblemError
from app.engine.training import Plan, Training

CLASSIFIED = [name for name, it in DATASETS.items() if it.class_names]
DRAWN = [name for name, it in DATASETS.items() if it.noise]
FLAT = [name for name, it in DATASETS.items() if len(it.input_names) == 2]


def radius(points):
    return np.hypot(*points.T)


def apart(inputs, targets):
    """The least distance from a point of one class to a point of another."""
    one, other = inputs[targets == 0], inputs[targets == 1]
    return np.hypot(*(one[:, None] - other[None]).transpose(2, 0, 1)).min()


@pytest.mark.parametrize("name", DATASETS)
def test_shapes(name):
    it = DATASETS[name]
    for size in (it.size.minimum, it.size.minimum + 1, it.size.default, it.size.maximum):
        if size <= it.size.maximum:
            inputs, targets = it.make(size, seed=3)
            assert inputs.shape == (size, len(it.input_names))
            assert inputs.dtype == np.float64
            assert targets.shape == ((size,) if it.class_names else (size, it.outputs))
            assert np.isfinite(inputs).all() and np.isfinite(targets).all()
    assert it.task == ("classification" if it.class_names else "regression")


@pytest.mark.parametrize("name", DATASETS)
def test_same_seed_same_numbers(name):
    it = DATASETS[name]
    for one, other in zip(it.make(50, seed=2**64 - 1), it.make(50, seed=2**64 - 1), strict=True):
        assert one.tobytes() == other.tobytes()
    assert (it.make(50, seed=1)[0] != it.make(50, seed=2)[0]).any()


@pytest.mark.parametrize("name", DATASETS)
def test_what_is_made_is_nobody_elses(name):
    """Whoever changes what was made changes no later answer."""
    first, _ = DATASETS[name].make()
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(DATASETS[name].make()[0], kept)


@pytest.mark.parametrize("name", DATASETS)
def test_numbers_are_short(name):
    inputs, _ = DATASETS[name].make()
    assert all(len(repr(abs(x))) <= 6 for x in inputs.ravel().tolist())
    assert not (np.signbit(inputs) & (inputs == 0)).any()


@pytest.mark.parametrize("name", CLASSIFIED)
@pytest.mark.parametrize("size", [10, 61, 150])
def test_classes_are_even(name, size):
    counts = np.bincount(DATASETS[name].make(size, seed=5)[1], minlength=len(DATASETS[name].class_names))
    assert len(counts) == len(DATASETS[name].class_names)
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("name", CLASSIFIED)
def test_rows_are_mixed(name):
    """No run of one class, and every class in the first rows: a batch in file order is a fair one."""
    _, targets = DATASETS[name].make()
    classes = len(DATASETS[name].class_names)
    assert set(targets[: 8 * classes].tolist()) == set(range(classes))
    same = (targets[1:] == targets[:-1]).mean()
    assert same == pytest.approx(1 / classes, abs=0.1)


@pytest.mark.parametrize("name", DRAWN)
def test_noise_moves_what_it_should(name):
    """The same points, moved by so much: a slider of noise shows clouds that grow, not other clouds."""
    it = DATASETS[name]
    still, little, much = (it.make(4000, noise, seed=1) for noise in (0, 0.1, 0.2))
    moved, kept = (0, 1) if it.class_names else (1, 0)
    np.testing.assert_array_equal(still[kept], much[kept])
    by = little[moved] - still[moved]
    assert by.std() == pytest.approx(0.1, rel=0.05)
    np.testing.assert_allclose(much[moved] - still[moved], 2 * by, atol=3e-4)
    default = it.make(4000, seed=1)[moved] - still[moved]
    assert default.std() == pytest.approx(it.noise.default, rel=0.05)


@pytest.mark.parametrize("name", [name for name in FLAT if DATASETS[name].class_names])
def test_coordinates_are_of_a_size_that_networks_train_well_on(name):
    inputs, _ = DATASETS[name].make()
    assert (np.abs(inputs.mean(axis=0)) < 0.25).all()
    assert ((inputs.std(axis=0) > 0.4) & (inputs.std(axis=0) < 1.2)).all()


def test_xor_of_four_points_is_the_truth_table():
    inputs, targets = DATASETS["xor"].make(4, 0)
    assert {(*map(int, row), int(target)) for row, target in zip(inputs, targets, strict=True)} == {(-1, -1, 0), (-1, 1, 1), (1, -1, 1), (1, 1, 0)}


def test_circle_has_a_gap():
    inputs, targets = DATASETS["circle"].make(4000, 0)
    disc, ring = radius(inputs[targets == 1]), radius(inputs[targets == 0])
    assert disc.max() <= 1 and ring.min() >= 1.5 and ring.max() <= 2.0001
    assert (disc < np.sqrt(0.5)).mean() == pytest.approx(0.5, abs=0.03)  # half of them in half of the area
    assert apart(*DATASETS["circle"].make()) > 0.1


def test_moons_are_half_circles():
    inputs, targets = DATASETS["moons"].make(400, 0)
    upper, lower = inputs[targets == 0] + [0.5, 0.25], inputs[targets == 1] + [0.5, 0.25]
    np.testing.assert_allclose(radius(upper), 1, atol=2e-4)
    np.testing.assert_allclose(radius(lower - [1, 0.5]), 1, atol=2e-4)
    assert upper[:, 1].min() >= 0 and lower[:, 1].max() <= 0.5


def test_spirals_wind_around_each_other():
    """Radius grows in proportion to the angle, 1½ turns; points evenly spaced along the arm."""
    inputs, targets = DATASETS["spirals"].make(1000, 0)
    for arm in (0, 1):
        points = inputs[targets == arm]
        points = points[np.argsort(radius(points))]
        angle = np.unwrap(np.arctan2(points[:, 1], points[:, 0]))
        slope, _ = np.polyfit(angle, radius(points), 1)
        assert 2 / slope == pytest.approx(1.5 * 2 * np.pi, rel=0.01)
        steps = np.hypot(*np.diff(points, axis=0).T)
        assert steps.max() < 0.06
    assert apart(inputs, targets) > 0.3
    assert apart(*DATASETS["spirals"].make()) > 0.15


def test_gaussians_are_where_their_names_say():
    inputs, targets = DATASETS["gaussians"].make(3000)
    centres = {name: inputs[targets == k].mean(axis=0) for k, name in enumerate(DATASETS["gaussians"].class_names)}
    assert centres["top"][1] > 1 and centres["left"][0] < -0.9 and centres["right"][0] > 0.9
    assert all(np.hypot(*centre) == pytest.approx(1.2, abs=0.05) for centre in centres.values())


def test_sine():
    x, y = DATASETS["sine"].make(200, 0)
    np.testing.assert_allclose(y, np.sin(np.pi * x), atol=3e-4)
    assert np.diff(np.sort(x[:, 0])).max() < 0.04  # no hole in the curve


def test_a_linear_fit_finds_the_plane():
    x, y = DATASETS["plane"].make(2000)
    found, *_ = np.linalg.lstsq(np.column_stack([x, np.ones(2000)]), y[:, 0])
    np.testing.assert_allclose(found, [0.6, -0.3, 0.1], atol=0.005)


def test_iris_is_fishers():
    """The means that his Table 2 prints, and its number of flowers."""
    flowers, species = facts.iris()
    means = [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]]
    for k, printed in enumerate(means):
        assert (species == k).sum() == 50
        np.testing.assert_allclose(flowers[species == k].mean(axis=0), printed, atol=1e-12)


def test_iris_in_standard_units():
    inputs, targets = DATASETS["iris"].make()
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(inputs.std(axis=0), 1, atol=1e-4)
    setosa = inputs[targets == 0]
    assert setosa[:, 2].max() < inputs[targets != 0][:, 2].min()  # short petals are setosa's alone
    part, _ = DATASETS["iris"].make(30, seed=4)
    assert {tuple(row) for row in part.tolist()} <= {tuple(row) for row in inputs.tolist()}  # in the units of all, not of the part


def test_digits_are_those_of_uci():
    """As many of each as optdigits.names counts in the test set, grey values in its range, and the preset's images among them."""
    images, labels = facts.digits()
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (images.min(), images.max()) == (0, 16)
    inputs, targets = DATASETS["digits"].make()
    assert len(inputs) == len({row.tobytes() for row in inputs}) == 1797
    assert np.bincount(targets).tolist() == np.bincount(labels).tolist()


def test_a_part_is_chosen_without_repetition():
    inputs, targets = DATASETS["digits"].make(10, seed=9)
    assert sorted(targets) == list(range(10))
    inputs, targets = DATASETS["digits"].make(500, seed=9)
    assert len({row.tobytes() for row in inputs}) == 500


@pytest.mark.parametrize(
    ("name", "asked", "pointers"),
    [
        ("xor", {"size": 3}, ["/size"]),
        ("xor", {"size": 4001}, ["/size"]),
        ("xor", {"size": 4.0}, ["/size"]),
        ("xor", {"size": True}, ["/size"]),
        ("xor", {"size": "many"}, ["/size"]),
        ("xor", {"noise": -0.1}, ["/noise"]),
        ("xor", {"noise": 1.5}, ["/noise"]),
        ("xor", {"noise": float("nan")}, ["/noise"]),
        ("xor", {"noise": True}, ["/noise"]),
        ("iris", {"noise": 0}, ["/noise"]),
        ("iris", {"size": 151}, ["/size"]),
        ("xor", {"seed": -1}, ["/seed"]),
        ("xor", {"seed": 2**64}, ["/seed"]),
        ("xor", {"seed": None}, ["/seed"]),
        ("xor", {"size": 0, "noise": [], "seed": {}}, ["/size", "/noise", "/seed"]),
    ],
)
def test_what_makes_no_sense(name, asked, pointers):
    with pytest.raises(ProblemError) as caught:
        DATASETS[name].make(**asked)
    assert [fault.pointer for fault in caught.value.faults] == pointers
    assert all(fault.detail.startswith("expected ") and "got " in fault.detail for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("name", "hidden", "epochs"),
    [("xor", [8], 30), ("circle", [8], 40), ("moons", [8], 40), ("spirals", [8, 8], 120), ("gaussians", [], 20)],
)
def test_small_networks_learn_them(name, hidden, epochs):
    """Tanh, adam, batches of ten: nearly all are told right in a few dozen epochs, the spirals after a hundred."""
    inputs, targets = DATASETS[name].make()
    outputs = DATASETS[name].outputs
    last = {"units": outputs, "activation": "sigmoid" if outputs == 1 else "softmax"}
    problem = read_problem(
        {
            "layers": [*({"units": units, "activation": "tanh"} for units in hidden), last],
            "loss": "binary_cross_entropy" if outputs == 1 else "cross_entropy",
            "inputs": inputs,
            "targets": targets.reshape(-1, 1) if outputs == 1 else targets,
            "optimizer": {"name": "adam", "learning_rate": 0.03},
        }
    )
    training = Training(Plan(problem, epochs=epochs, batch_size=10))
    training.advance(epochs * training.updates_per_epoch)
    assert training.measures().accuracy > 0.97
