"""The data of a training as marks in a figure."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...engine.errors import Fault, ProblemError
from ...engine.steps import Array
from .answer import Answer
from .themes import Figure, Theme


class Points(NamedTuple):
    """The data: row numbers (N), inputs (N, n_0), targets (N, n_L), and which were held out (N). These come last, for a legend looks like the first."""

    rows: NDArray[np.intp]
    x: Array
    y: Array
    tested: NDArray[np.bool_]


def points_of(of: Answer, inputs: int, outputs: int) -> Points | None:
    x, y = of.quantity("a0"), of.quantity("y")
    if x is None or y is None:
        return None
    if len(x) != len(y) or x.shape[1] != inputs or y.shape[1] != outputs:
        raise ProblemError([Fault("/start/quantities", f"expected a0 and y of as many rows, with {inputs} and {outputs} columns as the surface has")])
    tested = of.tested(len(x))
    order = np.argsort(tested, kind="stable")
    return Points(order, x[order], y[order], tested[order])


def marks(points: Points, some: NDArray[Any], along: Array, name: str, colour: str, theme: Theme, symbol: str = "circle") -> Figure:
    """Some of the data; what was held out is hollow."""
    tested = points.tested[some]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": points.x[some, 0],
        "y": along[some],
        "marker": {
            "size": 8,
            "color": colour,
            "symbol": [f"{symbol}-open" if held else symbol for held in tested],
            "line": {"color": theme.panel, "width": [2 if held else 1 for held in tested]},
        },
        "customdata": [f"row {row}, {'held out' if held else 'trained on'}" for row, held in zip(points.rows[some], tested, strict=True)],
        "hovertemplate": f"{name}: %{{x}}, %{{y}}<br>%{{customdata}}<extra></extra>",
    }


def held_out(points: Points | None, theme: Theme) -> list[Figure]:
    """An entry of the legend that says what hollow marks are."""
    if points is None or not points.tested.any():
        return []
    marker = {"size": 8, "color": theme.soft, "symbol": "circle-open", "line": {"width": 2}}
    return [{"type": "scatter", "mode": "markers", "name": "held out", "x": [None], "y": [None], "marker": marker}]
