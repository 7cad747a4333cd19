"""The OpenAPI description of POST /train."""

from typing import Any

from ..engine.datasets import DATASETS
from ..engine.training import Plan
from .formats import JSON, NDJSON, SSE
from .openapi import INDEX, NUMBER, faults, with_fields
from .openapi_datasets import NOISE, SEED, SIZE
from .training import COLLECTED, SMALL
from .training_fields import BINS, EPOCHS, INCLUDED, RESOLUTION, UNITS, USUAL


def _whole(description: str, least: int = 1, most: int | None = None, **more: Any) -> dict[str, Any]:
    bounds = {"minimum": least} | ({} if most is None else {"maximum": most})
    return {"type": ["integer", "null"], **bounds, **more, "description": description}


def _object(description: str, required: tuple[str, ...] = (), **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": ["object", "null"], "required": list(required), "properties": properties, "additionalProperties": False, "description": description}


_SCHEMA = with_fields(
    [],
    dataset=_object(
        "in place of inputs and targets; what there is stands in the catalog",
        ("name",),
        name={"enum": list(DATASETS)},
        size=_whole("how many examples", SIZE["minimum"], SIZE["maximum"]),
        noise={"type": ["number", "null"], **NOISE},
        seed={"type": ["integer", "null"], **SEED, "default": 0},
    ),
    epochs=_whole("how many are to have happened in the end, those before `position` too", 1, EPOCHS, default=Plan.epochs),
    batch_size=_whole("null: all examples to train on"),
    shuffle={
        "type": ["boolean", "null"],
        "default": True,
        "description": "epoch e takes the examples in the order of default_rng([seed, e]), the initializer's seed",
    },
    test_fraction={"type": ["number", "null"], "minimum": 0, "exclusiveMaximum": 1, "default": 0, "description": "the share of the examples that is held out"},
    stop=_object(
        "end earlier, at the end of an epoch",
        loss={"type": ["number", "null"], "description": "at most this"},
        accuracy={"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "at least this"},
    ),
    max_updates=_whole("in this request; 0 only tells what the next update would be", 0),
    position=_object(
        "where an earlier answer ended",
        ("epoch", "batch"),
        epoch={**INDEX, "description": "epochs completed"},
        batch={**INDEX, "description": "batches of this epoch done"},
    ),
    report_every=_whole(f"epochs; null: as often as somebody can watch, in one document {COLLECTED} times in all"),
    surface=_object(
        "the outputs over a window of one or two inputs, in every report",
        resolution=_whole("points along an axis", *RESOLUTION, default=USUAL["resolution"]),
        units=_whole("the same for a small picture of every hidden unit; 0: none", *UNITS, default=USUAL["units"]),
    ),
    histograms=_object("of weights, activations and ∂ℒ/∂z, in every report", bins=_whole("of each", *BINS, default=USUAL["bins"])),
    include={
        "type": ["array", "null"],
        "items": {"enum": list(INCLUDED)},
        "description": f"what is in every report, not in the last one only; up to {SMALL} parameters are in any case",
    },
)
_SCHEMA["anyOf"] = [*_SCHEMA["anyOf"], {"required": ["layers", "dataset"]}]
TRAIN_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": _SCHEMA,
                "examples": {
                    "moons": {
                        "value": {
                            "layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
                            "loss": "binary_cross_entropy",
                            "optimizer": {"name": "adam", "learning_rate": 0.03},
                            "dataset": {"name": "moons"},
                            "batch_size": 25,
                            "epochs": 20,
                            "test_fraction": 0.2,
                        }
                    },
                    "by preset": {"value": {"preset": "xor", "epochs": 50, "stop": {"loss": 0.01}}},
                },
            }
        },
    }
}
_COUNTS = {"type": "object", "additionalProperties": NUMBER}
_SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "null where targets are no classes, or nothing is held out"}
_PLACE: dict[str, Any] = {
    "epoch": {**INDEX, "description": "epochs completed"},
    "updates": {**INDEX, "description": "made in all"},
    "position": {"type": "object", "required": ["epoch", "batch"], "properties": {"epoch": INDEX, "batch": INDEX}, "description": "what the next update is"},
    "loss": {**NUMBER, "description": "ℒ of all examples to train on"},
    "test_loss": {**NUMBER, "description": "of those held out"},
    "accuracy": _SHARE,
    "test_accuracy": _SHARE,
}
_QUANTITIES = {"type": "object", "additionalProperties": {"type": "object"}}
_REPORT = {
    **_PLACE,
    "batch": {"type": "array", "items": INDEX, "description": "rows of inputs in the last update"},
    "gradient_norms": {**_COUNTS, "description": "‖∂ℒ/∂z‖ of each layer in the last update"},
    "gradient_rms": {**_COUNTS, "description": "the same as root mean square: widths compare"},
    "update_ratios": {**_COUNTS, "description": "‖ΔW‖ / ‖W‖ of the last update"},
    "parameters": _QUANTITIES,
    "optimizer_state": _QUANTITIES,
    "surface": {
        "type": "object",
        "description": "a quantity, rounded: rows are the second input ascending, columns the first, x and y their ends; units: the same of hidden ones",
    },
    "histograms": {"type": "object", "description": "W, a and dz of each layer: low, high, counts"},
    "finite": {"type": "boolean"},
    "seconds": {"type": "number", "minimum": 0, "description": "of computing so far"},
}
_ALWAYS = [name for name in _REPORT if name not in ("parameters", "optimizer_state", "surface", "histograms")]
_END = {
    **_REPORT,
    "reason": {"enum": ["epochs", "loss", "accuracy", "max_updates", "non_finite"]},
    "next_batch": {"type": "array", "items": INDEX, "description": "rows of the update that would be next"},
    "broke": {
        "type": "object",
        "description": "where numbers stop being finite: step, layer, update (from 1), epoch and batch as in position; all else here is of before that update",
    },
    "explanation": {"type": "array", "items": {"type": "string"}, "description": "why, and what helps"},
}
_TRAINING = {
    "type": "object",
    "required": ["start", "progress", "end"],
    "properties": {
        "start": {
            "type": "object",
            "description": "as of a trace, with what is trained and how it does before",
            "required": ["training", *_PLACE],
            "properties": {
                **_PLACE,
                "training": {"type": "object", "description": "what is trained; of a data set every default, and what inputs and classes are called"},
            },
        },
        "progress": {"type": "array", "items": {"type": "object", "required": _ALWAYS, "properties": _REPORT}},
        "end": {"type": "object", "required": [*_ALWAYS, "reason", "next_batch", "parameters", "optimizer_state"], "properties": _END},
    },
}
TRAIN_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Start, reports, end; a stream that cannot go on ends with an error instead",
        "content": {JSON: {"schema": _TRAINING}, NDJSON: {"schema": {"type": "string"}}, SSE: {"schema": {"type": "string"}}},
    },
    **faults(400, 406, 413, 415, 422, 429, 503),
}
