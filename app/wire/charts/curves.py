"""How a training went: loss and accuracy, and gradients layer by layer, over epochs."""

from math import ceil

import numpy as np

from ...engine.document import describe
from ...engine.errors import Fault, ProblemError
from .answer import Answer, Numbers
from .themes import Figure, Theme, along, template

ACROSS = "%{x:.4~g} epochs"


def loss(of: Answer, theme: Theme) -> Figure:
    """ℒ of training and test data, on a logarithmic scale where it can be; under it, for classes, the accuracy: a panel of its own, not a second scale."""
    rows = [
        ("training", of.column("loss"), of.column("accuracy"), theme.value_pos, "solid"),
        ("test", of.column("test_loss"), of.column("test_accuracy"), theme.value_neg, "dash"),
    ]
    seen = [row for row in rows if np.isfinite(row[1]).any()]
    if not seen:
        raise ProblemError([Fault("", "expected a report with a loss that is a number")])
    classified = any(np.isfinite(accuracy).any() for _, _, accuracy, _, _ in seen)
    data = [_line(of, name, values, colour, "y", dash=dash) for name, values, _, colour, dash in seen]
    if classified:
        data += [{**_line(of, name, values, colour, "y2", dash=dash), "showlegend": False} for name, _, values, colour, dash in seen]
    losses = np.concatenate([values[np.isfinite(values)] for _, values, *_ in seen])
    layout: Figure = {
        "template": template(theme),
        "xaxis": {**_epochs(of), "anchor": "y2" if classified else "y"},
        "yaxis": {"title": {"text": "loss ℒ"}, **(_logarithmic(losses) if (losses > 0).all() else {}), "domain": [0.34, 1] if classified else [0, 1]},
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "showlegend": len(seen) > 1,
    }
    if classified:
        layout["yaxis2"] = {"title": {"text": "accuracy"}, "domain": [0, 0.24], "range": [0, 1.04], "tickformat": ".0%", "nticks": 4}
    return {"data": data, "layout": layout}


def norms(of: Answer, theme: Theme) -> Figure:
    """Root mean square of ∂ℒ/∂z of every layer: where it shrinks from the last layer to the first, gradients vanish."""
    found = {_layer(name): values for name, values in of.columns("gradient_rms").items()}
    if not any(np.isfinite(values).any() for values in found.values()):
        raise ProblemError([Fault("/progress", "expected a report with gradient_rms")])
    layers = sorted(found)
    positive = np.concatenate([values[values > 0] for values in found.values()])
    colours = along(theme.ramp, len(layers))
    data = [_line(of, f"layer {l}", np.where(found[l] > 0, found[l], np.nan), colour, "y", exact=found[l]) for l, colour in zip(layers, colours, strict=True)]
    layout = {
        "template": template(theme),
        "xaxis": _epochs(of),
        "yaxis": {"title": {"text": "rms of ∂ℒ/∂z"}, **_logarithmic(positive)},
        "hovermode": "x unified",
        "legend": {"orientation": "v", "x": 1.02, "y": 1, "yanchor": "top", "traceorder": "reversed"},  # from the last layer back, as gradients flow
        "showlegend": True,
    }
    return {"data": data, "layout": layout}


def _line(of: Answer, name: str, values: Numbers, colour: str, axis: str, *, dash: str = "solid", exact: Numbers | None = None) -> Figure:
    """A line with gaps where there is no number; what is pointed at has all its digits."""
    return {
        "type": "scatter",
        "mode": "lines" if len(values) > 1 else "markers",
        "name": name,
        "x": of.epochs,
        "y": values,
        "yaxis": axis,
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "customdata": [repr(float(value)) for value in (values if exact is None else exact)],
        "hovertemplate": f"{name} %{{customdata}}<extra></extra>",
    }


def _epochs(of: Answer) -> Figure:
    end = float(np.nanmax(of.epochs, initial=0)) or 1.0
    return {"title": {"text": "epochs"}, "range": [0, end], "unifiedhovertitle": {"text": ACROSS}}


def _logarithmic(values: Numbers) -> Figure:
    """A logarithmic axis: powers of ten where there are many, else 1, 2, 5 written out."""
    decades = float(np.log10(values.max() / values.min())) if values.size else 0.0
    return {"type": "log", "dtick": ceil(decades / 8)} if decades > 3 else {"type": "log", "dtick": "D2", "tickformat": "~g"}


def _layer(name: str) -> int:
    digits = name.removeprefix("dz")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 4):
        raise ProblemError([Fault("/progress/0/gradient_rms", f"expected gradients by name, dz1 and so on; got {describe(name)}")])
    return int(digits)
