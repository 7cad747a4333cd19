"""A table as it was written: names of columns, rows of cells, and where each cell stands."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ...engine.errors import Fault
from .tensors import Refused

Cell = str | float  # a text without space around it, "" where nothing stands; a number only in JSON
NAME = 100  # characters of a column's name


class Table(NamedTuple):
    """Every row has a cell for every column; `ragged` says which had not. `fault` makes one for a row, and a column of it where one is to blame."""

    names: list[str]
    rows: list[list[Cell]]
    ragged: dict[int, int]
    fault: Callable[[int, int | None, str], Fault]
    header: bool
    notes: list[str]
    targets: list[str] | None = None  # where the table itself says which they are


def named(given: Sequence[str]) -> list[str]:
    """Names that differ, and none that is empty."""
    names: dict[str, None] = {}
    counts: dict[str, int] = {}
    for k, name in enumerate(given, 1):
        name = first = name[:NAME] or f"column {k}"
        while name in names:
            counts[first] = counts.get(first, 1) + 1
            name = f"{first} ({counts[first]})"
        names[name] = None
    return list(names)


def sensible(rows: int, width: int, most: int) -> None:
    """Raises Refused for a table of more than `most` cells: asked before they are made, for one long row would make all others long."""
    if rows * width > most:
        raise Refused(f"expected at most {most} cells, got {rows} rows of {width}")


def even(rows: list[list[Any]], width: int, most: int) -> tuple[list[list[Any]], dict[int, int]]:
    """Rows of one width, and how many cells those had that were of another. Raises Refused for more than `most` cells."""
    sensible(len(rows), width, most)
    ragged = {k: len(row) for k, row in enumerate(rows) if len(row) != width}
    for k in ragged:
        rows[k] = (rows[k] + [""] * width)[:width]
    return rows, ragged
