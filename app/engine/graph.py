"""The backward pass as a layered graph: ℒ, then the units of a^[L], z^[L], a^[L-1] … each with the local derivatives that lead to it.

What leads where, and where the derivative stands, is read off the einsum rules of the steps.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from .ranking import Ranking, Start, magnitudes
from .steps import Array, Definition, EinsumRule

CHUNK = 2**18  # products held at once while the largest are sought


class Level(NamedTuple):
    """One step back: the nodes of a quantity, and the local derivatives ∂before/∂node that lead to them."""

    quantity: str
    local: str
    values: Array
    letters: str  # the axes of `values`
    up: str  # the letter of a unit before
    unit: str  # the letter of a node's own unit

    @classmethod
    def of(cls, step: Definition, quantities: Mapping[str, Array]) -> "Level":
        """The nodes that a gradient with an upstream and a local derivative leads to: "nk,kj->nj" to those of da, from those of dz."""
        assert isinstance(step.rule, EinsumRule) and step.local is not None
        operands, result = step.rule.einsum.split("->")
        upstream, local = operands.split(",")
        return cls(step.id[1:], step.local, quantities[step.local], local, upstream[-1], result[-1])

    @property
    def dense(self) -> bool:
        """Whether every unit before leads to every node; if not, each to its own."""
        return self.up != self.unit

    def entry(self, example: int, up: int, unit: int) -> tuple[int, ...]:
        """Where the factor from one unit to another stands."""
        at = {"n": example, self.up: up, self.unit: unit}
        return tuple(at[letter] for letter in self.letters)

    def factors(self, example: int, unit: int) -> tuple[Array, int]:
        """Those that lead to one node, (units before,), and the first of these units."""
        values = self.values[example] if self.letters[0] == "n" else self.values
        return (values[:, unit], 0) if self.dense else (values[unit : unit + 1], unit)

    def largest(self, before: Array, examples: range) -> Array:
        """The largest magnitude of any path to each node, (examples, units), from those of the units before."""
        values = self.values[examples.start : examples.stop] if self.letters[0] == "n" else self.values[None]
        if not self.dense:
            return magnitudes(before * values)
        found = np.empty((len(examples), values.shape[-1]))
        size = max(1, CHUNK // values[0].size)
        for start in range(0, len(examples), size):
            some = slice(start, start + size)
            products = before[some, :, None] * (values[some] if len(values) > 1 else values)
            found[some] = magnitudes(np.abs(products, out=products).max(axis=1))
        return found


class Graph:
    """All paths from ℒ for the examples that are asked about; `levels` are in the order of the backward pass, after a^[L]."""

    def __init__(self, outputs: Array, levels: Sequence[Level], examples: range) -> None:
        """`outputs` is ∂ℒ/∂a^[L], (N, n_L)."""
        self.outputs, self.levels, self.examples = outputs, levels, examples
        self.rankings: dict[tuple[int, int, int], Ranking] = {}
        with np.errstate(all="ignore"):
            self.best = [magnitudes(outputs[examples.start : examples.stop])]  # of a^[L] and of each level: (examples, units)
            for level in levels:
                self.best.append(level.largest(self.best[-1], examples))

    def ranking(self, depth: int, row: int, unit: int) -> Ranking:
        """The paths to one unit: of a^[L] at depth 0, of levels[depth − 1] after that; `row` counts the examples asked about."""
        key = (depth, row, unit)
        if key not in self.rankings:
            self.rankings[key] = self._ranking(*key)
        return self.rankings[key]

    def _ranking(self, depth: int, row: int, unit: int) -> Ranking:
        example = self.examples[row]
        if depth == 0:
            return Start(float(self.outputs[example, unit]))
        factors, first = self.levels[depth - 1].factors(example, unit)
        best = self.best[depth - 1][row, first : first + len(factors)]
        return Ranking(partial(self.ranking, depth - 1, row), factors, best, first)

    def units(self, row: int, unit: int, rank: int) -> list[int]:
        """The units along one of the paths to a unit of the last level: of a^[L] first, of that level last."""
        units = [unit]
        for depth in range(len(self.levels), 0, -1):
            found = self.ranking(depth, row, units[-1]).found[rank]
            units.append(found.unit)
            rank = found.rank
        return units[::-1]
