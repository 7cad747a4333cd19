"""Numbers as people write them in tables."""

import re
from collections.abc import Sequence

from .table import Cell

LONGEST = 40  # characters; a longer text is no number
MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
_POINT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_ORDINARY = re.compile(r"[0-9.eE+ -]*")
_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+([eE][+-]?[0-9]+)?")


def number(cell: Cell, decimal: str = ".") -> float | None:
    """The number that a cell means, perhaps an infinite one; None where it means none."""
    if not isinstance(cell, str):
        return cell
    if len(cell) > LONGEST:
        return None
    cell = cell.replace("−", "-")
    if decimal == "," and _COMMA.fullmatch(cell):
        cell = cell.replace(",", ".")
    return float(cell) if _POINT.fullmatch(cell) else None


def plain(cells: Sequence[Cell]) -> list[float] | None:
    """The same for a whole column of nothing but ordinary numbers, ten times as fast; None for any other."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    if len(max(texts, key=len, default="")) > LONGEST or not _ORDINARY.fullmatch(" ".join(texts)):
        return None
    try:
        return list(map(float, cells))
    except ValueError:
        return None


def missing(cell: Cell) -> bool:
    """Whether nothing stands there, or a word for it."""
    return isinstance(cell, str) and cell.lower() in MISSING


def decimal_sign(cells: list[Cell]) -> str:
    """A comma where more numbers are written with one than with a point."""
    texts = [cell for cell in cells if isinstance(cell, str) and len(cell) <= LONGEST]
    commas = sum(_COMMA.fullmatch(cell) is not None for cell in texts)
    return "," if commas > sum("." in cell and _POINT.fullmatch(cell) is not None for cell in texts) else "."
