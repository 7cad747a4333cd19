"""Training: epochs of batches over a problem's rows, to be stopped after any update and taken up again there.

Every number follows from the plan: however a training is cut into calls of `advance`, or into runs that go on from the position,
parameters and optimizer state of the one before, it makes the same updates to the bit.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .batches import Batches, Rows
from .batches import Position as Position
from .batches import split as split
from .loop import Kept, Loop
from .measures import Measures as Measures
from .measures import accuracy, middle, ratios, sizes
from .problem import Problem
from .steps import Array

LOOK = 256  # updates after which it is looked whether all is finite, so at most so many are made in vain
START = Position()


@dataclass(frozen=True, eq=False)
class Plan:
    """What is trained, and how. The problem has an optimizer; its inputs and targets are all rows, those held out too."""

    problem: Problem
    epochs: int = 100  # in all, those before `position` too
    batch_size: int | None = None  # None: all training rows
    shuffle: bool = True  # every epoch anew, by the initializer's seed
    test_fraction: float = 0.0
    stop_loss: float | None = None  # of the training rows, judged at the end of every epoch, that before `position` too, like the accuracy
    stop_accuracy: float | None = None
    max_updates: int | None = None  # in this run, without those before `position`
    position: Position = START

    @cached_property
    def rows(self) -> tuple[Rows, Rows]:
        """Those to learn from, and those held out."""
        return split(len(self.problem.inputs), self.test_fraction, self.problem.initializer.seed)

    @property
    def size(self) -> int:
        """Examples of an update; the last of an epoch may have fewer."""
        return min(self.batch_size or len(self.rows[0]), len(self.rows[0]))

    @property
    def updates_per_epoch(self) -> int:
        return -(-len(self.rows[0]) // self.size)


class Training:
    """A training under way. `ended` says why it goes no further: "epochs", "loss", "accuracy", "max_updates" or "non_finite"."""

    def __init__(self, plan: Plan) -> None:
        problem = plan.problem
        assert problem.targets is not None  # a problem without is not trained
        self.plan = plan
        self.train_rows, self.test_rows = plan.rows
        self.updates_per_epoch = plan.updates_per_epoch
        every = slice(None) if len(self.test_rows) == 0 else self.train_rows  # a view, where nothing is held out
        self._train, self._test = ((problem.inputs[rows], problem.targets[rows]) for rows in (every, self.test_rows))
        self._middle = middle(problem.targets)
        self._loop = Loop(problem)
        inputs, targets = self._loop.rows(self._train[0]), self._train[1]
        self._batches = Batches(self.train_rows, inputs, targets, plan.size, self.updates_per_epoch, seed=problem.initializer.seed, shuffle=plan.shuffle)
        self.updates = plan.position.epoch * self.updates_per_epoch + plan.position.batch  # made in all, those before this run too
        self._goals = {"epochs": plan.epochs * self.updates_per_epoch}
        if plan.max_updates is not None:
            self._goals["max_updates"] = self.updates + plan.max_updates
        self._before = self.updates, self._loop.keep()  # the last update, or before the first while there was none
        self._seen: tuple[int, list[Array]] = -1, []
        self._judges = plan.stop_loss is not None or plan.stop_accuracy is not None
        self.ended = (self._judged() if self.updates else None) or self._reached()

    # ---- where it is -----------------------------------------------------------------------------------------------

    @property
    def classification(self) -> bool:
        """Whether the targets are classes, so that there is an accuracy."""
        return self._middle is not None

    @property
    def position(self) -> Position:
        return self._position(self.updates)

    @property
    def last_batch(self) -> Rows:
        """The rows that the last update took; none before there was one."""
        return self._batches.rows(*self._position(self._before[0])) if self._loop.last else self.train_rows[:0]

    @property
    def next_batch(self) -> Rows:
        """The rows that the next update takes."""
        return self._batches.rows(*self.position)

    def to_next_epoch(self) -> int:
        """Updates until the end of the running epoch."""
        return self.updates_per_epoch - self.position.batch

    def _position(self, updates: int) -> Position:
        return Position(*divmod(updates, self.updates_per_epoch))

    # ---- on --------------------------------------------------------------------------------------------------------

    def advance(self, updates: int) -> None:
        """Make so many updates, fewer where the training ends. What would not be finite ends it, as it was before that update."""
        goal = min(self.updates + updates, *self._goals.values())
        with np.errstate(all="ignore"):
            while self.ended is None and self.updates < goal:
                before = self._before
                self._make(min(goal - self.updates, self.to_next_epoch() if self._judges else LOOK))
                if not self._loop.finite():
                    self._stand_where_all_was_finite(before)
                else:
                    self.ended = self._judged() or self._reached()

    def _make(self, updates: int) -> None:
        """So many updates, one at least; what the last one changes is kept."""
        last = self.updates + updates - 1
        self._go_to(last)
        self._before = last, self._loop.keep()
        self._go_to(last + 1)

    def _go_to(self, goal: int) -> None:
        while self.updates < goal:
            epoch, batch = self.position
            some = min(goal - self.updates, self.updates_per_epoch - batch)
            for inputs, targets in self._batches.of(epoch)[batch : batch + some]:
                self._loop.update(inputs, targets)
            self.updates += some

    def _stand_where_all_was_finite(self, start: tuple[int, Kept]) -> None:
        """Repeat all from `start`, the same to the bit, up to the update that breaks; then the one before it once more, for what is measured of it."""
        self._go_back(start)
        last = None
        while True:
            self._make(1)
            if not self._loop.finite():
                break
            last = self._before
        self._go_back(last or start)
        if last:
            self._make(1)
        else:
            self._loop.last = ()
        self.ended = "non_finite"

    def _go_back(self, to: tuple[int, Kept]) -> None:
        self.updates, kept = to
        self._loop.restore(kept)

    # ---- why it ends -----------------------------------------------------------------------------------------------

    def _reached(self) -> str | None:
        return next((reason for reason, goal in self._goals.items() if self.updates >= goal), None)

    def _judged(self) -> str | None:
        """Which goal is reached, where this is the end of an epoch."""
        if not self._judges or self.position.batch:
            return None
        loss, share = self._rate(self.trained()[-1], self._train[1])
        if self.plan.stop_loss is not None and loss <= self.plan.stop_loss:
            return "loss"
        return "accuracy" if self.plan.stop_accuracy is not None and share is not None and share >= self.plan.stop_accuracy else None

    # ---- what there is to see ---------------------------------------------------------------------------------------

    @np.errstate(all="ignore")
    def measures(self) -> Measures:
        """How good it is, and how the last update went."""
        loss, share = self._rate(self.trained()[-1], self._train[1])
        test_loss, test_share = self._rate(self.activations(self._test[0])[-1], self._test[1]) if len(self.test_rows) else (None, None)
        dz, before, now = self.gradients(), self._loop.named(self._before[1].memory), self._loop.parameters()
        changes = {name: (before[name], value) for name, value in now.items() if dz and name[0] == "W"}
        return Measures(loss, test_loss, share, test_share, *sizes(dz), ratios(changes))

    @np.errstate(all="ignore")
    def _rate(self, a: Array, y: Array) -> tuple[float, float | None]:
        """ℒ and accuracy of outputs with their targets."""
        return float(self.plan.problem.loss.value(a, y)), None if self._middle is None else accuracy(a, y, self._middle)

    def trained(self) -> list[Array]:
        """a^[1] … a^[L] of all training rows, as things are now: a report needs them more than once."""
        if self._seen[0] != self.updates:
            self._seen = self.updates, self.activations(self._train[0])
        return self._seen[1]

    @np.errstate(all="ignore")
    def activations(self, inputs: Array) -> list[Array]:
        """a^[1] … a^[L] of any rows of inputs."""
        return self._loop.activations(inputs)

    def gradients(self) -> dict[str, Array]:
        """∂ℒ/∂z of every layer in the last update: dz1 …; empty before there was one. Views, which the next update changes."""
        return self._loop.gradients()

    def parameters(self) -> dict[str, Array]:
        """W1, b1 …, copies."""
        return {name: view.copy() for name, view in self._loop.parameters().items()}

    def optimizer_state(self) -> dict[str, Array]:
        """W1_m …, and t where the optimizer counts its updates; copies."""
        return {name: view.copy() for name, view in self._loop.optimizer_state().items()}

    def stepped(self) -> Problem:
        """The problem of the next update, whose trace makes the update that `advance(1)` would make."""
        problem, batch, now = self.plan.problem, self.next_batch, self.parameters()
        assert problem.targets is not None
        return replace(
            problem,
            layers=tuple(layer._replace(weights=now[f"W{l}"], bias=now.get(f"b{l}")) for l, layer in enumerate(problem.layers, 1)),
            inputs=problem.inputs[batch],
            targets=problem.targets[batch],
            classes=None if problem.classes is None else tuple(problem.classes[row] for row in batch),
            optimizer_state=self.optimizer_state(),
        )
