"""What is found in a trace: each finding against what the numbers themselves say, and none where there is nothing."""

import math

import numpy as np
import pytest
from problems import ALL_ACTIVATIONS, document, label, quantities

from app.engine.activations import ACTIVATIONS
from app.engine.diagnosis import THRESHOLDS, diagnose
from app.engine.document import read_problem
from app.engine.passes import record
from app.wire.presets import presets

EYE = [[1, 0], [0, 1]]


def layer(weights, activation="identity", bias=None):
    return {"weights": weights, "activation": activation, **({} if bias is None else {"bias": bias})}


def findings(layers, inputs, targets, loss="squared_error"):
    return found_in(read_problem({"layers": layers, "inputs": inputs, "targets": targets, "loss": loss}))


def found_in(problem):
    steps = record(problem)
    values = {name: value for step in steps for name, value in step.values.items()}
    sizes = {name: (math.hypot(*value.ravel()), float(np.abs(value).max())) for name, value in values.items()}
    found = diagnose(problem, steps, sizes)
    for it in found:
        assert it.quantity in steps[it.step].values
        assert steps[it.step].definition.id == f"dz{it.layer}"
        assert it.layer in it.layers
    return found


def short(found):
    """Kind, layers and units of every finding."""
    return [(it.kind, it.layers, it.units) for it in found]


PRESETS = {
    "vanishing": [("vanishing", (1, 2), ())],
    "dead-relu": [("dead", (1,), (1,))],
}


@pytest.mark.parametrize("name", presets())
def test_presets(name):
    """Two have what they are there for, the others nothing."""
    assert short(found_in(read_problem(presets()[name]["problem"]))) == PRESETS.get(name, [])


def test_vanishing_is_by_root_mean_square():
    """The preset's own numbers, by numpy alone."""
    problem = read_problem(presets()["vanishing"]["problem"])
    values = quantities(problem)
    rms = {l: np.sqrt(np.mean(values[f"dz{l}"] ** 2)) for l in range(1, 9)}
    assert [l for l in rms if rms[l] < 1e-3 * rms[8]] == [1, 2]
    (found,) = found_in(problem)
    assert (found.layer, found.quantity) == (1, "dz1")


def test_width_alone_is_no_explosion():
    """4,000 units that each get as much as the one output have a norm 63 times as large, and are as well as it."""
    wide = [layer([[0.5]] * 4000, "tanh"), layer([[1.0] * 4000])]
    (norm1, norm2) = (np.linalg.norm(quantities(read_problem({"layers": wide, "inputs": [[0.0]], "targets": [[1]]}))[f"dz{l}"]) for l in (1, 2))
    assert norm1 / norm2 == pytest.approx(np.sqrt(4000))
    assert findings([layer([[0.5]] * 4000, "tanh"), layer([[100.0] * 4000])], [[0.0]], [[1]]) == []


@pytest.mark.parametrize(
    ("weight", "kinds"),
    [
        (2.0, []),
        (999.0, []),
        (1001.0, ["exploding"]),
        (1e160, ["exploding"]),
        (-1001.0, ["exploding"]),
        (1.001e-3, []),
        (0.999e-3, ["vanishing"]),
        (1e-160, ["vanishing"]),
        (0.0, ["zero"]),
    ],
)
def test_the_bounds_of_a_gradient(weight, kinds):
    """One weight between two identities is the ratio itself."""
    found = findings([layer([[1]]), layer([[weight]])], [[1e-3]], [[1]])
    assert short(found) == [(kind, (1,), ()) for kind in kinds]


def test_the_worst_layer_leads():
    """∂ℒ/∂z is 10⁻⁴ of the last in layer 1 and 10⁻⁸ in layer 2; layer 3 has a hundredth, which is no finding."""
    (found,) = findings([layer([[1]]), *(layer([[w]]) for w in (1e4, 1e-6, 1e-2, 1.0))], [[1]], [[9]])
    assert (found.kind, found.layer, found.layers, found.quantity) == ("vanishing", 2, (1, 2), "dz2")


