"""Figures as Plotly's JSON: plain dicts without a colour. Traces say in `meta.role`, shapes in `name`, which role they play.

Roles: `value` (a curve), `gradient+` and `gradient-` (a slope by its sign), `now` (the point looked at), `guide` (lines to the axes).
Style sheets give roles their colours. What moves with a slider is a shape: to redraw a shape takes an eighth of the time of a trace.
Arrays are left as they are: orjson writes them, and null for NaN, which is a gap in a line.
"""

from typing import Any

import numpy as np

from ..engine.curves import Panel, Range

Figure = dict[str, Any]
POINT = 7.5  # radius of the point looked at, in pixels
TRIANGLE = 0.62  # of half a tangent


def panel_figure(panel: Panel, x_name: str, y_name: str) -> Figure:
    """A curve with the point looked at, its tangent, and the triangle that shows the tangent's slope."""
    curve = {
        "type": "scatter",
        "mode": "lines",
        "x": panel.curve.x,
        "y": panel.curve.y,
        "line": {"width": 3, "simplify": False},  # simplified curves look like polygons
        "meta": {"role": "value"},
        "hovertemplate": f"{x_name} = %{{x:.4g}}<br>{y_name} = %{{y:.4g}}<extra></extra>",
    }
    return {
        "data": [curve],
        "layout": {
            "xaxis": _axis(x_name, panel.across),
            "yaxis": _axis(y_name, panel.along),
            "shapes": _shapes(panel),
            "margin": {"l": 64, "r": 12, "t": 8, "b": 52},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "autosize": True,
        },
    }


def _shapes(panel: Panel) -> list[Figure]:
    x, y, shapes = panel.x, panel.y, []
    if not (np.isfinite(x) and np.isfinite(y)):
        return []
    to_axes = _path("guide", [(panel.across[0], y), (x, y), (x, panel.along[0])], width=1.5)
    to_axes["line"]["dash"] = "dot"
    shapes.append(to_axes)
    if panel.tangent:
        start, end = panel.tangent
        role = "gradient-" if panel.slope < 0 else "gradient+"
        right, top = x + TRIANGLE * (end[0] - x), y + TRIANGLE * (end[1] - y)
        shapes.append(_path(role, [(x, y), (right, y), (right, top)], width=1, closed=True))
        shapes.append(_path(role, [start, end], width=3))
    around = {"xsizemode": "pixel", "ysizemode": "pixel", "xanchor": x, "yanchor": y, "x0": -POINT, "x1": POINT, "y0": -POINT, "y1": POINT}
    return [*shapes, {"type": "circle", "name": "now", **around, "line": {"width": 2}}]


def _path(role: str, points: list[Range], *, width: float, closed: bool = False) -> Figure:
    path = "L".join(f"{x!r},{y!r}" for x, y in points)
    return {"type": "path", "name": role, "path": f"M{path}{'Z' if closed else ''}", "line": {"width": width}}


def _axis(name: str, shown: Range) -> Figure:
    return {"title": {"text": name, "standoff": 6}, "range": list(shown), "zeroline": True, "fixedrange": True, "nticks": 7}
