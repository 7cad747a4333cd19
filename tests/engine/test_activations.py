"""Activations: kinks, limits far out, what happens to ∞ and NaN, and derivatives against difference quotients."""

import math

import numpy as np
import pytest
from problems import ALL_ACTIVATIONS, VARIANTS, label

from app.engine.activations import ACTIVATIONS
from app.engine.losses import LOSSES

inf, nan = math.inf, math.nan
EXTREMES = [-inf, -1e308, -1e160, -1e3, 1e3, 1e160, 1e308, inf]


def at(activation, points):
    """Value and derivative at a row of points, computed as the passes do: overflow is a value there, not a warning."""
    settings = {key: value for key, value in activation.items() if key != "name"}
    g = ACTIVATIONS[activation["name"]](**settings)
    z = np.array([points], dtype=np.float64)
    with np.errstate(all="ignore"):
        a = g.value(z)
        return a[0], g.derivative(z, a)[0]


# name -> value and slope at EXTREMES
LIMITS = {
    "identity": (EXTREMES, [1] * 8),
    "sigmoid": ([0] * 4 + [1] * 4, [0] * 8),
    "tanh": ([-1] * 4 + [1] * 4, [0] * 8),
    "relu": ([0] * 4 + EXTREMES[4:], [0] * 4 + [1] * 4),
    "leaky_relu": ([-inf, -1e306, -1e158, -10, *EXTREMES[4:]], [0.01] * 4 + [1] * 4),
    "elu": ([-1] * 4 + EXTREMES[4:], [0] * 4 + [1] * 4),
    "gelu": ([0] * 4 + EXTREMES[4:], [0] * 4 + [1] * 4),
    "silu": ([0] * 4 + EXTREMES[4:], [0] * 4 + [1] * 4),
    "softplus": ([0] * 4 + EXTREMES[4:], [0] * 4 + [1] * 4),
}
ELEMENTWISE = [activation for activation in ALL_ACTIVATIONS if activation["name"] != "softmax"]


def test_every_elementwise_activation_has_its_limits_here():
    assert LIMITS.keys() == ACTIVATIONS.keys() - {"softmax"}


@pytest.mark.parametrize("activation", [*({"name": name} for name in LIMITS), {"name": "gelu", "approximate": "tanh"}], ids=label)
def test_limits(activation):
    values, slopes = at(activation, EXTREMES)
    np.testing.assert_allclose(values, LIMITS[activation["name"]][0], rtol=1e-15)
    np.testing.assert_allclose(slopes, LIMITS[activation["name"]][1], rtol=1e-15)


@pytest.mark.parametrize("activation", ELEMENTWISE, ids=label)
def test_nan_stays_nan_and_touches_nothing_else(activation):
    values, slopes = at(activation, [nan, 0.5])
    alone = at(activation, [0.5])
    assert math.isnan(values[0])
    assert (values[1], slopes[1]) == (alone[0][0], alone[1][0])
    if activation["name"] != "identity":
        assert math.isnan(slopes[0])


@pytest.mark.parametrize("infinite", [[inf, -inf], [-inf, inf, 1.0]])
def test_opposite_infinities_are_no_nan_for_relu(infinite):
    """Their sum is NaN, which must not be taken for a NaN among them."""
    np.testing.assert_array_equal(at({"name": "relu"}, infinite)[1], [float(z > 0) for z in infinite])


@pytest.mark.parametrize(
    ("activation", "slope"),
    [
        ({"name": "relu"}, 0),
        ({"name": "leaky_relu"}, 0.01),
        ({"name": "leaky_relu", "slope": 0.2}, 0.2),
        ({"name": "elu"}, 1),
        ({"name": "elu", "alpha": 0.5}, 0.5),
    ],
    ids=label,
)
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_at_a_kink_the_slope_is_the_left_one(activation, slope, zero):
    values, slopes = at(activation, [zero])
    assert (values[0], slopes[0]) == (0, slope)


@pytest.mark.parametrize("activation", ELEMENTWISE, ids=label)
def test_derivatives_against_difference_quotients(activation):
    z = np.concatenate([np.linspace(-8, -0.05, 60), np.linspace(0.05, 8, 60)])
    h = 1e-5
    quotient = (at(activation, z + h)[0] - at(activation, z - h)[0]) / (2 * h)
    np.testing.assert_allclose(at(activation, z)[1], quotient, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
def test_arguments_are_left_alone(activation):
    g = ACTIVATIONS[activation["name"]](**{key: value for key, value in activation.items() if key != "name"})
    z = np.random.default_rng(0).normal(size=(3, 4))
    before = z.copy()
    a = g.value(z)
    kept = a.copy()
    g.derivative(z, a)[...] = 7.0
    a[...] = 7.0
    np.testing.assert_array_equal(z, before)
    assert not np.shares_memory(a, z)
    np.testing.assert_array_equal(g.value(z), kept)


@pytest.mark.parametrize(("z", "expected"), [(-40.0, 4.248354255291589e-18), (-1e-3, 0.49975000002083335), (36.0, 0.9999999999999998)])
def test_sigmoid_to_the_last_digits(z, expected):
    assert at({"name": "sigmoid"}, [z])[0][0] == pytest.approx(expected, rel=3e-16, abs=0)


@pytest.mark.parametrize("z", [-300.0, -20.0, -1.0, 0.0, 1e-9, 5.0, 18.0, 40.0, 300.0])
def test_slopes_keep_their_digits_in_both_tails(z):
    e = math.exp(-abs(z))
    assert at({"name": "sigmoid"}, [z])[1][0] == pytest.approx(e / (1 + e) ** 2, rel=1e-15, abs=0)
    assert at({"name": "tanh"}, [z])[1][0] == pytest.approx(1 / math.cosh(z) ** 2, rel=1e-13, abs=0)
    assert at({"name": "silu"}, [z])[1][0] == pytest.approx(1 / (1 + math.exp(-z)) + z * e / (1 + e) ** 2, rel=1e-14, abs=0)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "silu", "softplus"])
