"""What POST /train takes besides a problem: each field, and what is wrong with it whatever the problem."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..engine.document import describe, pointer_to
from ..engine.errors import Fault
from .data import dataset_faults
from .targets import is_index

Check = Callable[[object, str], Iterator[Fault]]  # the value and the pointer to it
RESOLUTION, UNITS, BINS = (2, 200), (0, 32), (2, 100)  # least and most
USUAL = {"resolution": 50, "units": 0, "bins": 20}  # where a surface or histograms are asked for without saying how fine
EPOCHS = 10**12  # so that the number of updates is exact in every JSON reader
INCLUDED = ("parameters", "optimizer_state")


def faults(given: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with the fields of `FIELDS` that were given; null is as if a field were absent."""
    return [fault for name, value in given.items() if value is not None for fault in FIELDS[name](value, pointer_to(name))]


def _whole(what: str, least: int, most: int | None = None) -> Check:
    def check(value: object, at: str) -> Iterator[Fault]:
        if not is_index(value) or value < least or (most is not None and value > most):  # type: ignore[operator]  # an index is a number
            bounds = f"{least} or more" if most is None else f"from {least} to {most}"
            yield Fault(at, f"expected a whole number{what}, {bounds}; got {describe(value)}")

    return check


def _number(words: str, holds: Callable[[float], bool]) -> Check:
    def check(value: object, at: str) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, int | float) or not holds(value):
            yield Fault(at, f"expected {words}, got {describe(value)}")

    return check


def _switch(value: object, at: str) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault(at, f"expected true or false, got {describe(value)}")


def _object(what: str, example: str, *needed: str, **fields: Check) -> Check:
    """An object of these fields, those in `needed` always there."""

    def check(value: object, at: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(at, f"expected {what}, as {example}; got {describe(value)}")
            return
        for name, item in value.items():
            if name not in fields:
                yield Fault(at + pointer_to(name), f"unknown field; expected {', '.join(fields)}")
            elif item is not None or name in needed:
                yield from fields[name](item, at + pointer_to(name))
        for name in needed:
            if name not in value:
                yield from fields[name](None, at + pointer_to(name))

    return check


def _included(value: object, at: str) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault(at, f"expected a list of {', '.join(INCLUDED)}; got {describe(value)}")
        return
    for k, name in enumerate(value):
        if name not in INCLUDED:
            yield Fault(f"{at}/{k}", f"expected {' or '.join(INCLUDED)}, got {describe(name)}")


FIELDS: dict[str, Check] = {
    "dataset": dataset_faults,
    "epochs": _whole(" of epochs", 1, EPOCHS),
    "batch_size": _whole(" of examples", 1),
    "shuffle": _switch,
    "test_fraction": _number("a share of the examples from 0 to below 1", lambda share: 0 <= share < 1),
    "stop": _object(
        "when to stop",
        '{"loss": 0.01}',
        loss=_number("a finite number", lambda loss: abs(loss) <= 1e308),
        accuracy=_number("a share from 0 to 1", lambda share: 0 <= share <= 1),
    ),
    "max_updates": _whole(" of updates", 0),
    "position": _object(
        "where to go on", '{"epoch": 3, "batch": 0}', "epoch", "batch", epoch=_whole(" of epochs completed", 0), batch=_whole(" of batches done", 0)
    ),
    "report_every": _whole(" of epochs", 1),
    "surface": _object("how fine a surface", '{"resolution": 50}', resolution=_whole("", *RESOLUTION), units=_whole("", *UNITS)),
    "histograms": _object("how many bins", '{"bins": 20}', bins=_whole("", *BINS)),
    "include": _included,
}
