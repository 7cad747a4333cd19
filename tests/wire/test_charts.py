"""Figures of trainings: what Plotly takes, with the numbers of the answer, in colours of their own; and whatever else is sent."""

import copy
import json
import re

import numpy as np
import orjson
import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import ROOT

from app.engine.errors import ProblemError
from app.wire.charts import KINDS, THEMES, figure
from app.wire.charts.themes import along, mixed

PICTURES = {"surface": {"resolution": 12}, "histograms": {"bins": 7}, "epochs": 3, "batch_size": 10, "optimizer": {"name": "adam", "learning_rate": 0.05}}


def layers(*sizes, last):
    return [*({"units": n, "activation": "tanh"} for n in sizes[:-1]), {"units": sizes[-1], "activation": last}]


RUNS = {
    "two classes": {"layers": layers(4, 3, 1, last="sigmoid"), "loss": "binary_cross_entropy", "dataset": {"name": "moons", "size": 40}, "test_fraction": 0.25},
    "three classes": {"layers": layers(4, 3, last="softmax"), "loss": "cross_entropy", "dataset": {"name": "gaussians", "size": 40}, "test_fraction": 0.25},
    "plane": {"layers": layers(1, last="identity"), "dataset": {"name": "plane", "size": 40}},
    "sine": {"layers": layers(4, 1, last="identity"), "dataset": {"name": "sine", "size": 40}, "test_fraction": 0.25},
    "classes along a line": {
        "layers": layers(4, 3, last="softmax"),
        "loss": "cross_entropy",
        "inputs": [[k / 8] for k in range(12)],
        "targets": [0, 1, 2] * 4,
    },
    "diverging": {"layers": layers(3, 1, last="identity"), "dataset": {"name": "sine", "size": 40}, "optimizer": {"name": "sgd", "learning_rate": 1e30}},
}


@pytest.fixture(scope="module")
def answers(client):
    """Answers of a real server."""
    responses = {name: client.post("/api/v1/train", json={**PICTURES, **request}) for name, request in RUNS.items()}
    assert {response.status_code for response in responses.values()} == {200}
    return {name: response.json() for name, response in responses.items()}


def drawn(kind, answer, theme="light"):
    """A figure as a client reads it."""
    return orjson.loads(orjson.dumps(figure(kind, answer, theme), option=orjson.OPT_SERIALIZE_NUMPY))


def named(it, name):
    (trace,) = [trace for trace in it["data"] if trace.get("name") == name and trace.get("showlegend") is not False]
    return trace


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("kind", KINDS)
def test_plotly_takes_them_as_they_are(answers, kind, run, theme):
    """And puts nothing in of its own: a notebook's default template would."""
    shown = go.Figure(drawn(kind, answers[run], theme))
    assert shown.layout.template.layout.paper_bgcolor == THEMES[theme].panel
    assert len(shown.data) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_themes_differ_in_colours_alone(answers, kind):
    without = {theme: re.sub(r"#[0-9a-f]{6}", "#", json.dumps(drawn(kind, answers["two classes"], theme))) for theme in THEMES}
    assert without["light"] == without["dark"]
    assert drawn(kind, answers["two classes"], "light") != drawn(kind, answers["two classes"], "dark")


# ---- colours -----------------------------------------------------------------------------------------------------------


def luminance(colour):
    """Relative, as WCAG 2 has it."""
    parts = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_are_those_of_the_page():
    css = (ROOT / "static" / "css" / "base.css").read_text()
    for name in ("panel", "ink", "soft", "line", "frame", "value_pos", "value_neg", "grad_pos", "grad_neg"):
        light, dark = re.search(rf"--{name.replace('_', '-')}: light-dark\((#\w+), (#\w+)\)", css).groups()
        assert (getattr(THEMES["light"], name), getattr(THEMES["dark"], name)) == (light, dark), name


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_lines_and_words_stand_out(theme):
    assert min(contrast(colour, theme.panel) for colour in (theme.ink, theme.soft)) > 4.5
    assert min(contrast(colour, theme.panel) for colour in (*theme.classes, *along(theme.ramp, 9))) > 2.4
    assert min(contrast(colour, theme.panel) for colour in theme.classes[:2]) > 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("count", [1, 2, 3, 9, 64])
def test_the_ramp_is_an_order_by_lightness_alone(theme, count):
    found = [luminance(colour) for colour in along(theme.ramp, count)]
    assert len(found) == count and (np.diff(found) > 0).all()


