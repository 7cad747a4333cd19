"""Numbers that others worked out and published, to as many digits as they printed."""

import math

import numpy as np
import pytest
from problems import quantities

from app.engine.activations import ACTIVATIONS
from app.engine.document import read_problem
from app.engine.losses import LOSSES
from app.engine.special import erfc


def known(layers, inputs, targets, **more):
    """Every quantity of a trace; a layer is (weights, bias, activation)."""
    described = [dict(zip(("weights", "bias", "activation"), layer, strict=True)) for layer in layers]
    return quantities(read_problem({"layers": described, "inputs": inputs, "targets": targets, **more}))


def near(found, published, digits):
    """Equal to the number of decimals that were printed; one unit of the last is allowed, for those who cut off instead of rounding."""
    np.testing.assert_allclose(found, published, rtol=0, atol=1.01 * 10.0**-digits)


# ---- whole networks ------------------------------------------------------------------------------------------------------


def test_mazur():
    """Matt Mazur, "A Step by Step Backpropagation Example" (2015): two layers of two sigmoids; the biases are left as they are."""
    layers = [([[0.15, 0.20], [0.25, 0.30]], [0.35, 0.35], "sigmoid"), ([[0.40, 0.45], [0.50, 0.55]], [0.60, 0.60], "sigmoid")]
    optimizer = {"name": "sgd", "learning_rate": 0.5, "update_biases": False}
    of = known(layers, [[0.05, 0.10]], [[0.01, 0.99]], optimizer=optimizer)
    near(of["z1"][0, 0], 0.3775, 15)
    near(of["a1"], [[0.593269992, 0.596884378]], 9)
    near(of["z2"][0, 0], 1.105905967, 9)
    near(of["a2"], [[0.75136507, 0.772928465]], 8)
    near(of["loss"], 0.298371109, 9)
    near(of["da2"][0, 0], 0.74136507, 8)
    near(of["g2"][0, 0], 0.186815602, 9)
    near(of["dz2"], [[0.138498562, -0.0380982366]], 9)
    near(of["dW2"][0, 0], 0.082167041, 9)
    near(of["da1"][0, 0], 0.036350306, 9)
    near(of["g1"][0, 0], 0.241300709, 9)
    near(of["dW1"][0, 0], 0.000438568, 9)
    near(of["W2_new"], [[0.35891648, 0.408666186], [0.511301270, 0.561370121]], 8)
    near(of["W1_new"], [[0.149780716, 0.19956143], [0.24975114, 0.29950229]], 8)


def test_cs231n_neuron():
    """Stanford CS231n, "Backpropagation, Intuitions": w = (2, −3, −3), x = (−1, −2) through a sigmoid, here with ∂ℒ/∂f = 1."""
    of = known([([[2.0, -3.0]], [-3.0], "sigmoid")], [[-1.0, -2.0]], [[0.0]], loss="absolute_error")
    near(of["z1"], 1.0, 15)
    near(of["a1"], 0.73, 2)
    near(of["da1"], 1.0, 15)
    near(of["dz1"], 0.2, 2)
    near(of["dW1"], [[-0.2, -0.39]], 2)
    near(of["db1"], [0.2], 2)
    near(of["da0"], [[0.39, -0.59]], 2)


def test_cs231n_softmax():
    """Stanford CS231n, "Linear Classification": one image of four pixels, three classes, the third is right."""
    W = [[0.01, -0.05, 0.1, 0.05], [0.7, 0.2, 0.05, 0.16], [0.0, -0.45, -0.2, 0.03]]
    of = known([(W, [0.0, 0.2, -0.3], "softmax")], [[-15, 22, -44, 56]], [2], loss="cross_entropy")
    near(of["z1"], [[-2.85, 0.86, 0.28]], 14)
    near(of["a1"], [[0.016, 0.631, 0.353]], 3)
    near(of["loss"], 1.04, 2)
    near(of["dz1"], [[0.016, 0.631, 0.353 - 1]], 3)


