"""Numbers as people write them: constants exactly, measured ones rounded."""

import math
from fractions import Fraction

from ..engine.operations import shortest

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def number(x: float) -> str:
    """A constant in LaTeX, never rounded: ½ rather than 0.5, 0.01 as it is, 10⁻⁸ rather than 1e-08."""
    exact = Fraction(x).limit_denominator(20)
    over, under = abs(exact.numerator), exact.denominator
    if under not in (1, 10, 20) and over / under == abs(x):
        return ("-" if x < 0 else "") + rf"\tfrac{{{over}}}{{{under}}}"
    head, e, exponent = shortest(x).partition("e")
    if not e:
        return head
    return (head[:-1] if head in ("1", "-1") else rf"{head} \cdot ") + rf"10^{{{int(exponent)}}}"


def rounded(x: float) -> str:
    """A measured number as plain text, with three significant digits: 0.138, 12,800, 1.08·10⁻⁵, −2."""
    size = float(f"{abs(x):.2e}")
    sign = "−" if x < 0 else ""
    if size == 0 or 1e-3 <= size < 1e6:
        return f"{sign}{size:,.0f}" if size >= 1000 else f"{sign}{size:.3g}"
    if math.isinf(size):
        return f"{sign}∞"
    mantissa, _, exponent = f"{size:.2e}".partition("e")
    times = "" if float(mantissa) == 1 else f"{float(mantissa):g}·"
    return f"{sign}{times}10{superscript(int(exponent))}"


def superscript(exponent: int) -> str:
    """⁻¹²"""
    return str(exponent).translate(_SUPERSCRIPTS)