def test_mixing():
    assert [mixed("#000000", "#ff8040", share) for share in (0, 0.5, 1)] == ["#000000", "#804020", "#ff8040"]


# ---- loss and norms ----------------------------------------------------------------------------------------------------


def told(answer):
    """What was reported, in order: the end counts in place of the last progress."""
    return [answer["start"], *answer["progress"][:-1], answer["end"]]


def test_loss_and_accuracy_to_the_last_digit(answers):
    answer = answers["two classes"]
    it = drawn("loss", answer)
    for name, loss, accuracy in (("training", "loss", "accuracy"), ("test", "test_loss", "test_accuracy")):
        above, below = [trace for trace in it["data"] if trace["name"] == name]
        assert above["x"] == below["x"] == [0, 1, 2, 3]
        assert above["y"] == [report[loss] for report in told(answer)]
        assert below["y"] == [report[accuracy] for report in told(answer)]
        assert above["customdata"] == [repr(report[loss]) for report in told(answer)]
        assert above.get("yaxis", "y") == "y" and below["yaxis"] == "y2"
    assert it["layout"]["yaxis"]["type"] == "log"
    assert it["layout"]["yaxis2"]["range"][0] == 0


def test_a_regression_has_no_accuracy_and_without_test_data_there_is_one_line(answers):
    it = drawn("loss", answers["plane"])
    assert [trace["name"] for trace in it["data"]] == ["training"]
    assert "yaxis2" not in it["layout"] and it["layout"]["showlegend"] is False


def test_a_loss_that_no_logarithm_takes(answers):
    answer = copy.deepcopy(answers["plane"])
    answer["end"]["loss"] = 0
    assert "type" not in drawn("loss", answer)["layout"]["yaxis"]


def test_epochs_that_are_not_whole(client):
    answer = client.post("/api/v1/train", json={**PICTURES, **RUNS["plane"], "max_updates": 6}).json()
    assert drawn("loss", answer)["data"][0]["x"] == [0, 1, 1.5]


def test_a_stream_that_has_not_ended(answers):
    answer = {name: answers["plane"][name] for name in ("start", "progress")}
    assert drawn("loss", answer)["data"][0]["y"] == [answer["start"]["loss"], *(report["loss"] for report in answer["progress"])]
    assert drawn("loss", {"start": answer["start"]})["data"][0]["x"] == [0]


def test_norms_layer_by_layer(answers):
    answer = copy.deepcopy(answers["two classes"])
    answer["end"]["gradient_rms"]["dz1"] = 0.0
    it = drawn("norms", answer)
    assert [trace["name"] for trace in it["data"]] == ["layer 1", "layer 2", "layer 3"]
    first, second, _ = it["data"]
    assert second["y"] == [None, *(report["gradient_rms"]["dz2"] for report in told(answer)[1:])]
    assert (first["y"][-1], first["customdata"][-1]) == (None, "0.0")  # 0 has no place on a logarithmic axis, but it is told
    assert [trace["line"]["color"] for trace in it["data"]] == along(THEMES["light"].ramp, 3)


def test_layers_are_ordered_as_numbers(answers):
    answer = copy.deepcopy(answers["plane"])
    answer["end"]["gradient_rms"] = {f"dz{l}": 1.0 for l in (10, 9, 2, 1)}
    assert [trace["name"] for trace in drawn("norms", answer)["data"]] == ["layer 1", "layer 2", "layer 9", "layer 10"]


@pytest.mark.parametrize("kind", ["loss", "norms"])
def test_a_divergence_is_marked(answers, kind):
    assert answers["diverging"]["end"]["finite"] is False and answers["diverging"]["end"]["updates"] > 0
    assert "no longer finite" in drawn(kind, answers["diverging"])["layout"]["annotations"][0]["text"]
    assert "annotations" not in drawn(kind, answers["sine"])["layout"]


def test_a_divergence_before_the_first_report(client):
    """After one update there is that one to draw, and where the very first breaks nothing but that it does."""
    asked = {**PICTURES, **RUNS["diverging"], "optimizer": {"name": "sgd", "learning_rate": 1e308}}
    one, none = (client.post("/api/v1/train", json={**asked, "loss": {"name": "squared_error", "scale": scale}}).json() for scale in (0.5, 500))
    assert [(answer["progress"], answer["end"]["updates"], answer["end"]["finite"]) for answer in (one, none)] == [([], 1, False), ([], 0, False)]
    assert drawn("loss", one)["data"][0]["y"] == [one["start"]["loss"], None] and len(drawn("norms", one)["data"]) == 2
    assert drawn("loss", none)["data"][0]["y"] == [none["start"]["loss"]]
    it = drawn("norms", none)
    assert it["data"] == [] and "no longer finite" in it["layout"]["annotations"][0]["text"]


