"""One number of a network moved by ±ε: both losses, their quotient, and how its error falls with ε² until rounding makes it rise with u/ε.

Here the quotient is the textbook's, (ℒ(v + ε) − ℒ(v − ε)) / 2ε, rounding of v ± ε included: that is what there is to be seen.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .judge import EPSILON, Judge, Verdict, passes, sensitivity_of
from .moved import Entry
from .problem import Problem
from .steps import Array

PER_DECADE = 2
SWEEP = tuple(10.0 ** (-1 - k / PER_DECADE) for k in range(11 * PER_DECADE + 1))  # 1e-1 … 1e-12


class Quotient(NamedTuple):
    """A central difference; `difference` is how far it is from the gradient."""

    epsilon: float
    plus: float  # ℒ(v + ε)
    minus: float  # ℒ(v − ε)
    quotient: float
    difference: float


class Probe(NamedTuple):
    """The value v of an entry, ℒ and ∂ℒ/∂v there, the quotient at the ε asked for and at those of a sweep, and the check's verdict."""

    value: float
    loss: float
    gradient: float
    at: Quotient
    sweep: tuple[Quotient, ...]
    verdict: Verdict


def probe(
    problem: Problem,
    name: str,
    entry: Entry,
    epsilon: float,
    *,
    sweep: Sequence[float] = SWEEP,
    judged_at: float = EPSILON,
    known: dict[str, Array] | None = None,
) -> Probe:
    """What moving one entry of a0, W, b, z or a does to ℒ. Needs targets; `known` are the problem's `passes`.

    The verdict is that of a check at `judged_at`, whatever ε is.
    """
    known = passes(problem) if known is None else known
    with np.errstate(all="ignore"):
        judge = Judge(problem, known, f"d{name}", sensitivity_of(problem, known))
    value, gradient = float(known[name][entry]), float(known[f"d{name}"][entry])

    def quotient(epsilon: float) -> Quotient:
        plus, minus = (judge.moved.loss(entry, value + step) for step in (epsilon, -epsilon))
        slope = (plus - minus) / (2 * epsilon)
        return Quotient(epsilon, plus, minus, slope, abs(slope - gradient))

    with np.errstate(all="ignore"):
        found = tuple(quotient(step) for step in sweep)
        return Probe(value, judge.middle, gradient, quotient(epsilon), found, judge.verdict(entry, judged_at)[0])
