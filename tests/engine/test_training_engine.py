"""Training: which rows when, stopping and going on anywhere, why it ends, what it measures, and what happens when numbers stop being finite."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from problems import document, quantities

from app.engine.document import read_problem
from app.engine.magnitude import magnitude
from app.engine.measures import accuracy, middle, ratios
from app.engine.problem import Problem
from app.engine.training import Plan, Position, Training, split

END = 10**9


def problem(**more: Any) -> Problem:
    """2-4-1 on 23 examples; adam, so that the state matters."""
    usual = {"sizes": [2, 4, 1], "activations": ["tanh", "sigmoid"], "loss": "squared_error", "seed": 3, "examples": 23}
    return read_problem(document(**usual | {"optimizer": {"name": "adam", "learning_rate": 0.05}, "initializer": {"name": "zeros", "seed": 7}} | more))


def run(plan: Plan, updates: int = END) -> Training:
    training = Training(plan)
    training.advance(updates)
    return training


def same(one: Training, other: Training) -> None:
    """The same training to the bit, whichever way it came there."""
    assert (one.position, one.updates) == (other.position, other.updates)
    for mine, theirs in ((one.parameters(), other.parameters()), (one.optimizer_state(), other.optimizer_state())):
        assert mine.keys() == theirs.keys()
        for name, value in mine.items():
            np.testing.assert_array_equal(value, theirs[name], err_msg=name)


# ---- rows and batches ----------------------------------------------------------------------------------------------------


def test_every_epoch_takes_every_row_once_in_the_order_of_its_own_stream():
    training = Training(Plan(problem(), batch_size=5, epochs=4))
    assert (training.updates_per_epoch, training.plan.size) == (5, 5)
    for epoch in range(4):
        rows = []
        for batch in range(5):
            assert training.position == Position(epoch, batch)
            expected = training.next_batch
            training.advance(1)
            np.testing.assert_array_equal(training.last_batch, expected)
            rows += training.last_batch.tolist()
        assert rows == np.random.default_rng([7, epoch]).permutation(23).tolist()
        assert len(training.last_batch) == 3


def test_without_shuffling_rows_come_as_they_stand():
    training = run(Plan(problem(), batch_size=10, shuffle=False), 5)
    np.testing.assert_array_equal(training.last_batch, range(10, 20))
    np.testing.assert_array_equal(training.next_batch, range(20, 23))


@pytest.mark.parametrize("batch_size", [None, 23, 1000])
def test_a_full_batch(batch_size):
    training = run(Plan(problem(), batch_size=batch_size), 2)
    assert (training.updates_per_epoch, training.position) == (1, Position(2, 0))
    assert sorted(training.last_batch) == list(range(23))


def test_held_out_rows_take_no_part():
    of = problem()
    training = Training(Plan(of, batch_size=4, test_fraction=0.3, epochs=3))
    assert (len(training.train_rows), len(training.test_rows)) == (16, 7)
    assert sorted([*training.train_rows, *training.test_rows]) == list(range(23))
    assert (np.diff(training.train_rows) > 0).all() and (np.diff(training.test_rows) > 0).all()
    np.testing.assert_array_equal(training.test_rows, np.sort(np.random.default_rng([7, 0, 1]).permutation(23)[:7]))
    np.testing.assert_array_equal(training.next_batch, training.train_rows[np.random.default_rng([7, 0]).permutation(16)[:4]])
    inputs, targets = of.inputs.copy(), of.targets.copy()
    inputs[training.test_rows], targets[training.test_rows] = 1e3, -1e3
    training.advance(END)
    same(training, run(replace(training.plan, problem=replace(of, inputs=inputs, targets=targets))))


@pytest.mark.parametrize(("examples", "fraction", "held_out"), [(10, 0, 0), (10, 0.2, 2), (7, 0.5, 4), (3, 0.1, 0), (3, 0.9, 3)])
def test_how_many_are_held_out(examples, fraction, held_out):
    assert len(split(examples, fraction, 0)[1]) == held_out


# ---- stopping and going on -----------------------------------------------------------------------------------------------


def continued(training: Training, **changes: Any) -> Training:
    """A new training that goes on from what this one would tell."""
    of, theta = training.plan.problem, training.parameters()
    layers = tuple(layer._replace(weights=theta[f"W{l}"], bias=theta.get(f"b{l}")) for l, layer in enumerate(of.layers, 1))
    going = replace(of, layers=layers, optimizer_state=training.optimizer_state())
    return Training(replace(training.plan, problem=going, position=training.position, **changes))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adamw"])
@pytest.mark.parametrize(("batch_size", "shuffle"), [(5, True), (5, False), (None, True)])
def test_a_hundred_updates_are_37_and_63_of_them_to_the_bit(optimizer, batch_size, shuffle):
    plan = Plan(problem(optimizer=optimizer), epochs=1000, batch_size=batch_size, shuffle=shuffle, test_fraction=0.1)
    whole, first = run(plan, 100), run(replace(plan, max_updates=37))
    assert first.ended == "max_updates" and first.updates == 37
    second = continued(first, max_updates=63)
    second.advance(END)
    assert second.ended == "max_updates"
    same(second, whole)
    np.testing.assert_array_equal(second.last_batch, whole.last_batch)
    assert second.measures() == whole.measures()


def test_slices_of_any_size_make_the_same_training():
    plan = Plan(problem(), epochs=20, batch_size=6)
    whole, sliced = run(plan), Training(plan)
    for updates in (1, 1, 2, 7, 0, 13, 4, 1, 30, 100):
        sliced.advance(updates)
        measured = sliced.measures()
    assert whole.ended == sliced.ended == "epochs"
    same(whole, sliced)
    assert measured == whole.measures()


def test_the_problem_of_the_next_update():
    """Its trace makes the update that comes; its classes are those of the batch."""
    targets = [n % 3 for n in range(23)]
    of = problem(sizes=[2, 4, 3], activations=["tanh", "softmax"], loss="cross_entropy")
    document_of = of.document() | {"targets": targets}
    training = run(Plan(read_problem(document_of), batch_size=5), 7)
    stepped = training.stepped()
    assert stepped.classes == tuple(targets[row] for row in training.next_batch)
    np.testing.assert_array_equal(stepped.inputs, of.inputs[training.next_batch])
    expected = quantities(stepped)
    assert expected["t"] == 8
    training.advance(1)
    np.testing.assert_allclose(training.parameters()["W1"], expected["W1_new"], rtol=1e-12)
    np.testing.assert_allclose(training.optimizer_state()["b2_v"], expected["b2_v_new"], rtol=1e-12)


def test_what_it_tells_is_a_copy():
    training = run(Plan(problem()), 3)
    before = training.parameters() | training.optimizer_state()
    for value in (training.parameters() | training.optimizer_state()).values():
        value += 1
    training.stepped().layers[0].weights[...] = 0
    after = training.parameters() | training.optimizer_state()
    for name, value in before.items():
        np.testing.assert_array_equal(after[name], value)
    training.advance(1)
    assert not np.array_equal(training.parameters()["W1"], before["W1"])


def test_the_problem_is_left_alone():
    of = problem(optimizer={"name": "sgd", "learning_rate": 1.0, "update_biases": False})
    before = [array.copy() for layer in of.layers for array in (layer.weights, layer.bias)]
    training = run(Plan(of, batch_size=4), 10)
    for array, kept in zip((array for layer in of.layers for array in (layer.weights, layer.bias)), before, strict=True):
        np.testing.assert_array_equal(array, kept)
    np.testing.assert_array_equal(training.parameters()["b1"], of.layers[0].bias)


# ---- ends ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "ended", "updates"),
    [
        ({"epochs": 3}, "epochs", 15),
        ({"epochs": 3, "max_updates": 15}, "epochs", 15),
        ({"epochs": 3, "max_updates": 7}, "max_updates", 7),
        ({"max_updates": 0}, "max_updates", 0),
        ({"epochs": 3, "position": Position(2, 4)}, "epochs", 15),
        ({"epochs": 3, "position": Position(3, 0)}, "epochs", 15),
        ({"epochs": 3, "position": Position(8, 2)}, "epochs", 42),
        ({"epochs": 8, "position": Position(1, 3), "max_updates": 4}, "max_updates", 12),
        ({"epochs": 3, "stop_loss": 100.0}, "loss", 5),
        ({"epochs": 3, "stop_loss": 100.0, "position": Position(1, 0)}, "loss", 5),
        ({"epochs": 3, "stop_loss": 100.0, "position": Position(1, 1)}, "loss", 10),
        ({"epochs": 1, "stop_loss": 100.0}, "loss", 5),
        ({"epochs": 3, "stop_loss": 1e-9}, "epochs", 15),
        ({"epochs": 3, "stop_accuracy": 0.5}, "epochs", 15),
    ],
)
def test_why_it_ends(changes, ended, updates):
    training = run(Plan(problem(), **{"batch_size": 5, **changes}))
    assert (training.ended, training.updates) == (ended, updates)
    before = training.parameters()
    training.advance(3)
    assert training.updates == updates
    np.testing.assert_array_equal(training.parameters()["W1"], before["W1"])


def test_updates_until_the_next_epoch():
    training = Training(Plan(problem(), batch_size=5))
    assert training.to_next_epoch() == 5
    training.advance(2)
    assert training.to_next_epoch() == 3
    training.advance(3)
    assert training.to_next_epoch() == 5


def test_a_loss_and_an_accuracy_that_are_reached():
    """Both end at the first epoch at whose end they hold; measured here after every epoch."""
    inputs = np.random.default_rng(0).normal(size=(40, 2))
    layers = [{"units": 6, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
    described = {"layers": layers, "inputs": inputs, "targets": (inputs[:, :1] > inputs[:, 1:]) * 1.0, "optimizer": {"name": "adam", "learning_rate": 0.02}}
    plan = Plan(read_problem(described), batch_size=8)
    watched = Training(plan)
    losses, accuracies = [], []
    for _ in range(60):
        watched.advance(watched.to_next_epoch())
        losses.append(watched.measures().loss)
        accuracies.append(watched.measures().accuracy)
    by_loss, by_accuracy = run(replace(plan, stop_loss=0.05)), run(replace(plan, stop_accuracy=0.95))
    assert by_loss.ended == "loss" and by_loss.position == (next(n for n, loss in enumerate(losses, 1) if loss <= 0.05), 0)
    assert by_accuracy.ended == "accuracy" and by_accuracy.position == (next(n for n, share in enumerate(accuracies, 1) if share >= 0.95), 0)
    for there in (by_loss, by_accuracy):  # whoever left between the last report and the end goes on from that report to no other end
        assert (continued(there).ended, continued(there).updates) == (there.ended, there.updates)


# ---- numbers that stop being finite ---------------------------------------------------------------------------------------


def diverging(**more: Any) -> Problem:
    """Linear units with too large a learning rate: every update makes the next one larger."""
    usual = {"sizes": [2, 3, 1], "activations": ["identity", "identity"], "loss": "squared_error", "seed": 2, "examples": 9}
    return read_problem(document(**usual | {"optimizer": {"name": "sgd", "learning_rate": 3.0}} | more))


@pytest.mark.parametrize("optimizer", [{"name": "sgd", "learning_rate": 3.0}, {"name": "momentum", "learning_rate": 2.0}], ids=lambda it: it["name"])
def test_it_stands_at_the_last_finite_state(optimizer):
    plan = Plan(diverging(optimizer=optimizer), batch_size=4)
    careful = Training(plan)
    while careful.ended is None:
        states = careful.parameters(), careful.optimizer_state(), careful.position, careful.measures(), careful.last_batch
        careful.advance(1)
    assert careful.ended == "non_finite" and careful.updates > 3
    assert all(np.isfinite(value).all() for value in (careful.parameters() | careful.optimizer_state()).values())
    np.testing.assert_array_equal(careful.parameters()["W1"], states[0]["W1"])
    assert (careful.position, careful.measures()) == states[2:4]
    np.testing.assert_array_equal(careful.last_batch, states[4])
    broken = quantities(careful.stepped())
    assert not all(np.isfinite(broken[name]).all() for name in broken if name.endswith("_new"))
    for slices in ((END,), (2, END), (careful.updates, END), (careful.updates - 1, 1, 1)):
        sliced = Training(plan)
        for updates in slices:
            sliced.advance(updates)
        assert sliced.ended == "non_finite"
        same(sliced, careful)
        assert sliced.measures() == careful.measures()
        np.testing.assert_array_equal(sliced.last_batch, careful.last_batch)


def test_the_very_first_update_may_break():
    training = run(Plan(diverging(loss={"name": "squared_error", "scale": 1e6}, optimizer={"name": "sgd", "learning_rate": 1e308}), batch_size=4))
    assert (training.ended, training.position, training.last_batch.tolist()) == ("non_finite", (0, 0), [])
    assert training.measures().gradient_norms == training.measures().update_ratios == {}
    np.testing.assert_array_equal(training.parameters()["W1"], training.plan.problem.layers[0].weights)


def test_a_state_that_overflows_ends_it_too():
    """∂ℒ/∂W of 1e200 leaves W finite under rmsprop, but its square would be ∞ from then on."""
    layer = {"weights": [[1.0]], "bias": False, "activation": "identity"}
    described = {"layers": [layer], "inputs": [[1e100]], "targets": [[0]], "optimizer": {"name": "rmsprop", "learning_rate": 0.1}}
    training = run(Plan(read_problem(described)))
    assert (training.ended, training.updates) == ("non_finite", 0)


def test_large_numbers_are_finite_still():
    """Their squares are not, and it goes on."""
    layer = {"weights": [[1e200, -1e200]], "bias": [1e300], "activation": "tanh"}
    described = {"layers": [layer], "inputs": [[1, 1]], "targets": [[0]], "optimizer": {"name": "sgd", "learning_rate": 0.1}}
    assert run(Plan(read_problem(described), epochs=5)).ended == "epochs"


def test_batches_after_the_first_may_break():
    """Four fine rows, then one that overflows, in a single call: the position is that of the row."""
    layer = {"weights": [[0.5]], "bias": [0.0], "activation": "identity"}
    inputs = [[1], [2], [3], [1e200], [4]]
    described = {"layers": [layer], "inputs": inputs, "targets": [[0]] * 5, "optimizer": {"name": "sgd", "learning_rate": 0.01}}
    training = run(Plan(read_problem(described), batch_size=1, shuffle=False))
    assert (training.ended, training.position, training.last_batch.tolist(), training.next_batch.tolist()) == ("non_finite", (0, 3), [2], [3])
    assert training.measures().gradient_norms.keys() == {"dz1"}


# ---- measures --------------------------------------------------------------------------------------------------------------


def test_measures_are_those_of_traces():
    of = problem(examples=30, sizes=[2, 4, 3], activations=["tanh", "sigmoid"], loss={"name": "squared_error", "over_outputs": "mean"})
    training = run(Plan(of, batch_size=5, test_fraction=0.2), 12)
    update, before = training.stepped(), training.parameters()
    training.advance(1)
    found, trace, after = training.measures(), quantities(update), training.parameters()
    for rows, loss in ((training.train_rows, found.loss), (training.test_rows, found.test_loss)):
        assert loss == pytest.approx(float(quantities(replace(training.stepped(), inputs=of.inputs[rows], targets=of.targets[rows]))["loss"]), rel=1e-14)
    assert (found.accuracy, found.test_accuracy) == (None, None)
    for l in (1, 2):
        assert found.gradient_norms[f"dz{l}"] == pytest.approx(np.linalg.norm(trace[f"dz{l}"]), rel=1e-12)
        assert found.gradient_rms[f"dz{l}"] == pytest.approx(np.sqrt(np.mean(trace[f"dz{l}"] ** 2)), rel=1e-12)
        change = np.linalg.norm(after[f"W{l}"] - before[f"W{l}"])
        assert found.update_ratios[f"W{l}"] == pytest.approx(change / np.linalg.norm(before[f"W{l}"]), rel=1e-12)
    assert found.update_ratios.keys() == {"W1", "W2"}


def test_activations_of_any_rows_are_those_of_a_trace():
    training = run(Plan(problem()), 5)
    rows = np.random.default_rng(1).normal(size=(7, 2))
    trace = quantities(replace(training.stepped(), inputs=rows, targets=None))
    for l, a in enumerate(training.activations(rows), 1):
        np.testing.assert_array_equal(a, trace[f"a{l}"])


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ([[0], [1], [1]], 0.5),
        ([[-1], [1], [-1]], 0.0),
        ([[0], [0.5], [1]], None),
        ([[1], [1]], None),
        ([[1, 0], [0, 1]], 0.5),
        ([[0, 1, 0], [0, 1, 0]], 0.5),
        ([[1, 1], [0, 1]], None),
        ([[0, 0], [0, 1]], None),
        ([[0.3, 0.7]], None),
        ([[2, -1], [0, 1]], None),
    ],
)
def test_which_targets_are_classes(targets, expected):
    assert middle(np.array(targets, dtype=float)) == expected


def test_accuracy():
    assert accuracy(np.array([[0.2], [0.5], [0.7], [0.9]]), np.array([[0.0], [1.0], [1.0], [0.0]]), 0.5) == 0.5
    assert accuracy(np.array([[0.2], [math.nan]]), np.array([[0.0], [0.0]]), 0.5) == 0.5
    assert accuracy(np.array([[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]]), np.eye(3)[[1, 2]], 0.5) == 0.5
    assert accuracy(np.array([[math.nan] * 3, [0.9, 0.1, math.nan], [0.8, 0.1, 0.1]]), np.eye(3)[[0, 2, 0]], 0.5) == 1 / 3  # which argmax would call 1
    training = Training(Plan(problem(sizes=[2, 3], activations=["softmax"], loss="cross_entropy", examples=50)))
    assert training.classification
    rows = training.activations(training.plan.problem.inputs)[-1]
    assert training.measures().accuracy == np.mean(rows.argmax(axis=1) == training.plan.problem.targets.argmax(axis=1))


@pytest.mark.parametrize("size", [0.0, 1e-320, 1e-200, 1.0, 1e200, 1e308])
@pytest.mark.parametrize("count", [1, 3, 100])
def test_norms_of_tiny_and_huge_numbers(size, count):
    assert magnitude(np.full((count, 1), -size))[0] == pytest.approx(math.hypot(*[size] * count), rel=1e-12)


def test_norms_and_ratios_at_the_edges():
    assert math.isinf(magnitude(np.array([math.inf, 1.0]))[0]) and math.isnan(magnitude(np.array([math.nan, 1.0]))[0])
    zero, one = np.zeros((1, 2)), np.ones((1, 2))
    found = ratios({"W1": (zero, one), "W2": (zero, zero), "W3": (one, one), "W4": (one, zero)})
    assert (found["W1"], found["W3"], found["W4"]) == (math.inf, 0.0, 1.0) and math.isnan(found["W2"])
