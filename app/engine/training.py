"""Training: epochs of batches over a problem's rows, to be stopped after any update and taken up again there.

Every number follows from the plan: however a training is cut into calls of `advance`, or into runs that go on from the position,
parameters and optimizer state of the one before, it makes the same updates to the bit.
"""

from dataclasses import dataclass, replace

import numpy as np

from .batches import Batches, Rows
from .batches import Position as Position
from .batches import split as split
from .loop import Kept, Loop
from .measures import Measures as Measures
from .measures import accuracy, middle, ratios, sizes
from .problem import Problem
from .steps import Array

START = Position()


@dataclass(frozen=True, eq=False)
class Plan:
    """What is trained, and how. The problem has an optimizer; its inputs and targets are all rows, those held out too."""

    problem: Problem
    epochs: int = 100  # in all, those before `position` too
    batch_size: int | None = None  # None: all training rows
    shuffle: bool = True  # every epoch anew, by the initializer's seed
    test_fraction: float = 0.0
    stop_loss: float | None = None  # of the training rows, judged at the end of every epoch, like the accuracy
    stop_accuracy: float | None = None
    max_updates: int | None = None  # in this run, without those before `position`
    position: Position = START


class Training:
    """A training under way. `ended` says why it goes no further: "epochs", "loss", "accuracy", "max_updates" or "non_finite"."""

    def __init__(self, plan: Plan) -> None:
        problem = plan.problem
        assert problem.targets is not None  # a problem without is not trained
        self.plan, self.position = plan, plan.position
        self.train_rows, self.test_rows = split(len(problem.inputs), plan.test_fraction, problem.initializer.seed)
        self.last_batch = self.train_rows[:0]  # of the last update: none yet
        self._middle = middle(problem.targets)
        self._train, self._test = ((problem.inputs[rows], problem.targets[rows]) for rows in (self.train_rows, self.test_rows))
        self._loop = Loop(problem)
        inputs, targets = self._loop.rows(self._train[0]), self._train[1]
        self._batches = Batches(self.train_rows, inputs, targets, plan.batch_size, seed=problem.initializer.seed, shuffle=plan.shuffle)
        self._checkpoint = self.position, self._loop.keep()  # before the last update; before the first while there was none
        self.ended = self._reason()

    # ---- where it is -----------------------------------------------------------------------------------------------

    @property
    def classification(self) -> bool:
        """Whether the targets are classes, so that there is an accuracy."""
        return self._middle is not None

    @property
    def batch_size(self) -> int:
        """Examples of an update; the last of an epoch may have fewer."""
        return self._batches.size

    @property
    def updates_per_epoch(self) -> int:
        return self._batches.per_epoch

    @property
    def updates(self) -> int:
        """Updates made in all, those before the plan's position too."""
        return self._batches.count(self.position)

    @property
    def next_batch(self) -> Rows:
        """The rows that the next update takes."""
        return self._batches.rows(self.position)

    def to_next_epoch(self) -> int:
        """Updates until the end of the running epoch."""
        return self.updates_per_epoch - self.position.batch

    # ---- on --------------------------------------------------------------------------------------------------------

    def advance(self, updates: int) -> None:
        """Make so many updates, fewer where the training ends. What is not finite ends it, as it was before that update."""
        with np.errstate(all="ignore"):
            while updates > 0 and self.ended is None:
                some = min(updates, self.to_next_epoch(), self._allowed())
                updates -= some
                sound = (self.position, self._loop.keep()) if some > 1 else None  # of one update alone the checkpoint is that
                self._make(some)
                if not self._loop.finite():
                    self._stand_where_all_was_finite(sound or self._checkpoint)
                    return
                self.ended = self._reason()

    def _make(self, updates: int) -> None:
        """Updates within the running epoch."""
        first, batches = self.position.batch, self._batches.laid_out(self.position.epoch)
        last = first + updates - 1
        for inputs, targets in batches[first:last]:
            self._loop.update(inputs, targets)
        self._checkpoint = self.position._replace(batch=last), self._loop.keep()
        self.last_batch = self._batches.rows(self._checkpoint[0])
        self._loop.update(*batches[last])
        self.position = self._batches.after(self.position, updates)

    def _stand_where_all_was_finite(self, sound: tuple[Position, Kept]) -> None:
        """All is made again from where it was sound, the same to the bit, and the update before the one that broke once more: its traces are measured."""
        self._go_back(sound)
        finite = None
        while True:
            self._make(1)
            if not self._loop.finite():
                break
            finite = self._checkpoint
        self._go_back(finite or sound)
        if finite:
            self._make(1)
        else:
            self.last_batch, self._loop.last = self.last_batch[:0], ()
        self.ended = "non_finite"

    def _go_back(self, checkpoint: tuple[Position, Kept]) -> None:
        self.position = checkpoint[0]
        self._loop.restore(checkpoint[1])

    def _allowed(self) -> int:
        """Updates that `max_updates` still allows, as far as the end of the epoch is concerned."""
        made = self.updates - self._batches.count(self.plan.position)
        return self.updates_per_epoch if self.plan.max_updates is None else self.plan.max_updates - made

    def _reason(self) -> str | None:
        """Why to end here, if so."""
        plan = self.plan
        if self.position.batch == 0 and self.position != plan.position and (plan.stop_loss is not None or plan.stop_accuracy is not None):
            loss, accuracy = self._rate(self._train)
            if plan.stop_loss is not None and loss <= plan.stop_loss:
                return "loss"
            if plan.stop_accuracy is not None and accuracy is not None and accuracy >= plan.stop_accuracy:
                return "accuracy"
        if self.position.epoch >= plan.epochs:
            return "epochs"
        return "max_updates" if self._allowed() <= 0 else None

    # ---- what there is to see ---------------------------------------------------------------------------------------

    @np.errstate(all="ignore")
    def measures(self) -> Measures:
        """How good it is, and how the last update went."""
        loss, accuracy = self._rate(self._train)
        test_loss, test_accuracy = self._rate(self._test) if len(self.test_rows) else (None, None)
        dz, before, now = self._loop.gradients(), self._loop.named(self._checkpoint[1].memory), self._loop.parameters()
        changes = {name: (before[name], value) for name, value in now.items() if dz and name[0] == "W"}
        return Measures(loss, test_loss, accuracy, test_accuracy, *sizes(dz), ratios(changes))

    def _rate(self, rows: tuple[Array, Array]) -> tuple[float, float | None]:
        """ℒ and accuracy of inputs with their targets."""
        a, y = self.activations(rows[0])[-1], rows[1]
        return float(self.plan.problem.loss.value(a, y)), None if self._middle is None else accuracy(a, y, self._middle)

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
