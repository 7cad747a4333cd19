"""What pictures of f(a(θ)) show: a window, the sampled curve, a range of values that one pole cannot blow up, a tangent."""

from math import hypot, isfinite
from typing import NamedTuple

import numpy as np

from .chain_rule import ChainRule
from .scalars import Scalar
from .steps import Array

POINTS = 121
LENGTH = 0.26  # half a tangent, of a window one wide and one high
VAST = 1e150  # whatever is larger is drawn here, so that no range overflows
Range = tuple[float, float]


class Curve(NamedTuple):
    """Points in the order of x; y is NaN where there is none."""

    x: Array
    y: Array


class Panel(NamedTuple):
    """A curve, the point on it that is looked at, and its tangent there; `across` and `along` are what is shown of x and y."""

    curve: Curve
    x: float
    y: float
    slope: float
    tangent: tuple[Range, Range] | None
    across: Range
    along: Range


def panels(rule: ChainRule) -> dict[str, Panel]:
    """The inner function at θ, the outer at a(θ), the whole at θ."""
    outer, inner = window(rule.outer, rule.a), window(rule.inner, rule.theta)
    return {
        "inner": _panel((rule.inner,), inner, rule.theta, rule.a, rule.inner_slope),
        "outer": _panel((rule.outer,), outer, rule.a, rule.f, rule.outer_slope),
        "composite": _panel((rule.inner, rule.outer), inner, rule.theta, rule.f, rule.product),
    }


def _panel(functions: tuple[Scalar, ...], across: Range, x: float, y: float, slope: float) -> Panel:
    curve = sampled(functions, across, x)
    along = spread(curve.y, y)
    return Panel(curve, x, y, slope, tangent(x, y, slope, across, along), across, along)


def window(function: Scalar, at: float) -> Range:
    """The function's own window, or as much more as shows the argument `at`."""
    low, high = function.window
    if not isfinite(at) or low <= at <= high:
        return low, high
    room = 0.1 * (max(high, at) - min(low, at))
    return min(low, at - room), max(high, at + room)


def sampled(functions: tuple[Scalar, ...], over: Range, *through: float) -> Curve:
    """The functions one after the other (inner first) over a range, at `through` in any case, NaN where there is no value or the curve falls apart."""
    x = np.union1d(np.linspace(*over, POINTS), [point for point in (*functions[0].breaks, *through) if over[0] < point < over[1]])
    y = x
    whole = np.ones(x.shape, dtype=bool)
    with np.errstate(all="ignore"):
        for function in functions:
            for point in function.breaks:
                sides = np.sign(y - point)
                whole[1:] &= sides[1:] * sides[:-1] >= 0
            y = function.value(y)
            whole &= np.isfinite(y)
            y = np.where(whole, y, np.nan)
    return Curve(x, y)


def spread(y: Array, *shown: float) -> Range:
    """A range that has all of y, or its middle where y runs away; and in any case what is to be shown."""
    y = np.clip(y[np.isfinite(y)], -VAST, VAST)
    points = [min(max(point, -VAST), VAST) for point in shown if isfinite(point)]
    if y.size:
        low, high = map(float, np.quantile(y, [0.1, 0.9]))
        far = max(1.6 * (high - low), 1.0)
        points += [max(float(y.min()), low - far), min(float(y.max()), high + far)]
    low, high = (min(points), max(points)) if points else (-1.0, 1.0)
    if low == high:
        low, high = low - max(1.0, abs(low)), high + max(1.0, abs(high))
    room = 0.08 * (high - low)
    return low - room, high + room


def tangent(x: float, y: float, slope: float, across: Range, along: Range) -> tuple[Range, Range] | None:
    """Both ends (x, y) of a tangent that looks equally long at every slope; None where there is no point or no slope."""
    if not (isfinite(x) and isfinite(y) and isfinite(slope)):
        return None
    wide, high = across[1] - across[0], along[1] - along[0]
    run = LENGTH / hypot(1 / wide, slope / high)
    return (x - run, y - slope * run), (x + run, y + slope * run)
