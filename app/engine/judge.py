"""Whether backpropagation and central differences of ℒ agree about one entry, and if not, why.

An entry v of a quantity is moved to v ± ε in place and everything after it is computed again:
(ℒ(v + ε) − ℒ(v − ε)) / 2ε must agree with the gradient. It does when they differ by at most
RELATIVE · max(|gradient|, |difference|) + ROUNDING · S · u / ε, u = 2⁻⁵³ the unit roundoff and S how sensitive ℒ is to it:
|ℒ| itself, and |∂ℒ/∂z| times all that was summed into z. The second part is how far rounding alone can move the quotient.

Where they do not agree, finer steps are tried as long as rounding leaves them any meaning. If one agrees, or the difference goes to 0
with the step, ε was too coarse for this entry. If not, and the gradient lies between the slopes to the left and to the right, and these
stay apart whatever the step, the entry sits on a kink (relu at 0). Of several kinks at once the gradient need not lie between: then units that are
exactly on theirs are made straight, with the slope that the gradient goes by, and the quotient has to agree. None of this is an error; everything else is.
"""

from functools import cached_property
from math import inf, isfinite
from typing import Literal

import numpy as np

from .moved import Entry, Line, Moved
from .passes import execute, program
from .problem import Problem
from .steps import Array

EPSILON = 1e-6
RELATIVE, ROUNDING, UNIT = 1e-6, 64.0, 2.0**-53
FINER = tuple(16.0**-k for k in range(4))  # the steps tried where the gradient and the quotient disagree, in units of ε or EPSILON
CONVERGED = 1e-3  # of the first difference: one that falls so far with the step is going to 0
NEAR, JUMP = 1e-9, 1e-3  # so far to the left and right of 0 the slopes of an activation with a kink there differ by more
MEANING = 1e-4  # of a slope: where rounding may be more than that, a finer step says nothing

Verdict = Literal["agrees", "refined", "kink", "differs", "not_finite"]


class Judge:
    """Decides for entries of one gradient whether it agrees. Overflow and 0/0 are the caller's to silence."""

    def __init__(self, problem: Problem, known: dict[str, Array], gradient: str, sensitivity: float) -> None:
        self.problem = problem
        self.values, self.gradient = known[gradient[1:]], known[gradient]
        self.moved, self.middle = Moved(problem, known, gradient[1:]), float(known["loss"])
        self.sensitivity, self.grows, self.grown = sensitivity, 0.0, False
        self.known, self.name = known, gradient[1:]

    def slopes(self, entry: Entry, epsilon: float) -> tuple[float, float]:
        """The difference quotients to the left and to the right."""
        value = float(self.values[entry])
        step = max(epsilon, 4 * float(np.spacing(abs(value))))  # a large number does not move by less
        below, above = value - step, value + step  # the distances really taken, after rounding
        left = (self.middle - self.moved.loss(entry, below)) / (value - below)
        right = (self.moved.loss(entry, above) - self.middle) / (above - value)
        return left, right

    def verdict(self, entry: Entry, epsilon: float) -> tuple[Verdict, float, float]:
        """Whether the gradient of an entry agrees, how far it is off, and the larger of gradient and quotient."""
        found = self._verdict(entry, epsilon)
        if found[0] == "differs" and self.straight and self._agrees_when_straight(entry):
            return "kink", found[1], found[2]
        if found[0] == "differs" and not self.grown:  # dear, and seldom needed: only here, once, and then for the entries that follow too
            self.grown = True
            growth = self._growth(entry, min(epsilon, EPSILON))
            if growth > self.grows:
                self.grows = growth
                return self._verdict(entry, epsilon)
        return found

    @cached_property
    def straight(self) -> Moved | None:
        """ℒ with every unit that sits exactly on a kink made straight; None where there is none."""
        lines = lines_of(self.problem, self.known)
        return Moved(self.problem, self.known, self.name, lines) if lines else None

    def _agrees_when_straight(self, entry: Entry) -> bool:
        assert self.straight is not None
        value, slope = float(self.values[entry]), float(self.gradient[entry])
        step = max(EPSILON, 4 * float(np.spacing(abs(value))))
        below, above = value - step, value + step
        central = (self.straight.loss(entry, above) - self.straight.loss(entry, below)) / (above - below)
        return _off(slope, (central, central), self._rounding(EPSILON, 1.0))[2]

    def _verdict(self, entry: Entry, epsilon: float) -> tuple[Verdict, float, float]:
        slope, sides = float(self.gradient[entry]), self.slopes(entry, epsilon)
        base = min(epsilon, EPSILON)
        rounding = self._rounding(epsilon, epsilon / base)
        difference, scale, agrees = _off(slope, sides, rounding)
        if agrees:
            return "agrees", difference, scale
        if not isfinite(difference + rounding):
            return "not_finite", difference, scale
        finer, finer_scale, tried = difference, scale, [sides] if epsilon == base else []
        for part in FINER[len(tried) :]:
            coming = self._rounding(base * part, part)
            if tried and coming > MEANING * max(abs(slope), *map(abs, sides)):
                break
            rounding = coming
            tried.append(self.slopes(entry, base * part))
            finer, finer_scale, agrees = _off(slope, tried[-1], rounding)
            if agrees:
                return "refined", finer, finer_scale
        if len(tried) > 1 and finer <= CONVERGED * _off(slope, tried[0], 0)[0] < inf:
            return "refined", finer, finer_scale
        return "kink" if _on_a_kink(slope, tried, 2 * rounding) else "differs", difference, scale

    def _rounding(self, epsilon: float, part: float) -> float:
        """How far rounding may move a quotient at ε, which is this part of the step that `grows` belongs to."""
        return (self.sensitivity + part * self.grows) * (ROUNDING * UNIT / epsilon)

    def _growth(self, entry: Entry, epsilon: float) -> float:
        """By how much more sensitive to rounding ℒ is at v ± ε: where ∂ℒ/∂z is 0, as in a network that fits its targets, that is all there is."""
        value = float(self.values[entry])
        there = max(sensitivity_of(self.problem, self.moved.passes(entry, moved)) for moved in (value - epsilon, value + epsilon))
        return max(0.0, there - self.sensitivity) if isfinite(there) else 0.0


