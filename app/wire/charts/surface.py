"""What a network of one or two inputs says over the whole window, with the data on it."""

from itertools import cycle

import numpy as np

from ...engine.datasets import DataSet
from ...engine.steps import Array
from .answer import Answer, Place, array, ends, wrong
from .points import Points, held_out, marks, points_of
from .themes import Figure, Theme, mixed, template

TINT = 0.62  # of a class's colour where the network is certain: points of the same class stand out from it
FAINT = 0.12  # and where it just wins
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "star", "hexagon")  # a class is told by its shape too
STRETCH = 2.5  # inputs whose windows differ by no more share one scale
Span = tuple[float, float]
_BAR: Figure = {"showscale": True, "colorbar": {"thickness": 12, "outlinewidth": 0, "title": {"text": "output"}}}


def surface(of: Answer, theme: Theme) -> Figure:
    """One input: the fit as a line. Two: one output as a heat map, of more the winning class tinted by what the network says for it."""
    seen = of.latest("surface")
    inputs = 2 if seen.has.get("y") is not None else 1
    out = _outputs(seen, inputs)
    window = [ends(seen, axis) for axis in "xy"[:inputs]]
    points = points_of(of, inputs, out.shape[-1])
    dataset = of.dataset()
    names = dataset.input_names if dataset and len(dataset.input_names) == inputs else ("x₁", "x₂")[:inputs]
    if inputs == 1:
        return _fit(out, window[0], points, names[0], theme)
    classified = of.training.has.get("classification") is True
    if out.shape[-1] > 1 or classified:
        classes = _class_names(dataset, max(out.shape[-1], 2))
        data = _winners(out, window, classes, theme) if out.shape[-1] > 1 else [_heat(out, window, (0, 1), theme), _boundary(out, window, theme)]
        data += _classes(points, classes, theme) if points else []
    else:
        limits = _around_zero(out, points)
        data = [_heat(out, window, limits, theme) | _BAR, *([_values(points, limits, theme)] if points else [])]
    axes: list[Figure] = [{"title": {"text": name}, "range": span, "showgrid": False, "constrain": "domain"} for name, span in zip(names, window, strict=True)]
    axes[0]["constraintoward"] = "left" if classified else "right"  # where the legend begins, or the scale of colours stands
    spans = sorted(high - low for low, high in window)
    shared = {"scaleanchor": "x"} if spans[1] <= STRETCH * spans[0] else {}
    return {"data": data, "layout": {"template": template(theme), "xaxis": axes[0], "yaxis": axes[1] | shared}}


def _outputs(seen: Place, inputs: int) -> Array:
    """The outputs over the grid, (r, n_L) or (r, r, n_L); NaN where they were not finite."""
    shape = seen.has.get("shape")
    if not isinstance(shape, list) or len(shape) not in (inputs, inputs + 1):
        raise wrong(f"{seen.at}/shape", f"{inputs} or {inputs + 1} sizes, for a window of {inputs} {'axes' if inputs > 1 else 'axis'}", shape)
    out = array(seen, "data", len(shape))
    if min(out.shape[:inputs]) < 2:
        raise wrong(f"{seen.at}/data", "at least 2 points along an axis", seen.has["data"])
    return out.reshape(*out.shape[:inputs], -1)


def _class_names(dataset: DataSet | None, count: int) -> tuple[str, ...]:
    return dataset.class_names if dataset and len(dataset.class_names) == count else tuple(f"class {k}" for k in range(count))


# ---- one input ---------------------------------------------------------------------------------------------------------


def _fit(out: Array, window: Span, points: Points | None, name: str, theme: Theme) -> Figure:
    data = []
    for k, colour in zip(range(out.shape[1]), cycle((theme.value_pos, *theme.classes[2:])), strict=False):
        if points:
            data.append(marks(points, np.arange(len(points.x)), points.y[:, k], "data" if out.shape[1] == 1 else f"data {k + 1}", theme.value_neg, theme))
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": "network" if out.shape[1] == 1 else f"output {k + 1}",
                "x": np.linspace(*window, len(out)),
                "y": np.ascontiguousarray(out[:, k]),
                "line": {"color": colour, "width": 3},
                "hovertemplate": f"{name} = %{{x:.4~g}}<br>output = %{{y}}<extra></extra>",
            }
        )
    axes = {"xaxis": {"title": {"text": name}, "range": window}, "yaxis": {"title": {"text": "output"}}}
    return {"data": data + held_out(points, theme), "layout": {"template": template(theme), **axes}}


