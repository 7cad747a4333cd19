"""What the API's rules say of one entry, worked out anew: what it is made of, and formulas as a person would reckon them."""

import itertools
import math
import re
from typing import Any

import numpy as np

Place = tuple[str, tuple[int, ...]]


def operands(step: dict[str, Any], entry: tuple[int, ...], shapes: dict[str, tuple[int, ...]]) -> set[Place]:
    """The numbers that an entry of the step's value is computed from."""
    rule = step["rule"]
    if "einsum" not in rule:
        return {place for name in rule["operands"] for place in _of_function(step, name, entry, shapes[name])}
    left, output = rule["einsum"].split("->")
    inputs = left.split(",")
    size = {letter: n for name, letters in zip(rule["operands"], inputs, strict=True) for letter, n in zip(letters, shapes[name], strict=True)}
    summed = sorted(set("".join(inputs)) - set(output))
    fixed = dict(zip(output, entry, strict=True))
    found: set[Place] = set()
    for indices in itertools.product(*(range(size[letter]) for letter in summed)):
        at = fixed | dict(zip(summed, indices, strict=True))
        found |= {(name, tuple(at[letter] for letter in letters)) for name, letters in zip(rule["operands"], inputs, strict=True)}
    return found | ({(rule["add"], entry[-len(shapes[rule["add"]]) :])} if "add" in rule else set())


def _of_function(step: dict[str, Any], name: str, entry: tuple[int, ...], shape: tuple[int, ...]) -> set[Place]:
    """Functions work entry by entry, but softmax takes a whole row and the loss everything."""
    if step["operation"] == "loss":
        return {(name, index) for index in np.ndindex(shape)}
    if step["rule"]["function"] == "softmax":
        return {(name, (*entry[:-1], k)) for k in range(shape[-1])}
    return {(name, entry[len(entry) - len(shape) :])}


SIGNS = {"−": "-", "·": "*", "^": "**", "½": "0.5", "ln(": "log(", "[": "(", "]": ")"}
MEANINGS = {name: getattr(math, name) for name in ("exp", "log", "tanh", "sqrt", "erfc")} | {"max": max, "min": min, "abs": abs, "sign": np.sign}


def reckon(text: str, row: Any) -> float:
    """The value of a formula with its numbers put in; `row` is what softmax sums over."""
    text = text.replace("Σ_j exp(z_j)", "total")
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    for sign, meaning in SIGNS.items():
        text = text.replace(sign, meaning)
    return float(eval(text, {"__builtins__": {}}, {**MEANINGS, "total": float(np.exp(row).sum())}))
