"""How a training went: loss and accuracy, and gradients layer by layer, over epochs."""

from math import ceil

import numpy as np

from .answer import Answer, Numbers
from .themes import Figure, Theme, along, template

FEW = 40  # reports that are seen one by one, and also beside gaps


def loss(of: Answer, theme: Theme) -> Figure:
    """ℒ of training and test data, on a logarithmic scale where it can be; under it, for classes, the accuracy: a panel of its own, not a second scale."""
    rows = [
        ("training", of.column("loss"), of.column("accuracy"), theme.value_pos, "solid"),
        ("test", of.column("test_loss"), of.column("test_accuracy"), theme.value_neg, "dash"),
    ]
    seen = [row for row in rows if row[0] == "training" or np.isfinite(row[1]).any()]
    classified = any(np.isfinite(accuracy).any() for _, _, accuracy, _, _ in seen)
    data = [_line(of, name, "loss", values, colour, dash=dash) for name, values, _, colour, dash in seen]
    if classified:
        for name, _, values, colour, dash in seen:
            data.append(_line(of, name, "accuracy", values, colour, dash=dash) | {"yaxis": "y2", "showlegend": False})
    losses = np.concatenate([values[np.isfinite(values)] for _, values, *_ in seen])
    layout: Figure = {
        "template": template(theme),
        "xaxis": {**_epochs(of), "anchor": "y2" if classified else "y"},
        "yaxis": {"title": {"text": "loss ℒ"}, **(_logarithmic(losses) if (losses > 0).all() else {}), "domain": [0.34, 1] if classified else [0, 1]},
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "showlegend": len(seen) > 1,
        **_broken(of, theme),
    }
    if classified:
        layout["yaxis2"] = {"title": {"text": "accuracy"}, "domain": [0, 0.24], "range": [0, 1.04], "tickformat": ".0%", "nticks": 4}
    return {"data": data, "layout": layout}


def norms(of: Answer, theme: Theme) -> Figure:
    """Root mean square of ∂ℒ/∂z of every layer: where it shrinks from the last layer to the first, gradients vanish."""
    found = of.layers("gradient_rms", "dz")
    positive = np.concatenate([np.empty(0), *(values[values > 0] for values in found.values())])
    data = [
        _line(of, f"layer {l}", "", np.where(values > 0, values, np.nan), colour, exact=values)
        for (l, values), colour in zip(found.items(), along(theme.ramp, len(found)), strict=True)
    ]
    layout = {
        "template": template(theme),
        "xaxis": _epochs(of),
        "yaxis": {"title": {"text": "rms of ∂ℒ/∂z"}, **_logarithmic(positive)},
        "hovermode": "x unified",
        "legend": {"orientation": "v", "x": 1.02, "y": 1, "yanchor": "top", "traceorder": "reversed"},  # from the last layer back, as gradients flow
        "showlegend": True,
        **_broken(of, theme),
    }
    return {"data": data, "layout": layout}


def _line(of: Answer, name: str, what: str, values: Numbers, colour: str, *, dash: str = "solid", exact: Numbers | None = None) -> Figure:
    """A line with gaps where there is no number; what is pointed at has all its digits."""
    return {
        "type": "scatter",
        "mode": "lines" if len(values) > FEW else "lines+markers",
        "name": name,
        "x": of.epochs,
        "y": values,
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "cliponaxis": False,
        "customdata": [repr(float(value)) for value in (values if exact is None else exact)],
        "hovertemplate": f"{f'{name} {what}'.strip()} %{{customdata}}<extra></extra>",
    }


def _epochs(of: Answer) -> Figure:
    return {"title": {"text": "epochs"}, "range": [0, float(of.epochs.max()) or 1.0], "unifiedhovertitle": {"text": "%{x:.4~g} epochs"}}


def _logarithmic(values: Numbers) -> Figure:
    """A logarithmic axis: powers of ten where there are many, else 1, 2, 5 written out."""
    decades = float(np.ptp(np.log10(values))) if values.size else 0.0
    return {"type": "log", "dtick": ceil(decades / 8)} if decades > 3 else {"type": "log", "dtick": "D2", "tickformat": "~g"}


def _broken(of: Answer, theme: Theme) -> Figure:
    """Where numbers stopped being finite, if they did."""
    if not of.broken:
        return {}
    at = float(of.epochs[-1])
    line = {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": theme.ink, "width": 1.5, "dash": "dot"}}
    words = {"text": "the next update is no longer finite", "x": at, "y": 1, "yref": "paper", "xanchor": "right", "yanchor": "bottom", "showarrow": False}
    return {"shapes": [line], "annotations": [words]}
