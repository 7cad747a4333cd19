"""Training: epochs of mini-batches over a problem's rows, to be stopped after any update and taken up again there.

Every number follows from the plan alone: the same plan, however it is cut into calls of `advance` or into several runs that go on
from each other's position, parameters and optimizer state, gives the same bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .loop import Loop
from .measures import Measures, classify, measure
from .problem import Problem
from .steps import Array

Rows = NDArray[np.int64]
CHECKPOINT = 256  # updates that are made again at most, besides those of one call of `advance`, when numbers stop being finite


class Position(NamedTuple):
    """What the next update is: epochs completed, and batches of this epoch done. Never all of them: that is the next epoch's start."""

    epoch: int = 0
    batch: int = 0


START = Position()


@dataclass(frozen=True, eq=False)
class Plan:
    """What is trained, and how. The problem has an optimizer, and its inputs and targets are all rows, those held out too."""

    problem: Problem
    epochs: int = 100  # in all, those before `position` too
    batch_size: int | None = None  # None: all training rows
    shuffle: bool = True  # the rows of every epoch, by the initializer's seed
    test_fraction: float = 0.0
    stop_loss: float | None = None  # of the training rows, judged at the ends of epochs, as is the accuracy
    stop_accuracy: float | None = None
    max_updates: int | None = None  # in this run, those before `position` not counted
    position: Position = START


def split(examples: int, test_fraction: float, seed: int) -> tuple[Rows, Rows]:
    """The rows to train on and those held out, both ascending. The seed's epochs draw from [seed, epoch], so this has a stream of its own."""
    held_out = round(test_fraction * examples)
    order = np.random.default_rng([seed, 0, 1]).permutation(examples)
    return np.sort(order[held_out:]), np.sort(order[:held_out])


class Training:
    """A training under way. `ended` tells why it goes no further: "epochs", "loss", "accuracy", "max_updates" or "non_finite"."""

    def __init__(self, plan: Plan) -> None:
        problem = plan.problem
        assert problem.targets is not None and problem.optimizer is not None  # nothing to learn, or nothing to learn with
        self.plan = plan
        self.train_rows, self.test_rows = split(len(problem.inputs), plan.test_fraction, problem.initializer.seed)
        self.batch_size = min(plan.batch_size or len(self.train_rows), len(self.train_rows))
        self.updates_per_epoch = -(-len(self.train_rows) // self.batch_size)
        self.threshold = classify(problem.targets)
        self.position = plan.position
        self.last_batch: Rows = np.zeros(0, np.int64)  # none yet
        self.ended: str | None = None
        self._train = problem.inputs[self.train_rows], problem.targets[self.train_rows]
        self._test = problem.inputs[self.test_rows], problem.targets[self.test_rows]
        self._loop = Loop(problem)
        self._start = self.updates
        self._order_of: tuple[int, Rows] | None = None
        self._end_if_done()

    @property
    def updates(self) -> int:
        """Updates made in all."""
        return self.position.epoch * self.updates_per_epoch + self.position.batch

    @property
    def classification(self) -> bool:
        """Whether the targets are classes, so that there is an accuracy."""
        return self.threshold is not None

    @property
    def next_batch(self) -> Rows:
        """The rows that the next update takes."""
        return self._batch(self.position)

    def to_next_epoch(self) -> int:
        """Updates until the end of the running epoch."""
        return self.updates_per_epoch - self.position.batch

    def advance(self, updates: int) -> None:
        """Make so many updates, fewer where the training ends."""
        for _ in range(updates):
            if self.ended:
                return
            batch = self.next_batch
            kept = self._loop.copy()
            assert self.plan.problem.targets is not None
            self._loop.update(self.plan.problem.inputs[batch], self.plan.problem.targets[batch])
            if not self._loop.finite():
                self._loop = kept
                self.ended = "non_finite"
                return
            self.last_batch = batch
            epoch, k = self.position
            self.position = Position(epoch, k + 1) if k + 1 < self.updates_per_epoch else Position(epoch + 1, 0)
            self._end_if_done(judge=self.position.batch == 0)

    def measures(self) -> Measures:
        """How far it has come, and how the last update went."""
        return measure(self._loop, self.plan.problem.loss, self._train, self._test, self.threshold)

    def parameters(self) -> dict[str, Array]:
        """W1, b1 …"""
        return self._loop.parameters()

    def optimizer_state(self) -> dict[str, Array]:
        """W1_m …, and t: how many updates the optimizer has made, where it counts them."""
        return self._loop.optimizer_state()

    def activations(self, inputs: Array) -> list[Array]:
        """a^[1] … a^[L] of any rows of inputs."""
        return self._loop.activations(inputs)

    def gradients(self) -> dict[str, Array]:
        """∂ℒ/∂z of every layer in the last update: "dz1" …; empty before there was one."""
        return self._loop.gradients()

    def stepped(self) -> Problem:
        """The problem of the next update: its trace makes the very update that `advance(1)` would make."""
        problem, batch, theta = self.plan.problem, self.next_batch, self.parameters()
        assert problem.targets is not None
        return replace(
            problem,
            layers=tuple(layer._replace(weights=theta[f"W{l}"], bias=theta.get(f"b{l}")) for l, layer in enumerate(problem.layers, 1)),
            inputs=problem.inputs[batch],
            targets=problem.targets[batch],
            classes=tuple(problem.classes[n] for n in batch) if problem.classes is not None else None,
            optimizer_state=self.optimizer_state(),
        )

    # ---- batches and ends ------------------------------------------------------------------------------------------

    def _order(self, epoch: int) -> Rows:
        """The training rows in the order in which this epoch takes them."""
        if not self.plan.shuffle:
            return self.train_rows
        if self._order_of is None or self._order_of[0] != epoch:
            permutation = np.random.default_rng([self.plan.problem.initializer.seed, epoch]).permutation(len(self.train_rows))
            self._order_of = epoch, self.train_rows[permutation]
        return self._order_of[1]

    def _batch(self, position: Position) -> Rows:
        start = position.batch * self.batch_size
        return self._order(position.epoch)[start : start + self.batch_size]

    def _end_if_done(self, judge: bool = False) -> None:
        self.ended = next(self._reasons(judge), None)

    def _reasons(self, judge: bool) -> Iterator[str]:
        """Why to end here, the most telling reason first."""
        plan = self.plan
        if judge and (plan.stop_loss is not None or plan.stop_accuracy is not None):
            now = self.measures()
            if plan.stop_loss is not None and now.loss <= plan.stop_loss:
                yield "loss"
            if plan.stop_accuracy is not None and now.accuracy is not None and now.accuracy >= plan.stop_accuracy:
                yield "accuracy"
        if self.position.epoch >= plan.epochs:
            yield "epochs"
        if plan.max_updates is not None and self.updates - self._start >= plan.max_updates:
            yield "max_updates"