# ---- surface -----------------------------------------------------------------------------------------------------------


def centres(trace, axis, count):
    return trace[f"{axis}0"] + trace[f"d{axis}"] * np.arange(count)


def test_two_classes(answers):
    answer = answers["two classes"]
    it, seen = drawn("surface", answer), answer["end"]["surface"]
    heat, boundary, *marks = it["data"]
    assert heat["z"] == boundary["z"] == seen["data"]
    assert (heat["zmin"], heat["zmax"], boundary["contours"]["start"]) == (0, 1, 0.5)
    for axis in "xy":
        np.testing.assert_allclose(centres(heat, axis, 12)[[0, -1]], seen[axis])
        assert it["layout"][f"{axis}axis"]["range"] == seen[axis]
    assert [trace["name"] for trace in marks] == ["upper", "lower", "held out"]


def test_every_example_once_where_it_is_and_hollow_where_it_was_held_out(answers):
    answer = answers["three classes"]
    x, held = np.array(answer["start"]["quantities"]["a0"]["data"]), set(answer["start"]["training"]["test"])
    label = np.argmax(answer["start"]["quantities"]["y"]["data"], axis=1)
    rows = []
    for k, name in enumerate(("top", "left", "right")):
        trace = named(drawn("surface", answer), name)
        for words, *at, symbol in zip(trace["customdata"], trace["x"], trace["y"], trace["marker"]["symbol"], strict=True):
            row = int(re.match(r"row (\d+), ", words)[1])
            assert (label[row], at) == (k, x[row].tolist())
            assert (row in held) == symbol.endswith("-open") == words.endswith("held out")
            rows.append(row)
    assert sorted(rows) == list(range(40)) and len(held) == 10


def test_the_winning_class_alone_has_a_colour(answers):
    answer = answers["three classes"]
    out = np.array(answer["end"]["surface"]["data"])
    heats = [trace for trace in drawn("surface", answer)["data"] if trace["type"] == "heatmap"]
    z = np.stack([np.array(trace["z"], dtype=float) for trace in heats], axis=-1)
    np.testing.assert_array_equal(np.nansum(z, axis=-1), out.max(axis=-1))
    np.testing.assert_array_equal((~np.isnan(z)).sum(axis=-1), 1)
    np.testing.assert_array_equal(np.nan_to_num(z).argmax(axis=-1), out.argmax(axis=-1))


def test_outputs_that_are_no_shares(answers):
    answer = copy.deepcopy(answers["three classes"])
    answer["end"]["surface"]["data"] = (np.array(answer["end"]["surface"]["data"]) * 9 - 4).tolist()
    out = np.array(answer["end"]["surface"]["data"])
    heat = drawn("surface", answer)["data"][0]
    assert (heat["zmin"], heat["zmax"]) == (out.min(), out.max())


def test_a_regression_over_two_inputs(answers):
    answer = answers["plane"]
    heat, marks = drawn("surface", answer)["data"]
    assert heat["zmax"] == -heat["zmin"] == marks["marker"]["cmax"] >= np.abs(heat["z"]).max()
    assert heat["colorscale"] == marks["marker"]["colorscale"]
    assert marks["marker"]["color"] == [y for (y,) in answer["start"]["quantities"]["y"]["data"]]


def test_a_line_for_every_output(answers):
    answer = answers["classes along a line"]
    fit = drawn("surface", answer)
    for k in range(3):
        assert named(fit, f"output {k + 1}")["y"] == [row[k] for row in answer["end"]["surface"]["data"]]
        assert named(fit, f"data {k + 1}")["y"] == [float(n % 3 == k) for n in range(12)]


def test_a_fit(answers):
    answer = answers["sine"]
    it, seen = drawn("surface", answer), answer["end"]["surface"]
    line, data = named(it, "network"), named(it, "data")
    assert line["y"] == seen["data"]
    np.testing.assert_allclose(line["x"], np.linspace(*seen["x"], 12))
    given = {(x, y) for (x,), (y,) in zip(answer["start"]["quantities"]["a0"]["data"], answer["start"]["quantities"]["y"]["data"], strict=True)}
    assert set(zip(data["x"], data["y"], strict=True)) == given


