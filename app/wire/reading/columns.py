"""What a column is: numbers or labels, and the arrays that it gives."""

from collections.abc import Sequence
from functools import cached_property
from math import isfinite

import numpy as np

from ...engine.arrays import describe
from ...engine.errors import Fault
from ...engine.steps import Array
from .numerals import missing, number, plain
from .table import Cell, Table

MOST = 10  # faults told one by one


class Column:
    """One column of a table. It is of numbers where most of its cells are, unless it is said to be of labels."""

    def __init__(self, name: str, cells: Sequence[Cell], decimal: str, *, labels: bool) -> None:
        self.name, self.cells = name, cells
        self.missing = [missing(cell) for cell in cells]
        self.numbers: Sequence[float | None] = plain(cells) or [number(cell, decimal) for cell in cells]
        there = len(cells) - sum(self.missing)
        self.is_label = labels or 0 < there >= 2 * sum(x is not None for x in self.numbers)

    @cached_property
    def labels(self) -> dict[str, int]:
        """Every label, in the order of appearance, and its class index."""
        there = (_label(cell) for cell, gone in zip(self.cells, self.missing, strict=True) if not gone)
        return {label: k for k, label in enumerate(dict.fromkeys(there))}

    @cached_property
    def known(self) -> list[float]:
        """All finite numbers."""
        return [x for x in self.numbers if x is not None and isfinite(x)]

    @property
    def sound(self) -> bool:
        """Whether no cell is missing, and none but numbers stands among numbers."""
        return not any(self.missing) and (self.is_label or len(self.known) == len(self.cells))

    def complaint(self, row: int) -> str | None:
        """What is wrong with a cell."""
        if self.missing[row]:
            return f"nothing stands in {describe(self.name)}" if self.cells[row] == "" else f"{describe(self.name)} is missing ({self.cells[row]})"
        if self.is_label:
            return None
        x = self.numbers[row]
        if x is None:
            return f"expected a number in {describe(self.name)}, as in most rows; got {describe(self.cells[row])}"
        return None if isfinite(x) else f"expected a finite number in {describe(self.name)}, got {describe(self.cells[row])}"

    def classes(self) -> Array:
        """The class index of every row, of a column without faults."""
        return np.array([self.labels[_label(cell)] for cell in self.cells])

    def values(self) -> Array:
        """Numbers (N, 1), or labels as 0 and 1 (N, labels), of a column without faults."""
        return np.eye(len(self.labels))[self.classes()] if self.is_label else np.array(self.numbers, dtype=np.float64)[:, None]

    def names(self) -> list[str]:
        """What the columns of `values` are called."""
        return [f"{self.name}={label}" for label in self.labels] if self.is_label else [self.name]

    @property
    def width(self) -> int:
        return len(self.labels) if self.is_label else 1


def faults(table: Table, used: Sequence[Column]) -> list[Fault]:
    """What is wrong with rows, and with the cells that are wanted: ten faults, and how many more there are."""
    width = len(table.names)
    found = [(k, -1, f"expected {width} cells, got {count}") for k, count in table.ragged.items()]
    for column in used:
        if column.sound:
            continue
        place = table.names.index(column.name)
        found += [(k, place, said) for k in range(len(table.rows)) if k not in table.ragged and (said := column.complaint(k))]
    found.sort(key=lambda it: it[:2])
    told = [table.fault(k, place if place >= 0 else None, said) for k, place, said in found[:MOST]]
    return told + ([Fault("", f"and {len(found) - MOST} more")] if len(found) > MOST else [])


def _label(cell: Cell) -> str:
    return cell if isinstance(cell, str) else f"{cell:.17g}" if not cell.is_integer() else f"{cell:.0f}"
