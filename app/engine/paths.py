"""Every way from ℒ to one weight or bias: the products along the paths, and their sum, which is its gradient.

A path goes ℒ → a^[L] → z^[L] → a^[L-1] → … → z^[l] → W^[l], through one unit of each. Its factors are the local derivatives that
the backward steps carry. An elementwise activation leads from each a to its own z, softmax from each to every z.
The largest products come first; `ranking` finds them, so the work is that of a trace and a little for every path listed.
"""

import math
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import NamedTuple

import numpy as np

from .graph import Graph, Level
from .passes import program, record
from .problem import Problem, Structure
from .ranking import Found, Ranking
from .steps import Array, Definition, EinsumRule


class Node(NamedTuple):
    """One entry of one quantity."""

    quantity: str
    entry: tuple[int, ...]


class Factor(NamedTuple):
    """A derivative along a path: the entry where the number stands and its value; the 1 of a bias stands nowhere (None)."""

    quantity: str | None
    entry: tuple[int, ...]
    value: float


class Path(NamedTuple):
    """From ℒ to the target for one example: factor k is ∂ node k / ∂ node k + 1."""

    example: int
    nodes: tuple[Node, ...]
    factors: tuple[Factor, ...]
    product: float


class Paths(NamedTuple):
    """The largest of `number` paths. `contribution` is what backpropagation says they sum to: of one example, or the whole gradient."""

    gradient: float
    contribution: float
    number: int
    paths: tuple[Path, ...]

    @property
    def left_out(self) -> int:
        return self.number - len(self.paths)

    @property
    def listed_sum(self) -> float:
        products = [path.product for path in self.paths]
        try:
            return math.fsum(products)
        except (OverflowError, ValueError):  # beyond float64, or ∞ − ∞
            return float(sum(products))

    @property
    def remainder(self) -> float:
        """The sum of what is left out."""
        return self.contribution - self.listed_sum if self.left_out else 0.0

    @property
    def sum(self) -> float:
        """The sum of all paths: added up where all are listed, else backpropagation's."""
        return self.contribution if self.left_out else self.listed_sum


def along(L: int, target: Node) -> list[str]:
    """The quantities that every path goes through in a network of L layers: loss, aL, zL … and the target's."""
    return ["loss", *(name for l in range(L, int(target.quantity[1:]) - 1, -1) for name in (f"a{l}", f"z{l}")), target.quantity]


def count_paths(of: Structure, layer: int, examples: int) -> int:
    """How many paths lead from ℒ to one weight or bias of a layer: known before anything is computed."""
    later, softmax = of.sizes[layer + 1 :], (n for n, jacobian in zip(of.sizes[layer:], of.jacobians[layer - 1 :], strict=True) if jacobian)
    return examples * math.prod(later) * math.prod(softmax)


def find_paths(problem: Problem, target: Node, example: int | None, most: int) -> Paths:
    """The `most` largest paths to a weight or bias, ("W1", (i, j)) or ("b1", (i,)), of one example or of the whole batch. Needs targets."""
    quantities = problem.givens() | {name: value for step in record(replace(problem, optimizer=None)) for name, value in step.values.items()}
    of, layer, unit = problem.structure, int(target.quantity[1:]), target.entry[0]
    L, examples = len(of.activations), range(of.examples) if example is None else range(example, example + 1)
    steps = {d.id: d for d in program(of).backward}
    levels = [Level.of(steps[f"d{name}"], quantities) for name in along(L, target)[2:-1]]
    graph = Graph(quantities[f"da{L}"], levels, examples)
    last = [_last(steps[f"d{target.quantity}"], quantities, target.entry, n) for n in examples]
    slopes = np.array([factor.value for factor in last])
    ranking = Ranking(lambda row: graph.ranking(len(levels), row, unit), slopes, graph.best[-1][:, unit])
    found = takewhile(lambda path: path is not None, map(ranking.path, range(most)))
    listed = tuple(_path(graph, L, target, last, path) for path in found if path)
    gradient = float(quantities[f"d{target.quantity}"][target.entry])
    contribution = gradient if example is None else float(quantities[f"dz{layer}"][example, unit]) * last[0].value
    return Paths(gradient, contribution, count_paths(of, layer, len(examples)), listed)


def _last(step: Definition, quantities: dict[str, Array], entry: tuple[int, ...], example: int) -> Factor:
    """∂z/∂W or ∂z/∂b: "ni,nj->ij" says that the first stands at (n, j)."""
    assert isinstance(step.rule, EinsumRule)
    operands, result = step.rule.einsum.split("->")
    if step.local is None:
        return Factor(None, (), 1.0)
    at = {"n": example, **dict(zip(result, entry, strict=True))}
    place = tuple(at[letter] for letter in operands.split(",")[1])
    return Factor(step.local, place, float(quantities[step.local][place]))


def _path(graph: Graph, L: int, target: Node, last: list[Factor], found: Found) -> Path:
    """One of the paths with all that lies along it; `last` is the factor of each example at the target."""
    n, units = graph.examples[found.unit], graph.units(found.unit, target.entry[0], found.rank)
    outputs = (n, units[0])
    nodes = [Node("loss", ()), Node(f"a{L}", outputs), *(Node(level.quantity, (n, unit)) for level, unit in zip(graph.levels, units[1:], strict=True)), target]
    factors = [Factor(f"da{L}", outputs, float(graph.outputs[outputs]))]
    for level, (up, unit) in zip(graph.levels, pairwise(units), strict=True):
        entry = level.entry(n, up, unit)
        factors.append(Factor(level.local, entry, float(level.values[entry])))
    return Path(n, tuple(nodes), (*factors, last[found.unit]), found.product)
