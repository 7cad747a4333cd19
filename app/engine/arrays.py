"""Arrays from plain data: nested lists (or tuples, or numpy's own), with every fault and where it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

import numpy as np

from .errors import Fault
from .steps import Array

MOST = 10  # faults of one kind told one by one; the others are counted
KEY = 80  # characters of a caller's own key that a pointer shows
T = TypeVar("T")


def pointer_to(*path: str | int) -> str:
    """A JSON pointer to a place in a document."""
    return "".join("/" + _short(part).replace("~", "~0").replace("/", "~1") for part in path)


def _short(part: str | int) -> str:
    """An absurdly long key by its beginning: an error must not be larger than what was wrong."""
    text = str(part)
    return text if len(text) <= KEY else text[:KEY] + "…"


def describe(value: object) -> str:
    """A value in a few words, for a message about it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…"'
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a whole number of more than 20 digits"  # Python refuses to print the longest
    return f"a list of {len(value)}" if isinstance(value, Sequence) else str(value)


def listed(value: Any) -> Any:
    """What JSON would have given for a tuple or a thing of numpy's; anything else as it is."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


class ArrayReader:
    """Collects faults while it reads arrays."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, detail: str, *path: str | int) -> None:
        self.faults.append(Fault(pointer_to(*path), detail))

    def each(self, wrong: Sequence[T], detail: Callable[[T], str], at: Callable[[T], Iterable[int]], *where: str | int) -> None:
        """A fault for each of the first few that are wrong, and one that says how many more there are."""
        for item in wrong[:MOST]:
            self.fault(detail(item), *where, *at(item))
        if len(wrong) > MOST:
            self.fault(f"and {len(wrong) - MOST} more like the last", *where)

    def arrays(self, value: object, shapes: Mapping[str, tuple[int, ...]], where: str) -> dict[str, Array]:
        """Arrays by quantity id, each of the shape it must have."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.fault(f"expected an object of arrays by name, got {describe(value)}", where)
            return {}
        found: dict[str, Array] = {}
        known = ", ".join(list(shapes)[:12])
        for name, item in value.items():
            if name not in shapes:
                self.fault(f"unknown quantity; expected some of {known}", where, name)
                continue
            array = self.array(item, len(shapes[name]), where, name)
            if array is not None and array.shape != shapes[name] and all(shapes[name]):
                self.fault(f"expected shape {_times(shapes[name])}, got {_times(array.shape)}", where, name)
            elif array is not None:
                found[name] = array
        return found

    def array(self, value: object, dimensions: int, *where: str | int) -> Array | None:
        """Numbers from nested lists, or from a quantity with `data`; None, and a fault, where they are none."""
        if isinstance(value, Mapping):
            if value.get("data") is None:
                self.fault("expected numbers; this quantity comes without data", *where)
                return None
            value, where = value["data"], (*where, "data")
        if dimensions == 0:
            return self.numbers([listed(value)], *where, scalar=True)
        value = listed(value)
        words = {1: "a list of numbers", 2: "a list of rows of numbers"}[dimensions]
        if not isinstance(value, list) or not value:
            came = "" if value is None else f", got {'an empty list' if value == [] else describe(value)}"
            self.fault(f"expected {words}{came}", *where)
            return None
        if dimensions == 1:
            return self.numbers(value, *where)
        if {type(row) for row in value} != {list}:
            value = [listed(row) for row in value]
        if {type(row) for row in value} != {list}:
            first = next(n for n, row in enumerate(value) if not isinstance(row, list))
            self.fault(f"expected a row of numbers, got {describe(value[first])}", *where, first)
            return None
        width = len(value[0])
        if width == 0:
            self.fault("expected a row of numbers, got an empty list", *where, 0)
            return None
        ragged = [n for n, row in enumerate(value) if len(row) != width]
        self.each(ragged, lambda n: f"expected {width} numbers as in the first row, got {len(value[n])}", lambda n: (n,), *where)
        if ragged:
            return None
        flat = self.numbers(list(chain.from_iterable(value)), *where, width=width)
        return flat.reshape(len(value), width) if flat is not None else None

    def numbers(self, flat: list[Any], *where: str | int, width: int = 0, scalar: bool = False) -> Array | None:
        if not set(map(type, flat)) <= {int, float}:
            flat = [listed(item) for item in flat]
            wrong = [n for n, item in enumerate(flat) if type(item) not in (int, float)]
            at: Callable[[int], tuple[int, ...]] = lambda n: () if scalar else divmod(n, width) if width else (n,)  # noqa: E731
            self.each(wrong, lambda n: f"expected a number, got {describe(flat[n])}", at, *where)
            if wrong:
                return None
        try:
            array = np.array(flat[0] if scalar else flat, dtype=np.float64)
        except OverflowError:  # a whole number beyond float64
            array = np.array(np.inf)
        if not np.isfinite(array).all():
            self.fault("expected finite numbers", *where)
            return None
        return array


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "one number"
