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
TABLE_REQUEST = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": _TEXT, "examples": {"two columns": {"value": "hours,passed\n1,no\n2.5,no\n4,yes\n"}}},
            **{kind: {"schema": _TEXT} for kind in TEXTS[1:]},
            OCTETS: _BINARY,
            JSON: {
                "schema": {"type": ["array", "object"], "description": "a list of objects, a list of lists, or inputs and targets"},
                "examples": {
                    "objects": {"value": [{"hours": 1, "passed": "no"}, {"hours": 4, "passed": "yes"}]},
                    "apart": {"value": {"inputs": [[0, 0], [0, 1]], "targets": [[0], [1]]}},
                },
            },
        },
    }
}
_STRINGS = _list(_TEXT)
_COLUMN = _object(
    name=_TEXT,
    kind={"enum": ["number", "label"]},
    labels={"type": ["array", "null"], "items": _TEXT, "description": "in the order of appearance, the first hundred"},
    minimum={"type": ["number", "null"]},
    maximum={"type": ["number", "null"]},
    distinct={**INDEX, "description": "how many different numbers or labels"},
    missing={**INDEX, "description": "cells where nothing stands"},
    use={"enum": ["input", "target", "left out"]},
)
_NUMBERS = _list(_list({"type": "number"}))
_TABLE = _object(
    format={"enum": ["csv", "json"]},
    encoding={"enum": ["utf-8", "utf-16", "latin-1"]},
    delimiter={"enum": [",", ";", "|", "tab", None]},
    decimal={"enum": [".", ","]},
    header={"type": "boolean"},
    rows=INDEX,
    columns=_list(_COLUMN),
    inputs={"anyOf": [_NUMBERS, {"type": "null"}], "description": "N × n; null where only the columns were asked for"},
    targets={"anyOf": [_NUMBERS, _list(INDEX), {"type": "null"}], "description": "N × m, or class indices for one column of labels"},
    input_names=_STRINGS,
    output_names={**_STRINGS, "description": "one for each unit of the last layer"},
    suggested_loss={"enum": ["squared_error", "binary_cross_entropy", "cross_entropy", None]},
    notes=_STRINGS,
)
TABLE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The columns, and the data that they give", "content": {JSON: {"schema": _TABLE}}},
    **faults(400, 413, 415, 422, 503),
}
