"""The hot loop makes the updates that recorded traces make, whatever is trained; and a whole run agrees with HIPS autograd.

To the bit where both make the same calls (functions, optimizers); matrix products may sum in another order, so whole updates agree to 1e-13.
"""

from dataclasses import replace

import numpy as np
import pytest
from autograd import grad
from problems import ALL_ACTIVATIONS, document, label, quantities, random_problem, safe
from test_oracle import expected_loss

from app.engine.document import read_problem
from app.engine.losses import LOSSES, REDUCTIONS
from app.engine.optimizers import OPTIMIZERS
from app.engine.problem import Problem
from app.engine.training import Plan, Training

PARAMETERS = {
    "momentum": {"momentum": 0.6},
    "nesterov": {"momentum": 0.7},
    "rmsprop": {"alpha": 0.8, "epsilon": 1e-3},
    "adagrad": {"epsilon": 1e-4},
    "adam": {"beta1": 0.7, "beta2": 0.95},
    "adamw": {"weight_decay": 0.3},
}


def described(**changes):
    """A network of three layers on ten examples, so that a batch of four leaves one of two."""
    usual = {"sizes": [3, 5, 4, 2], "activations": ["tanh", "sigmoid", "sigmoid"], "loss": "squared_error", "seed": 1, "examples": 10}
    return usual | {"optimizer": {"name": "sgd", "learning_rate": 0.3}} | changes


def after(problem: Problem) -> dict[str, np.ndarray]:
    """Parameters and optimizer state after the update that a trace records."""
    known = quantities(problem)
    names = [name for name in known if name[0] in "Wb" and not name.endswith("_new")]
    return {name: known.get(f"{name}_new", known[name]) for name in names} | ({"t": known["t"]} if "t" in known else {})


def held(training: Training) -> dict[str, np.ndarray]:
    return training.parameters() | training.optimizer_state()


def agree(found: dict[str, np.ndarray], expected: dict[str, np.ndarray], precision: float = 1e-13) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=0, atol=precision * np.abs(value).max(), err_msg=name)


def follow(problem: Problem, updates: int = 4, batch_size: int | None = 4) -> None:
    """Every update of the loop is that of a trace which starts where the loop stands."""
    training = Training(Plan(problem, batch_size=batch_size))
    for _ in range(updates):
        expected = after(training.stepped())
        training.advance(1)
        assert training.ended is None
        agree(held(training), expected)


@pytest.mark.parametrize("chosen", [{"name": name, **more} for name in OPTIMIZERS for more in ({}, PARAMETERS.get(name, {"learning_rate": 1.5}))], ids=label)
@pytest.mark.parametrize("update_biases", [True, False])
def test_every_optimizer(chosen, update_biases):
    follow(random_problem(**described(optimizer={"learning_rate": 0.2, **chosen, "update_biases": update_biases})))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
def test_every_activation_with_every_loss(activation, loss):
    optimizer = {"name": "sgd", "learning_rate": 0.02}  # or predictions of an unbounded activation leave the domain of the logarithm
    follow(random_problem(**described(activations=[activation, "tanh", activation], loss=loss, optimizer=optimizer)), updates=3)


@pytest.mark.parametrize("over_outputs", REDUCTIONS)
@pytest.mark.parametrize("over_batch", REDUCTIONS)
@pytest.mark.parametrize("loss", [*({"name": name} for name in LOSSES), {"name": "cross_entropy", "clip": 0.4}, {"name": "huber", "delta": 0.2}], ids=label)
def test_every_reduction(loss, over_outputs, over_batch):
    follow(random_problem(**described(loss={**loss, "scale": 0.7, "over_outputs": over_outputs, "over_batch": over_batch})), updates=3)


@pytest.mark.parametrize("without", [(0,), (1,), (2,), (0, 1, 2)])
@pytest.mark.parametrize("update_biases", [True, False])
def test_layers_without_bias(without, update_biases):
    described_layers = document(**described(optimizer={"name": "adam", "learning_rate": 0.1, "update_biases": update_biases}))
    for l in without:
        described_layers["layers"][l]["bias"] = False
    follow(read_problem(described_layers))


@pytest.mark.parametrize("sizes", [[1, 1], [5, 1], [1, 6], [9, 17, 12], [40, 33, 21, 10]], ids=str)
@pytest.mark.parametrize("batch_size", [1, 3, None])
def test_every_shape(sizes, batch_size):
    activations = ["relu"] * (len(sizes) - 2) + ["sigmoid"]
    follow(random_problem(**described(sizes=sizes, activations=activations, loss="binary_cross_entropy", examples=20)), batch_size=batch_size)


