"""Single numbers put in place of others, and an earlier network's numbers laid over a new one's: what an editor sends instead of whole arrays."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .arrays import ArrayReader, describe, listed
from .losses import Loss
from .steps import Array

FIELDS = ("quantity", "entry", "value")
MOST = 10_000  # edits in one problem


class Edit(NamedTuple):
    """`value` in place of one entry of a0, y, W or b."""

    quantity: str
    entry: tuple[int, ...]
    value: float


def read_edits(reader: ArrayReader, value: object, shapes: Mapping[str, tuple[int, ...]], *, loss: Loss) -> list[Edit]:
    """Edits of the quantities in `shapes`, those of y as the loss takes its targets; what is wrong with them becomes the reader's faults."""
    value = listed(value)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST:
        came = f"{len(value)} of them" if isinstance(value, list) else describe(value)
        reader.fault(f"expected a list of at most {MOST} edits, got {came}", "edits")
        return []
    found = [(k, _edit(reader, item, shapes, k)) for k, item in enumerate(value)]
    for k, edit in found:
        if loss.targets != "real" and edit is not None and edit.quantity == "y" and not 0 <= edit.value <= 1:
            reader.fault(f"expected a probability from 0 to 1 for {loss.name}, got {edit.value:g}", "edits", k, "value")
    return [edit for _, edit in found if edit is not None]


def _edit(reader: ArrayReader, item: object, shapes: Mapping[str, tuple[int, ...]], k: int) -> Edit | None:
    if not isinstance(item, Mapping) or set(item) != set(FIELDS):
        reader.fault(f'expected {{"quantity": "W1", "entry": [0, 1], "value": 0.5}}, got {describe(item)}', "edits", k)
        return None
    name, entry = item["quantity"], listed(item["entry"])
    shape = shapes.get(name) if isinstance(name, str) else None
    number = reader.array(item["value"], 0, "edits", k, "value")
    if shape is None:
        reader.fault(f"expected one of {', '.join(list(shapes)[:12])}; got {describe(name)}", "edits", k, "quantity")
        return None
    if not _is_entry(entry, shape):
        indices = "one index" if len(shape) == 1 else "two indices"
        reader.fault(f"expected {indices} within {' × '.join(map(str, shape))}, got {_written(entry)}", "edits", k, "entry")
        return None
    return None if number is None else Edit(str(name), tuple(entry), float(number))


def _is_entry(entry: Any, shape: tuple[int, ...]) -> bool:
    return isinstance(entry, list) and len(entry) == len(shape) and all(type(i) is int and 0 <= i < n for i, n in zip(entry, shape, strict=True))


def _written(entry: Any) -> str:
    return str(entry) if isinstance(entry, list) and len(entry) < 4 and all(type(i) is int and abs(i) < 10**9 for i in entry) else describe(entry)


def edited(array: Array, quantity: str, edits: list[Edit]) -> Array:
    """The array with the edits of its quantity in it; the array itself where there are none."""
    mine = [edit for edit in edits if edit.quantity == quantity]
    if not mine:
        return array
    array = array.copy()
    for _, entry, value in mine:
        array[entry] = value
    return array


def laid_over(array: Array, kept: Array | None) -> Array:
    """The array with an earlier one's numbers where both have a place for them, from the first row and column on."""
    if kept is None:
        return array
    array = array.copy()
    shared = tuple(slice(0, n) for n in np.minimum(array.shape, kept.shape))
    array[shared] = kept[shared]
    return array
