"""Why a training ended in numbers that are not finite: where that began, how it came to it, and what helps."""

from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from ..engine.passes import trace
from ..engine.steps import Definition
from ..engine.training import Training
from .numbers import rounded
from .symbols import plain
from .trouble import non_finite_note

GROWN = 10.0  # times as large as at the beginning: this is no wavering


class Size(NamedTuple):
    """How large numbers are at one moment: ℒ of the training rows, and the largest parameter."""

    updates: int
    loss: float
    parameter: float


class Divergence(NamedTuple):
    """The update that breaks, for programs (epoch and batch as in a position), and in sentences."""

    broke: dict[str, Any]
    explanation: list[str]


def size_of(training: Training, loss: float) -> Size:
    """How large numbers are now."""
    return Size(training.updates, loss, max(float(np.abs(value).max()) for value in training.parameters().values()))


def divergence(training: Training, begun: Size, now: Size) -> Divergence:
    """What happens in the update after the last finite state, which is `now`; `begun` is how this run began."""
    (epoch, batch), update = training.position, training.updates + 1
    problem = training.stepped()
    known = problem.givens()
    found: Definition | None = None
    loss: Definition | None = None
    for step in trace(problem):
        known |= step.values
        if all(np.isfinite(value).all() for value in step.values.values()) or step.definition.id == "da0":
            continue
        if step.definition.id != "loss":
            found = loss if loss and step.definition.operation == "loss_gradient" else step.definition  # one reason for both
            break
        loss = step.definition  # no parameter depends on it, nor on da0: as a sum of squares it is ∞ long before anything else
    broke = {"step": found and found.id, "layer": found and found.layer, "update": update, "epoch": epoch, "batch": batch}
    said = [f"Update {update}, batch {batch + 1} of epoch {epoch + 1}, is the first that leaves numbers that are not finite."]
    growth = _growth(begun, now)
    if found is not None:
        where = "" if found.id == "loss" else f", in layer {found.layer}"
        said += [f"It begins with {plain(found.id)}{where}.", non_finite_note(found, problem.structure, known)]
    if growth:
        how = "one step did that" if training.updates - begun.updates == 1 else "each step went too far and made the next one larger"
        said.append(f"In this run {growth}: {how}.")
    if growth or (found is not None and found.phase == "update"):
        said += _remedy(training)
    return Divergence(broke, said)


def _growth(begun: Size, now: Size) -> str:
    """What has become many times as large."""
    named = (("ℒ", begun.loss, now.loss), ("the largest parameter", begun.parameter, now.parameter))
    grown = [f"{what} went from {rounded(a)} to {rounded(b)}" for what, a, b in named if isfinite(a) and b > GROWN * abs(a)]
    return " and ".join(grown)


def _remedy(training: Training) -> list[str]:
    assert training.plan.problem.optimizer is not None  # or there would be no training
    rate = training.plan.problem.optimizer.learning_rate
    return [f"A smaller learning rate than {rounded(rate)} helps; try {rounded(min(rate / 10, 0.1))}."] if rate else []
