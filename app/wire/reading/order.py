"""In which order, and which way round, weights make a chain: the units of each layer are the inputs of the next."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ...engine.arrays import pointer_to
from ...engine.errors import Fault
from .names import natural, part
from .roles import Pair
from .tensors import Refused, short, times


class Placed(NamedTuple):
    """Weights in their place; `transposed`: the file has them as inputs × units."""

    pair: Pair
    transposed: bool

    @property
    def units(self) -> int:
        return self.pair.weights.shape[self.transposed]

    @property
    def inputs(self) -> int:
        return self.pair.weights.shape[not self.transposed]


def chain(given: Sequence[Pair], by_name: bool = False) -> tuple[list[Placed], list[str]]:
    """The layers, and what was assumed; `by_name`: the order given is that of the names. Raises Refused where the sizes cannot meet.

    The file's order goes first, then that of the names, all one way round wherever that fits; only then the order in which the sizes meet.
    """
    named = sorted(given, key=lambda pair: natural(pair.weights.name))
    kernels = all((said := part(pair.weights.name)) and said.kernel for pair in given)
    for ways in ((True,), (False,), (False, True)) if kernels else ((False,), (False, True)):
        for order, words in ((given, "of their names" if by_name else "of the file"), (named, "of their names")):
            placed = _along(order, ways)
            if placed:
                return placed, [f"The layers stand in the order {words}, which fits: {_sizes(placed)}.", *_turned(placed)]
    for transposed in (kernels, not kernels):
        placed = _by_sizes([_standing(pair, transposed) for pair in named])
        if placed:
            note = f"The layers stand in the order in which their sizes meet, which is neither that of the file nor that of their names: {_sizes(placed)}."
            return placed, [note, *_turned(placed)]
    raise Refused(_gaps(given))


def _along(order: Sequence[Pair], ways: tuple[bool, ...]) -> list[Placed] | None:
    """The chain in this order, with each of the weights one of these ways: as they are (False), or transposed."""
    for first in ways:
        placed: list[Placed] = []
        for pair in order:
            turns = [Placed(pair, turn) for turn in (ways if placed else (first,))]
            fitting = [it for it in turns if pair.biases in (None, it.units) and (not placed or it.inputs == placed[-1].units)]
            if not fitting:
                break
            placed.append(fitting[0])
        else:
            return _squares(placed)
    return None


def _squares(placed: list[Placed]) -> list[Placed]:
    """A square matrix fits both ways: it is read as the others are, where these agree."""
    others = {it.transposed for it in placed if it.units != it.inputs}
    return [it._replace(transposed=True) if it.units == it.inputs else it for it in placed] if others == {True} else placed


def _standing(pair: Pair, transposed: bool) -> Placed:
    """A pair the way its bias decides; else as told."""
    rows, columns = pair.weights.shape
    return Placed(pair, pair.biases == columns if pair.biases and rows != columns else transposed)


def _by_sizes(edges: Sequence[Placed]) -> list[Placed] | None:
    """A walk over all of these, each from its inputs to its units: an Eulerian path (Hierholzer 1873)."""
    leaving: dict[int, list[Placed]] = defaultdict(list)
    surplus: dict[int, int] = defaultdict(int)
    for edge in reversed(edges):
        leaving[edge.inputs].append(edge)
        surplus[edge.inputs] += 1
        surplus[edge.units] -= 1
    start = next((n for n, more in surplus.items() if more > 0), edges[0].inputs)
    path: list[Placed] = []
    walk: list[tuple[int, Placed | None]] = [(start, None)]
    while walk:
        here, by = walk[-1]
        if leaving[here]:
            edge = leaving[here].pop()
            walk.append((edge.units, edge))
        else:
            walk.pop()
            if by is not None:
                path.append(by)
    path.reverse()
    fits = len(path) == len(edges) and all(a.units == b.inputs for a, b in pairwise(path))
    return path if fits else None


def _sizes(placed: Sequence[Placed]) -> str:
    return " → ".join(map(str, [placed[0].inputs, *(it.units for it in placed)]))


def _turned(placed: Sequence[Placed]) -> list[str]:
    """What is said of weights that were transposed, and of those that might have been."""
    turned = [it for it in placed if it.transposed]
    squares = [it for it in placed if it.units == it.inputs]
    if turned and len(turned) == len(placed):
        return ["All weights are inputs × units in the file, as Keras and scikit-learn write them, and were transposed."]
    notes = [
        f"{short(it.pair.weights.name)} is {times(it.pair.weights.shape)} (inputs × units) in the file and was transposed, for only so it fits."
        for it in turned
    ]
    if squares and (turned or len(squares) == len(placed)):
        names = ", ".join(short(it.pair.weights.name) for it in squares[:5]) + (" …" if len(squares) > 5 else "")
        notes.append(f"Square weights fit both ways and were read as units × inputs: {names}.")
    return notes


def _gaps(given: Sequence[Pair]) -> list[Fault]:
    """Where the chain breaks in the file's order."""
    because = "in no order do the units of each layer meet the inputs of the next"
    found = [
        Fault(
            pointer_to(*after.weights.where),
            f"{times(after.weights.shape)} cannot follow {short(before.weights.name)}, {times(before.weights.shape)}: {because}",
        )
        for before, after in pairwise(given)
        if after.weights.shape[1] != before.weights.shape[0]
    ]
    return found or [Fault(pointer_to(*given[0].weights.where), "with its bias these weights fit no order of layers")]
