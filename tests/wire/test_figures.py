"""Figures: valid for Plotly's own validators, without a colour, and where the numbers say."""

import re

import numpy as np
import orjson
import plotly.graph_objects as go
import pytest

from app.engine.chain_rule import Asked, chain_rule
from app.engine.curves import panels
from app.engine.scalars import SCALARS
from app.wire.chain_rule import answer

CASES = [("square", "sigmoid", 0.5), ("log_loss", "sigmoid", -1.2), ("exponential", "reciprocal", 0.3), ("logarithm", "affine", -2.0), ("relu", "sine", 99.0)]


@pytest.fixture(params=CASES, ids=lambda it: f"{it[0]}-{it[1]}")
def case(request):
    """An answer as a client reads it, and the panels it was made from."""
    outer, inner, theta = request.param
    return orjson.loads(answer(Asked(outer, inner, theta))), panels(chain_rule(SCALARS[outer], SCALARS[inner], theta))


def test_plotly_takes_them(case):
    """graph_objects raises for any property that Plotly does not know and any value that it does not take."""
    for figure in case[0]["figures"].values():
        assert go.Figure(figure).to_dict().keys() == {"data", "layout"}
        with pytest.raises(ValueError, match="bogus"):
            go.Figure({**figure, "layout": {**figure["layout"], "bogus": 1}})


def test_they_have_no_colour(case):
    assert not re.search(rb"#[0-9a-f]{3,8}\b|rgb|[a-z]*color", orjson.dumps(case[0]["figures"]))


def test_they_show_the_curves_and_the_tangents(case):
    said, shown = case
    for name, figure in said["figures"].items():
        panel, (curve,) = shown[name], figure["data"]
        assert {"x": curve["x"], "y": curve["y"]} == said["curves"][name]
        np.testing.assert_array_equal(np.array(curve["y"], dtype=float), panel.curve.y)
        assert curve["meta"] == {"role": "value"}
        assert [figure["layout"][axis]["range"] for axis in ("xaxis", "yaxis")] == [list(panel.across), list(panel.along)]
        roles = [shape["name"] for shape in figure["layout"]["shapes"]]
        if not np.isfinite(panel.y):
            assert roles == [] and said["tangents"][name] is None
            continue
        slope = "gradient-" if panel.slope < 0 else "gradient+"
        assert roles == ["guide", slope, slope, "now"]
        line, point = figure["layout"]["shapes"][2:]
        tangent = said["tangents"][name]
        ends = [float(number) for number in re.findall(r"-?\d[\d.e+-]*", line["path"])]
        assert ends == [tangent["x"][0], tangent["y"][0], tangent["x"][1], tangent["y"][1]]
        assert (point["xanchor"], point["yanchor"]) == (panel.x, panel.y)
        (x0, x1), (y0, y1) = tangent["x"], tangent["y"]
        assert (y1 - y0) / (x1 - x0) == pytest.approx(panel.slope, rel=1e-9, abs=1e-12)


def test_the_triangle_is_as_high_as_the_slope_says(case):
    for name, figure in case[0]["figures"].items():
        for shape in figure["layout"]["shapes"][1:2]:
            x0, y0, x1, y1, x2, y2 = (float(number) for number in re.findall(r"-?\d[\d.e+-]*", shape["path"]))
            assert (y0, x1) == (y1, x2)
            assert (y2 - y1) == pytest.approx(case[1][name].slope * (x1 - x0), rel=1e-9, abs=1e-12)
