"""The catalog: all that menus and other tools are built from, read off the registries."""

from collections.abc import Mapping
from typing import Any

from ..engine.activations import ACTIVATIONS
from ..engine.diagnosis import THRESHOLDS
from ..engine.edits import MOST as EDITS
from ..engine.initializers import INITIALIZERS
from ..engine.judge import EPSILON
from ..engine.limits import LAYERS
from ..engine.losses import LOSSES
from ..engine.optimizers import OPTIMIZERS
from ..engine.parameters import Parameter, Parametrised, parameters_of
from ..engine.probe import SWEEP
from ..explain.walks import counts
from ..settings import Settings
from .asked import LEAST, MOST
from .chain_rule import catalog_entry
from .charts import kinds as figures
from .checks import SAMPLE
from .datasets import summaries as datasets
from .exports import kinds
from .presets import summaries
from .scenarios import summaries as scenarios

TYPES = {float: "number", int: "integer", bool: "boolean", str: "string"}


def catalog(settings: Settings) -> dict[str, Any]:
    """Names, parameters with defaults and ranges, LaTeX; presets; scenarios; data sets; kinds of export and of figures; where a flag begins; ε; limits."""
    return {
        "activations": _entries(ACTIVATIONS, "latex", "slope_latex", "glyph"),
        "losses": _entries(LOSSES, "latex", "slope_latex", "targets"),
        "initializers": _entries(INITIALIZERS, "formula"),
        "optimizers": _entries(OPTIMIZERS, "latex", "slots"),
        "chain_rule": catalog_entry(),
        "local_derivatives": counts(),
        "presets": summaries(),
        "scenarios": scenarios(),
        "datasets": datasets(),
        "exports": kinds(),
        "figures": figures(),
        "thresholds": {name: it._asdict() for name, it in THRESHOLDS.items()},
        "gradient_check": {"epsilon": {"default": EPSILON, "minimum": LEAST, "maximum": MOST}, "sweep": SWEEP, "sample": SAMPLE},
        "limits": {
            "layers": LAYERS,
            "edits": EDITS,
            "units": settings.max_units,
            "batch": settings.max_batch,
            "parameters": settings.max_parameters,
            "trace_values": settings.max_trace_values,
            "work": settings.max_work,
            "body": settings.max_body,
            "max_values": settings.max_values,
            "max_values_cap": settings.max_values_cap,
            "sent_values": settings.max_sent_values,
            "max_paths": settings.max_paths,
            "max_paths_cap": settings.max_paths_cap,
            "concurrent": settings.concurrent,
            "training_step": settings.max_training_step,
            "training_work": settings.max_training_work,
            "trainings": settings.max_trainings,
            "trainings_per_client": settings.trainings_per_client,
        },
    }


def _entries(registry: Mapping[str, type[Parametrised]], *attributes: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "parameters": [_parameter(p) for p in parameters_of(kind)], **{key: getattr(kind, key) for key in attributes}}
        for name, kind in registry.items()
    ]


def _parameter(it: Parameter) -> dict[str, Any]:
    said = {key: value for key, value in it._asdict().items() if value is not None and value != ()}
    return {**said, "type": TYPES[type(it.default)]}