def test_far_out_slopes_are_finite(name):
    assert np.isfinite(at({"name": name}, [-inf, -1e308, -745.0, -710.0, -709.0, 709.0, 710.0, 745.0, 1e308, inf])[1]).all()


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
@pytest.mark.parametrize("order", ["C", "F"])
def test_evaluating_into_an_array_is_value_and_derivative_to_the_bit(activation, order):
    """Pulling back is too, but for softmax, which needs no Jacobian for it."""
    g = ACTIVATIONS[activation["name"]](**{key: value for key, value in activation.items() if key != "name"})
    z, da = (np.asarray(array, order=order) for array in np.random.default_rng(0).normal(size=(2, 6, 7)) * 4)
    z[0, 0], z[0, 1] = 0.0, -800.0
    a, dz = np.full_like(z, nan), np.full_like(z, nan)
    with np.errstate(all="ignore"):
        value = g.value(z)
        derivative = g.derivative(z, value)
        g.pull(da, a, g.evaluate(z, a), dz)
    np.testing.assert_array_equal(a, value)
    if g.jacobian:
        np.testing.assert_allclose(dz, np.einsum("nk,nki->ni", da, derivative), rtol=1e-13, atol=1e-15)
    else:
        np.testing.assert_array_equal(dz, da * derivative)


@pytest.mark.parametrize("z", [-700.0, -40.0, -1e-9, 1e-9, 40.0])
def test_softplus_and_elu_keep_their_digits_near_their_limits(z):
    assert at({"name": "softplus"}, [z])[0][0] == pytest.approx(max(z, 0) + math.log1p(math.exp(-abs(z))), rel=1e-15, abs=0)
    assert at({"name": "elu"}, [-abs(z)])[0][0] == pytest.approx(math.expm1(-abs(z)), rel=1e-15, abs=0)


@pytest.mark.parametrize("z", [-10.0, -5.5, -1.0, 0.3, 6.0])
def test_gelu_keeps_its_digits_in_the_left_tail(z):
    assert at({"name": "gelu"}, [z])[0][0] == pytest.approx(z * math.erfc(-z / math.sqrt(2)) / 2, rel=1e-13, abs=0)


# ---- softmax -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "expected"),
    [
        ([1e3, 0], [1, 0]),
        ([1e308, -1e308, 0], [1, 0, 0]),
        ([-1e308, -1e308], [0.5, 0.5]),
        ([-inf, 0, 0], [0, 0.5, 0.5]),
        ([1e3, 1e3, -1e3], [0.5, 0.5, 0]),
        ([7.0], [1]),
    ],
)
def test_softmax_far_out(z, expected):
    values, jacobian = at({"name": "softmax"}, z)
    np.testing.assert_array_equal(values, expected)
    np.testing.assert_array_equal(jacobian, np.diag(expected) - np.outer(expected, expected))


@pytest.mark.parametrize("odd", [nan, inf])
def test_softmax_of_nan_or_infinity_is_nan_in_that_example_alone(odd):
    g = ACTIVATIONS["softmax"]()
    with np.errstate(all="ignore"):
        a = g.value(np.array([[odd, 0.0], [0.0, 0.0]]))
    assert np.isnan(a[0, 0])
    np.testing.assert_array_equal(a[1], [0.5, 0.5])


def test_softmax_jacobian_is_da_k_by_dz_i():
    """Rows and columns both sum to 0; entry by entry it is the difference quotient of a_k when z_i moves."""
    z, h = np.random.default_rng(2).normal(size=(3, 4)), 1e-6
    g = ACTIVATIONS["softmax"]()
    jacobian = g.derivative(z, g.value(z))
    assert jacobian.shape == (3, 4, 4)
    np.testing.assert_allclose(jacobian.sum(axis=1), 0, atol=1e-16)
    for i in range(4):
        move = h * np.eye(4)[i]
        np.testing.assert_allclose(jacobian[:, :, i], (g.value(z + move) - g.value(z - move)) / (2 * h), atol=1e-9)


def test_variants_are_of_registered_functions():
    assert VARIANTS.keys() <= ACTIVATIONS.keys() | LOSSES.keys()
