"""Which rows are learnt from, in which order, and their numbers laid out so that a batch is a slice."""

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

    def __init__(self, rows: Rows, inputs: Array, targets: Array, size: int | None, *, seed: int, shuffle: bool) -> None:
        """`rows` are the numbers of the rows of inputs, (N, m), and targets, (N, n_L); `size` None makes them all one batch."""
        self.numbers, self.seed, self.shuffle = rows, seed, shuffle
        self.size = min(size or len(rows), len(rows))
        self.per_epoch = -(-len(rows) // self.size)
        self._inputs, self._targets_T = inputs, np.ascontiguousarray(targets.T)
        self._x = np.empty_like(inputs)  # in the order of an epoch
        whole, rest = divmod(len(rows), self.size)
        self._y_T = np.empty((whole, targets.shape[1], self.size)), np.empty((targets.shape[1], rest))  # a block for each batch
        ys = [*self._y_T[0], self._y_T[1]]
        self._batches = [(self._x[k * self.size : (k + 1) * self.size], ys[k].T) for k in range(self.per_epoch)]
        self._drawn = self._laid_out = -1  # the epochs of which `_permutation` and `_shuffled` are
        self._permutation = np.arange(len(rows))

    def rows(self, position: Position) -> Rows:
        """The row numbers of a batch."""
        start = position.batch * self.size
        return self.numbers[self._order(position.epoch)[start : start + self.size]]

    def laid_out(self, epoch: int) -> list[tuple[Array, Array]]:
        """Inputs, (N, m), and targets, (N, n_L), of every batch of an epoch: views, good until another epoch is asked for.

        Those of the targets are transposed, as the hot loop has its numbers.
        """
        if self._laid_out == -1 or (self.shuffle and self._laid_out != epoch):
            order, (whole, rest) = self._order(epoch), self._y_T
            np.take(self._inputs, order, axis=0, out=self._x, mode="clip")  # "raise" would fill another array first
            y_T, end = np.take(self._targets_T, order, axis=1), len(whole) * self.size
            whole.transpose(1, 0, 2)[...] = y_T[:, :end].reshape(len(y_T), len(whole), self.size)
            rest[...] = y_T[:, end:]
            self._laid_out = epoch
        return self._batches

    def count(self, position: Position) -> int:
        """Updates from the start of training to a position."""
        return position.epoch * self.per_epoch + position.batch

    def after(self, position: Position, updates: int) -> Position:
        """The position so many updates later."""
        return Position(*divmod(self.count(position) + updates, self.per_epoch))

    def _order(self, epoch: int) -> Rows:
        if self.shuffle and self._drawn != epoch:
            self._drawn, self._permutation = epoch, np.random.default_rng([self.seed, epoch]).permutation(len(self.numbers))
        return self._permutation
