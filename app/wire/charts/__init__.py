"""Figures of a training as Plotly's JSON, complete by themselves: `plotly.graph_objects.Figure(figure)` takes them as they are."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .answer import Answer
from .curves import loss, norms
from .histograms import histograms
from .surface import surface
from .themes import THEMES as THEMES
from .themes import Figure, Theme


class Kind(NamedTuple):
    """A kind of figure: for menus, how it is drawn, and what its answer must have."""

    title: str
    draw: Callable[[Answer, Theme], Figure]
    asks: Mapping[str, Any] = {}  # of /train, in its last report; otherwise the figure goes through all of them
    quantities: frozenset[str] = frozenset()  # that it shows whatever their size


KINDS = {
    "loss": Kind("Loss and accuracy over epochs", loss),
    "surface": Kind("What the network says over its inputs", surface, {"surface": {"resolution": 80}}, frozenset(("a0", "y"))),
    "norms": Kind("Gradients layer by layer over epochs", norms),
    "histograms": Kind("How weights, activations and gradients are distributed", histograms, {"histograms": {"bins": 40}}),
}


def figure(kind: str, answer: Mapping[str, Any], theme: str) -> Figure:
    """The figure of an answer of /train. ProblemError where that is not what it must be."""
    with np.errstate(all="ignore"):  # numbers may be as large as they like
        return KINDS[kind].draw(Answer(answer), THEMES[theme])


def kinds() -> list[dict[str, str]]:
    """For the catalog."""
    return [{"name": name, "title": it.title} for name, it in KINDS.items()]
