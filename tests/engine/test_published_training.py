"""Training runs that others published, to as many digits as they printed."""

import random
from itertools import pairwise

import numpy as np
import pytest
from test_published import near

from app.engine.document import read_problem
from app.engine.training import Plan, Training


def training(layers, inputs, targets, loss="squared_error", *, rate, batch_size=None, epochs=100_000, **optimizer) -> Training:
    """Rows in the order in which they stand; a layer is (weights, bias)."""
    described = [{"weights": weights, "bias": bias, "activation": activation} for weights, bias, activation in layers]
    chosen = {"name": "sgd", "learning_rate": rate, **optimizer}
    problem = read_problem({"layers": described, "inputs": inputs, "targets": targets, "loss": loss, "optimizer": chosen})
    return Training(Plan(problem, epochs=epochs, batch_size=batch_size, shuffle=False))


def outputs(of: Training) -> np.ndarray:
    return of.activations(of.plan.problem.inputs)[-1]


def test_mazur():
    """Matt Mazur, "A Step by Step Backpropagation Example" (2015), 10,000 updates of the weights alone.

    An implementation that keeps to his text prints the numbers below (a public repository's test, `simple.network`), and the error he
    now gives, 0.0000351085, is that of the last update's forward pass. The outputs in his text, 0.015912196 and 0.984065734, and the
    0.291027924 after one update belong to a variant: ∂E/∂a^[1] through output weights that have been updated already.
    """
    layers = [([[0.15, 0.20], [0.25, 0.30]], [0.35, 0.35], "sigmoid"), ([[0.40, 0.45], [0.50, 0.55]], [0.60, 0.60], "sigmoid")]
    of = training(layers, [[0.05, 0.10]], [[0.01, 0.99]], rate=0.5, update_biases=False)
    near(of.measures().loss, 0.298371109, 9)
    of.advance(1)
    near(of.measures().loss, 0.291027774, 9)
    of.advance(9_998)
    near(of.measures().loss, 0.0000351085, 10)
    of.advance(1)
    near(of.measures().loss, 0.000035102, 9)
    near(outputs(of), [[0.01591362044355068, 0.9840642735146238]], 13)
    near(outputs(of), [[0.015912196, 0.984065734]], 5)
    assert of.parameters()["b2"].tolist() == [0.60, 0.60]


TRASK = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
SUM = {"name": "squared_error", "over_batch": "sum"}


def trask(*sizes):
    """Weights between −1 and 1 as `np.random.seed(1)` gives them; no biases."""
    rng = np.random.RandomState(1)  # the generator of that time
    return [((2 * rng.random_sample(shape) - 1).T, False, "sigmoid") for shape in pairwise(sizes)]


def test_trask_two_layers():
    """Andrew Trask, "A Neural Network in 11 lines of Python (Part 1)" (2015): his outputs are those of the last of 10,000 forward passes.

    The weights after it are in Milo Spencer-Harper's "How to build a simple neural network in 9 lines of Python code" (2015),
    the same network with its rows in another order, where (1, 0, 0) gives 0.99993704.
    """
    of = training(trask(3, 1), TRASK, [[0], [0], [1], [1]], SUM, rate=1)
    of.advance(9_999)
    near(outputs(of)[:, 0], [0.00966449, 0.00786506, 0.99358898, 0.99211957], 8)
    of.advance(1)
    near(of.parameters()["W1"], [[9.67299303, -0.2078435, -4.62963669]], 8)
    near(of.activations(np.array([[1.0, 0, 0]]))[-1], 0.99993704, 8)


