"""A training as events, each one JSON object: start, progress, end."""

from typing import Any

import numpy as np
import orjson

from ..engine.training import Training
from .quantities import encode
from .surfaces import Surface, histogram, window_of
from .training import Order

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY


class Events:
    """What is told of a training that carries out an order."""

    def __init__(self, order: Order, training: Training) -> None:
        self.order, self.training, self.reports = order, training, order.reports
        r, inputs = order.reports, order.plan.problem.inputs
        self.surface = Surface(window_of(inputs), r.surface, r.units) if r.surface else None

    def start(self) -> bytes:
        """The beginning of a trace's start event, what is trained, and how it does before any update."""
        t, plan = self.training, self.order.plan
        training = {
            "examples": len(t.train_rows),
            "test_examples": len(t.test_rows),
            "test": t.test_rows,
            "updates_per_epoch": t.updates_per_epoch,
            "epochs": plan.epochs,
            "batch_size": t.batch_size,
            "shuffle": plan.shuffle,
            "dataset": self.order.dataset,
            "classification": t.classification,
        }
        fields = {"training": training, **self._place(), **self._losses(), **self._pictures()}
        return self.order.head + b"," + _dumps(fields)[1:]

    def progress(self, seconds: float) -> bytes:
        """A report after `seconds` of computing."""
        return _dumps({"event": "progress", **self._report(seconds, self.reports.parameters, self.reports.state), "finite": True})

    def end(self, seconds: float) -> bytes:
        """The last report, complete, and why it is the last."""
        t = self.training
        return _dumps(
            {
                "event": "end",
                "reason": t.ended,
                **self._report(seconds, parameters=True, state=True),
                "next_batch": t.next_batch,
                "finite": t.ended != "non_finite",
            }
        )

    def _report(self, seconds: float, parameters: bool, state: bool) -> dict[str, Any]:
        t = self.training
        report = {**self._place(), "batch": t.last_batch, **self.training.measures()._asdict()}
        if parameters:
            report["parameters"] = {name: encode(name, value) for name, value in t.parameters().items()}
        if state:
            report["optimizer_state"] = {name: encode(name, value) for name, value in t.optimizer_state().items()}
        return report | self._pictures() | {"seconds": seconds}

    def _place(self) -> dict[str, Any]:
        position = self.training.position
        return {"epoch": position.epoch, "updates": self.training.updates, "position": position._asdict()}

    def _losses(self) -> dict[str, Any]:
        found = self.training.measures()
        return {name: getattr(found, name) for name in ("loss", "test_loss", "accuracy", "test_accuracy")}

    def _pictures(self) -> dict[str, Any]:
        pictures: dict[str, Any] = {}
        if self.surface:
            pictures["surface"] = self.surface.of(self.training)
        if self.reports.bins:
            pictures["histograms"] = {name: histogram(value, self.reports.bins) for name, value in self._distributions().items()}
        return pictures

    def _distributions(self) -> dict[str, Any]:
        """W, a of all training rows, ∂ℒ/∂z of the last batch."""
        t = self.training
        weights = {name: value for name, value in t.parameters().items() if name[0] == "W"}
        with np.errstate(all="ignore"):
            activations = t.activations(self.order.plan.problem.inputs[t.train_rows])
        return weights | {f"a{l}": a for l, a in enumerate(activations, 1)} | t.gradients()


def _dumps(value: Any) -> bytes:
    return orjson.dumps(value, option=_OPTIONS)
