"""Numbers and matrices in LaTeX: four significant digits, and of a large matrix its corner and its last row and column."""

import math
import re

import numpy as np

from ..engine.steps import Array

MOST = 6  # rows and columns shown whole


def figure(x: float) -> str:
    """A measured number: 0.1385, -12.5, 4.2 · 10⁻⁵."""
    if math.isnan(x):
        return r"\text{NaN}"
    if math.isinf(x):
        return r"\infty" if x > 0 else r"-\infty"
    digits = f"{x + 0.0:.4g}"  # −0 is 0
    head, e, exponent = digits.partition("e")
    if not e and x and abs(x) < 1e-3:
        head, e, exponent = f"{x:.3e}".partition("e")
        head = head.rstrip("0").rstrip(".")
    return rf"{head} \cdot 10^{{{int(exponent)}}}" if e else head


def factor(x: float) -> str:
    """A number inside a product or a sum: negative ones in brackets."""
    text = figure(x)
    return f"({text})" if text.startswith("-") else text


def matrix(value: Array) -> str:
    """A matrix, a row of numbers where it has one axis, a number where it has none."""
    if value.ndim == 0:
        return figure(float(value))
    rows = np.atleast_2d(value)
    down, across = _kept(rows.shape[0]), _kept(rows.shape[1])
    lines = [" & ".join(_cell(rows, i, j) for j in across) for i in down]
    return r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"


def width(formula: str) -> int:
    """How many letters wide the rows of a matrix are, about: commands, braces and all but the widest row do not count."""
    rows = re.sub(r"\\begin{\w+}|\\end{\w+}|\\cdot|\\mathsf|[{}^]", "", formula).split(r" \\ ")
    return 4 + max(len(row.replace(" & ", "  ")) for row in rows)


def _kept(count: int) -> list[int | None]:
    """The indices that are shown; None stands for those left out."""
    return list(range(count)) if count <= MOST else [*range(MOST - 3), None, count - 1]


def _cell(rows: Array, i: int | None, j: int | None) -> str:
    if i is None:
        return r"\ddots" if j is None else r"\vdots"
    return r"\cdots" if j is None else figure(float(rows[i, j]))
