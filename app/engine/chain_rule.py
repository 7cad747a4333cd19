"""The chain rule itself: f(a(θ)), its two slopes, their product, and the product against central differences of the whole.

The product agrees with the quotient D(ε) = (f(a(θ + ε)) − f(a(θ − ε))) / 2ε when they differ by no more than rounding explains (as in
`judge`) and truncation, which |D(2ε) − D(ε)| measures. Where a curve bends sharply within ε (1/x near 0) a smaller ε is tried.
Where none agrees: if the product lies between the slopes to the left and to the right, however small ε is, θ sits on a kink, no
error; and a quotient that has not settled yet is not comparable. What is left is an error.
"""

from math import isfinite
from typing import NamedTuple

import numpy as np

from .judge import EPSILON, RELATIVE, ROUNDING, UNIT
from .scalars import Scalar

EPSILONS = (EPSILON, 1e-8, 1e-10, 1e-12)
UNSETTLED = 0.01  # a quotient that changes by more than this share when ε is doubled says nothing
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
        tries: list[Check] = []
        for epsilon in EPSILONS:
            tries.append(_try(outer, inner, theta, product, sensitivity, epsilon))
            if tries[-1].agrees:
                break
    return ChainRule(outer, inner, theta, a, f, inner_slope, outer_slope, product, _verdict(tries))


def _verdict(tries: list[Check]) -> Check:
    """The last if that agrees; a kink only where the gap between left and right does not close, as a mere bend's does."""
    first, last = tries[0], tries[-1]
    if last.agrees:
        return last
    if first.kink and last.kink and abs(last.left - last.right) > 0.5 * abs(first.left - first.right):
        return first
    return next((it for it in tries if it.comparable), first)._replace(kink=False)


def _try(outer: Scalar, inner: Scalar, theta: float, product: float, sensitivity: float, epsilon: float) -> Check:
    """One ε. `kink` here only says that the product lies between two different slopes."""
    step = max(epsilon, 4 * float(np.spacing(abs(theta))))  # a large θ does not move by less
    x = theta + step * np.arange(-2.0, 3.0)
    f = outer.value(inner.value(x))

    def quotient(below: int, above: int) -> float:
        return float((f[above] - f[below]) / (x[above] - x[below]))  # the distance really taken, after rounding

    central, wider, left, right = quotient(1, 3), quotient(0, 4), quotient(1, 2), quotient(2, 3)
    difference, truncation = abs(product - central), abs(wider - central)
    rounding = ROUNDING * sensitivity * UNIT / step
    slack = RELATIVE * max(abs(product), abs(central)) + rounding + truncation
    agrees = isfinite(difference) and difference <= slack
    between = min(left, right) - slack <= product <= max(left, right) + slack
    kink = isfinite(difference) and not agrees and between and abs(left - right) > 10 * slack
    settled = truncation <= UNSETTLED * max(abs(central), abs(wider))
    return Check(step, central, difference, left, right, agrees, kink, agrees or kink or (isfinite(difference) and settled))
