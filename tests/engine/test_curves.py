"""What pictures show: windows that follow, curves that break at poles, ranges that a pole cannot blow up, tangents of one length."""

import math

import numpy as np
import pytest

from app.engine.chain_rule import chain_rule
from app.engine.curves import LENGTH, panels, sampled, spread, tangent, window
from app.engine.scalars import SCALARS

EVERY = list(SCALARS.values())


@pytest.mark.parametrize("function", EVERY, ids=lambda it: it.name)
def test_the_window_is_the_functions_own_until_something_lies_outside(function):
    low, high = function.window
    assert window(function, (low + high) / 2) == window(function, math.nan) == (low, high)
    assert window(function, high + 10)[0] == low and window(function, high + 10)[1] > high + 10
    assert window(function, low - 10)[1] == high and window(function, low - 10)[0] < low - 10


@pytest.mark.parametrize("function", EVERY, ids=lambda it: it.name)
def test_a_curve_is_the_function_wherever_that_is_finite(function):
    curve = sampled((function,), function.window)
    values = np.array([function.at(float(x))[0] for x in curve.x])
    shown = np.isfinite(curve.y)
    np.testing.assert_array_equal(curve.y[shown], values[shown])
    assert (np.diff(curve.x) > 0).all()
    assert shown.sum() > 100


@pytest.mark.parametrize("over", [(-4.0, 4.0), (-3.7, 5.3), (-4.0, 104.0)])
def test_no_line_crosses_a_pole(over):
    curve = sampled((SCALARS["reciprocal"],), over)
    for y0, y1 in zip(curve.y, curve.y[1:], strict=False):
        assert not y0 * y1 < 0  # true for NaN


@pytest.mark.parametrize(("inner", "outer"), [("sine", "reciprocal"), ("affine", "reciprocal"), ("reciprocal", "sigmoid"), ("logarithm", "reciprocal")])
def test_nor_does_one_of_a_composite(inner, outer):
    """Either side of where the inner value passes the outer's pole, or is itself infinite, there is a gap."""
    f, g = SCALARS[outer], SCALARS[inner]
    curve = sampled((g, f), g.window)
    a = np.array([g.at(float(x))[0] for x in curve.x])
    drawn = np.isfinite(curve.y[1:]) & np.isfinite(curve.y[:-1])
    assert (a[drawn.nonzero()[0]] * a[drawn.nonzero()[0] + 1] > 0).all()
    assert 100 < drawn.sum() < len(a) - 1


def test_a_range_holds_a_tame_curve_whole_and_the_middle_of_a_wild_one():
    low, high = spread(np.array([0.0, 0.5, 1.0]), 0.2)
    assert low < 0 and high > 1
    wild = spread(np.array([1e9, *np.linspace(0, 1, 100), np.nan, np.inf]), 0.5)
    assert wild[1] < 5
    assert spread(np.array([0.0, 1.0]), 40.0)[1] > 40


@pytest.mark.parametrize("values", [[], [np.nan], [3.0, 3.0], [0.0], [1e307, -1e307], [1e308, -1.7e308], [1e200]])
def test_a_range_is_never_empty_or_infinite(values):
    low, high = spread(np.array(values), math.nan)
    assert math.isfinite(high - low) and high > low


@pytest.mark.parametrize("slope", [0.0, 1e-9, -0.5, 3.0, 1e6, -1e12])
def test_tangents_look_equally_long_and_have_the_slope(slope):
    across, along = (-4.0, 4.0), (-1.0, 5.0)
    (x0, y0), (x1, y1) = tangent(0.3, 2.0, slope, across, along)
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == (pytest.approx(0.3), pytest.approx(2.0))
    assert math.hypot((x1 - x0) / 8, (y1 - y0) / 6) == pytest.approx(2 * LENGTH)
    assert (y1 - y0) == pytest.approx(slope * (x1 - x0), rel=max(1e-9, 1e-15 * abs(slope)), abs=1e-12)  # x0 and x1 hardly differ


@pytest.mark.parametrize("numbers", [(math.nan, 1.0, 1.0), (1.0, math.inf, 1.0), (1.0, 1.0, math.nan)])
def test_where_there_is_no_slope_there_is_no_tangent(numbers):
    assert tangent(*numbers, (-1.0, 1.0), (-1.0, 1.0)) is None


def test_panels_are_the_three_functions_at_their_points():
    rule = chain_rule(SCALARS["square"], SCALARS["sigmoid"], 0.5)
    shown = panels(rule)
    assert {name: (it.x, it.y, it.slope) for name, it in shown.items()} == {
        "inner": (rule.theta, rule.a, rule.inner_slope),
        "outer": (rule.a, rule.f, rule.outer_slope),
        "composite": (rule.theta, rule.f, rule.product),
    }
    assert all(it.across[0] <= it.x <= it.across[1] and it.along[0] <= it.y <= it.along[1] for it in shown.values())