def test_gaps_stay_gaps(answers):
    answer = copy.deepcopy(answers["two classes"])
    answer["end"]["surface"]["data"][3][4] = None
    heat = drawn("surface", answer)["data"][0]
    assert heat["z"][3][4] is None and heat["zsmooth"] is False  # smoothing would fill them
    three = copy.deepcopy(answers["three classes"])
    three["end"]["surface"]["data"][3][4][1] = None
    assert [trace["z"][3][4] for trace in drawn("surface", three)["data"] if trace["type"] == "heatmap"] == [None] * 3


def test_examples_that_were_too_many_to_be_sent(answers):
    answer = copy.deepcopy(answers["two classes"])
    answer["start"]["quantities"]["a0"]["data"] = None
    assert [trace["type"] for trace in drawn("surface", answer)["data"]] == ["heatmap", "contour"]


def test_inputs_of_one_kind_share_a_scale(answers):
    answer = copy.deepcopy(answers["two classes"])
    assert drawn("surface", answer)["layout"]["yaxis"]["scaleanchor"] == "x"
    answer["end"]["surface"]["y"] = [0, 1000]
    assert "scaleanchor" not in drawn("surface", answer)["layout"]["yaxis"]


def test_data_of_ones_own_has_plain_names(answers):
    answer = copy.deepcopy(answers["two classes"])
    answer["start"]["training"]["dataset"] = None
    it = drawn("surface", answer)
    assert [trace["name"] for trace in it["data"][2:]] == ["class 0", "class 1", "held out"]
    assert it["layout"]["xaxis"]["title"]["text"] == "x₁"


# ---- histograms --------------------------------------------------------------------------------------------------------


def test_bars_are_the_counts_in_the_colour_of_their_sign(answers):
    answer, theme = answers["two classes"], THEMES["light"]
    it = drawn("histograms", answer)
    seen = answer["end"]["histograms"]
    assert len(it["data"]) == len(seen) == 9
    for k, trace in enumerate(it["data"]):
        name = f"{('W', 'a', 'dz')[k % 3]}{k // 3 + 1}"
        low, high, counts = (seen[name][key] for key in ("low", "high", "counts"))
        assert trace["y"] == counts
        np.testing.assert_allclose(np.subtract(trace["x"], np.divide(trace["width"], 2))[0], low, atol=1e-12)
        np.testing.assert_allclose(np.add(trace["x"], np.divide(trace["width"], 2))[-1], high, atol=1e-12)
        minus, plus = (theme.grad_neg, theme.grad_pos) if name.startswith("dz") else (theme.value_neg, theme.value_pos)
        assert trace["marker"]["color"] == [plus if x >= 0 else minus for x in trace["x"]]
        assert f"{trace['xaxis'][0]}axis{trace['xaxis'][1:]}" in it["layout"]


def test_axes_do_not_overlap(answers):
    layout = drawn("histograms", answers["two classes"])["layout"]
    boxes = [(layout[f"xaxis{n}"]["domain"], layout[f"yaxis{n}"]["domain"]) for n in ("", *range(2, 10))]
    for k, (x, y) in enumerate(boxes):
        assert 0 <= x[0] < x[1] <= 1 and 0 <= y[0] < y[1] <= 1
        assert not any(x[0] < right and left < x[1] and y[0] < top and bottom < y[1] for (left, right), (bottom, top) in boxes[:k])


def test_nothing_finite(answers):
    answer = copy.deepcopy(answers["plane"])
    answer["end"]["histograms"]["W1"] = {"low": None, "high": None, "counts": [0, 0]}
    go.Figure(drawn("histograms", answer))


@pytest.mark.parametrize(("low", "high", "words"), [(-0.5, 0.25, ["−0.5", "0.25"]), (0.484755, 0.484811, ["0.484755", "0.484811"]), (-2e-7, 0, ["−2e−7", "0"])])
def test_ends_of_an_axis_can_be_told_apart(answers, low, high, words):
    answer = copy.deepcopy(answers["plane"])
    answer["end"]["histograms"] = {"W1": {"low": low, "high": high, "counts": [1, 2]}}
    found = [it["text"] for it in drawn("histograms", answer)["layout"]["annotations"]]
    assert found == ["W<sup>[1]</sup>", *words]


# ---- whatever else is sent -----------------------------------------------------------------------------------------------


