"""The parts of the OpenAPI document that FastAPI cannot infer: bodies that are read by `engine.document`, and the three formats."""

from typing import Any

from ..engine.activations import ACTIVATIONS
from ..engine.initializers import INITIALIZERS
from ..engine.losses import LOSSES
from ..engine.optimizers import OPTIMIZERS
from .faults import MEDIA_TYPE, TITLES
from .formats import JSON, NDJSON, SSE

ROWS = {"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 1, "items": {"type": "number"}}}
ROW = {"type": "array", "minItems": 1, "items": {"type": "number"}}


def _named(registry: dict[str, Any]) -> dict[str, Any]:
    """A name from a registry, or an object with the name and parameters."""
    names = {"type": "string", "enum": list(registry)}
    return {"anyOf": [names, {"type": "object", "properties": {"name": names}, "required": ["name"]}]}


PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A network, a batch, a loss and perhaps an optimizer; or a preset with fields to override.",
    "properties": {
        "preset": {"type": "string"},
        "layers": {
            "type": "array",
            "minItems": 1,
            "maxItems": 64,
            "items": {
                "type": "object",
                "required": ["activation"],
                "properties": {
                    "units": {"type": "integer", "minimum": 1},
                    "weights": ROWS,
                    "bias": {"anyOf": [ROW, {"type": "boolean", "enum": [False]}]},
                    "activation": _named(ACTIVATIONS),
                },
            },
        },
        "loss": _named(LOSSES),
        "inputs": ROWS,
        "targets": {"anyOf": [ROWS, {"type": "array", "items": {"type": "integer", "minimum": 0}}, {"type": "null"}]},
        "initializer": _named(INITIALIZERS),
        "optimizer": {"anyOf": [_named(OPTIMIZERS), {"type": "null"}]},
        "parameters": {"type": "object", "description": "W1, b1 … in place of those of the layers"},
        "optimizer_state": {"type": "object", "description": "W1_m, W1_v … and t, the number of updates made so far"},
    },
}
EXAMPLE = {
    "layers": [
        {"weights": [[0.15, 0.20], [0.25, 0.30]], "bias": [0.35, 0.35], "activation": "sigmoid"},
        {"weights": [[0.40, 0.45], [0.50, 0.55]], "bias": [0.60, 0.60], "activation": "sigmoid"},
    ],
    "loss": {"name": "squared_error", "scale": 0.5},
    "inputs": [[0.05, 0.10]],
    "targets": [[0.01, 0.99]],
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
}
TRACE_REQUEST = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": PROBLEM, "examples": {"two-layer": {"value": EXAMPLE}, "by preset": {"value": {"preset": "two-layer"}}}}},
    }
}
_TRACE = {
    "type": "object",
    "required": ["start", "steps", "end"],
    "properties": {"start": {"type": "object"}, "steps": {"type": "array", "items": {"type": "object"}}, "end": {"type": "object"}},
}
FAULT = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object", "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}}}},
    },
}


def faults(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Error answers, for a route's `responses`."""
    return {status: {"description": TITLES[status], "content": {MEDIA_TYPE: {"schema": FAULT}}} for status in statuses}


TRACE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Start, every step, end",
        "content": {JSON: {"schema": _TRACE}, NDJSON: {"schema": {"type": "string"}}, SSE: {"schema": {"type": "string"}}},
    },
    **faults(400, 406, 413, 415, 422, 503),
}
