"""Problems of every kind to export: every activation with a loss, every loss with its reductions, every optimizer with and without a state."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from app.engine.document import read_problem
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.problem import Problem
from tests.engine.problems import VARIANTS, random_problem

REDUCTIONS = list(itertools.product(("sum", "mean"), repeat=2))


def of_activation(activation: Any) -> Iterator[Problem]:
    """Two layers of it under every loss."""
    for seed, loss in enumerate(LOSSES):
        yield random_problem(sizes=[3, 4, 3], activations=[activation] * 2, loss=loss, seed=seed, examples=1 + seed % 3)


def of_loss(name: str) -> Iterator[Problem]:
    """Every scale, reduction, parameter and clip; with a clip some predictions are outside."""
    clips: list[dict[str, Any]] = [{"clip": 0.0}, {"clip": 0.25}] if "cross_entropy" in name else [{}]
    for seed, (variant, clip, (outputs, batch)) in enumerate(itertools.product([{}, *VARIANTS.get(name, [])], clips, REDUCTIONS)):
        loss = {"name": name, **variant, **clip, "over_outputs": outputs, "over_batch": batch, "scale": 0.7}
        yield random_problem(sizes=[2, 3, 3], activations=["tanh", "sigmoid"], loss=loss, seed=seed, examples=4)


def of_optimizer(name: str) -> Iterator[Problem]:
    """At its first update and in the middle of a training; biases updated or left alone, or not there at all."""
    kind, rng = OPTIMIZERS[name], np.random.default_rng(5)
    shapes = {"W1": (3, 2), "b1": (3,), "W2": (2, 3), "b2": (2,)}
    for biases, started in itertools.product((True, False), repeat=2):
        slots = [(theta, slot) for theta in shapes for slot in kind.slots if theta[0] == "W" or biases]
        state = {f"{theta}_{slot}": np.abs(rng.normal(size=shapes[theta])).tolist() for theta, slot in slots} | {"t": 4}
        more = {"optimizer": {"name": name, "learning_rate": 0.03, "update_biases": biases}, **({"optimizer_state": state} if started else {})}
        yield random_problem(sizes=[2, 3, 2], activations=["elu", "sigmoid"], loss="squared_error", seed=9, examples=2, **more)
    without = [{"units": 3, "activation": "silu", "bias": False}]
    yield read_problem({"layers": without, "inputs": [[1, 2]], "targets": [[1, 2, 3]], "optimizer": name})
