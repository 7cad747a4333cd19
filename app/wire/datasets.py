"""Data sets as the API tells of them, and one of them as numbers."""

from typing import Any

import orjson

from ..engine.datasets import DATASETS, DataSet
from ..engine.errors import ProblemError
from .faults import RequestError, of_problem


def summaries() -> list[dict[str, Any]]:
    """What a menu needs: names, sizes and ranges."""
    return [_summary(it) for it in DATASETS.values()]


def listing() -> list[dict[str, Any]]:
    """All that is said of each."""
    return [{**_summary(it), **_names(it)} for it in DATASETS.values()]


def dataset_job(name: str, size: int | None, noise: float | None, seed: int, at_most: int | None = None) -> list[bytes] | RequestError:
    """One that there is, with its rows in place of their widths, or what is wrong with asking for it so. For `Compute`: it is always light."""
    it = DATASETS[name]
    try:
        inputs, targets = it.make(size, noise, seed)
    except ProblemError as error:
        return of_problem(error)
    said = {**_summary(it), **_names(it), **it.settled(size, noise, seed), "inputs": inputs, "targets": targets}
    return [orjson.dumps(said, option=orjson.OPT_SERIALIZE_NUMPY)]


def _summary(it: DataSet) -> dict[str, Any]:
    return {
        "name": it.name,
        "title": it.title,
        "description": it.description,
        "task": it.task,
        "inputs": len(it.input_names),
        "outputs": it.outputs,
        "classes": len(it.class_names) or None,
        "image": it.image,
        "size": it.size._asdict(),
        "noise": it.noise._asdict() if it.noise else None,
    }


def _names(it: DataSet) -> dict[str, Any]:
    return {"source": it.source, "input_names": it.input_names, "class_names": it.class_names or None}
