"""f(a(θ)): every pair of functions against autograd and Richardson's differences; kinks, poles and wrong slopes told apart."""

import dataclasses
import math
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from test_oracle import VALUES

from app.engine.activations import ACTIVATIONS
from app.engine.chain_rule import DEFAULTS, chain_rule
from app.engine.scalars import SCALARS

ORACLE = {
    "affine": lambda x: 2 * x + 1,
    "square": lambda x: x**2,
    "cube": lambda x: x**3,
    "sine": anp.sin,
    "exponential": anp.exp,
    "logarithm": anp.log,
    "reciprocal": lambda x: anp.divide(1.0, x),
    "absolute": anp.abs,
    "squared_error": lambda x: 0.5 * (x - 1) ** 2,
    "log_loss": lambda x: -anp.log(x),
    "leaky_relu": lambda x: VALUES["leaky_relu"](x, 0.01),
    "elu": lambda x: VALUES["elu"](x, 1.0),
    "softplus": lambda x: VALUES["softplus"](x, 1.0),
    "gelu": lambda x: VALUES["gelu"](x, "none"),
    **{name: VALUES[name] for name in ("identity", "sigmoid", "tanh", "relu", "silu")},
}
PAIRS = list(product(SCALARS, SCALARS))
POINTS = [-2.3, -0.9, -0.31, 0.17, 0.6, 1.45, 2.8]  # none is a kink, a pole or a zero of a slope for any pair


def at(outer, inner, theta):
    return chain_rule(SCALARS[outer], SCALARS[inner], theta)


