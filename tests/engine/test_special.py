"""erfc against the C library's: to a few units in the last place over its whole range."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.special import erfc


def ulps(found, expected):
    return abs(found - expected) / np.spacing(max(abs(expected), 2.3e-308))


@pytest.mark.parametrize("low, high", [(-30, -4), (-4, -0.46875), (-0.46875, 0.46875), (0.46875, 4), (4, 26), (26, 26.5)])
def test_erfc_is_the_c_librarys(low, high):
    """Each branch of the approximation, its ends too."""
    x = np.unique(np.concatenate([np.linspace(low, high, 20_001), np.random.default_rng(1).uniform(low, high, 20_000)]))
    assert max(ulps(found, math.erfc(at)) for at, found in zip(x.tolist(), erfc(x), strict=True)) <= 8


@pytest.mark.parametrize("split", [0.46875, -0.46875, 4.0, -4.0])
def test_no_step_where_two_branches_meet(split):
    around = np.array([np.nextafter(split, -9), split, np.nextafter(split, 9)])
    np.testing.assert_allclose(erfc(around), [math.erfc(x) for x in around], rtol=2e-15)


@given(st.floats(allow_nan=False))
def test_erfc_anywhere(x):
    """Also where it is subnormal or 0: there the absolute error is below the smallest normal number."""
    found, expected = float(erfc(np.array([x]))[0]), math.erfc(x)
    assert found == pytest.approx(expected, rel=2e-15, abs=2.3e-308)


@pytest.mark.parametrize(("x", "expected"), [(0.0, 1.0), (math.inf, 0.0), (-math.inf, 2.0), (1e308, 0.0), (-1e308, 2.0), (-6.0, 2.0)])
def test_exact_values(x, expected):
    assert erfc(np.array([x]))[0] == expected


def test_nan_stays_nan_and_its_neighbours_do_not():
    np.testing.assert_array_equal(erfc(np.array([[math.nan, 0.0]])), [[math.nan, 1.0]])
