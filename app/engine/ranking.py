"""The largest products along the paths of a layered graph, one after the other, without walking them all.

The magnitude of a product never grows smaller where that of its first part grows larger, so the best path to a node goes along
the best path to one of the nodes before it, and the next best along the next best of one of those: each node is asked for no more
paths than are needed (Huang & Chiang, "Better k-best Parsing", 2005, algorithm 3).

What is not finite counts as ∞: that keeps the order true where ∞ meets 0. Where magnitudes are equal, the smaller unit before
the node comes first, then the path that comes first there: so the order is total, and the same every time.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from math import inf, isfinite
from typing import NamedTuple

import numpy as np

from .steps import Array


class Found(NamedTuple):
    """A path to a node: its product so far, the unit before the node, and which of that unit's paths it goes on from."""

    product: float
    unit: int
    rank: int


class Ranking:
    """The paths to one node, largest magnitude first, found as far as anybody asks.

    `factors` (units before) go with the units from `first` on, `best` (units before) are the largest magnitudes there,
    and `before(unit)` is the ranking of one of those units.
    """

    def __init__(self, before: Callable[[int], "Ranking"], factors: Array, best: Array, first: int = 0) -> None:
        self.before, self.factors, self.first = before, factors, first
        with np.errstate(all="ignore"):
            self.best = magnitudes(best * np.abs(factors))
        self.order = np.argsort(-self.best, kind="stable")
        self.fresh = 0  # how many units have been taken from `order`
        self.next: list[tuple[float, int, int]] = []  # a heap: −magnitude, unit, rank of paths other than the best of their unit
        self.found: list[Found] = []

    def path(self, rank: int) -> Found | None:
        """The path of this rank, from 0; None when there are not so many."""
        while len(self.found) <= rank:
            if not self._advance():
                return None
        return self.found[rank]

    def _advance(self) -> bool:
        if self.found:
            _, unit, rank = self.found[-1]
            self._push(unit, rank + 1)
        if self.fresh < len(self.order):
            index = int(self.order[self.fresh])
            unseen = (-float(self.best[index]), self.first + index, 0)
            if not self.next or unseen < self.next[0]:
                self.fresh += 1
                return self._take(unseen[1], 0)
        return bool(self.next) and self._take(*heappop(self.next)[1:])

    def _push(self, unit: int, rank: int) -> None:
        further = self.before(unit).path(rank)
        if further is not None:
            product = further.product * float(self.factors[unit - self.first])
            heappush(self.next, (-abs(product) if isfinite(product) else -inf, unit, rank))

    def _take(self, unit: int, rank: int) -> bool:
        so_far = self.before(unit).path(rank)
        assert so_far is not None  # it was there when it was pushed
        self.found.append(Found(so_far.product * float(self.factors[unit - self.first]), unit, rank))
        return True


class Start(Ranking):
    """A node with a single path: the first factor alone."""

    def __init__(self, factor: float) -> None:
        self.found = [Found(factor, 0, 0)]

    def _advance(self) -> bool:
        return False


def magnitudes(products: Array) -> Array:
    """|product|, ∞ where it is not finite."""
    return np.where(np.isfinite(products), np.abs(products), inf)
