"""The error function for arrays, to double precision, without SciPy."""

import numpy as np

from .steps import Array

# W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969), 631-637:
# erf(x) = x P(x²)/Q(x²) for |x| ≤ 0.46875; erfc(x) = exp(−x²) P(x)/Q(x) up to 4; the asymptotic form beyond.
_SPLIT, _FAR = 0.46875, 4.0
_INNER = (
    (1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3),
    (1.0, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3),
)
_MIDDLE = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1, 2.98635138197400131e2,
     8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3),
    (1.0, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
     3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3),
)
_OUTER = (
    (1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3),
)


def _rational(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: Array) -> Array:
    over, under = coefficients
    value: Array = np.polyval(over, x) / np.polyval(under, x)
    return value


def _exp_minus_square(x: Array) -> Array:
    """exp(−x²) without losing digits for large x: x² is split into a part that is exact and a small rest."""
    head = np.trunc(x * 16) / 16
    value: Array = np.exp(-head * head) * np.exp(-(x - head) * (x + head))
    return value


def erfc(x: Array) -> Array:
    """1 − erf(x), elementwise, accurate to a few units in the last place also where erf is nearly 1."""
    size = np.abs(x)
    inner, outer = size <= _SPLIT, size > _FAR
    # np.where evaluates every branch everywhere, so each gets only arguments from its own range.
    near, mid, far = np.where(inner, x, 0.0), np.clip(size, _SPLIT, _FAR), np.minimum(np.maximum(size, _FAR), 30.0)
    middle = _exp_minus_square(mid) * _rational(_MIDDLE, mid)
    t = 1 / (far * far)
    beyond = _exp_minus_square(far) / far * (1 / np.sqrt(np.pi) - t * _rational(_OUTER, t))
    tail = np.where(outer, beyond, middle)
    value: Array = np.where(inner, 1 - near * _rational(_INNER, near * near), np.where(x < 0, 2 - tail, tail))
    return np.where(np.isnan(x), np.nan, value)
