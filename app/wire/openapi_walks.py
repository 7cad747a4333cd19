"""The OpenAPI description of GET /walks."""

from typing import Any

from .formats import JSON
from .openapi import FORMULA, faults

TARGET_PATTERN = "^(W|b|Theta)[1-9][0-9]?$"
_USING: dict[str, Any] = {
    "type": ["object", "null"],
    "description": "the easy derivative that leads here; null for the first. written: as it stands in the product, where that is transposed",
    "required": ["id", "latex", "mathml", "label"],
    "properties": {
        "id": {"type": ["string", "null"], "description": "the quantity of a trace that it is; null: it is 1, or either of two"},
        **FORMULA["properties"],
        "label": {"const": "easy"},
        "written": FORMULA,
    },
}
_LINK = {"type": "object", "required": ["id", "symbol", "using"], "properties": {"id": {"type": "string"}, "symbol": FORMULA, "using": _USING}}
_WALK = {
    "type": "object",
    "required": ["target", "ids", "links", "latex", "mathml", "local_derivatives"],
    "properties": {
        "target": {"type": "string", "pattern": TARGET_PATTERN},
        "ids": {
            "type": "array",
            "items": {"type": "string"},
            "description": "gradients in their order, quantities of a trace; dTheta1 stands for dW1 and db1",
            "examples": [["da2", "dz2", "da1", "dz1", "dW1"]],
        },
        "links": {"type": "array", "items": _LINK},
        **FORMULA["properties"],
        "local_derivatives": {"type": "integer", "minimum": 2},
    },
}
COUNTS: dict[str, Any] = {
    "type": "array",
    "description": "the local derivatives that all Θ of a network take: each used again (3L − 1), or every walk from scratch (L(L + 1))",
    "items": {
        "type": "object",
        "required": ["layers", "with_reuse", "from_scratch"],
        "properties": {"layers": {"type": "integer"}, "with_reuse": {"type": "integer"}, "from_scratch": {"type": "integer"}},
    },
}
WALKS_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One walk, or those to all Θ, the last layer's first",
        "content": {
            JSON: {
                "schema": {
                    "type": "object",
                    "required": ["layers", "convention", "walks", "counts"],
                    "properties": {
                        "layers": {"type": "integer"},
                        "convention": {"enum": ["row", "column"]},
                        "walks": {"type": "array", "items": _WALK},
                        "counts": COUNTS,
                    },
                }
            }
        },
    },
    **faults(422, 503),
}
