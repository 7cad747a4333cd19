"""What a gradient check asks for besides its problem: ε, which gradients, and a probe of one number."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..engine.document import describe, pointer_to
from ..engine.errors import Fault
from ..engine.gradient_check import gradients_of, shape_of
from ..engine.judge import EPSILON
from ..engine.moved import Entry
from ..engine.problem import Structure
from .targets import is_index

EXTRAS = ("epsilon", "quantities", "probe")
LEAST, MOST = 1e-12, 1.0  # of a check's ε: with less, rounding would excuse everything
PROBE = ("quantity", "entry", "epsilon")
_QUANTITY = re.compile(r"d?(a0|[Wbza][1-9][0-9]?)")


class Moving(NamedTuple):
    """The entry to probe, and by how much it is moved."""

    quantity: str
    entry: Entry
    epsilon: float


class Asked(NamedTuple):
    """What to check: the ids of gradients in the order of the derivation, and perhaps one number to probe."""

    epsilon: float
    gradients: tuple[str, ...]
    probe: Moving | None


def asked(of: Structure, given: Mapping[str, Any]) -> Asked:
    """What fields without faults ask for."""
    epsilon, names, probe = float(given.get("epsilon") or EPSILON), given.get("quantities"), given.get("probe")
    moving = Moving(probe["quantity"].removeprefix("d"), tuple(probe["entry"]), float(probe.get("epsilon") or epsilon)) if probe else None
    return Asked(epsilon, tuple(name for name in gradients_of(of) if names is None or name in names), moving)


def faults(given: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with the fields of `EXTRAS`, whatever the problem."""
    return [*_epsilon(given.get("epsilon"), "/epsilon"), *_quantities(given.get("quantities")), *_probe(given.get("probe"))]


def misfits(of: Structure, given: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with them for this problem."""
    if of.loss is None:
        yield Fault("/targets", "expected targets: without them there is no loss to differentiate")
        return
    known, names, probe = gradients_of(of), given.get("quantities"), given.get("probe")
    yield from (Fault(f"/quantities/{k}", _unknown(name, known)) for k, name in enumerate(names or ()) if name not in known)
    if probe:
        yield from _misplaced(of, known, probe["quantity"].removeprefix("d"), probe["entry"])


def _epsilon(value: object, pointer: str, least: float = LEAST) -> list[Fault]:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and max(least, 5e-324) <= value <= MOST):
        return []
    return [Fault(pointer, f"expected {f'a number from {least:g} to' if least else 'a number above 0 and up to'} {MOST:g}, got {describe(value)}")]


def _quantities(value: object) -> list[Fault]:
    if value is None or (isinstance(value, list) and all(isinstance(name, str) for name in value)):
        return []
    if not isinstance(value, list):
        return [Fault("/quantities", f"expected a list of gradients by id, got {describe(value)}")]
    return [Fault(f"/quantities/{k}", f"expected the id of a gradient, got {describe(name)}") for k, name in enumerate(value) if not isinstance(name, str)]


def _probe(value: object) -> list[Fault]:
    if value is None:
        return []
    if not isinstance(value, dict):
        return [Fault("/probe", f'expected one number, as {{"quantity": "W1", "entry": [0, 1], "epsilon": 1e-4}}; got {describe(value)}')]
    found = [Fault(pointer_to("probe", name), f"unknown field; a probe has {', '.join(PROBE)}") for name in value if name not in PROBE]
    quantity, entry = value.get("quantity"), value.get("entry")
    if not isinstance(quantity, str) or not _QUANTITY.fullmatch(quantity):
        found.append(Fault("/probe/quantity", f"expected a0 or W, b, z or a of a layer, as W1; got {describe(quantity)}"))
    if not isinstance(entry, list) or len(entry) not in (1, 2):
        found.append(Fault("/probe/entry", f"expected one index or two, got {describe(entry)}"))
    else:
        found += [Fault(f"/probe/entry/{k}", f"expected an index from 0, got {describe(i)}") for k, i in enumerate(entry) if not is_index(i)]
    return found + _epsilon(value.get("epsilon"), "/probe/epsilon", 0)


def _misplaced(of: Structure, known: list[str], name: str, entry: list[int]) -> Iterator[Fault]:
    if f"d{name}" not in known:
        yield Fault("/probe/quantity", _unknown(name, [gradient[1:] for gradient in known]))
        return
    shape = shape_of(of, name)
    if len(entry) != len(shape):
        words = {1: "one index", 2: "two indices"}[len(shape)]
        yield Fault("/probe/entry", f"expected {words}, for {name} is {' × '.join(map(str, shape))}; got {len(entry)}")
        return
    for k, (i, n) in enumerate(zip(entry, shape, strict=True)):
        if i >= n:
            yield Fault(f"/probe/entry/{k}", f"expected an index from 0 to {n - 1}, got {describe(i)}")


def _unknown(name: str, known: list[str]) -> str:
    return f"expected one of {', '.join(known[:12])}{' …' if len(known) > 12 else ''}; got {describe(name)}"
