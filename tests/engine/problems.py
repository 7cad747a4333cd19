"""Problems to test with: documents as a caller would write them, and problems whose predictions a logarithm accepts."""

import dataclasses
from typing import Any

import numpy as np

from app.engine.activations import ACTIVATIONS
from app.engine.document import read_problem
from app.engine.passes import record
from app.engine.problem import Layer, Problem
from app.engine.steps import Array, Step

# Parameters other than the defaults, so that each of them is seen to matter.
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "leaky_relu": [{"slope": 0.2}, {"slope": -0.5}],
    "elu": [{"alpha": 0.7}, {"alpha": 1 / 3}],
    "gelu": [{"approximate": "tanh"}],
    "softplus": [{"beta": 3.0}, {"beta": 0.123456789}],
    "huber": [{"delta": 0.3}, {"delta": 1 / 7}],
}

ALL_ACTIVATIONS = [{"name": name, **variant} for name in ACTIVATIONS for variant in ({}, *VARIANTS.get(name, []))]


def label(value: Any) -> str:
    """A short test id for a named function."""
    return "-".join(f"{v}" for v in value.values()) if isinstance(value, dict) else str(value)


def lists(value: Any) -> Any:
    """Plain data as JSON would give it: arrays as nested lists, tuples as lists."""
    if isinstance(value, dict):
        return {key: lists(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [lists(item) for item in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def document(*, sizes: list[int], activations: list[Any], loss: Any, seed: int, examples: int, **more: Any) -> dict[str, Any]:
    """A valid document with random weights, biases, inputs and targets; the targets are such that every loss accepts them."""
    rng = np.random.default_rng(seed)
    name = loss["name"] if isinstance(loss, dict) else loss
    shape = (examples, sizes[-1])
    if name == "cross_entropy":
        targets: Any = np.eye(sizes[-1])[rng.integers(sizes[-1], size=examples)] if seed % 2 else rng.dirichlet(np.ones(sizes[-1]), examples)
    elif name == "binary_cross_entropy":
        targets = rng.integers(2, size=shape) * 1.0 if seed % 2 else rng.random(shape)
    else:
        targets = rng.normal(size=shape)
    layers = [
        {"weights": rng.normal(size=(n_out, n_in)) / np.sqrt(n_in), "bias": rng.normal(size=n_out) / 2, "activation": activation}
        for n_in, n_out, activation in zip(sizes, sizes[1:], activations, strict=False)
    ]
    return lists({"layers": layers, "inputs": rng.normal(size=(examples, sizes[0])), "targets": targets, "loss": loss, **more})


def safe(problem: Problem) -> Problem:
    """For the log losses: the same problem with a last layer that keeps every prediction well inside (0, 1)."""
    last = problem.layers[-1]
    if problem.loss.targets == "real" or last.activation.name in ("sigmoid", "softmax"):
        return problem
    before = np.abs(values(record(dataclasses.replace(problem, targets=None))).get(f"a{len(problem.layers) - 1}", problem.inputs))
    weights = last.weights * 0.15 / max(1e-9, (before @ np.abs(last.weights).T).max())
    grid = np.linspace(-30, 30, 6001)[:, None]
    middle = grid[np.abs(last.activation.value(grid) - 0.5).argmin(), 0]
    bias = middle + 0.05 * np.tanh(np.zeros(len(weights)) if last.bias is None else last.bias)
    moved = dataclasses.replace(problem, layers=(*problem.layers[:-1], Layer(weights, bias, last.activation)))
    predictions = values(record(moved))[f"a{len(problem.layers)}"]
    assert ((predictions > 0.05) & (predictions < 0.95)).all(), f"{last.activation.name} predicts {predictions}"
    return moved


def random_problem(**description: Any) -> Problem:
    """`document` as a problem, `safe` where its loss asks for that."""
    return safe(read_problem(document(**description)))


def values(steps: list[Step]) -> dict[str, Array]:
    """Every quantity that the steps define, by id."""
    return {name: value for step in steps for name, value in step.values.items()}


def quantities(problem: Problem) -> dict[str, Array]:
    """Every quantity of a problem's trace by id, the givens too."""
    return {**problem.givens(), **values(record(problem))}
