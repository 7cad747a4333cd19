"""A training as events, each one JSON object: start, progress, end."""

from typing import Any

import orjson

from ..engine.measures import Measures
from ..engine.training import Training
from ..explain.divergence import divergence, size_of
from .data import names_of
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
            "batch_size": plan.size,
            "shuffle": plan.shuffle,
            "dataset": self.order.dataset,
            **names_of(self.order.dataset),
            "classification": t.classification,
        }
        found = t.measures()
        self.begun = size_of(t, found.loss)
        losses = {name: getattr(found, name) for name in ("loss", "test_loss", "accuracy", "test_accuracy")}
        fields = {"training": training, **self._place(), **losses, **self._pictures()}
        return self.order.head + b"," + _dumps(fields)[1:]

    def progress(self, seconds: float) -> bytes:
        """A report after `seconds` of computing."""
        report = self._report(self.training.measures(), self.reports.parameters, self.reports.state)
        return _dumps({"event": "progress", **report, "finite": True, "seconds": seconds})

    def end(self, seconds: float) -> bytes:
        """The last report, complete, and why it is the last."""
        t = self.training
        found = t.measures()
        finite = t.ended != "non_finite"
        why = {} if finite else divergence(t, self.begun, size_of(t, found.loss))._asdict()
        report = self._report(found, parameters=True, state=True)
        return _dumps({"event": "end", "reason": t.ended, **report, "next_batch": t.next_batch, "finite": finite, **why, "seconds": seconds})

    def _report(self, found: Measures, parameters: bool, state: bool) -> dict[str, Any]:
        report = {**self._place(), "batch": self.training.last_batch, **found._asdict()}
        if parameters:
            report["parameters"] = {name: encode(name, value) for name, value in self.training.parameters().items()}
        if state:
            report["optimizer_state"] = {name: encode(name, value) for name, value in self.training.optimizer_state().items()}
        return report | self._pictures()

    def _place(self) -> dict[str, Any]:
        position = self.training.position
        return {"epoch": position.epoch, "updates": self.training.updates, "position": position._asdict()}

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
        return weights | {f"a{l}": a for l, a in enumerate(t.trained(), 1)} | t.gradients()


def _dumps(value: Any) -> bytes:
    return orjson.dumps(value, option=_OPTIONS)
