"""POST /table: a table of one's own data, as the inputs and targets of a problem."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import orjson

from ..engine.document import describe, pointer_to
from ..engine.errors import Fault
from ..engine.limits import Limits
from ..engine.steps import Array
from .faults import RequestError
from .jobs import LIGHT, TooHeavy
from .reading import json_tables, separated
from .reading.columns import Column, faults
from .reading.numerals import decimal_sign
from .reading.table import Table
from .reading.tensors import Refused
from .reading.texts import decode
from .requests import parse

SHOWN = 100  # labels of a column in the answer
CLASSES = 20  # different whole numbers that may be classes


class Choices(NamedTuple):
    """What the request says of a table; None: to be found out."""

    targets: list[str] | None = None
    inputs: list[str] | None = None  # an empty list: look only
    labels: tuple[str, ...] = ()
    header: bool | None = None
    delimiter: str | None = None


def table_job(body: bytes, limits: Limits, most: int, choices: Choices, is_json: bool | None = None, at_most: int | None = None) -> list[bytes] | RequestError:
    """The answer as one chunk, or what is wrong with the table; `most`: numbers in an answer; `is_json` None: found out by content.

    Raises TooHeavy for a table that is not small, or gives more than `at_most` numbers.
    """
    if at_most is not None and len(body) > LIGHT:
        raise TooHeavy
    try:
        return [orjson.dumps(_answer(body, limits, most, choices, is_json, at_most), option=orjson.OPT_SERIALIZE_NUMPY)]
    except Refused as refused:
        return refused.answer()
    except RequestError as error:
        return error


def _answer(body: bytes, limits: Limits, most: int, choices: Choices, is_json: bool | None, at_most: int | None) -> dict[str, Any]:
    text, encoding = decode(body)
    delimiter = None
    is_json = text.lstrip()[:1] in ("[", "{") if is_json is None else is_json
    if is_json:
        table = json_tables.read(parse(text.encode()), choices.header, limits.batch, most)
    else:
        table, delimiter = separated.read(text, choices.delimiter, choices.header, limits.batch, most)
    decimal = decimal_sign(list(chain.from_iterable(table.rows[:200])))
    inputs, targets = _chosen(table, choices)
    uses = dict.fromkeys(inputs, "input") | dict.fromkeys(targets, "target")
    looking = choices.inputs == []
    columns = [Column(name, [row[k] for row in table.rows], decimal, labels=name in choices.labels) for k, name in enumerate(table.names)]
    x, y = ([it for it in columns if uses.get(it.name) == use] for use in ("input", "target"))
    data = NOTHING if looking else _data(table, x, y, limits, most, at_most)
    return {
        "format": "json" if is_json else "csv",
        "encoding": encoding,
        "delimiter": delimiter,
        "decimal": decimal,
        "header": table.header,
        "rows": len(table.rows),
        "columns": [_described(it, uses.get(it.name, "left out")) for it in columns],
        **data,
        "notes": [*table.notes, *_notes(table, encoding, decimal, choices, targets), *data["notes"]],
    }


def _chosen(table: Table, choices: Choices) -> tuple[list[str], list[str]]:
    """The names of inputs and of targets. Raises Refused for columns that there are not, or that are chosen twice."""
    known = set(table.names)
    found = [
        Fault(pointer_to(field, k), f"no column is called {describe(name)}; there {'are' if len(table.names) > 1 else 'is'} {_listed(table.names)}")
        for field in ("targets", "inputs", "labels")
        for k, name in enumerate(getattr(choices, field) or ())
        if name not in known
    ]
    default = table.names[-1:] if len(table.names) > 1 else []
    targets = choices.targets if choices.targets is not None else table.targets if table.targets is not None else default
    taken = set(targets)
    inputs = choices.inputs or [name for name in table.names if name not in taken]
    found += [Fault(pointer_to("inputs", k), f"{describe(name)} is a target") for k, name in enumerate(inputs) if name in taken]
    if not inputs and choices.inputs is None:
        found.append(Fault("/targets", "expected a column that is no target, for the inputs"))
    if found:
        raise Refused(found)
    return inputs, targets


def _data(table: Table, x: Sequence[Column], y: Sequence[Column], limits: Limits, most: int, at_most: int | None) -> dict[str, Any]:
    """Inputs and targets as a problem takes them. Raises Refused for cells that are wanting, and for more numbers than the limits allow."""
    wrong = faults(table, [*x, *y])
    if wrong:
        raise Refused(wrong)
    n, m = sum(it.width for it in x), sum(it.width for it in y)
    widest = max((it for it in (*x, *y) if it.is_label), key=lambda it: it.width, default=None)
    because = f" ({describe(widest.name)} has {widest.width} labels)" if widest else ""
    if max(n, m) > limits.units:
        raise Refused(f"expected at most {limits.units} {'inputs' if n > limits.units else 'outputs'}, got {max(n, m)}{because}")
    if (n + m) * len(table.rows) > most:
        raise Refused(f"expected at most {most} numbers, got {len(table.rows)} rows of {n + m}{because}")
    if at_most is not None and (n + m) * len(table.rows) > at_most:
        raise TooHeavy
    classes = len(y) == 1 and y[0].is_label
    targets = y[0].classes() if classes else _beside(y)
    return {
        "inputs": _beside(x),
        "targets": targets,
        "input_names": [name for it in x for name in it.names()],
        "output_names": list(y[0].labels) if classes else [name for it in y for name in it.names()],
        "suggested_loss": _loss(classes, targets),
        "notes": [
            *(f"{describe(it.name)} has {it.width} labels and became {it.width} inputs of 0 and 1." for it in x if it.is_label),
            *(f"{describe(it.name)} has few different whole numbers: if they name classes, read it as labels." for it in y if _may_be_classes(it)),
        ],
    }


NOTHING: dict[str, Any] = {"inputs": None, "targets": None, "input_names": [], "output_names": [], "suggested_loss": None, "notes": []}


def _beside(columns: Sequence[Column]) -> Array | None:
    """The values of columns side by side."""
    return np.hstack([it.values() for it in columns]) if columns else None


def _loss(classes: bool, targets: Array | None) -> str | None:
    """The loss that goes with such targets."""
    if targets is None:
        return None
    if classes:
        return "cross_entropy"
    return "binary_cross_entropy" if np.isin(targets, (0, 1)).all() else "squared_error"


def _may_be_classes(column: Column) -> bool:
    return not column.is_label and 2 < len(set(column.known)) <= CLASSES and all(x.is_integer() for x in column.known)


def _described(column: Column, use: str) -> dict[str, Any]:
    numbers = [] if column.is_label else column.known
    return {
        "name": column.name,
        "kind": "label" if column.is_label else "number",
        "labels": list(column.labels)[:SHOWN] if column.is_label else None,
        "minimum": min(numbers, default=None),
        "maximum": max(numbers, default=None),
        "distinct": len(column.labels) if column.is_label else len(set(numbers)),
        "missing": sum(column.missing),
        "use": use,
    }


def _notes(table: Table, encoding: str, decimal: str, choices: Choices, targets: Sequence[str]) -> list[str]:
    """What was assumed."""
    notes = []
    if encoding == "latin-1":
        notes.append("The text is no UTF-8 and was read as Latin-1.")
    if decimal == ",":
        notes.append("A comma is the decimal sign.")
    if choices.targets is None and table.targets is None and targets:
        notes.append(f"The last column, {describe(targets[0])}, is the target.")
    if table.ragged:
        first = min(table.ragged)
        where = table.fault(first, None, f"{table.ragged[first]} cells").detail
        notes.append(f"{len(table.ragged)} rows do not have {len(table.names)} cells; {where}.")
    return notes


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(describe, names[:12])) + (" …" if len(names) > 12 else "")
