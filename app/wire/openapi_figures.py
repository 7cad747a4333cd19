"""The OpenAPI description of POST /figures/{kind}."""

from typing import Any

from .formats import JSON
from .openapi import faults
from .openapi_training import TRAIN_REQUEST

_TRAINING = TRAIN_REQUEST["requestBody"]["content"][JSON]
_EVENTS = {"type": ["array", "null"], "items": {"type": "object"}}
_ANSWER = {
    "type": "object",
    "required": ["start"],
    "properties": {"start": {"type": "object"}, "progress": _EVENTS, "end": {"type": ["object", "null"]}},
    "description": "what /train has answered, or as much of it as there is; it is drawn as it is",
}
FIGURE_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": {"anyOf": [_TRAINING["schema"], _ANSWER]}, "examples": {"moons": _TRAINING["examples"]["moons"]}}},
    }
}
_FIGURE = {
    "type": "object",
    "required": ["data", "layout"],
    "properties": {"data": {"type": "array", "items": {"type": "object"}}, "layout": {"type": "object"}},
}
FIGURE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The figure, colours included", "content": {JSON: {"schema": _FIGURE}}},
    **faults(400, 404, 413, 415, 422, 429, 503),
}