# ---- units ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activation", "z", "kind"),
    [
        ("identity", [-9, 9], None),
        ("sigmoid", [4.35, -4.35], None),  # slope 0.05 of ¼ at |z| = ln(78 …) = 4.357
        ("sigmoid", [4.37, -4.37], "saturated"),
        ("sigmoid", [9, 0], None),
        ("sigmoid", [1000, -1000], "saturated"),
        ("tanh", [2.17, 2.17], None),  # 1 − a² = 0.05 at |z| = artanh √0.95 = 2.178
        ("tanh", [2.19, -2.19], "saturated"),
        ("relu", [-1, -2], "dead"),
        ("relu", [0, 0], "dead"),
        ("relu", [-1, 1e-9], None),
        ("leaky_relu", [-1, -2], None),
        ({"name": "leaky_relu", "slope": 0}, [-1, -2], "dead"),
        ("elu", [-1, -2], None),
        ("elu", [-2.99, -2.99], None),  # e^z = 0.05 at z = −2.996
        ("elu", [-3, -30], "saturated"),
        ("softplus", [-2.9, -2.9], None),  # σ(z) = 0.05 at z = −2.944
        ("softplus", [-2.95, -800], "saturated"),
        ("softplus", [9, 99], None),
        ("gelu", [-3, -9], "saturated"),
        ("gelu", [-0.7518, -0.7518], None),  # its lowest point: slope 0, yet not flat
        ("gelu", [-0.7518, -9], None),
        ("gelu", [9, 9], None),
        ("silu", [-5, -9], "saturated"),
        ("silu", [-1.2785, -1.2785], None),
        ("silu", [-1e300, -9], "saturated"),
    ],
    ids=label,
)
def test_one_unit(activation, z, kind):
    """z are the inputs of two examples."""
    found = [it for it in findings([layer([[1]], activation), layer([[1]])], [[x] for x in z], [[0.3], [0.4]]) if it.layer == 1 and it.units]
    assert short(found) == ([(kind, (1,), (0,))] if kind else [])


def test_one_example_awake_is_enough():
    inputs = [[-1.0]] * 40 + [[1.0]] + [[-2.0]] * 40
    network = [layer([[1], [-1], [-0.5]], "relu", [0, -3, -3]), layer([[1, 1, 1]])]
    assert short(findings(network, inputs, [[5]] * 81)) == [("dead", (1,), (1, 2))]
    assert short(findings(network, inputs[:40], [[5]] * 40))[-1] == ("dead", (1,), (0, 1, 2))


def test_units_that_take_turns_are_well():
    """Every unit is off for one example and on for another."""
    assert findings([layer(EYE, "relu"), layer([[1, 1]])], [[1, -1], [-1, 1]], [[0], [0]]) == []


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
@pytest.mark.parametrize("examples", [1, 3, 30])
def test_against_a_plain_reading_of_the_definition(activation, examples):
    """Entry by entry, with the largest slope found on a grid; layers of 5 and of 90 units."""
    g = read_problem(document(sizes=[2, 2], activations=[activation], loss="squared_error", seed=1, examples=1)).layers[0].activation
    grid = np.linspace(-40, 40, 80_001)[:, None]
    steepest = 0.25 if g.jacobian else np.abs(g.derivative(grid, g.value(grid))).max()
    for seed in range(6):
        doc = document(sizes=[3, 5, 90, 2], activations=[activation, activation, "identity"], loss="squared_error", seed=seed, examples=examples)
        doc["layers"][0]["weights"] = (np.array(doc["layers"][0]["weights"]) * 8).tolist()
        problem = read_problem(doc)
        values = quantities(problem)
        expected = []
        for l in (1, 2):
            z, slopes = values[f"z{l}"], np.abs(values[f"g{l}"])
            if g.jacobian:
                units = tuple(range(z.shape[1])) if (slopes <= 0.05 * steepest).all() else ()
            elif g.name in ("relu", "leaky_relu"):
                units = tuple(i for i in range(z.shape[1]) if all(slopes[n, i] == 0 for n in range(examples)))
            elif g.name in ("gelu", "silu"):  # flat on the left alone, past the lowest point
                units = tuple(i for i in range(z.shape[1]) if all(slopes[n, i] <= 0.05 * steepest and z[n, i] < -2 for n in range(examples)))
            else:
                top = 1.0 if g.name == "elu" else steepest
                units = tuple(i for i in range(z.shape[1]) if all(slopes[n, i] <= 0.05 * top for n in range(examples)))
            if units:
                expected.append((l, units))
        assert [(it.layer, it.units) for it in found_in(problem) if it.units] == expected


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
def test_steepest(activation):
    """The largest slope on a grid; elu's is that of its straight side, whatever alpha."""
    g = read_problem(document(sizes=[1, 2], activations=[activation], loss="squared_error", seed=1, examples=1)).layers[0].activation
    grid = np.linspace(0, 60, 60_001)[:, None]
    pair = np.hstack([grid, np.zeros_like(grid)])
    found = np.abs(g.derivative(pair, g.value(pair))).max()
    if g.name in ("identity", "relu", "leaky_relu"):
        assert g.steepest is None
    else:
        assert found == pytest.approx(g.steepest, rel=1e-3)