def test_robert_gordon_university():
    """Christopher MacLeod, "An Introduction to Practical Neural Networks", chapter 2: the worked example with inputs 0.35 and 0.9.

    The text carries on with the rounded δ = −0.0406, hence four digits. Its hidden layer uses the weights already
    updated, so that is compared for the output layer only.
    """
    layers = [([[0.1, 0.8], [0.4, 0.6]], False, "sigmoid"), ([[0.3, 0.9]], False, "sigmoid")]
    of = known(layers, [[0.35, 0.9]], [[0.5]], optimizer={"name": "sgd", "learning_rate": 1})
    near(of["z1"], [[0.755, 0.68]], 3)
    near(of["a1"], [[0.68, 0.6637]], 2)
    near(of["z2"], 0.801, 3)
    near(of["a2"], 0.69, 2)
    near(-of["dz2"], -0.0406, 4)
    near(of["W2_new"], [[0.272392, 0.87305]], 4)


def test_one_neuron_in_five_steps():
    """Sghosh1999, "Simple Neural Network: Manual Backpropagation (1 Hidden Neuron)": x = (1, 2), w = (0.5, −0.4), b = 0.1, η = 0.1."""
    of = known([([[0.5, -0.4]], [0.1], "sigmoid")], [[1, 2]], [[1]], optimizer={"name": "sgd", "learning_rate": 0.1})
    near(of["z1"], -0.2, 15)
    near(of["a1"], 0.4502, 4)
    near(of["loss"], 0.1511, 4)
    near(of["da1"], -0.5498, 4)
    near(of["g1"], 0.2475, 4)
    near(of["dz1"], -0.1360, 3)
    near(of["dW1"], [[-0.1360, -0.2720]], 3)
    near(of["W1_new"], [[0.5136, -0.3728]], 4)
    near(of["b1_new"], [0.1136], 4)


def test_two_sigmoids_and_binary_cross_entropy():
    """retiredbatmanforsale, "lexai-fellowship": x = (1, 0), W1 = (0.5, −0.5), W2 = 1, biases 0."""
    of = known([([[0.5, -0.5]], [0.0], "sigmoid"), ([[1.0]], [0.0], "sigmoid")], [[1, 0]], [[1]], loss="binary_cross_entropy")
    near(of["a1"], 0.622, 3)
    near(of["a2"], 0.650, 2)
    near(of["loss"], 0.431, 2)
    near(of["da2"], -1.538, 2)
    near(of["dz2"], -0.35, 2)
    near(of["dW2"], -0.218, 2)
    near(of["da1"], -0.35, 2)


def test_primelearnpoint_forward_pass():
    """primelearnpoint.com, "Backpropagation Solved Step by Step": inputs 0.35 and 0.7, no biases."""
    of = known([([[0.2, 0.2], [0.3, 0.3]], False, "sigmoid"), ([[0.3, 0.9]], False, "sigmoid")], [[0.35, 0.7]], [[1]])
    near(of["z1"], [[0.2100, 0.3150]], 4)
    near(of["a1"], [[0.5523, 0.5781]], 4)
    near(of["z2"], 0.6860, 4)
    near(of["a2"], 0.6651, 4)
    near(of["loss"], 0.0561, 4)


def test_a_batch_of_four_through_three_weights():
    """Paul Singman, "Holding Your Hand Like a Small Child Through a Neural Network", part 2: the forward pass of iteration 1."""
    inputs = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
    of = known([([[0.67423821, -0.33473064, -0.40469539]], False, "sigmoid")], inputs, [[0], [0], [1], [1]])
    near(of["z1"][:, 0], [-0.40469539, -0.73942603, 0.26954282, -0.06518782], 8)
    near(of["a1"][:, 0], [0.40018475, 0.32312967, 0.56698066, 0.48370881], 8)


# ---- functions and updates, from the examples in the documentation of frameworks ----------------------------------------