def _off(slope: float, sides: tuple[float, float], rounding: float) -> tuple[float, float, bool]:
    """How far a gradient is from the quotient of both sides, the larger of them, and whether that agrees."""
    central = sum(sides) / 2
    difference, scale = abs(slope - central), max(abs(slope), abs(central))
    allowed = RELATIVE * scale + (rounding if isfinite(rounding) else 0.0)  # an infinite allowance would excuse everything
    return difference, scale, difference <= allowed < inf  # false for NaN


def _on_a_kink(slope: float, tried: list[tuple[float, float]], rounding: float) -> bool:
    """Whether a gradient lies between two slopes that are really two, and stay so: a smooth bend is straightened as the step falls."""
    left, right = tried[-1]
    slack = RELATIVE * max(abs(slope), abs(left + right) / 2) + rounding
    jumps = [abs(left - right) for left, right in tried]
    jump = jumps[max(0, len(jumps) - 2)]  # in the last step the kink itself may lie almost outside
    return jump > 10 * slack and jump > jumps[0] / 2 and min(left, right) - slack <= slope <= max(left, right) + slack


def lines_of(problem: Problem, known: dict[str, Array]) -> dict[str, Line]:
    """For every activation with units exactly on a kink (z = 0, where the slope jumps) which they are, and the slopes that the gradient goes by."""
    found = {}
    for l, layer in enumerate(problem.layers, 1):
        on = known[f"z{l}"] == 0
        if layer.activation.jacobian or not on.any():
            continue
        sides = np.array([[-NEAR, NEAR]])
        slopes, (low, high) = known[f"g{l}"][on], np.sort((layer.activation.value(sides) / sides)[0])  # of the curve itself, whatever its derivative says
        if high - low > JUMP and ((low - JUMP <= slopes) & (slopes <= high + JUMP)).all():  # another slope is none that a convention could pick
            found[f"a{l}"] = on, slopes
    return found


def passes(problem: Problem) -> dict[str, Array]:
    """Every quantity of the forward and the backward pass by id, the givens too."""
    known, steps = problem.givens(), program(problem.structure)
    with np.errstate(all="ignore"):
        for definition in steps.forward + steps.backward:
            execute(definition, known)
    return known


def sensitivity_of(problem: Problem, known: dict[str, Array]) -> float:
    """By how many unit roundoffs ℒ may be off when itself and every sum in the network is off by one."""
    total = abs(float(known["loss"]))
    for l, layer in enumerate(problem.layers, 1):
        summed = np.abs(known[f"a{l - 1}"]) @ np.abs(layer.weights).T + (0.0 if layer.bias is None else np.abs(layer.bias))
        dz = np.abs(known[f"dz{l}"])
        total += float((dz * summed)[np.isfinite(dz) & np.isfinite(summed)].sum())
    return total
