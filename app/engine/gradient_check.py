"""Backpropagation against central differences of ℒ, entry by entry.

An entry v of a quantity is moved to v ± ε in place and everything after it is computed again:
(ℒ(v + ε) − ℒ(v − ε)) / 2ε must agree with the gradient. It does when they differ by at most
RELATIVE · max(|gradient|, |difference|) + ROUNDING · S · u / ε, u = 2⁻⁵³ the unit roundoff and S how sensitive ℒ is to it:
|ℒ| itself, and |∂ℒ/∂z| times all that was summed into z. The second part is how far rounding alone can move the quotient.

Where they do not agree, finer steps are tried as long as rounding leaves them any meaning. If one agrees, ε was too coarse for this
entry. If none does and the gradient lies between the slopes to the left and to the right, whose distance does not fall with the step,
the entry sits on a kink (relu at 0). Neither is an error; everything else is.
"""

from collections import Counter
from collections.abc import Collection
from math import isfinite
from typing import Literal, NamedTuple

import numpy as np

from .moved import Entry, Moved, cost
from .passes import execute, program
from .problem import Problem, Structure
from .steps import Array

EPSILON = 1e-6
RELATIVE, ROUNDING, UNIT = 1e-6, 64.0, 2.0**-53
SAMPLE = 400  # entries checked of a larger quantity
SHOWN = 16  # kinks told with their place
FINER = tuple(16.0**-k for k in range(4))  # the steps that are tried where ε and the gradient disagree, in units of at most EPSILON
MEANING = 1e-4  # of a slope: where rounding may be more than that, a finer step says nothing

Verdict = Literal["agrees", "refined", "kink", "differs", "not_finite"]


class Agreement(NamedTuple):
    """How one gradient compares. `at` is the entry with the largest difference; `kinks` do not count against it.

    `refined` entries were measured with a finer step. `comparable` is false where nothing speaks against it but numbers that are not finite.
    """

    agrees: bool
    max_abs: float
    max_rel: float
    at: Entry
    kinks: int
    checked: int
    of: int
    comparable: bool = True
    refined: int = 0
    kinks_at: tuple[Entry, ...] = ()


def check_gradients(
    problem: Problem, *, epsilon: float = EPSILON, rng: np.random.Generator, sample: int = SAMPLE, names: Collection[str] | None = None
) -> dict[str, Agreement]:
    """Every gradient of the trace, or those of `names`, by id in the order of the derivation. Needs targets.

    Larger quantities are sampled with `rng`, each by a stream of its own: the same entries whatever else is checked.
    """
    gradients = gradients_of(problem.structure)
    streams = dict(zip(gradients, rng.spawn(len(gradients)), strict=True))
    wanted = gradients if names is None else [name for name in gradients if name in names]
    known = passes(problem)
    with np.errstate(all="ignore"):
        return {name: _compare(Judge(problem, known, name), epsilon, _entries(known[name].shape, sample, streams[name])) for name in wanted}


def gradients_of(of: Structure) -> list[str]:
    """The ids of all gradients in the order of the derivation; none without targets."""
    return [d.id for d in program(of).backward]


def passes(problem: Problem) -> dict[str, Array]:
    """Every quantity of the forward and the backward pass by id, the givens too."""
    known, steps = problem.givens(), program(problem.structure)
    with np.errstate(all="ignore"):
        for definition in steps.forward + steps.backward:
            execute(definition, known)
    return known


def check_cost(of: Structure, names: Collection[str], sample: int, epsilon: float = EPSILON) -> int:
    """What a check costs, from the sizes alone, in numbers computed (`moved.cost`); a coarse ε is mostly followed by a finer one."""
    return sum((2 if epsilon <= EPSILON else 4) * min(sample, _count(of, name[1], int(name[2:]))) * cost(of, name[1:]) for name in names)