@pytest.mark.parametrize("chosen", OPTIMIZERS)
def test_fifty_updates_without_looking_at_each_other(chosen):
    problem = random_problem(**described(optimizer={"name": chosen, "learning_rate": 0.05}))
    training = Training(Plan(problem, batch_size=4, epochs=30))
    free = training.stepped()
    order = Training(training.plan)
    for _ in range(50):
        batch = order.next_batch
        now = after(replace(free, inputs=problem.inputs[batch], targets=problem.targets[batch]))
        layers = tuple(layer._replace(weights=now[f"W{l}"], bias=now[f"b{l}"]) for l, layer in enumerate(free.layers, 1))
        free = replace(free, layers=layers, optimizer_state={name: value for name, value in now.items() if "_" in name or name == "t"})
        order.advance(1)
    training.advance(50)
    agree(held(training), now, 1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_one_vector_of_all_parameters_is_updated_to_the_same_bits(name):
    rng, by = np.random.default_rng(0), OPTIMIZERS[name](learning_rate=0.1)
    flat = [np.abs(rng.normal(size=30)) for _ in range(2 + len(by.slots))]
    t = [np.array(7.0)] * by.counts
    parts = [by.update(*(array[some] for array in flat), *t) for some in (slice(0, 12), slice(12, 17), slice(17, 30))]
    by.apply(*flat, *t)
    for array, pieces in zip((flat[0], *flat[2:]), zip(*parts, strict=True), strict=True):
        np.testing.assert_array_equal(array, np.concatenate(pieces))


# ---- saturated -----------------------------------------------------------------------------------------------------------


def one_unit(z, y, loss, activation="sigmoid"):
    """A single unit with this pre-activation."""
    layer = {"weights": [[z]], "bias": [0], "activation": activation}
    return read_problem({"layers": [layer], "inputs": [[1]], "targets": [[y]], "loss": loss, "optimizer": {"name": "sgd", "learning_rate": 1}})


@pytest.mark.parametrize("loss", ["squared_error", "binary_cross_entropy", {"name": "binary_cross_entropy", "clip": 1e-7}], ids=label)
@pytest.mark.parametrize("z", [-800, -720, -40, -20, 20, 40, 720, 800])
@pytest.mark.parametrize("y", [0, 1, 0.25])
def test_saturated_predictions(z, y, loss):
    """Equal to the bit, also where a gradient is no number: then the loop stays where it is."""
    problem = one_unit(z, y, loss)
    training = Training(Plan(problem))
    expected = after(problem)
    training.advance(1)
    if all(np.isfinite(value).all() for value in expected.values()):
        agree(training.parameters(), expected, 0)
    else:
        assert training.ended == "non_finite"
        agree(training.parameters(), {"W1": problem.layers[0].weights, "b1": problem.layers[0].bias}, 0)


@pytest.mark.parametrize("loss", ["squared_error", "cross_entropy", {"name": "cross_entropy", "clip": 1e-7}], ids=label)
@pytest.mark.parametrize("z", [[800.0, 0, -800], [0.0, -30, -45], [-800.0, 0, 0]], ids=str)
@pytest.mark.parametrize("target", [0, 1, 2])
def test_saturated_softmax(z, target, loss):
    layers = [{"weights": [[value] for value in z], "bias": False, "activation": "softmax"}]
    targets = np.eye(3)[[target]]
    problem = read_problem({"layers": layers, "inputs": [[1]], "targets": targets, "loss": loss, "optimizer": {"name": "sgd", "learning_rate": 1}})
    training = Training(Plan(problem))
    expected = after(problem)
    training.advance(1)
    if np.isfinite(expected["W1"]).all():
        agree(training.parameters(), expected)
    else:
        assert training.ended == "non_finite"


# ---- somebody else's gradients -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activations", "loss"),
    [(["tanh", "softplus", "sigmoid"], "squared_error"), (["elu", "silu", "softmax"], "cross_entropy"), (["gelu", "tanh", "sigmoid"], "binary_cross_entropy")],
    ids=str,
)
@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_a_run_with_the_gradients_of_autograd(activations, loss, momentum):
    """Eight epochs, whose batches are drawn here as they are said to be, and whose updates are plain sgd with momentum."""
    problem = safe(random_problem(**described(activations=activations, loss=loss, optimizer={"name": "momentum", "learning_rate": 0.1, "momentum": momentum})))
    theta = {name: value for name, value in problem.givens().items() if name in ("W1", "b1", "W2", "b2", "W3", "b3")}
    speed = {name: np.zeros_like(value) for name, value in theta.items()}
    for epoch in range(8):
        order = np.random.default_rng([problem.initializer.seed, epoch]).permutation(10)
        for batch in (order[:4], order[4:8], order[8:]):
            some = replace(problem, inputs=problem.inputs[batch], targets=problem.targets[batch])
            still = {f"{q}{l}": np.zeros((len(batch), n)) for q in "za" for l, n in enumerate((5, 4, 2), 1)} | {"a0": some.inputs}
            for name, gradient in grad(lambda theta, some=some, still=still: expected_loss(some, {**still, **theta}))(theta).items():
                speed[name] = momentum * speed[name] + gradient
            theta = {name: value - 0.1 * speed[name] for name, value in theta.items()}
    training = Training(Plan(problem, batch_size=4, epochs=8))
    training.advance(1000)
    assert (training.ended, training.updates) == ("epochs", 24)
    agree(training.parameters(), theta, 1e-11)
