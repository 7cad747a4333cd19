"""What is said about a training: losses, accuracies, norms of gradients, sizes of updates."""

import math
from typing import NamedTuple

import numpy as np

from .loop import Loop
from .losses import Loss
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


def classify(targets: Array) -> float | None:
    """Above which number an output says yes, where targets are classes: one-hot rows, or one output that is 0 or 1, or −1 or 1. Else None."""
    values = set(np.unique(targets).tolist()) if targets.size else set()
    if targets.shape[1] == 1:
        return sum(values) / 2 if values in ({0.0, 1.0}, {-1.0, 1.0}) else None
    return 0.5 if values == {0.0, 1.0} and (targets.sum(axis=1) == 1).all() else None


@np.errstate(all="ignore")
def measure(loop: Loop, of: Loss, train: tuple[Array, Array], test: tuple[Array, Array], threshold: float | None) -> Measures:
    """`train` and `test` are inputs and targets."""
    a, y = loop.activations(train[0])[-1], train[1]
    tested = len(test[0]) > 0
    b = loop.activations(test[0])[-1] if tested else a
    dz = loop.gradients()
    changes = loop.changes()
    return Measures(
        float(of.value(a, y)),
        float(of.value(b, test[1])) if tested else None,
        accuracy(a, y, threshold) if threshold is not None else None,
        accuracy(b, test[1], threshold) if threshold is not None and tested else None,
        {name: norm(value) for name, value in dz.items()},
        {name: norm(value) / math.sqrt(value.size) for name, value in dz.items()},
        {name: ratio(norm(after - before), norm(before)) for name, (before, after) in changes.items()},
    )


def accuracy(a: Array, y: Array, threshold: float) -> float:
    """The share of rows of a, (N, n), that say the class that y says."""
    if a.shape[1] == 1:
        return float(np.where(y > threshold, a > threshold, a <= threshold).mean())
    return float((a.argmax(axis=1) == y.argmax(axis=1)).mean())


def norm(value: Array) -> float:
    """Euclidean norm; squares that leave the range of float64 do no harm."""
    flat = value.ravel()
    plain = math.sqrt(np.dot(flat, flat))
    if 1e-150 < plain < 1e150:
        return plain
    largest = float(np.abs(flat).max(initial=0))
    if largest == 0 or not math.isfinite(largest):
        return largest
    scaled = flat / largest
    return largest * math.sqrt(np.dot(scaled, scaled))


def ratio(change: float, size: float) -> float:
    """change / size, ∞ where something became of nothing."""
    return change / size if size else math.inf if change else math.nan
