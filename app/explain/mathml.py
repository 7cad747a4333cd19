"""LaTeX to MathML Core, behind one function."""

import re
from functools import lru_cache

from math_core import LatexToMathML

_convert = LatexToMathML()
_VARIATION_SELECTOR = "\ufe00"
# math-core's underbrace labels and dots, turned into what a style sheet and every browser can use.
_REPAIRS = (
    ("&ApplyFunction;", "\u2061"),  # an HTML entity: no XML parser knows it
    (_VARIATION_SELECTOR, ""),  # asks for a chancery ℒ, which sends fonts without one to a fallback
    ("<mtext>NOT\u00a0EASY</mtext>", '<mtext class="not-easy">NOT\u00a0EASY</mtext>'),
    ("<mtext>easy</mtext>", '<mtext class="easy">easy</mtext>'),
    (">⊙</mo>", ' largeop="false">⊙</mo>'),  # Firefox draws it too large otherwise
)


def convert(latex: str, *, display: bool = False) -> str:
    """The MathML of a LaTeX formula, without inline styles (the page's content security policy forbids them)."""
    text = _convert.convert_with_local_state(latex, displaystyle=display)
    for old, new in _REPAIRS:
        text = text.replace(old, new)
    return re.sub(r' style="[^"]*"', "", text)


mathml = lru_cache(maxsize=8192)(convert)  # the same few symbols, over and over
