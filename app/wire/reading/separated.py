"""Tables as text: cells between commas, semicolons, tabs or bars, perhaps in quotes."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ...engine.errors import Fault
from .numerals import missing, number
from .table import Cell, Table, even, named
from .tensors import Refused

DELIMITERS = {"tab": "\t", ";": ";", "|": "|", ",": ","}  # in this order: a comma may be a decimal sign
LINES = 20  # lines of text for each row, empty ones and those in quotes included
COLUMNS = 10_000
SAMPLE = 50  # records looked at to find the delimiter


def read(text: str, delimiter: str | None, header: bool | None, most: int, most_cells: int) -> tuple[Table, str | None]:
    """The table, and its delimiter by name, None where there is one column.

    Raises Refused for more than `most` rows or `most_cells` cells, and for quotes that are never closed.
    """
    count = text.count("\n") or text.count("\r")
    too_many = Refused(f"expected at most {most} rows, got more: the text has {count} lines")
    if count > LINES * (most + 1):
        raise too_many
    delimiter = delimiter or _delimiter(text)
    lines: list[int] = []
    rows: list[list[Cell]] = []
    for line, cells in _records(text, DELIMITERS[delimiter or ","]):
        lines.append(line)
        rows.append(cells)
        if len(rows) > most + 1:
            raise too_many
        if len(cells) > COLUMNS:
            raise Refused(f"line {line}: expected at most {COLUMNS} cells, got {len(cells)}")
    return _table(rows, lines, header, most, most_cells), delimiter


def _table(rows: list[list[Cell]], lines: list[int], header: bool | None, most: int, most_cells: int) -> Table:
    if not rows:
        raise Refused("the table is empty")
    has_header = names_columns(rows) if header is None else header
    given = [str(cell) for cell in rows[0]] if has_header else [""] * Counter(map(len, rows)).most_common(1)[0][0]
    body, lines = rows[has_header:], lines[has_header:]
    if not body:
        raise Refused(f"line {lines[0] if lines else 1}: expected rows below the names of the columns")
    if len(body) > most:
        raise Refused(f"expected at most {most} rows, got {len(body)}")
    whole = [row for row in body if len(row) == len(given)]
    width = max([_filled(given), *map(_filled, whole)]) or len(given)  # spreadsheets end every line with cells of columns that are empty
    body, ragged = even([row[:width] if len(row) == len(given) else row for row in body], width, most_cells)
    note = "The first line names the columns." if has_header else "No line names the columns: they are called by their place."

    def fault(row: int, column: int | None, detail: str) -> Fault:
        return Fault("", f"line {lines[row]}: {detail}")

    return Table(named(given[:width]), body, ragged, fault, has_header, [note])


def _filled(cells: Sequence[Cell]) -> int:
    """How many cells there are up to the last that is not empty."""
    return next((k for k in range(len(cells), 0, -1) if cells[k - 1] != ""), 0)


def _records(text: str, delimiter: str, strict: bool = True) -> Iterator[tuple[int, list[Any]]]:
    """Each record that is not empty, with the line that it begins on: quotes may hold several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=strict)
    begins = 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        reason = "a quoted cell that is never closed" if "end of data" in str(error) else str(error)
        raise Refused(f"line {begins}: {reason}") from error


def _delimiter(text: str) -> str | None:
    """The one that cuts most records into equally many cells."""

    def evenness(name: str) -> float:
        widths = []
        try:
            for _, cells in _records(text[:100_000], DELIMITERS[name], strict=False):
                widths.append(len(cells))
                if len(widths) == SAMPLE:
                    break
        except Refused:
            return 0
        (width, count), *_ = Counter(widths).most_common(1) or [(1, 0)]
        return count / len(widths) if width > 1 else 0

    best = max(DELIMITERS, key=evenness)
    return best if evenness(best) else None


def names_columns(rows: list[list[Cell]]) -> bool:
    """Whether the first row names the columns: it has no number, and what stands below is numbers, or at least other words."""
    first, below = rows[0], rows[1:200]
    if any(number(cell) is not None or number(cell, ",") is not None or not isinstance(cell, str) for cell in first):
        return False
    if any(number(cell) is not None or number(cell, ",") is not None for row in below for cell in row):
        return True
    return not any(cell == name and not missing(name) for row in below for name, cell in zip(first, row, strict=False))