# ---- two inputs --------------------------------------------------------------------------------------------------------


def _heat(out: Array, window: list[Span], limits: Span, theme: Theme) -> Figure:
    """One output, from orange over paper to blue."""
    return {
        **_grid(out, window),
        "type": "heatmap",
        "z": out[..., 0],
        "zmin": limits[0],
        "zmax": limits[1],
        "zsmooth": False if np.isnan(out).any() else "best",  # which would fill gaps with what the network never said
        "colorscale": _scale(theme),
        "showscale": False,
        "hovertemplate": "%{x:.4~g}, %{y:.4~g}<br>output = %{z}<extra></extra>",
    }


def _boundary(out: Array, window: list[Span], theme: Theme) -> Figure:
    """Where one class passes into the other."""
    return {
        **_grid(out, window),
        "type": "contour",
        "z": out[..., 0],
        "contours": {"start": 0.5, "end": 0.5, "size": 1, "coloring": "none"},
        "line": {"color": theme.ink, "width": 1.5},
        "showscale": False,
        "showlegend": False,
        "hoverinfo": "skip",
    }


def _winners(out: Array, window: list[Span], classes: tuple[str, ...], theme: Theme) -> list[Figure]:
    """A heat map a class, with gaps where another one wins; from the least with which one can win to certainty, where outputs are shares."""
    sound = ~np.isnan(out).any(axis=-1)
    best = np.where(sound, np.nan_to_num(out).argmax(axis=-1), -1)
    low, high = (float(end) for end in (out[sound].min(), out[sound].max())) if sound.any() else (0.0, 1.0)
    limits = (1 / len(classes), 1) if low >= 0 and high <= 1 else (low, high)
    return [
        {
            **_grid(out, window),
            "type": "heatmap",
            "z": np.where(best == k, out[..., k], np.nan),
            "zmin": limits[0],
            "zmax": limits[1],
            "hoverongaps": False,
            "showscale": False,
            "colorscale": [[0, mixed(theme.panel, colour, FAINT)], [1, mixed(theme.panel, colour, TINT)]],
            "hovertemplate": f"%{{x:.4~g}}, %{{y:.4~g}}<br>{name}: %{{z}}<extra></extra>",
        }
        for k, (name, colour) in enumerate(zip(classes, cycle(theme.classes), strict=False))
    ]


def _classes(points: Points, classes: tuple[str, ...], theme: Theme) -> list[Figure]:
    """A trace a class, in its colour and shape."""
    label = points.y.argmax(axis=1) if points.y.shape[1] > 1 else (points.y[:, 0] >= 0.5).astype(int)
    told = zip(classes, cycle(theme.classes), cycle(SYMBOLS), strict=False)
    each = [marks(points, np.flatnonzero(label == k), points.x[:, 1], name, colour, theme, symbol) for k, (name, colour, symbol) in enumerate(told)]
    return [*each, *held_out(points, theme)]


def _values(points: Points, limits: Span, theme: Theme) -> Figure:
    """Targets in the colours of the surface: a point that cannot be told from it is met."""
    values = marks(points, np.arange(len(points.x)), points.x[:, 1], "data", theme.ink, theme)
    scale = {"colorscale": _scale(theme), "cmin": limits[0], "cmax": limits[1]}
    values["marker"] = {"size": 8, "color": points.y[:, 0], **scale, "line": {"color": theme.ink, "width": 1}}
    values["text"] = [f"y = {y!r}" for y in points.y[:, 0].tolist()]
    values["hovertemplate"] = "%{x}, %{y}<br>%{text}<br>%{customdata}<extra></extra>"
    return values


def _grid(out: Array, window: list[Span]) -> Figure:
    """Cell centres from end to end."""
    (left, right), (low, high) = window
    return {"x0": left, "dx": (right - left) / (out.shape[1] - 1), "y0": low, "dy": (high - low) / (out.shape[0] - 1)}


def _scale(theme: Theme) -> list[list[float | str]]:
    return [[0, mixed(theme.panel, theme.value_neg, TINT)], [0.5, theme.panel], [1, mixed(theme.panel, theme.value_pos, TINT)]]


def _around_zero(out: Array, points: Points | None) -> Span:
    """As far to either side as the largest output or target."""
    seen = np.abs(np.concatenate([out.ravel(), *([points.y.ravel()] if points else [])]))
    most = float(seen[np.isfinite(seen)].max(initial=0)) or 1.0
    return -most, most