@pytest.mark.parametrize(
    ("activation", "z", "published", "digits"),
    [
        ({"name": "gelu"}, [-3, -1, 0, 1, 3], [-0.00404951, -0.15865529, 0, 0.8413447, 2.9959507], 6),
        ({"name": "gelu", "approximate": "tanh"}, [-3, -1, 0, 1, 3], [-0.00363752, -0.15880796, 0, 0.841192, 2.9963627], 6),
        ({"name": "gelu"}, [-1, 0, 1], [-0.15865525, 0, 0.84134475], 8),
        ({"name": "softplus"}, [-20, -1, 0, 1, 20], [2.0611537e-09, 3.1326166e-01, 6.9314718e-01, 1.3132616, 20], 7),
        ({"name": "relu"}, [-10, -5, 0, 5, 10], [0, 0, 0, 5, 10], 15),
        ({"name": "leaky_relu", "slope": 0.5}, [-10, -5, 0, 5, 10], [-5, -2.5, 0, 5, 10], 15),
    ],
)
def test_activations_in_the_documentation_of_keras(activation, z, published, digits):
    settings = {key: value for key, value in activation.items() if key != "name"}
    near(ACTIVATIONS[activation["name"]](**settings).value(np.array([z], dtype=float)), [published], digits)


def test_erfc_in_the_documentation_of_pytorch():
    near(erfc(np.array([0.0, -1.0, 10.0])), [1.0, 1.8427, 0.0], 4)


HALVES = ([[0.6, 0.4], [0.4, 0.6]], [[0, 1], [0, 0]])
CLASSES = ([[0.05, 0.95, 0], [0.1, 0.8, 0.1]], [[0, 1, 0], [0, 0, 1]])
LOGITS = [-18.6, 0.51, 2.94, -12.8]


@pytest.mark.parametrize(
    ("name", "options", "data", "published", "digits"),
    [
        ("huber", {"over_outputs": "mean"}, HALVES, 0.155, 3),
        ("huber", {"over_outputs": "mean", "over_batch": "sum"}, HALVES, 0.31, 2),
        ("binary_cross_entropy", {"over_outputs": "mean"}, HALVES, (0.916 + 0.714) / 2, 3),
        ("binary_cross_entropy", {"over_outputs": "mean"}, ([[1 / (1 + math.exp(-z)) for z in LOGITS]], [[0, 1, 0, 0]]), 0.865, 3),
        ("cross_entropy", {}, CLASSES, (0.0513 + 2.303) / 2, 3),
        ("cross_entropy", {"over_batch": "sum"}, CLASSES, 0.0513 + 2.303, 3),
        ("binary_cross_entropy", {"over_batch": "sum"}, ([[0.1, 0.9, 0.8, 0.2]], [[0, 1, 1, 0]]), 2 * (0.10536054 + 0.22314355), 7),
    ],
)
def test_losses_in_the_documentation_of_keras(name, options, data, published, digits):
    a, y = (np.array(part, dtype=float) for part in data)
    with np.errstate(all="ignore"):
        near(LOSSES[name](**options).value(a, y), published, digits)


def weights_of(optimizer, start, updates):
    """A weight that is its own gradient, ℒ = w² / 2, over some updates."""
    trail, more = [start], {}
    for t in range(1, updates + 1):
        of = known([([[trail[-1]]], False, "identity")], [[1.0]], [[0.0]], optimizer=optimizer, optimizer_state=more)
        trail.append(float(of["W1_new"][0, 0]))
        more = {name.removesuffix("_new"): value.tolist() for name, value in of.items() if name.startswith("W1_") and name.endswith("_new")}
        more = {name: value for name, value in more.items() if name != "W1"} | {"t": t}
    return trail


@pytest.mark.parametrize(
    ("optimizer", "start", "steps", "digits"),
    [
        ({"name": "sgd", "learning_rate": 0.1}, 1.0, [0.1], 15),
        ({"name": "momentum", "learning_rate": 0.1, "momentum": 0.9}, 1.0, [0.1, 0.18], 15),
        ({"name": "adam", "learning_rate": 0.1}, 10.0, [0.1], 6),
        ({"name": "rmsprop", "learning_rate": 0.1, "alpha": 0.9}, 10.0, [10 - 9.683772], 6),
    ],
)
def test_optimizers_in_the_documentation_of_keras(optimizer, start, steps, digits):
    near(-np.diff(weights_of(optimizer, start, len(steps))), steps, digits)
