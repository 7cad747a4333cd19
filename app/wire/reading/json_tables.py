"""Tables as JSON: a list of objects, a list of lists, or inputs and targets apart."""

from typing import Any

from ...engine.arrays import describe, pointer_to
from ...engine.errors import Fault
from .separated import names_columns
from .table import Cell, Table, even, named, sensible
from .tensors import Refused

EXPECTED = 'expected a list of objects, a list of lists, or {"inputs": [[…]], "targets": [[…]]}'


def read(document: Any, header: bool | None, most: int, most_cells: int) -> Table:
    """The table. Raises Refused for more than `most` rows or `most_cells` cells, and for what is none."""
    if isinstance(document, dict) and isinstance(document.get("inputs"), list):
        return _apart(document, most, most_cells)
    if not isinstance(document, list) or not document:
        raise Refused(EXPECTED)
    if len(document) > most + 1:
        raise Refused(f"expected at most {most} rows, got {len(document)}")
    if all(isinstance(row, dict) for row in document):
        return _objects(document, most_cells)
    return _lists(document, header, most_cells)


def _objects(rows: list[dict[str, Any]], most: int) -> Table:
    keys = list(dict.fromkeys(key for row in rows for key in row))
    if len(keys) * len(rows) > max(10 * sum(map(len, rows)), 10_000):
        raise Refused("expected objects with the same fields")
    sensible(len(rows), len(keys), most)
    cells = [[_cell(row.get(key), (k, key)) for key in keys] for k, row in enumerate(rows)]

    def fault(row: int, column: int | None, detail: str) -> Fault:
        return Fault(pointer_to(row, *(() if column is None else (keys[column],))), detail)

    return Table(named(keys), cells, {}, fault, True, [])


def _lists(rows: list[Any], header: bool | None, most: int) -> Table:
    cells = _rows(rows, ())
    has_header = names_columns(cells) if header is None else header
    given = [str(cell) for cell in cells[0]] if has_header else [""] * len(cells[0])
    body, ragged = even(cells[has_header:], len(given), most)
    if not body or not given:
        raise Refused(EXPECTED)

    def fault(row: int, column: int | None, detail: str) -> Fault:
        return Fault(pointer_to(row + has_header, *(() if column is None else (column,))), detail)

    return Table(named(given), body, ragged, fault, has_header, ["The first row names the columns."] if has_header else [])


def _apart(document: dict[str, Any], most: int, most_cells: int) -> Table:
    """Inputs and targets each in a list of their own; one target may stand without a list around it."""
    inputs, targets = document["inputs"], document.get("targets")
    if not inputs or len(inputs) > most:
        raise Refused.at(("inputs",), f"expected 1 to {most} rows, got {len(inputs)}")
    left = _rows(inputs, ("inputs",))
    scalar = isinstance(targets, list) and not any(isinstance(row, list) for row in targets)
    right = _rows([[row] for row in targets] if scalar else targets, ("targets",)) if isinstance(targets, list) else [[] for _ in left]
    if len(left) != len(right):
        raise Refused.at(("targets",), f"expected {len(left)} rows, one for each of the inputs; got {len(right)}")
    n, m = len(left[0]), len(right[0])
    sensible(len(left), n + m, most_cells)
    for part, rows, width in (("inputs", left, n), ("targets", right, m)):
        if wrong := [k for k, row in enumerate(rows) if len(row) != width]:
            raise Refused.at((part, wrong[0]), f"expected {width} cells as in the first row, got {len(rows[wrong[0]])}")
    outputs = ["y"] if m == 1 else [f"y{k}" for k in range(1, m + 1)]

    def fault(row: int, column: int | None, detail: str) -> Fault:
        if column is None or column < n:
            return Fault(pointer_to("inputs", row, *(() if column is None else (column,))), detail)
        return Fault(pointer_to("targets", row, *(() if scalar else (column - n,))), detail)

    return Table([*(f"x{k}" for k in range(1, n + 1)), *outputs], [a + b for a, b in zip(left, right, strict=True)], {}, fault, False, [], outputs)


def _rows(rows: list[Any], inside: tuple[str, ...]) -> list[list[Cell]]:
    if wrong := [k for k, row in enumerate(rows) if not isinstance(row, list)]:
        raise Refused.at((*inside, wrong[0]), f"expected a list of cells, got {describe(rows[wrong[0]])}")
    return [[_cell(cell, (*inside, k, j)) for j, cell in enumerate(row)] for k, row in enumerate(rows)]


def _cell(value: Any, where: tuple[str | int, ...]) -> Cell:
    if isinstance(value, str):
        return value.strip()
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return float(value)
    raise Refused.at(where, f"expected a number or a text, got {describe(value)}")
