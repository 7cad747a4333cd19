"""The chain rule itself: f(a(θ)), its two slopes, their product, and the product against central differences of the whole.

The product agrees with the quotient D(ε) = (f(a(θ + ε)) − f(a(θ − ε))) / 2ε when they differ by no more than rounding explains (as in
`judge`) and truncation, which |D(2ε) − D(ε)| measures and which must itself be small. Where a curve bends sharply within ε (1/x near 0)
smaller ones are tried, as long as rounding leaves them any meaning. Where the slopes to the left and to the right differ, and no less so
for a smaller ε, θ sits on a kink: no error, even if the product happens to lie in the middle. A quotient that has not settled is not
comparable. What is left is an error.
"""

from math import isfinite
from typing import NamedTuple

import numpy as np

from .judge import EPSILON, MEANING, RELATIVE, ROUNDING, UNIT
from .scalars import Scalar
from .steps import Array

EPSILONS = (EPSILON, 1e-8, 1e-10, 1e-12)
TINY = 1e-9  # a truncation that is as good as none, where the slope itself is 0
FARTHEST = 100.0  # |θ| beyond it is refused: no picture could show it


class Asked(NamedTuple):
    """Which functions, by name, and where."""

    outer: str
    inner: str
    theta: float


DEFAULTS = Asked("square", "sigmoid", 0.5)


class Check(NamedTuple):
    """A difference quotient over ±ε, and those to the left and right alone. Where `comparable` is false, `agrees` is false too."""

    epsilon: float
    quotient: float
    difference: float
    left: float
    right: float
    agrees: bool
    kink: bool
    comparable: bool


class ChainRule(NamedTuple):
    """Everything about f(a(θ)) at one θ; numbers that do not exist are NaN or infinite."""

    outer: Scalar
    inner: Scalar
    theta: float
    a: float
    f: float
    inner_slope: float
    outer_slope: float
    product: float
    check: Check


def chain_rule(outer: Scalar, inner: Scalar, theta: float) -> ChainRule:
    """∂f/∂θ = ∂f/∂a · ∂a/∂θ at θ, checked."""
    with np.errstate(all="ignore"):
        a, inner_slope = inner.at(theta)
        f, outer_slope = outer.at(a)
        product = float(np.float64(outer_slope) * inner_slope)
        sensitivity = abs(f) + abs(outer_slope) * (abs(a) + abs(inner_slope * theta))  # what rounding of f, a and θ can do to f
        tries = _tries(outer, inner, theta, product, sensitivity)
    return ChainRule(outer, inner, theta, a, f, inner_slope, outer_slope, product, _verdict(tries))


class _Try(NamedTuple):
    """One ε: its check as far as it goes alone, and whether the product lies between two slopes that differ."""

    check: Check
    bent: bool

    @property
    def gap(self) -> float:
        return abs(self.check.left - self.check.right)


def _tries(outer: Scalar, inner: Scalar, theta: float, product: float, sensitivity: float) -> list[_Try]:
    """From coarse to fine, until one settles the matter or rounding drowns the rest."""
    tries: list[_Try] = []
    for epsilon in EPSILONS:
        step = max(epsilon, 4 * float(np.spacing(abs(theta))))  # a large θ does not move by less
        rounding = ROUNDING * sensitivity * UNIT / step
        if tries and rounding > MEANING * max(abs(product), abs(tries[0].check.left), abs(tries[0].check.right)):
            break
        x = theta + step * np.arange(-2.0, 3.0)
        tries.append(_try(step, x, outer.value(inner.value(x)), product, rounding))
        if tries[-1].check.agrees and not tries[-1].bent:
            break
    return tries


def _try(step: float, x: Array, f: Array, product: float, rounding: float) -> _Try:
    def quotient(below: int, above: int) -> float:
        return float((f[above] - f[below]) / (x[above] - x[below]))  # the distance really taken, after rounding

    central, wider, left, right = quotient(1, 3), quotient(0, 4), quotient(1, 2), quotient(2, 3)
    difference, truncation = abs(product - central), abs(wider - central)
    settled = isfinite(difference + truncation) and truncation <= MEANING * max(abs(central), abs(wider)) + TINY
    slack = RELATIVE * max(abs(product), abs(central)) + rounding
    agrees = isfinite(difference) and difference <= slack + (truncation if settled else 0)
    bent = abs(left - right) > 10 * slack and min(left, right) - slack <= product <= max(left, right) + slack
    return _Try(Check(step, central, difference, left, right, agrees, False, agrees or settled), bent)


def _verdict(tries: list[_Try]) -> Check:
    """A kink where the gap between left and right does not close, as a mere bend's does; else the first that agrees, else the finest."""
    first, last = tries[0], tries[-1]
    if len(tries) > 1 and first.bent and last.bent and last.gap > 0.5 * first.gap:
        return first.check._replace(agrees=False, kink=True, comparable=True)
    return next((it.check for it in tries if it.check.agrees), last.check if last.check.comparable else first.check._replace(comparable=False))