def put(answer, path, value):
    """A copy with one value put in."""
    changed = copy.deepcopy(answer)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("kind", "path", "value", "pointer"),
    [
        ("loss", ["start"], 7, "/start"),
        ("loss", ["start", "training"], None, "/start/training"),
        ("loss", ["start", "training", "updates_per_epoch"], "ten", "/start/training/updates_per_epoch"),
        ("loss", ["progress"], {}, "/progress"),
        ("loss", ["progress"], "none", "/progress"),
        ("loss", ["progress", 1], None, "/progress/1"),
        ("loss", ["progress", 1, "updates"], None, "/progress/1/updates"),
        ("loss", ["progress", 1, "updates"], -1, "/progress/1/updates"),
        ("loss", ["progress", 1, "updates"], 2**63, "/progress/1/updates"),
        ("loss", ["progress", 1, "loss"], "low", "/progress/1/loss"),
        ("loss", ["end"], [], "/end"),
        ("loss", ["end", "test_accuracy"], True, "/end/test_accuracy"),
        ("norms", ["end", "gradient_rms"], [1], "/end/gradient_rms"),
        ("norms", ["end", "gradient_rms", "dz1"], {}, "/end/gradient_rms/dz1"),
        ("norms", ["end", "gradient_rms", "W1"], 1.0, "/end/gradient_rms"),
        ("surface", ["end", "surface"], "flat", "/end/surface"),
        ("surface", ["end", "surface", "shape"], [12], "/end/surface/shape"),
        ("surface", ["end", "surface", "shape"], [12] * 3000, "/end/surface/shape"),
        ("surface", ["end", "surface", "data"], None, "/end/surface/data"),
        ("surface", ["end", "surface", "data"], [[1, 2], [3]], "/end/surface/data"),
        ("surface", ["end", "surface", "data"], [["a", "b"], ["c", "d"]], "/end/surface/data"),
        ("surface", ["end", "surface", "data"], [[1]], "/end/surface/data"),
        ("surface", ["end", "surface", "x"], [1, 0], "/end/surface/x"),
        ("surface", ["end", "surface", "x"], [0, None], "/end/surface/x"),
        ("surface", ["end", "surface", "y"], [-1.7e308, 1.7e308], "/end/surface/y"),
        ("surface", ["start", "quantities"], [], "/start/quantities"),
        ("surface", ["start", "quantities", "y", "data"], [[1.0, 2.0]], "/start/quantities"),
        ("surface", ["start", "training", "test"], [40], "/start/training/test"),
        ("surface", ["start", "training", "test"], [-1], "/start/training/test"),
        ("surface", ["start", "training", "test"], "all", "/start/training/test"),
        ("surface", ["start", "training", "dataset"], "moons", "/start/training/dataset"),
        ("histograms", ["end", "histograms"], 3, "/end/histograms"),
        ("histograms", ["end", "histograms", "W1"], None, "/end/histograms/W1"),
        ("histograms", ["end", "histograms", "W1", "counts"], [], "/end/histograms/W1/counts"),
        ("histograms", ["end", "histograms", "W1", "low"], "low", "/end/histograms/W1/low"),
        ("histograms", ["end", "histograms", "W1", "low"], 1e300, "/end/histograms/W1/high"),
        ("histograms", ["end", "histograms", "V1"], {}, "/end/histograms"),
    ],
)
def test_what_is_no_answer(answers, kind, path, value, pointer):
    with pytest.raises(ProblemError) as caught:
        figure(kind, put(answers["two classes"], path, value), "light")
    (fault,) = caught.value.faults
    assert fault.pointer == pointer
    assert fault.detail.startswith("expected")


@pytest.mark.parametrize("kind", ["surface", "histograms"])
def test_an_answer_without_what_is_to_be_drawn(client, kind):
    asked = {name: value for name, value in (PICTURES | RUNS["plane"]).items() if name not in ("surface", "histograms")}
    answer = client.post("/api/v1/train", json=asked).json()
    with pytest.raises(ProblemError, match=f"/end/{kind}: expected"):
        figure(kind, answer, "light")


JUNK = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.lists(st.integers(0, 3), max_size=3)
    | st.just({})
)


@st.composite
def mutated(draw, answer):
    """An answer with one value somewhere replaced by any other."""
    document = copy.deepcopy(answer)
    place = document
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if isinstance(place[key], dict | list) and place[key] and draw(st.integers(0, 9)):
            place = place[key]
            continue
        place[key] = draw(JUNK)
        return document


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("run", ["two classes", "three classes", "sine"])
def test_anything_in_its_place(answers, kind, run):
    """A figure that Plotly takes, or a fault with a pointer into the answer."""

    @given(answer=mutated(answers[run]))
    @settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def ask(answer):
        try:
            it = drawn(kind, answer)
        except ProblemError as error:
            assert error.faults[0].pointer.startswith("/")
        else:
            go.Figure(it)

    ask()
