"""Colours and type of figures that must be complete by themselves: those of `base.css`, written as plain values in this one place."""

from typing import Any, NamedTuple

Figure = dict[str, Any]
SANS = "system-ui, -apple-system, Segoe UI, Inter, Roboto, Helvetica Neue, Noto Sans, DejaVu Sans, sans-serif"
MONO = "ui-monospace, SF Mono, Cascadia Mono, Menlo, Consolas, DejaVu Sans Mono, monospace"


class Theme(NamedTuple):
    """Light or dark. `classes` tell kinds apart, `ramp` is an order from first to last whose lightness alone tells it."""

    panel: str
    ink: str
    soft: str
    line: str
    frame: str
    value_pos: str
    value_neg: str
    grad_pos: str
    grad_neg: str
    classes: tuple[str, ...]
    ramp: tuple[str, ...]  # of viridis (S. van der Walt and N. Smith, 2015), as far as it stands out from the panel


THEMES = {
    "light": Theme(
        panel="#ffffff",
        ink="#1d2433",
        soft="#565e6e",
        line="#e2dfd6",
        frame="#a5abb6",
        value_pos="#2a68a8",
        value_neg="#b04f16",
        grad_pos="#7a3e9d",
        grad_neg="#14794c",
        classes=("#b04f16", "#2a68a8", "#2aa595", "#8b3a62", "#8a8320", "#565e6e"),
        ramp=("#440154", "#414487", "#2a788e", "#22a884", "#5cb85a"),
    ),
    "dark": Theme(
        panel="#151a24",
        ink="#e8ebf2",
        soft="#a4adbd",
        line="#2a3140",
        frame="#566072",
        value_pos="#7db4ea",
        value_neg="#f0a06a",
        grad_pos="#cf9bf0",
        grad_neg="#6fd6a4",
        classes=("#f0a06a", "#7db4ea", "#3fc1ae", "#d987b0", "#d6cf5a", "#a4adbd"),
        ramp=("#4a6aa5", "#2f8f95", "#35b779", "#90d743", "#fde725"),
    ),
}


def template(theme: Theme) -> Figure:
    """What all figures look like, as the template of a layout: it takes the place of the one that Plotly would put in."""
    axis = {
        "gridcolor": theme.line,
        "linecolor": theme.frame,
        "zerolinecolor": theme.frame,
        "zeroline": False,
        "showline": True,
        "automargin": True,
        "tickfont": {"color": theme.soft},
        "title": {"font": {"color": theme.ink}, "standoff": 8},
        "exponentformat": "power",
        "minexponent": 5,
    }
    return {
        "layout": {
            "font": {"family": SANS, "size": 14, "color": theme.ink},
            "paper_bgcolor": theme.panel,
            "plot_bgcolor": theme.panel,
            "colorway": theme.classes,
            "margin": {"l": 64, "r": 20, "t": 44, "b": 52},
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"},
            "hoverlabel": {"bgcolor": theme.panel, "bordercolor": theme.frame, "align": "left", "font": {"family": MONO, "size": 13, "color": theme.ink}},
            "hovermode": "closest",
        }
    }


def mixed(one: str, other: str, share: float) -> str:
    """The colour that has so much of the other one in it."""
    a, b = ([int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in (one, other))
    return "#" + "".join(f"{round(x + share * (y - x)):02x}" for x, y in zip(a, b, strict=True))


def along(ramp: tuple[str, ...], count: int) -> list[str]:
    """So many colours from the first to the last of a ramp."""
    places = [k * (len(ramp) - 1) / max(count - 1, 1) for k in range(count)]
    return [mixed(ramp[int(at)], ramp[min(int(at) + 1, len(ramp) - 1)], at % 1) for at in places]
