"""The parts of the OpenAPI document that FastAPI cannot infer: bodies that are read by `engine.document`, and the three formats."""

from collections.abc import Mapping
from typing import Any

from ..engine.activations import ACTIVATIONS
from ..engine.document import NAME
from ..engine.edits import MOST as EDITS
from ..engine.initializers import INITIALIZERS, SEEDS
from ..engine.limits import LAYERS
from ..engine.losses import LOSSES
from ..engine.optimizers import OPTIMIZERS
from ..engine.parameters import Parameter, Parametrised, parameters_of
from .faults import MEDIA_TYPE, TITLES
from .formats import JSON, NDJSON, SSE


def _quantity(data: dict[str, Any]) -> dict[str, Any]:
    """An array, bare or as the quantity of an earlier answer."""
    return {"anyOf": [data, {"type": "object", "required": ["data"], "properties": {"data": data}}]}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [*schema.get("anyOf", [schema]), {"type": "null"}]}


def _parameter(it: Parameter) -> dict[str, Any]:
    """What a parameter may be, as JSON Schema."""
    if it.choices:
        return {"enum": list(it.choices), "default": it.default}
    if isinstance(it.default, bool):
        return {"type": "boolean", "default": it.default}
    bounds = {"minimum": it.minimum, "maximum": it.maximum, "exclusiveMinimum": it.above, "exclusiveMaximum": it.below}
    return {"type": "number", **{key: bound for key, bound in bounds.items() if bound is not None}, "default": it.default}


def _named(registry: Mapping[str, type[Parametrised]], **more: dict[str, Any]) -> dict[str, Any]:
    """A name from a registry, or an object with the name and parameters."""
    objects = [
        {
            "type": "object",
            "title": name,
            "required": ["name"],
            "properties": {"name": {"const": name}, **{it.name: _parameter(it) for it in parameters_of(kind)}, **more},
            "additionalProperties": False,
        }
        for name, kind in registry.items()
    ]
    return {"anyOf": [{"type": "string", "enum": list(registry)}, *objects]}


ROW = {"type": "array", "minItems": 1, "items": {"type": "number"}}
ROWS = {"type": "array", "minItems": 1, "items": ROW}
LAYER = {
    "type": "object",
    "required": ["activation"],
    "properties": {
        "name": {"type": ["string", "null"], "minLength": 1, "maxLength": NAME, "description": "handed on, of no meaning"},
        "units": {"type": ["integer", "null"], "minimum": 1},
        "weights": _or_null(_quantity(ROWS)),
        "bias": {"anyOf": [*_or_null(_quantity(ROW))["anyOf"], {"const": False}], "description": "false: no bias at all"},
        "activation": _named(ACTIVATIONS),
    },
    "additionalProperties": False,
}
ARRAYS = {"type": ["object", "null"], "additionalProperties": _quantity({"anyOf": [ROWS, ROW, {"type": "number"}]})}
EDIT = {
    "type": "object",
    "required": ["quantity", "entry", "value"],
    "properties": {
        "quantity": {"type": "string", "description": "a0, y, W1, b1 …"},
        "entry": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "integer", "minimum": 0}},
        "value": {"type": "number"},
    },
    "additionalProperties": False,
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A network, a batch, a loss and perhaps an optimizer; or a preset with fields to override.",
    "properties": {
        "preset": {"type": "string", "description": "stands for that preset's problem; the other fields override it, each as a whole"},
        "layers": {"type": "array", "minItems": 1, "maxItems": LAYERS, "items": LAYER},
        "loss": _named(LOSSES),
        "inputs": _quantity(ROWS),
        "targets": _or_null({"anyOf": [*_quantity(ROWS)["anyOf"], {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 0}}]}),
        "initializer": _or_null(_named(INITIALIZERS, seed={"type": "integer", "minimum": 0, "maximum": SEEDS - 1, "default": 0})),
        "optimizer": _or_null(_named(OPTIMIZERS)),
        "parameters": {**ARRAYS, "description": "W1, b1 … in place of those of the layers"},
        "optimizer_state": {**ARRAYS, "description": "W1_m, W1_v … and t, the number of updates made so far"},
        "keep": {**ARRAYS, "description": "W1, b1 … of any size: laid over weights that are drawn and biases that are absent, as far as they fit"},
        "edits": {"type": ["array", "null"], "items": EDIT, "maxItems": EDITS, "description": "single numbers put in last, in place of others"},
    },
    "anyOf": [{"required": ["preset"]}, {"required": ["layers", "inputs"]}],
    "additionalProperties": False,
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
FORMULA: dict[str, Any] = {"type": "object", "required": ["latex", "mathml"], "properties": {"latex": {"type": "string"}, "mathml": {"type": "string"}}}
INDEX_FORM: dict[str, Any] = {
    "type": "object",
    "description": "of ∂ℒ/∂W and ∂ℒ/∂b: the sum over every k in which only k = i is not zero, what its local derivative is, and why",
    "required": ["latex", "mathml", "local", "rule", "explanation"],
    "properties": {
        **FORMULA["properties"],
        "local": FORMULA,
        "rule": {
            "type": "object",
            "description": "einsum over quantities; the operand identity is δ, the identity matrix of so many rows as the field identity says, and is not sent",
            "required": ["einsum", "operands", "identity"],
            "properties": {
                "einsum": {"type": "string", "examples": ["nk,ki,nj->ij"]},
                "operands": {"type": "array", "items": {"type": "string"}, "examples": [["dz1", "identity", "a0"]]},
                "identity": {"type": "integer", "minimum": 1},
            },
        },
        "explanation": {"type": "string"},
    },
}
_TRACE = {
    "type": "object",
    "required": ["start", "steps", "end"],
    "properties": {
        "start": {
            "type": "object",
            "description": "sizes, the resolved problem, every given quantity; convention; theta: Θ of every layer, for W or b; words: a name for the rest",
        },
        "steps": {"type": "array", "items": {"type": "object", "properties": {"index_form": INDEX_FORM}}},
        "end": {"type": "object"},
    },
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


def with_fields(required: list[str], **more: dict[str, Any]) -> dict[str, Any]:
    """A problem with more fields."""
    return {**PROBLEM, "required": required, "properties": {**PROBLEM["properties"], **more}}


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
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "As it was when the ETag was given"}}

INDEX = {"type": "integer", "minimum": 0}
NUMBER = {"type": ["number", "null"], "description": "null where it is not finite"}
NODE = {
    "type": "object",
    "required": ["quantity", "entry"],
    "properties": {"quantity": {"type": "string"}, "entry": {"type": "array", "items": INDEX}},
}
