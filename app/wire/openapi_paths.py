"""The OpenAPI description of POST /paths."""

from typing import Any

from .formats import JSON
from .openapi import INDEX, NODE, NUMBER, faults, with_fields

PATHS_REQUEST = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": with_fields(
                    ["target"],
                    target={
                        "type": "object",
                        "description": "one weight or bias; dW1 means the same as W1",
                        "required": ["quantity", "entry"],
                        "properties": {
                            "quantity": {"type": "string", "pattern": "^d?[Wb][1-9][0-9]?$"},
                            "entry": {"type": "array", "minItems": 1, "maxItems": 2, "items": INDEX},
                        },
                        "additionalProperties": False,
                    },
                    example={**INDEX, "type": ["integer", "null"], "description": "the paths of one example; null: of the whole batch"},
                    max_paths={**INDEX, "type": ["integer", "null"], "description": "how many to list, the largest first; limits are in the catalog"},
                ),
                "examples": {"two-layer": {"value": {"preset": "two-layer", "target": {"quantity": "W1", "entry": [0, 0]}}}},
            }
        },
    }
}
_FACTOR = {
    "type": "object",
    "description": "the derivative of one node by the next, and the entry where its number stands; quantity null: it is 1 and stands nowhere",
    "required": ["quantity", "entry", "value", "of", "by"],
    "properties": {
        "quantity": {"type": ["string", "null"]},
        "entry": {"type": "array", "items": INDEX},
        "value": NUMBER,
        "of": {"type": "string"},
        "by": {"type": "string"},
    },
}
_PATH = {
    "type": "object",
    "required": ["example", "nodes", "factors", "product", "share"],
    "properties": {
        "example": INDEX,
        "nodes": {"type": "array", "items": NODE},
        "factors": {"type": "array", "items": _FACTOR},
        "product": NUMBER,
        "share": {"type": ["number", "null"], "description": "product / sum"},
    },
}
_COUNT = {"type": ["number", "null"], "minimum": 0, "description": "exact up to 2^53, the nearest float64 above, null beyond float64"}
_PATHS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "target": NODE,
        "example": {"type": ["integer", "null"]},
        "gradient": {**NUMBER, "description": "the target's gradient by backpropagation"},
        "contribution": {**NUMBER, "description": "what of it the asked examples contribute, by backpropagation"},
        "sum": {**NUMBER, "description": "of all products: added up where all are listed, else listed_sum + remainder"},
        "count": _COUNT,
        "count_text": {"type": "string", "pattern": "^[0-9]+$"},
        "listed": INDEX,
        "listed_sum": NUMBER,
        "left_out": _COUNT,
        "left_out_text": {"type": "string", "pattern": "^[0-9]+$"},
        "remainder": {**NUMBER, "description": "the sum of what is left out: contribution − listed_sum"},
        "chain": {"type": "array", "items": {"type": "object"}, "description": "the symbol of each factor, the same for all paths"},
        "paths": {"type": "array", "items": _PATH},
    },
}
_PATHS["required"] = list(_PATHS["properties"])
PATHS_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The paths with the largest products, and what all of them sum to", "content": {JSON: {"schema": _PATHS}}},
    **faults(400, 413, 415, 422, 503),
}