# ---- the last layer ------------------------------------------------------------------------------------------------------

ONE_HOT = [[9, 0], [0, 9]]


@pytest.mark.parametrize(
    ("network", "targets", "loss", "kinds"),
    [
        ([layer([[9], [-9]], "sigmoid")], [[0, 1]], "squared_error", ["saturated"]),
        ([layer([[9], [-9]], "sigmoid")], [[0, 1]], "binary_cross_entropy", []),  # 1/a makes up for it
        ([layer([[9], [-9]], "sigmoid")], [[1, 0]], "binary_cross_entropy", []),  # and this is simply right
        ([layer([[9], [-9]], "sigmoid")], [[0, 1]], {"name": "binary_cross_entropy", "clip": 1e-12}, []),  # does not reach the clip
        ([layer([[9], [-9]], "sigmoid")], [[0, 1]], {"name": "binary_cross_entropy", "clip": 0.01}, ["zero", "saturated"]),
        ([layer([[5], [-5]], "sigmoid"), layer([[1, 1]], "sigmoid")], [[0]], "binary_cross_entropy", ["saturated"]),  # a hidden one is
        ([layer([[9], [-9]], "softmax")], [[0, 1]], "squared_error", ["saturated"]),
        ([layer([[9], [-9]], "softmax")], [1], "cross_entropy", []),
        ([layer([[9], [-9]], "softmax")], [0], "cross_entropy", []),
        ([layer([[9], [-9]], "softmax")], [0], {"name": "cross_entropy", "clip": 1e-9}, []),
        ([layer([[9], [-9]], "softmax")], [0], {"name": "cross_entropy", "clip": 1e-6}, ["zero"]),  # right, and beyond the clip
        ([layer([[9], [-9]], "softmax")], [1], {"name": "cross_entropy", "clip": 1e-6}, ["zero", "saturated"]),
        ([layer([[3], [-3]], "softmax"), layer(EYE, "softmax")], [0], "cross_entropy", ["saturated"]),
        ([layer([[1], [-1], [-9]], "softmax")], [[0, 1, 0]], "squared_error", []),  # one share near 0 is no saturation
        ([layer([[1]], "softmax")], [0], "cross_entropy", ["zero", "saturated"]),  # always 1
    ],
)
def test_the_last_layer_and_the_loss(network, targets, loss, kinds):
    assert [it.kind for it in findings(network, [[1]], targets, loss)] == kinds


def test_a_softmax_is_saturated_when_every_example_is():
    assert [it.units for it in findings([layer(ONE_HOT, "softmax")], EYE, EYE[::-1])] == [(0, 1)]
    assert findings([layer(ONE_HOT, "softmax")], [*EYE, [0, 0]], [*EYE[::-1], [0, 1]]) == []


# ---- gradients that are 0 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "inputs", "targets", "loss", "expected"),
    [
        ([layer(EYE), layer(EYE)], EYE, EYE, "squared_error", [("zero", (1, 2), ())]),
        ([layer(EYE), layer(EYE)], EYE, EYE[::-1], {"name": "squared_error", "scale": 0}, [("zero", (1, 2), ())]),
        ([layer(EYE, "tanh"), layer([[0, 0]] * 2), layer([[0, 0]], bias=[1])], EYE, [[0]] * 2, "squared_error", [("zero", (1, 2), ())]),
        ([layer([[0, 0]] * 2, "relu"), layer([[0, 0]], bias=[1])], EYE, [[0]] * 2, "squared_error", [("zero", (1,), ()), ("dead", (1,), (0, 1))]),
        ([layer(EYE), layer([[0, 0]] * 2, "tanh"), layer([[0, 0]])], EYE, [[1]] * 2, "squared_error", [("zero", (1, 2), ())]),
        ([layer([[-1, -1]], "relu"), layer([[1]], bias=[1])], EYE, [[0]] * 2, "squared_error", [("zero", (1,), ()), ("dead", (1,), (0,))]),
    ],
)
def test_zero_is_not_vanishing(network, inputs, targets, loss, expected):
    assert short(findings(network, inputs, targets, loss)) == expected


def test_forward_alone_finds_nothing():
    assert findings([layer([[-9]], "relu"), layer([[99]], "sigmoid")], [[1]], None) == []


def test_thresholds_are_told():
    assert {"saturated", "dead", "vanishing", "exploding"} <= set(THRESHOLDS)
    for it in THRESHOLDS.values():
        assert it.meaning and "\n" not in it.meaning
    assert {name for name, kind in ACTIVATIONS.items() if kind.steepest is None} == {"identity", "relu", "leaky_relu"}