@pytest.mark.parametrize(
    ("rate", "errors", "digits"),
    [
        (0.001, [0.495164025493], 12),
        (0.01, [0.457431074442, 0.359097202563], 12),
        (0.1, [0.0428880170001, 0.0240989942285], 13),
        (1, [0.00858452565325, 0.00578945986251, 0.00462917677677, 0.00395876528027, 0.00351012256786], 14),
        (10, [0.00312938876301, 0.00214459557985], 11),  # the first steps are so large that rounding grows
    ],
)
def test_trask_three_layers(rate, errors, digits):
    """Part 1, and for rates other than 1 "Part 2 - Gradient Descent" (2015): the mean |a − y| after every 10,000 updates."""
    of = training(trask(3, 4, 1), TRASK, [[0], [1], [1], [0]], SUM, rate=rate)
    for error in [0.496410031903, *errors]:
        near(np.abs(outputs(of) - of.plan.problem.targets).mean(), error, 12 if error == 0.496410031903 else digits)
        of.advance(10_000)


def test_brownlee():
    """Jason Brownlee, "How to Code a Neural Network with Backpropagation In Python (from scratch)" (2016): one row at a time, biases too.

    Weights are Python's `random.seed(1)`, a neuron's bias after its weights. He prints the squared error summed over an epoch, each row's
    before its own update, and the network after 20 epochs.
    """
    rows = [[2.7810836, 2.550537003], [1.465489372, 2.362125076], [3.396561688, 4.400293529], [1.38807019, 1.850220317], [3.06407232, 3.005305973]]
    rows += [[7.627531214, 2.759262235], [5.332441248, 2.088626775], [6.922596716, 1.77106367], [8.675418651, -0.242068655], [7.673756466, 3.508563011]]
    draw = random.Random(1)
    neurons = [[[draw.random() for _ in range(3)] for _ in range(2)] for _ in range(2)]
    layers = [([neuron[:2] for neuron in layer], [neuron[2] for neuron in layer], "sigmoid") for layer in neurons]
    of = training(layers, rows, np.eye(2)[[0] * 5 + [1] * 5], rate=0.5, batch_size=1, epochs=20)
    errors = []
    while of.ended is None:
        error = 0.0
        for _ in range(of.to_next_epoch()):
            n = of.next_batch[0]
            error += ((outputs(of)[n] - of.plan.problem.targets[n]) ** 2).sum()
            of.advance(1)
        errors.append(error)
    printed = [6.350, 5.531, 5.221, 4.951, 4.519, 4.173, 3.835, 3.506, 3.192, 2.898, 2.626, 2.377, 2.153, 1.953, 1.774, 1.614, 1.472, 1.346, 1.233, 1.132]
    near(errors, printed, 3)
    found = of.parameters()
    near(found["W1"], [[-1.4688375095432327, 1.850887325439514], [0.37711098142462157, -0.0625909894552989]], 14)
    near(found["b1"], [1.0858178629550297, 0.2765123702642716], 14)
    near(found["W2"], [[2.515394649397849, -0.3391927502445985], [-2.5584149848484263, 1.0036422106209202]], 14)
    near(found["b2"], [-0.9671565426390275, 0.42383086467582715], 14)


@pytest.mark.parametrize(
    ("optimizer", "points"),
    [
        ({"name": "sgd", "rate": 0.4}, {1: (-4.6, 1.2), 2: (-4.232, -0.72), 7: (-2.78923301, 0.0559872), 14: (-1.55596415, -0.00156728)}),
        (
            {"name": "adam", "rate": 0.2, "epsilon": 1e-6},
            {1: (-4.8000002, -1.80000002), 2: (-4.60025478, -1.60082451), 11: (-2.84831706, -0.01026326), 30: (-0.11386457, 0.06793529)},
        ),
    ],
    ids=["sgd", "adam"],
)
def test_a_bowl(optimizer, points):
    """0.1 w₁² + 2 w₂² from (−5, −2): notebooks on GitHub, tienhyu/AIO-Exercise-Module-05, Week_04, which print the way down.

    As a network: two weights, each with a row of its own.
    """
    of = training([([[-5, -2]], False, "identity")], [[0.2**0.5, 0], [0, 2]], [[0], [0]], SUM, **optimizer)
    for count, point in points.items():
        of.advance(count - of.updates)
        near(of.parameters()["W1"], [point], 8)
