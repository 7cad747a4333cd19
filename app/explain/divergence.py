"""Why a training ended in numbers that are not finite: where that began, how it came to it, and what helps."""

from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from ..engine.passes import trace
from ..engine.steps import Definition
from ..engine.training import Training
from .numbers import rounded
from .symbols import plain
from .trouble import OUTGREW, non_finite_note

GROWN = 10.0  # times as large as at the beginning, and as 1: this is neither wavering nor learning


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
    growth, too_long = _growth(begun, now), False
    if found is not None:
        where = "" if found.id == "loss" else f", in layer {found.layer}"
        note = non_finite_note(found, problem.structure, known)
        said += [f"It begins with {plain(found.id)}{where}.", note]
        too_long = found.phase == "update" and note == OUTGREW and all(np.isfinite(known[state]).all() for state in found.results[1:])
    else:  # the same numbers summed in another order, as a trace does, just stay within float64
        said.append(OUTGREW)
    if growth:
        how = "one step did that" if training.updates - begun.updates == 1 else "each step went too far and made the next one larger"
        said.append(f"In this run {growth}: {how}.")
    if growth or too_long:
        said += _remedy(training)
    return Divergence(broke, said)


def _growth(begun: Size, now: Size) -> str:
    """What has become many times as large; nothing where ℒ became smaller meanwhile, for then steps did what they are for."""
    if now.loss < begun.loss:
        return ""
    named = (("ℒ", begun.loss, now.loss), ("the largest parameter", begun.parameter, now.parameter))
    grown = [f"{what} went from {rounded(a)} to {rounded(b)}" for what, a, b in named if isfinite(a) and b > GROWN * max(abs(a), 1)]
    return " and ".join(grown)


def _remedy(training: Training) -> list[str]:
    by = training.plan.problem.optimizer
    assert by is not None  # or there would be no training
    momentum, rate, decay = getattr(by, "momentum", 0.0), by.learning_rate, getattr(by, "weight_decay", 0.0)
    if momentum > 1:
        return [f"A momentum of {rounded(momentum)} makes steps longer and longer whatever the gradients are: keep it below 1."]
    if rate * decay > 2:
        factor = f"The weight decay multiplies every trained parameter by 1 − ηλ = {rounded(1 - rate * decay)} in each update, whatever the gradients are"
        return [f"{factor}: keep learning rate times weight decay below 1."]
    if getattr(by, "alpha", 0.0) == 1:
        return ["With an alpha of 1 the mean of squares stays where it began, so a larger gradient is a larger step: keep it below 1."]
    return [f"A smaller learning rate than {rounded(rate)} helps; try {rounded(min(rate / 10, 0.1))}."] if rate else []
