"""The one weight or bias that a request is about: `{"quantity": "W1", "entry": [0, 1]}`, or dW1 for the same."""

import re
from typing import Any

from ..engine.document import describe, pointer_to
from ..engine.errors import Fault
from ..engine.paths import Node
from ..engine.problem import Problem

_PARAMETER = re.compile(r"d?([Wb])([1-9][0-9]?)")


def target_of(given: dict[str, Any]) -> Node:
    """A target without faults; a gradient stands for what it belongs to."""
    return Node(given["quantity"].removeprefix("d"), tuple(given["entry"]))


def target_faults(target: object) -> list[Fault]:
    """What is wrong with a target, whatever the problem."""
    if not isinstance(target, dict):
        came = "" if target is None else f", got {describe(target)}"
        return [Fault("/target", f'expected one weight or bias, as {{"quantity": "W1", "entry": [0, 0]}}{came}')]
    found = [Fault(pointer_to("target", name), "unknown field; a target has quantity, entry") for name in target if name not in ("quantity", "entry")]
    quantity, entry = target.get("quantity"), target.get("entry")
    match = _PARAMETER.fullmatch(quantity) if isinstance(quantity, str) else None
    if match is None:
        found.append(Fault("/target/quantity", f"expected weights or a bias, W1 or b1 and so on; got {describe(quantity)}"))
    indices = {"W": 2, "b": 1}[match[1]] if match else None
    if not isinstance(entry, list) or len(entry) not in ({indices} if indices else {1, 2}):
        words = {2: "two indices, unit and input", 1: "one index, the unit", None: "one index or two"}[indices]
        found.append(Fault("/target/entry", f"expected {words}; got {describe(entry)}"))
    else:
        found += [Fault(f"/target/entry/{k}", f"expected an index from 0, got {describe(i)}") for k, i in enumerate(entry) if not is_index(i)]
    return found


def target_misfits(problem: Problem, target: Node) -> list[Fault]:
    """What this problem does not have."""
    layer = int(target.quantity[1:])
    if layer > len(problem.layers):
        return [Fault("/target/quantity", f"expected a layer from 1 to {len(problem.layers)}, got {target.quantity}")]
    parameter = getattr(problem.layers[layer - 1], "weights" if target.quantity[0] == "W" else "bias")
    if parameter is None:
        return [Fault("/target/quantity", f"expected a bias that there is; layer {layer} has none")]
    sizes = zip(target.entry, parameter.shape, strict=True)
    return [Fault(f"/target/entry/{k}", f"expected an index from 0 to {n - 1}, got {describe(i)}") for k, (i, n) in enumerate(sizes) if i >= n]


def is_index(value: object) -> bool:
    """Whether this is a whole number, 0 or more."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
