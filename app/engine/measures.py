"""What is said about a training: losses, accuracies, norms of gradients, sizes of updates."""

import math
from typing import NamedTuple

import numpy as np

from .magnitude import magnitude
from .steps import Array


class Measures(NamedTuple):
    """Losses and accuracies of all training and test rows; the rest is of the last update, empty before there was one."""

    loss: float
    test_loss: float | None  # None without test rows
    accuracy: float | None  # None where targets are no classes
    test_accuracy: float | None
    gradient_norms: dict[str, float]  # "dz1": ‖∂ℒ/∂z^[1]‖, Euclidean
    gradient_rms: dict[str, float]  # the same over the root of how many numbers there are: layers of any width compare
    update_ratios: dict[str, float]  # "W1": ‖ΔW‖ / ‖W‖, W as it was before


def middle(targets: Array) -> float | None:
    """Above which number an output says yes, where targets are classes: rows with a single 1 and else 0, or one output that is 0 or 1, or −1 or 1."""
    values = set(np.unique(targets).tolist())
    if targets.shape[1] == 1:
        return sum(values) / 2 if values in ({0.0, 1.0}, {-1.0, 1.0}) else None
    return 0.5 if values == {0.0, 1.0} and (targets.sum(axis=1) == 1).all() else None


def accuracy(a: Array, y: Array, middle: float) -> float:
    """The share of rows of a, (N, n), that say the class that y says."""
    if a.shape[1] == 1:
        return float(np.where(y > middle, a > middle, a <= middle).mean())
    says = ~np.isnan(a.max(axis=1))  # a class: argmax would take the first NaN for the largest
    return float((says & (a.argmax(axis=1) == y.argmax(axis=1))).mean())


def sizes(gradients: dict[str, Array]) -> tuple[dict[str, float], dict[str, float]]:
    """Norm and root mean square of each."""
    norms = {name: magnitude(value)[0] for name, value in gradients.items()}
    return norms, {name: norm / math.sqrt(gradients[name].size) for name, norm in norms.items()}


def ratios(changes: dict[str, tuple[Array, Array]]) -> dict[str, float]:
    """‖ΔW‖ / ‖W‖ of each W before and after; ∞ where something became of nothing."""
    found = {name: (magnitude(after - before)[0], magnitude(before)[0]) for name, (before, after) in changes.items()}
    return {name: change / size if size else math.inf if change else math.nan for name, (change, size) in found.items()}
