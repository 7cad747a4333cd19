"""An answer of POST /train as figures read it, whoever it comes from: every number is looked at before anything is drawn."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...engine.datasets import DATASETS, DataSet
from ...engine.document import describe
from ...engine.errors import Fault, ProblemError
from ...engine.steps import Array

Numbers = Array  # NaN for null


class Place(NamedTuple):
    """An object within the answer, and where it is."""

    at: str
    has: Mapping[str, Any]

    def inside(self, name: str) -> "Place":
        """One of its fields that is an object too."""
        return Place(f"{self.at}/{name}", mapping(self.has.get(name), f"{self.at}/{name}"))


class Answer:
    """Start and reports. Of two reports on the same update the later one counts, so the end takes the place of the last progress."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.start = Place("/start", mapping(document.get("start"), "/start"))
        self.training = self.start.inside("training")
        told = [] if document.get("progress") is None else document["progress"]
        if not isinstance(told, list):
            raise wrong("/progress", "a list of reports", told)
        reports = [self.start, *(Place(f"/progress/{k}", mapping(report, f"/progress/{k}")) for k, report in enumerate(told))]
        if document.get("end") is not None:
            reports.append(Place("/end", mapping(document["end"], "/end")))
        per_epoch = counted(self.training, "updates_per_epoch") or 1
        counts = [counted(report, "updates") for report in reports]
        self.reports: list[Place] = list(dict(zip(counts, reports, strict=True)).values())
        self.broken = self.reports[-1].has.get("finite") is False
        self.epochs = np.array(list(dict.fromkeys(counts))) / per_epoch

    def column(self, name: str) -> Numbers:
        """One number of every report."""
        return np.array([number(report, name) for report in self.reports])

    def layers(self, name: str, gradient: str) -> dict[int, Numbers]:
        """One object of numbers of every report, such as {"dz1": 0.5}, by layer."""
        objects = [report.inside(name) if report.has.get(name) is not None else Place("", {}) for report in self.reports]
        known = re.compile(rf"{gradient}([1-9][0-9]?)")
        strange = [(item.at, key) for item in objects for key in item.has if not known.fullmatch(key)]
        if strange:
            raise wrong(strange[0][0], f"{gradient} of layers, {gradient}1 and so on", strange[0][1])
        found = sorted({int(key.removeprefix(gradient)) for item in objects for key in item.has})
        return {layer: np.array([number(item, f"{gradient}{layer}") for item in objects]) for layer in found}

    def latest(self, name: str) -> Place:
        """The last of these objects that was reported. ProblemError where none was."""
        for report in self.reports[::-1]:
            if report.has.get(name) is not None:
                return report.inside(name)
        raise ProblemError([Fault(f"{self.reports[-1].at}/{name}", f"expected a report with {name}: ask /train for them")])

    def quantity(self, name: str) -> Numbers | None:
        """A given quantity of two dimensions; None where it is too large to have been sent."""
        quantities = self.start.inside("quantities")
        if quantities.has.get(name) is None or quantities.inside(name).has.get("data") is None:
            return None
        return array(quantities.inside(name), "data", 2)

    def dataset(self) -> DataSet | None:
        """The data set that was learnt, where it is one of ours."""
        if self.training.has.get("dataset") is None:
            return None
        name = self.training.inside("dataset").has.get("name")
        return DATASETS.get(name) if isinstance(name, str) else None

    def tested(self, examples: int) -> NDArray[np.bool_]:
        """For each example whether it was held out."""
        rows = array(self.training, "test", 1).astype(int) if self.training.has.get("test") else np.array([], dtype=int)
        if ((rows < 0) | (rows >= examples)).any():
            raise wrong("/start/training/test", f"row numbers from 0 to {examples - 1}", self.training.has["test"])
        held = np.zeros(examples, dtype=bool)
        held[rows] = True
        return held


def mapping(value: object, at: str) -> Mapping[str, Any]:
    """The object that this must be."""
    if not isinstance(value, Mapping):
        raise wrong(at, "an object", value)
    return value


def number(place: Place, name: str) -> float:
    """A number; NaN for null, and where there is none."""
    value = place.has.get(name)
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(f"{place.at}/{name}", "a number or null", value)
    return float(value)


def counted(place: Place, name: str) -> int:
    """A whole number from 0 on that float64 holds exactly."""
    value = place.has.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise wrong(f"{place.at}/{name}", "a whole number from 0 on", value)
    return value


def array(place: Place, name: str, dimensions: int) -> Numbers:
    """Nested lists of numbers and nulls, of so many dimensions and not empty."""
    value = place.has.get(name)
    try:
        found = np.array(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        found = np.empty(0)
    if found.ndim != dimensions or not found.size:
        raise wrong(f"{place.at}/{name}", f"numbers in lists, {dimensions} deep and all of the same length", value)
    return found


def ends(place: Place, name: str) -> tuple[float, float]:
    """Two numbers, the first below the second."""
    found = array(place, name, 1)
    if found.shape != (2,) or not (found[0] < found[1] and np.isfinite(found[1] - found[0])):
        raise wrong(f"{place.at}/{name}", "two numbers in ascending order", place.has[name])
    return float(found[0]), float(found[1])


def wrong(at: str, expected: str, came: object) -> ProblemError:
    """The fault that something is not what it must be."""
    return ProblemError([Fault(at, f"expected {expected}, got {describe(came)}")])