def test_every_function_has_an_oracle_and_every_elementwise_activation_is_there():
    assert ORACLE.keys() == SCALARS.keys() >= {name for name, kind in ACTIVATIONS.items() if not kind.jacobian}
    assert {DEFAULTS.outer, DEFAULTS.inner} <= SCALARS.keys()


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_every_pair_against_autograd(outer, inner):
    f, a = ORACLE[outer], ORACLE[inner]
    finite = 0
    for theta in POINTS:
        rule = at(outer, inner, theta)
        with np.errstate(all="ignore"):
            expected = [a(theta), grad(a)(theta), f(a(theta)), grad(f)(a(theta)), grad(lambda x: f(a(x)))(theta)]
        if not all(map(math.isfinite, expected)):
            assert not math.isfinite(rule.f)
            continue
        finite += 1
        found = [rule.a, rule.inner_slope, rule.f, rule.outer_slope, rule.product]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
        assert rule.product == rule.outer_slope * rule.inner_slope
        assert rule.check.agrees and rule.check.comparable and not rule.check.kink
    assert finite > 0


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_every_pair_against_extrapolated_differences(outer, inner):
    """(4 D(h) − D(2h)) / 3 with a coarse h, computed from the oracle's values alone."""
    f, a = ORACLE[outer], ORACLE[inner]
    h = 1e-4
    for theta in POINTS:
        with np.errstate(all="ignore"):
            d = [(f(a(theta + k * h)) - f(a(theta - k * h))) / (2 * k * h) for k in (1, 2)]
        if all(map(math.isfinite, d)):
            assert at(outer, inner, theta).product == pytest.approx((4 * d[0] - d[1]) / 3, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_no_false_alarm_anywhere(outer, inner):
    """On a fine grid and at awkward points the product agrees, or sits on a kink, or nothing can be said; never “differs”."""
    for theta in [*np.linspace(-4, 4, 41), 1e-7, 2e-6, -3e-6, 1e-12, 99.0, -100.0]:
        check = at(outer, inner, float(theta)).check
        assert check.agrees or check.kink or not check.comparable, (theta, check)


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_a_wrong_slope_is_found(outer, inner):
    """A derivative that is off by a thousandth, inside or outside."""
    found = 0
    for theta in POINTS:
        true = at(outer, inner, theta)
        if not math.isfinite(true.product) or abs(true.product) < 1e-4:
            continue
        for which in ("outer", "inner"):
            chosen = {"outer": SCALARS[outer], "inner": SCALARS[inner]}
            right = chosen[which].slope
            chosen[which] = dataclasses.replace(chosen[which], slope=lambda x, right=right: 1.001 * right(x))
            check = chain_rule(**chosen, theta=theta).check
            assert not check.agrees and not check.kink and check.comparable
            found += 1
    assert found > 0


@pytest.mark.parametrize(
    ("outer", "inner", "theta", "left", "right"),
    [
        ("identity", "relu", 0.0, 0, 1),
        ("relu", "affine", -0.5, 0, 2),
        ("leaky_relu", "identity", 0.0, 0.01, 1),
        ("absolute", "affine", -0.5, -2, 2),
        ("absolute", "logarithm", 1.0, -1, 1),
        ("exponential", "absolute", 0.0, -1, 1),
        ("relu", "sine", 0.0, 0, 1),
    ],
)
def test_a_kink_is_no_error(outer, inner, theta, left, right):
    check = at(outer, inner, theta).check
    assert check.kink and not check.agrees
    assert (check.left, check.right) == (pytest.approx(left, abs=1e-5), pytest.approx(right, abs=1e-5))


@pytest.mark.parametrize(
    ("outer", "inner", "theta"),
    [
        ("square", "relu", 0.0),
        ("cube", "absolute", 0.0),
        ("identity", "elu", 0.0),
        ("relu", "affine", -0.4999),
        ("identity", "relu", 1e-7),
        ("relu", "square", 0.0),
    ],
)
def test_where_a_kink_is_smoothed_or_only_near_there_is_none(outer, inner, theta):
    check = at(outer, inner, theta).check
    assert check.agrees and not check.kink


@pytest.mark.parametrize("theta", [1e-7, 2e-6, -3e-6])
def test_near_a_pole_a_finer_step_agrees(theta):
    rule = at("identity", "reciprocal", theta)
    assert rule.product == pytest.approx(-1 / theta**2, rel=1e-12)
    assert rule.check.agrees and rule.check.epsilon < 1e-6
    assert rule.check.quotient == pytest.approx(rule.product, rel=1e-4)


@pytest.mark.parametrize(
    ("outer", "inner", "theta", "a", "f"),
    [
        ("logarithm", "affine", -2.0, -3.0, math.nan),
        ("logarithm", "relu", -1.0, 0.0, -math.inf),
        ("log_loss", "relu", -1.0, 0.0, math.inf),
        ("identity", "reciprocal", 0.0, math.inf, math.inf),
        ("exponential", "exponential", 50.0, pytest.approx(math.e**50, rel=1e-14), math.inf),
    ],
)
def test_what_is_not_finite_is_said_to_be_so(outer, inner, theta, a, f):
    rule = at(outer, inner, theta)
    assert rule.a == a
    assert rule.f == f or (math.isnan(f) and math.isnan(rule.f))
    assert not math.isfinite(rule.product) or rule.f != rule.f
    assert not rule.check.agrees and not rule.check.kink and not rule.check.comparable


@pytest.mark.parametrize("name", ["logarithm", "log_loss"])
def test_outside_its_domain_a_function_has_no_slope(name):
    assert all(map(math.isnan, SCALARS[name].at(-1.0)))


def test_a_quotient_that_has_not_settled_says_nothing():
    assert not at("sine", "exponential", 99.0).check.comparable


def test_the_worked_numbers():
    """σ(½)² by hand: a = 1 / (1 + e^−½), 2a · a(1 − a)."""
    rule = at("square", "sigmoid", 0.5)
    a = 1 / (1 + math.exp(-0.5))
    assert (rule.a, rule.f) == (pytest.approx(a, rel=1e-15), pytest.approx(a * a, rel=1e-15))
    assert (rule.outer_slope, rule.inner_slope) == (pytest.approx(2 * a, rel=1e-15), pytest.approx(a * (1 - a), rel=1e-15))
    assert rule.check.difference < 1e-9
