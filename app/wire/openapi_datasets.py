"""The OpenAPI description of GET /datasets."""

from typing import Any

from ..engine.datasets import DATASETS
from ..engine.initializers import SEEDS
from .formats import JSON
from .openapi import ROWS, faults

_NOISES = [it.noise for it in DATASETS.values() if it.noise]
SIZE = {"minimum": min(it.size.minimum for it in DATASETS.values()), "maximum": max(it.size.maximum for it in DATASETS.values())}
NOISE = {"minimum": min(it.minimum for it in _NOISES), "maximum": max(it.maximum for it in _NOISES)}
SEED = {"minimum": 0, "maximum": SEEDS - 1}

_NAMES = {"type": "array", "items": {"type": "string"}}
_WORDS: dict[str, Any] = {
    "name": {"enum": list(DATASETS)},
    "title": {"type": "string"},
    "description": {"type": "string"},
    "source": {"type": ["string", "null"]},
    "task": {"enum": ["classification", "regression"]},
    "outputs": {"type": "integer", "minimum": 1, "description": "units of a last layer that fits: one for a number or for two classes, else one a class"},
    "classes": {"type": ["integer", "null"]},
    "image": {"type": ["array", "null"], "items": {"type": "integer"}, "description": "rows and columns, where the inputs are a picture"},
    "input_names": _NAMES,
    "class_names": {**_NAMES, "type": ["array", "null"]},
}


def _range(kind: str) -> dict[str, Any]:
    names = ("default", "minimum", "maximum")
    return {"type": "object", "required": list(names), "properties": {name: {"type": kind} for name in names}}


_LISTED = {
    **_WORDS,
    "inputs": {"type": "integer", "minimum": 1},
    "size": _range("integer"),
    "noise": {"anyOf": [_range("number"), {"type": "null"}], "description": "null: measured, so there is none to add"},
}
_WHOLE = {
    **_WORDS,
    "size": {"type": "integer"},
    "noise": {"type": ["number", "null"]},
    "seed": {"type": "integer"},
    "inputs": ROWS,
    "targets": {"anyOf": [{"type": "array", "items": {"type": "integer", "minimum": 0}}, ROWS], "description": "class indices, or rows of numbers"},
}


def _answer(description: str, schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {JSON: {"schema": schema}}}}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


DATASETS_RESPONSES = _answer("All of them", _object({"datasets": {"type": "array", "items": _object(_LISTED)}}))
DATASET_RESPONSES = _answer("With what was asked for, and all rows", _object(_WHOLE)) | faults(404, 422, 503)