class Judge:
    """Decides for entries of one gradient whether it agrees. Overflow and 0/0 are the caller's to silence."""

    def __init__(self, problem: Problem, known: dict[str, Array], gradient: str) -> None:
        self.values, self.gradient = known[gradient[1:]], known[gradient]
        self.moved, self.middle = Moved(problem, known, gradient[1:]), float(known["loss"])
        self.sensitivity = _sensitivity(problem, known)

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
        slope, sides = float(self.gradient[entry]), self.slopes(entry, epsilon)
        difference, scale, agrees = self._off(slope, sides, epsilon)
        if agrees:
            return "agrees", difference, scale
        if not isfinite(difference):
            return "not_finite", difference, scale
        tried: list[tuple[float, float]] = []
        for step in [min(epsilon, EPSILON) * part for part in FINER]:
            if tried and self._rounding(step) > MEANING * max(abs(slope), *map(abs, sides)):
                break
            tried.append(self.slopes(entry, step))
            finer, finer_scale, agrees = self._off(slope, tried[-1], step)
            if agrees:
                return "refined", finer, finer_scale
        return "kink" if self._on_a_kink(slope, tried, min(epsilon, EPSILON)) else "differs", difference, scale

    def _off(self, slope: float, sides: tuple[float, float], epsilon: float) -> tuple[float, float, bool]:
        """How far a gradient is from the quotient of both sides, the larger of them, and whether that agrees."""
        central = sum(sides) / 2
        difference, scale = abs(slope - central), max(abs(slope), abs(central))
        return difference, scale, difference <= RELATIVE * scale + self._rounding(epsilon)  # false for NaN

    def _rounding(self, epsilon: float) -> float:
        return ROUNDING * self.sensitivity * UNIT / epsilon

    def _on_a_kink(self, slope: float, tried: list[tuple[float, float]], epsilon: float) -> bool:
        """Whether a gradient lies between two slopes that are really two, and stay so: a smooth bend is straightened as the step falls."""
        left, right = tried[max(0, len(tried) - 2)]  # in the last the kink itself may lie almost outside
        slack = RELATIVE * max(abs(slope), abs(left + right) / 2) + 2 * self._rounding(epsilon)
        jump = abs(left - right)
        return jump > 10 * slack and jump > abs(tried[0][0] - tried[0][1]) / 2 and min(left, right) - slack <= slope <= max(left, right) + slack


def _entries(shape: tuple[int, ...], sample: int, rng: np.random.Generator) -> list[Entry]:
    count = int(np.prod(shape))
    flat = np.arange(count) if count <= sample else np.sort(rng.choice(count, sample, replace=False))
    return [tuple(int(i) for i in np.unravel_index(k, shape)) for k in flat]


def _count(of: Structure, letter: str, l: int) -> int:
    n = of.sizes[l]
    return {"W": n * of.sizes[l - 1], "b": n}.get(letter, of.examples * n)


def _sensitivity(problem: Problem, known: dict[str, Array]) -> float:
    """By how many unit roundoffs ℒ may be off when itself and every sum in the network is off by one."""
    total = abs(float(known["loss"]))
    for l, layer in enumerate(problem.layers, 1):
        summed = np.abs(known[f"a{l - 1}"]) @ np.abs(layer.weights).T + (0.0 if layer.bias is None else np.abs(layer.bias))
        moved = np.abs(known[f"dz{l}"]) * summed
        total += float(moved[np.isfinite(moved)].sum())
    return total


def _compare(judge: Judge, epsilon: float, entries: list[Entry]) -> Agreement:
    worst, relative, at = 0.0, 0.0, entries[0]
    kinks, verdicts = [], Counter[Verdict]()
    for entry in entries:
        verdict, difference, scale = judge.verdict(entry, epsilon)
        verdicts[verdict] += 1
        if verdict == "kink":
            kinks.append(entry)
        elif not difference <= worst:  # also true for NaN
            worst, at = difference, entry
            relative = difference / scale if scale else 0.0
    wrong, broken = verdicts["differs"] > 0, verdicts["not_finite"] > 0
    agrees, comparable = not (wrong or broken), wrong or not broken
    return Agreement(
        agrees, worst, relative, at, len(kinks), len(entries), judge.gradient.size, comparable, verdicts["refined"], tuple(kinks[:SHOWN])
    )
