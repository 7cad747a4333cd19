"""Figures of a training as Plotly's JSON, complete by themselves: `plotly.graph_objects.Figure(figure)` takes them as they are."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .answer import Answer
from .curves import loss, norms
from .histograms import histograms
from .surface import surface
from .themes import THEMES as THEMES
from .themes import Figure, Theme


class Kind(NamedTuple):
    """A kind of figure: for menus, how it is drawn, and what /train must be asked for besides."""

    title: str
    draw: Callable[[Answer, Theme], Figure]
    asks: Mapping[str, Any] = {}


KINDS = {
    "loss": Kind("Loss and accuracy over epochs", loss),
    "surface": Kind("What the network says over its inputs", surface, {"surface": {"resolution": 80}}),
    "norms": Kind("Gradients layer by layer over epochs", norms),
    "histograms": Kind("How weights, activations and gradients are distributed", histograms, {"histograms": {"bins": 40}}),
}


def figure(kind: str, answer: Mapping[str, Any], theme: str) -> Figure:
    """The figure of an answer of /train. ProblemError where that is not what it must be."""
    return KINDS[kind].draw(Answer(answer), THEMES[theme])
