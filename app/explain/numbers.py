"""Constants as people write them, never rounded."""

from fractions import Fraction

from ..engine.operations import shortest


def number(x: float) -> str:
    """In LaTeX: ½ rather than 0.5, 0.01 as it is, 10⁻⁸ rather than 1e-08."""
    exact = Fraction(x).limit_denominator(20)
    over, under = abs(exact.numerator), exact.denominator
    if under not in (1, 10, 20) and over / under == abs(x):
        return ("-" if x < 0 else "") + rf"\tfrac{{{over}}}{{{under}}}"
    head, e, exponent = shortest(x).partition("e")
    if not e:
        return head
    return (head[:-1] if head in ("1", "-1") else rf"{head} \cdot ") + rf"10^{{{int(exponent)}}}"
