"""The OpenAPI description of POST /gradient-check."""

from typing import Any, get_args

from ..engine.gradient_check import SHOWN
from ..engine.judge import EPSILON, Verdict
from .asked import LEAST, MOST
from .checks import FLOOR, SAMPLE
from .formats import JSON
from .openapi import INDEX, NUMBER, faults, with_fields

_ENTRY = {"type": "array", "maxItems": 2, "items": INDEX}
_EPSILON = {"type": ["number", "null"], "maximum": MOST}
_PROBE_REQUEST = {
    "type": ["object", "null"],
    "description": "one number of the network to move; dW1 means the same as W1",
    "required": ["quantity", "entry"],
    "properties": {
        "quantity": {"type": "string", "pattern": "^d?(a0|[Wbza][1-9][0-9]?)$"},
        "entry": {**_ENTRY, "minItems": 1},
        "epsilon": {**_EPSILON, "exclusiveMinimum": 0, "description": "by how much it is moved; that of the check unless given"},
    },
    "additionalProperties": False,
}
_QUANTITIES = {
    "type": ["array", "null"],
    "items": {"type": "string"},
    "description": "ids of the gradients to check, as dW1; all unless given, none for []",
}
CHECK_REQUEST = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": with_fields(
                    [], epsilon={**_EPSILON, "minimum": LEAST, "default": EPSILON}, quantities=_QUANTITIES, probe=_PROBE_REQUEST
                ),
                "examples": {
                    "two-layer": {"value": {"preset": "two-layer"}},
                    "one weight": {"value": {"preset": "two-layer", "quantities": [], "probe": {"quantity": "W1", "entry": [0, 1], "epsilon": 1e-4}}},
                },
            }
        },
    }
}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_BOOLEAN = {"type": "boolean"}
_AGREEMENT = _object(
    agrees=_BOOLEAN,
    max_abs={**NUMBER, "description": "the largest difference between gradient and quotient; kinks do not count"},
    max_rel={**NUMBER, "description": "the same entry's difference over the larger of the two"},
    at={**_ENTRY, "description": "that entry"},
    kinks={**INDEX, "description": "entries where ℒ has a slope to the left and another to the right; no error"},
    checked={**INDEX, "description": f"entries checked: all, or a sample of {SAMPLE} at most, fewer of a large network ({FLOOR} at least)"},
    of={**INDEX, "description": "entries there are"},
    comparable={**_BOOLEAN, "description": "false: nothing speaks against it but numbers that are not finite"},
    refined={**INDEX, "description": "entries that ε was too coarse for and that agree at a finer step"},
    kinks_at={"type": "array", "maxItems": SHOWN, "items": _ENTRY, "description": f"the first {SHOWN} kinks"},
)
_PROBE = _object(
    quantity={"type": "string"},
    entry=_ENTRY,
    value={**NUMBER, "description": "v"},
    epsilon={"type": "number", "description": "ε"},
    loss={**NUMBER, "description": "ℒ(v)"},
    loss_plus={**NUMBER, "description": "ℒ(v + ε)"},
    loss_minus={**NUMBER, "description": "ℒ(v − ε)"},
    quotient={**NUMBER, "description": "(loss_plus − loss_minus) / 2ε"},
    gradient={**NUMBER, "description": "∂ℒ/∂v by backpropagation"},
    difference={**NUMBER, "description": "|quotient − gradient|"},
    verdict={"enum": list(get_args(Verdict)), "description": "of a check of this entry at the request's epsilon, not at the probe's"},
    sweep={
        "type": "array",
        "items": _object(epsilon={"type": "number"}, quotient=NUMBER, difference=NUMBER),
        "description": "from ε = 0.1 down to 1e-12, two a decade; empty where that would be too much work",
    },
)
_CHECK = _object(
    agrees={"type": ["boolean", "null"], "description": "whether all checked gradients agree; null where none was asked for"},
    epsilon={"type": "number"},
    loss=NUMBER,
    quantities={"type": "object", "additionalProperties": _AGREEMENT, "description": "by the id of the gradient, in the order of the derivation"},
)
_CHECK["properties"]["probe"] = _PROBE
CHECK_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "How every gradient compares with its difference quotient", "content": {JSON: {"schema": _CHECK}}},
    **faults(400, 413, 415, 422, 503),
}
