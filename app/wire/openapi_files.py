"""The OpenAPI description of POST /import and POST /table."""

from typing import Any

from .formats import JSON
from .openapi import INDEX, LAYER, PROBLEM, faults

OCTETS = "application/octet-stream"
TEXTS = ("text/csv", "text/tab-separated-values", "text/plain")
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


_TEXT = {"type": "string"}
IMPORT_REQUEST = {
    "requestBody": {
        "required": True,
        "content": {
            OCTETS: _BINARY,
            JSON: {
                "schema": {"type": ["object", "array"], "description": "arrays by name, lists of weights and biases, a list of layers, a problem, a trace"},
                "examples": {
                    "a state_dict": {"value": {"0.weight": [[1, 0.5], [-1, 2], [0, 1]], "0.bias": [0, 0, 1], "2.weight": [[1, -1, 1]], "2.bias": [0]}},
                    "lists": {"value": {"weights": [[[1, 0.5], [-1, 2]], [[1, -1]]], "biases": [[0, 0], [0]]}},
                    "layers": {"value": [{"weights": [[1, 0.5]], "bias": [0], "activation": "relu"}]},
                },
            },
        },
    }
}
_ARRAY = _object(
    name=_TEXT,
    shape=_list(INDEX),
    dtype=_TEXT,
    use={"enum": ["weights", "bias", "left out"]},
    layer={"type": ["integer", "null"], "minimum": 1},
    transposed={"type": "boolean", "description": "the file has it as inputs × units"},
    text={**_TEXT, "description": "what was done with it, in words"},
)
_IMPORTED = _object(
    format={"enum": ["pytorch", "safetensors", "json", "problem", "trace"]},
    sizes=_list(INDEX, description="n_0 … n_L"),
    layers=_list(LAYER, description="ready to be the layers of a problem"),
    tensors=_list(_ARRAY, description="every array of the file"),
    notes=_list(_TEXT, description="what was assumed"),
    problem={"anyOf": [PROBLEM, {"type": "null"}], "description": "the problem as it came, where the file holds one"},
)
IMPORT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The layers, and what each array of the file was taken for", "content": {JSON: {"schema": _IMPORTED}}},
    **faults(400, 413, 415, 422, 503),
}
