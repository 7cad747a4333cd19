"""How W, a and ∂ℒ/∂z of every layer are distributed: a row a layer, bars in the colour of their sign."""

import re
from itertools import pairwise
from math import ceil, log10
from typing import Any

import numpy as np

from ...engine.document import describe
from ...engine.errors import Fault, ProblemError
from ...engine.steps import Array
from .answer import Answer, Place, array, number, wrong
from .themes import Figure, Theme, template

KINDS = (("W", "W"), ("a", "a"), ("dz", "∂ℒ/∂z"))
ROW, FRAME = 150, 84  # pixels of a layer, and of what is around all of them
WIDTH = 0.27  # of one
_ZERO = {"tickvals": [0], "ticktext": [""]}  # which has a line
_NAME = re.compile(r"(W|a|dz)([1-9][0-9]?)")


def histograms(of: Answer, theme: Theme) -> Figure:
    """Small multiples of the last report."""
    found = of.latest("histograms")
    kinds: dict[tuple[int, str], Place] = {}
    for name in found.has:
        match = _NAME.fullmatch(name)
        if not match:
            raise ProblemError([Fault(found.at, f"expected W, a and dz of layers, W1 and so on; got {describe(name)}")])
        kinds[int(match[2]), match[1]] = found.inside(name)
    layers = sorted({layer for layer, _ in kinds})
    height = 1 / max(len(layers), 1)
    data: list[Figure] = []
    words: list[Figure] = []
    layout: Figure = {"template": template(theme), "showlegend": False, "bargap": 0, "height": ROW * len(layers) + FRAME, "annotations": words}
    for row, layer in enumerate(layers):
        top = 1 - row * height
        for column, (kind, symbol) in enumerate(KINDS):
            if (layer, kind) not in kinds:
                continue
            n = row * len(KINDS) + column + 1 if row or column else ""  # Plotly counts axes from 1 and calls the first one x, not x1
            left, bottom = column / len(KINDS) + 0.05, top - 0.72 * height
            counts, low, high = _counted(kinds[layer, kind])
            colours = (theme.grad_neg, theme.grad_pos) if kind == "dz" else (theme.value_neg, theme.value_pos)
            data.append(_bars(counts, low, high, colours) | {"xaxis": f"x{n}", "yaxis": f"y{n}"})
            layout[f"xaxis{n}"] = {"domain": [left, left + WIDTH], "anchor": f"y{n}", "zeroline": True, "showgrid": False, "range": [low, high], **_ZERO}
            layout[f"yaxis{n}"] = {"domain": [bottom, top - 0.06 * height], "anchor": f"x{n}", "nticks": 3, "tickformat": "~s"}
            words.append(_label(f"{symbol}<sup>[{layer}]</sup>", left, top - 0.05 * height, "left", "bottom"))
            for text, x, side in zip(_ends(low, high), (left, left + WIDTH), ("left", "right"), strict=True):
                words.append(_label(text, x, bottom, side, "top", color=theme.soft, size=12))
    return {"data": data, "layout": layout}


def _counted(of: Place) -> tuple[Array, float, float]:
    """Counts and the ends; the ends are 0 where nothing was finite."""
    low, high = number(of, "low"), number(of, "high")
    if high < low:
        raise wrong(f"{of.at}/high", f"a number from low on, {low:g}", high)
    return array(of, "counts", 1), *((low, high) if np.isfinite(high - low) else (0.0, 0.0))


def _bars(counts: Array, low: float, high: float, colours: tuple[str, str]) -> Figure:
    edges = np.linspace(low, high, len(counts) + 1)
    middles = edges[:-1] / 2 + edges[1:] / 2
    return {
        "type": "bar",
        "x": middles,
        "y": counts,
        "width": np.diff(edges),
        "marker": {"color": [colours[int(middle >= 0)] for middle in middles], "line": {"width": 0}},
        "customdata": [f"{left:.4g} … {right:.4g}" for left, right in pairwise(edges)],
        "hovertemplate": "%{customdata}: %{y}<extra></extra>",
    }


def _ends(low: float, high: float) -> tuple[str, str]:
    """Both ends, with as many digits as tell them apart."""
    span = (high - low) or 1.0
    digits = 2 + max(0, ceil(log10(max(abs(low), abs(high), span) / span)))
    low_text, high_text = (re.sub("e([+-])0", r"e\1", f"{x:.{digits}g}").replace("-", "−") for x in (low, high))
    return low_text, high_text


def _label(text: str, x: float, y: float, side: str, anchor: str, **font: Any) -> Figure:
    return {"text": text, "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": side, "yanchor": anchor, "showarrow": False, "font": font}
