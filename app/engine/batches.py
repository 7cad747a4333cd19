"""Which rows are learnt from, in which order, and their numbers laid out so that a batch is a view."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .steps import Array

Rows = NDArray[np.int64]


class Position(NamedTuple):
    """What the next update is: epochs completed, and batches of this epoch done. Never all of them: that is the next epoch's start."""

    epoch: int = 0
    batch: int = 0


def split(examples: int, test_fraction: float, seed: int) -> tuple[Rows, Rows]:
    """The rows to learn from and those held out, both ascending. Epochs draw from [seed, epoch], so this is a stream of its own."""
    order = np.random.default_rng([seed, 0, 1]).permutation(examples)
    held_out = round(test_fraction * examples)
    return np.sort(order[held_out:]), np.sort(order[:held_out])


class Batches:
    """The batches of every epoch; the last of an epoch may be smaller."""

    def __init__(self, rows: Rows, inputs: Array, targets: Array, size: int, count: int, *, seed: int, shuffle: bool) -> None:
        """`rows` are the numbers of the rows of inputs, (N, m), and targets, (N, n_L); `count` batches of `size` rows hold them all."""
        self._rows, self._seed, self._shuffle = rows, seed, shuffle
        self.size = size
        self._drawn, self._order = -1, np.arange(len(rows))  # the epoch whose order was drawn last
        self._moves = shuffle and count > 1
        self._inputs, self._targets_T = inputs, np.ascontiguousarray(targets.T)
        whole, rest = divmod(len(rows), self.size)
        self._x = np.empty_like(inputs) if self._moves else inputs
        self._y_T = np.empty((whole, targets.shape[1], self.size)), np.empty((targets.shape[1], rest))  # transposed, a block for every batch
        ys = [*self._y_T[0], self._y_T[1]]
        self._views = [(self._x[k * self.size : (k + 1) * self.size], ys[k].T) for k in range(count)]
        self._lay_out(self._order)
        self._laid_out = -1  # the epoch of `_views`

    def rows(self, epoch: int, batch: int) -> Rows:
        """The row numbers of a batch."""
        return self._rows[self._drawn_order(epoch)[batch * self.size : (batch + 1) * self.size]]

    def of(self, epoch: int) -> list[tuple[Array, Array]]:
        """Inputs, (N, m), and targets, (N, n_L), of every batch of an epoch: views, good until another epoch is asked for.

        A single batch of all rows has them as they stand: their order would change nothing but rounding, and cost more than the update.
        """
        if self._moves and self._laid_out != epoch:
            self._lay_out(self._drawn_order(epoch))
            self._laid_out = epoch
        return self._views

    def _drawn_order(self, epoch: int) -> Rows:
        if self._shuffle and self._drawn != epoch:
            self._drawn, self._order = epoch, np.random.default_rng([self._seed, epoch]).permutation(len(self._rows))
        return self._order

    def _lay_out(self, order: Rows) -> None:
        if self._moves:
            np.take(self._inputs, order, axis=0, out=self._x, mode="clip")  # "raise" would fill another array first
        y_T, (whole, rest) = np.take(self._targets_T, order, axis=1), self._y_T
        end = len(whole) * self.size
        whole.transpose(1, 0, 2)[...] = y_T[:, :end].reshape(len(y_T), len(whole), self.size)
        rest[...] = y_T[:, end:]
