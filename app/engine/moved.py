"""ℒ as a function of one quantity: an entry is moved in place, and all that follows from it is computed again."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .passes import execute, program
from .problem import Problem, Structure
from .steps import Array, Definition

Entry = tuple[int, ...]
Line = tuple[NDArray[np.bool_], Array]  # which units of a layer are replaced by a straight line through 0, and its slopes
CALL = 100  # what calling one definition costs, in numbers computed (measured)
PRODUCTS = 100  # multiply-adds of a matrix product that cost as much as one number (measured)


class Moved:
    """ℒ with entries of a0, W, b, z or a moved one at a time. `quantities` are those of a forward pass and stay as they are.

    `lines` makes units of an activation straight, by its id.
    """

    def __init__(self, problem: Problem, quantities: Mapping[str, Array], name: str, lines: Mapping[str, Line] | None = None) -> None:
        self.lines = lines or {}
        self.follows = _following(problem.structure, name)
        self.array = quantities[name].copy()
        self.now = {**quantities, name: self.array}
        self.back = program(problem.structure).backward

    def loss(self, entry: Entry, value: float) -> float:
        """ℒ with this entry set to `value` and all others as they were. Overflow and 0/0 are the caller's to silence."""
        now, before = self.now, self.array[entry]
        self.array[entry] = value
        for d in self.follows:
            now[d.id] = d.function(*[now[name] for name in d.inputs])[0]
            if d.id in self.lines:
                units, slopes = self.lines[d.id]
                now[d.id][units] = slopes * now[d.inputs[0]][units]  # a kink is at z = 0, and so is its a
        self.array[entry] = before
        return float(now["loss"])

    def passes(self, entry: Entry, value: float) -> dict[str, Array]:
        """Every quantity of both passes with this entry set to `value`."""
        self.loss(entry, value)
        now = dict(self.now)
        for definition in self.back:
            execute(definition, now)
        return now


@lru_cache(maxsize=1024)
def cost(of: Structure, name: str) -> int:
    """What one ℒ of `Moved` costs, from the sizes alone, in numbers computed."""
    return sum(CALL + _size(of, d) for d in _following(of, name))


def _following(of: Structure, name: str) -> tuple[Definition, ...]:
    """The definitions of the forward pass from the first that uses a quantity on."""
    forward = program(of).forward
    return forward[next(k for k, d in enumerate(forward) if name in d.inputs) :]


def _size(of: Structure, d: Definition) -> int:
    n_in, n = of.sizes[d.layer - 1], of.sizes[d.layer]
    return of.examples * (n + (n * n_in // PRODUCTS if d.operation == "linear" else 0))
