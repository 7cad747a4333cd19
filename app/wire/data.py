"""A data set in place of a request's own inputs and targets: `{"name": "spirals", "size": 250, "noise": 0.05, "seed": 1}`."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..engine.datasets import DATASETS, DataSet
from ..engine.document import describe, pointer_to
from ..engine.errors import Fault
from .presets import preset

FIELDS = ("name", "size", "noise", "seed")


def dataset_faults(value: object, at: str) -> Iterator[Fault]:
    """What is wrong with a data set asked for, whatever the network."""
    if not isinstance(value, dict):
        yield Fault(at, f'expected a data set, as {{"name": "spirals", "size": 250}}; got {describe(value)}')
        return
    yield from (Fault(at + pointer_to(name), f"unknown field; a data set has {', '.join(FIELDS)}") for name in value if name not in FIELDS)
    name = value.get("name")
    found = DATASETS.get(name) if isinstance(name, str) else None
    if found is None:
        yield Fault(f"{at}/name", f"expected one of {', '.join(DATASETS)}; got {describe(name)}")
        return
    yield from (Fault(at + fault.pointer, fault.detail) for fault in found.faults(**_arguments(value)))


def with_data(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None, list[Fault]]:
    """The document with the rows of its data set as inputs and targets, the data set with every default, and what does not fit."""
    asked = document.get("dataset")
    if asked is None:
        return dict(document), None, []
    if list(dataset_faults(asked, "")):
        return dict(document), None, []  # which are told by who asked for them
    if document.get("inputs") is not None or document.get("targets") is not None:
        return dict(document), None, [Fault("/dataset", "expected a data set or inputs and targets, got both")]
    of, arguments = DATASETS[asked["name"]], _arguments(asked)
    inputs, targets = of.make(**arguments)
    resolved = {"name": of.name, **of.settled(**arguments)}
    base = preset(document["preset"]) if isinstance(document.get("preset"), str) else None
    settled = {**(base["problem"] if base else {}), **document}
    outputs, where = _outputs(settled.get("layers"))
    widths = {of.outputs, len(of.class_names) or 1}
    misfit = [Fault(where, f"expected {_or(widths)} in the last layer for {of.name}, got {outputs}")] if outputs and outputs not in widths else []
    loss = settled.get("loss")
    by_index = (loss.get("name") if isinstance(loss, dict) else loss) == "cross_entropy"
    return {**document, "inputs": inputs, "targets": _targets(of, targets, outputs, by_index)}, resolved, misfit


def names_of(resolved: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the inputs and classes of a data set are called; null where there are none, or none is said."""
    of = DATASETS[resolved["name"]] if resolved else None
    return {"input_names": of and of.input_names, "class_names": (of and of.class_names) or None}


def _arguments(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"size": asked.get("size"), "noise": asked.get("noise"), "seed": 0 if asked.get("seed") is None else asked["seed"]}


def _targets(of: DataSet, targets: Any, outputs: int, by_index: bool) -> Any:
    """Classes as this network has them: one output that is 0 or 1, the index where the loss takes it, else one-hot."""
    if of.task == "regression":
        return targets
    if len(of.class_names) == 2 and outputs != 2:
        return targets.reshape(-1, 1).astype(np.float64)
    return targets if by_index else np.eye(len(of.class_names))[targets]


def _outputs(layers: object) -> tuple[int, str]:
    """How many units the last layer has, as far as can be seen, and where that is said; 0 where it cannot."""
    last = layers[-1] if isinstance(layers, list) and layers else None
    if not isinstance(last, dict):
        return 0, ""
    weights, units = last.get("weights"), last.get("units")
    if isinstance(weights, dict):
        weights = weights.get("data")
    at = pointer_to("layers", len(layers) - 1, "units" if weights is None else "weights")  # type: ignore[arg-type]  # a list, as seen above
    count = len(weights) if isinstance(weights, list) else units
    return (count, at) if isinstance(count, int) and not isinstance(count, bool) else (0, at)


def _or(widths: set[int]) -> str:
    return " or ".join(map(str, sorted(widths))) + (" unit" if widths == {1} else " units")
