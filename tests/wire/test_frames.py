"""A trace as bytes: what start, steps and end say."""

import json

import numpy as np
import pytest
from documents import MIXED, SATURATED, TWO_LAYER, wide

from app.engine.document import read_problem
from app.engine.errors import ProblemError
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.passes import record
from app.wire.frames import FORMAT, View, trace_frames
from app.wire.presets import presets

ALL = View(max_values=10**9)


def frames(document, view=ALL):
    """Every frame of a problem's trace, parsed."""
    return [json.loads(frame) for frame in trace_frames(read_problem(document), view)]


def steps_of(document, view=ALL):
    """The bytes of the steps alone."""
    return trace_frames(read_problem(document), view)[1:-1]


def sent(parsed):
    """Every quantity of a trace by id."""
    found = dict(parsed[0]["quantities"])
    for step in parsed[1:-1]:
        found |= step["values"]
    return found


def test_mazurs_numbers():
    """The published numbers of the worked example."""
    parsed = frames(TWO_LAYER)
    found = sent(parsed)
    assert parsed[-1]["loss"] == found["loss"]["data"] == pytest.approx(0.298371109, abs=5e-10)
    assert np.allclose(found["W2_new"]["data"], [[0.35891648, 0.408666186], [0.511301270, 0.561370121]], atol=5e-10)
    assert np.allclose(found["W1_new"]["data"], [[0.149780716, 0.19956143], [0.24975114, 0.29950229]], atol=5e-9)


def test_ids_phases_and_layers():
    parsed = frames(TWO_LAYER)
    said = [(s["index"], s["id"], s["phase"], s["layer"]) for s in parsed[1:-1]]
    expected = [
        *[("z1", "forward", 1), ("a1", "forward", 1), ("z2", "forward", 2), ("a2", "forward", 2), ("loss", "loss", 2), ("da2", "backward", 2)],
        *[("dz2", "backward", 2), ("dW2", "backward", 2), ("db2", "backward", 2), ("da1", "backward", 2)],
        *[("dz1", "backward", 1), ("dW1", "backward", 1), ("db1", "backward", 1), ("da0", "backward", 1)],
        *[("W1_new", "update", 1), ("b1_new", "update", 1), ("W2_new", "update", 2), ("b2_new", "update", 2)],
    ]
    assert said == [(k, *row) for k, row in enumerate(expected)]


def test_start():
    start = frames(TWO_LAYER)[0]
    assert (start["event"], start["format"], start["layer_sizes"], start["step_count"]) == ("start", FORMAT, [2, 2, 2], 18)
    assert list(start["quantities"]) == ["a0", "y", "W1", "b1", "W2", "b2"]
    assert start["omitted"] == []
    assert start["problem"]["optimizer"] == {"name": "sgd", "learning_rate": 0.5, "update_biases": True}
    assert start["problem"]["loss"] == {"name": "squared_error", "scale": 0.5, "over_outputs": "sum", "over_batch": "mean"}
    assert start["problem"]["initializer"] == {"name": "xavier_uniform", "seed": 0}


def test_end():
    end = frames(MIXED)[-1]
    assert (end["event"], end["steps"], end["finite"], end["flags"]) == ("end", len(frames(MIXED)) - 2, True, [])
    values = sent(frames(MIXED))
    assert {k: pytest.approx(values[k]["norm"], rel=1e-12) for k in ("dz1", "dz2", "dz3", "dz4")} == end["gradient_norms"]


def test_class_indices_stay_in_the_problem_and_are_one_hot_in_y():
    start = frames(MIXED)[0]
    assert start["problem"]["targets"] == [0, 2, 1]
    assert start["quantities"]["y"]["data"] == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_a_layer_without_bias_has_none_anywhere():
    parsed = frames(MIXED)
    assert parsed[0]["problem"]["layers"][1]["bias"] is False
    assert not {"b2", "db2", "b2_new", "b2_m"} & set(sent(parsed))
    assert "add" not in next(s for s in parsed[1:-1] if s["id"] == "z2")["rule"]


def test_every_number_is_the_engines():
    problem = read_problem(MIXED)
    expected = problem.givens() | {name: value for step in record(problem) for name, value in step.values.items()}
    found = sent(frames(MIXED))
    assert list(found) == list(expected)
    for name, value in expected.items():
        assert np.array(found[name]["data"], float).tobytes() == np.ascontiguousarray(value).tobytes(), name
        assert found[name]["shape"] == list(value.shape)
        assert len(found[name]["axes"]) == value.ndim


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_name_their_state(name):
    """State is given in the start, an operand of the update, and shown new beside the parameter."""
    parsed = frames({**TWO_LAYER, "optimizer": name})
    kind = OPTIMIZERS[name]
    step = next(s for s in parsed[1:-1] if s["id"] == "W1_new")
    slots = [f"W1_{slot}" for slot in kind.slots]
    assert step["rule"]["operands"] == ["W1", "dW1", *slots, *(["t"] if kind.counts else [])]
    assert list(step["values"]) == ["W1_new", *(f"{slot}_new" for slot in slots)]
    assert set(slots) <= set(parsed[0]["quantities"])
    assert ("t" in parsed[0]["quantities"]) == kind.counts
    if kind.counts:
        t = parsed[0]["quantities"]["t"]
        assert (t["shape"], t["axes"], t["data"]) == ([], [], 1.0)


def test_state_continues():
    """An update begun from the state of the one before is the second update."""
    first = sent(frames({**TWO_LAYER, "optimizer": "adam"}))
    state = {name.removesuffix("_new"): q for name, q in first.items() if name.endswith(("_m_new", "_v_new"))}
    parameters = {name: first[f"{name}_new"] for name in ("W1", "b1", "W2", "b2")}
    second = frames({**TWO_LAYER, "optimizer": "adam", "parameters": parameters, "optimizer_state": {**state, "t": 1}})
    found = sent(second)
    assert found["t"]["data"] == 2.0
    assert found["W1"]["data"] == first["W1_new"]["data"]
    m, v = (np.array(found[f"W1_{s}"]["data"]) for s in "mv")
    g, w = np.array(found["dW1"]["data"]), np.array(found["W1"]["data"])
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    assert np.allclose(found["W1_new"]["data"], w - 0.001 * (m / (1 - 0.9**2)) / (np.sqrt(v / (1 - 0.999**2)) + 1e-8), rtol=1e-12)


def test_without_biases_updates_leave_them():
    parsed = frames({**TWO_LAYER, "optimizer": {"name": "adam", "update_biases": False}})
    assert [s["id"] for s in parsed[1:-1] if s["phase"] == "update"] == ["W1_new", "W2_new"]
    assert not {"b1_m", "b1_v"} & set(parsed[0]["quantities"])


@pytest.mark.parametrize("missing", [{"targets": None}, {"targets": None, "optimizer": None}])
def test_forward_alone(missing):
    parsed = frames({**TWO_LAYER, **missing})
    assert [s["id"] for s in parsed[1:-1]] == ["z1", "a1", "z2", "a2"]
    assert (parsed[-1]["loss"], parsed[-1]["gradient_norms"], parsed[-1]["finite"]) == (None, {}, True)
    assert "y" not in parsed[0]["quantities"]


def test_targets_absent_is_targets_null():
    absent = {key: value for key, value in TWO_LAYER.items() if key != "targets"}
    assert steps_of(absent) == steps_of({**TWO_LAYER, "targets": None})


RESENDABLE = {
    "two layers": TWO_LAYER,
    "mixed": MIXED,
    "saturated": SATURATED,
    "forward": {**TWO_LAYER, "targets": None},
    "no optimizer": {**TWO_LAYER, "optimizer": None},
    "continued": {**TWO_LAYER, "optimizer": "adamw", "optimizer_state": {"W1_m": [[1, 2], [3, 4]], "t": 3}},
    **{f"loss {name}": {**TWO_LAYER, "loss": {"name": name, "over_outputs": "mean"}} for name in LOSSES},
    **{f"preset {name}": found["problem"] for name, found in presets().items()},
}


@pytest.mark.parametrize("document", RESENDABLE.values(), ids=RESENDABLE)
def test_the_resolved_problem_can_be_sent_again(document):
    first = frames(document)
    again = first[0]["problem"]
    assert steps_of(again) == steps_of(document)
    assert frames(again)[0]["problem"] == again
    assert frames(again)[-1] == first[-1]


def test_the_same_document_is_the_same_bytes():
    assert trace_frames(read_problem(MIXED), ALL) == trace_frames(read_problem(json.loads(json.dumps(MIXED))), ALL)


def test_parameters_as_quantities_or_bare():
    W1, b2 = [[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0]
    bare = {**TWO_LAYER, "parameters": {"W1": W1, "b2": b2}}
    wrapped = {**TWO_LAYER, "parameters": {"W1": {"shape": [2, 2], "axes": ["unit", "input"], "data": W1, "norm": 1}, "b2": {"data": b2}}}
    assert steps_of(bare) == steps_of(wrapped)
    quantities = {
        **TWO_LAYER,
        "inputs": {"data": TWO_LAYER["inputs"]},
        "targets": {"data": TWO_LAYER["targets"]},
        "layers": [{**layer, "weights": {"data": layer["weights"]}, "bias": {"data": layer["bias"]}} for layer in TWO_LAYER["layers"]],
    }
    assert steps_of(quantities) == steps_of(TWO_LAYER)


# ---- how much is sent --------------------------------------------------------------------------------------------------


def test_larger_arrays_come_as_thumbnails():
    parsed = frames(wide(70, 3, inputs=80), View(max_values=10))
    found = sent(parsed)
    for name, q in found.items():
        count = int(np.prod(q["shape"]))
        assert (q["data"] is None) == (count > 10), name
        assert q["shape"] or q["data"] is not None
        assert ("thumbnail" in q) == (count > 10), name
    assert np.array(found["W1"]["thumbnail"]).shape == (64, 64)
    assert np.array(found["a0"]["thumbnail"]).shape == (1, 64)
    assert parsed[0]["omitted"] == ["a0", "W1", "b1", "W2"]


@pytest.mark.parametrize(("most", "full"), [(0, False), (3, False), (4, True), (5, True)])
def test_the_bound_itself_is_sent(most, full):
    found = sent(frames(TWO_LAYER, View(max_values=most)))
    assert (found["W1"]["data"] is not None) == full
    assert (found["dW1"]["data"] is not None) == full


def test_quantities_by_name_come_in_full():
    parsed = frames(wide(70, 3, inputs=80), View(max_values=10, quantities=frozenset({"dW1", "W1", "nonsense"})))
    found = sent(parsed)
    assert np.array(found["dW1"]["data"]).shape == np.array(found["W1"]["data"]).shape == (70, 80)
    assert found["W2"]["data"] is None
    assert parsed[0]["omitted"] == ["a0", "b1", "W2"]
    layers = parsed[0]["problem"]["layers"]
    assert [(layer["weights"], layer["bias"]) for layer in layers] == [(None, None)] * 2  # a layer is there or not


@pytest.mark.parametrize("most", [0, 1, 3, 10**9])
def test_scalars_always_come_in_full(most):
    found = sent(frames({**TWO_LAYER, "optimizer": "adam"}, View(max_values=most)))
    assert {name: type(found[name]["data"]) for name in ("loss", "t")} == {"loss": float, "t": float}
    assert not any("thumbnail" in found[name] for name in ("loss", "t"))


CUT = {
    "adam": {**MIXED, "optimizer_state": {"W1_m": [[1, 2]] * 4, "b4_v": [1, 2, 3], "t": 3}},
    "wide outputs": {"layers": [{"weights": [[1]] * 20, "activation": "tanh"}], "inputs": [[1]], "targets": [[0] * 20]},
    "wide inputs": wide(1, inputs=30),
    "units": wide(3, 2),
    "no bias": {**TWO_LAYER, "layers": [{**layer, "bias": False} for layer in TWO_LAYER["layers"]]},
}


@pytest.mark.parametrize("document", CUT.values(), ids=CUT)
@pytest.mark.parametrize("wanted", ["", "a0", "y", "W1", "b1", "W1,a0", "a0,y,W1", "a0,y,W1,b1,W2,b2,W3,b3,W4,b4"])
@pytest.mark.parametrize("most", [0, 2, 4, 12])
def test_a_cut_problem_is_never_another_problem(document, wanted, most):
    """Sent again it is the same problem or none at all."""
    start = frames(document, View(max_values=most, quantities=frozenset(wanted.split(","))))[0]
    try:
        assert steps_of(start["problem"]) == steps_of(document)
    except ProblemError:
        assert start["omitted"]


def test_class_indices_are_judged_by_their_own_length():
    start = frames(MIXED, View(max_values=6))[0]
    assert start["quantities"]["y"]["data"] is None
    assert start["problem"]["targets"] == [0, 2, 1]
    assert start["problem"]["inputs"] is not None


@pytest.mark.parametrize("targets", [MIXED["targets"], None])
def test_optimizer_state_that_is_cut_is_named(targets):
    document = {**MIXED, "targets": targets, "optimizer_state": {"W1_m": [[1, 2]] * 4, "t": 3}}
    start = frames(document, View(max_values=3))[0]
    assert start["problem"]["optimizer_state"] == {"W1_m": None, "t": 3}
    assert "W1_m" in start["omitted"]


def test_norms_do_not_depend_on_what_is_sent():
    full, small = sent(frames(MIXED)), sent(frames(MIXED, View(max_values=0)))
    for name in full:
        assert (full[name]["norm"], full[name]["max_abs"], full[name]["shape"]) == (small[name]["norm"], small[name]["max_abs"], small[name]["shape"])


@pytest.mark.parametrize("first", [0, 1, 9, 17, 18, 19, 10**30])
def test_from_step(first):
    whole, rest = trace_frames(read_problem(TWO_LAYER), ALL), trace_frames(read_problem(TWO_LAYER), ALL._replace(from_step=first))
    assert rest == [whole[0], *whole[1:-1][first:], whole[-1]]


# ---- NaN and ∞ ---------------------------------------------------------------------------------------------------------


def test_saturation_is_said_where_it_begins():
    parsed = frames(SATURATED)
    noted = [s for s in parsed[1:-1] if "note" in s]
    assert [s["id"] for s in noted] == ["loss"]
    assert noted[0]["values"]["loss"] == {"shape": [], "axes": [], "data": None, "norm": None, "max_abs": None, "non_finite": [[0, "inf"]]}
    end = parsed[-1]
    assert (end["finite"], end["loss"]) == (False, None)
    assert [(f["kind"], f["quantity"], f["step"], f["layer"]) for f in end["flags"]] == [("non_finite", "loss", noted[0]["index"], 1)]
    assert end["flags"][0]["text"] == noted[0]["note"]


def test_the_note_is_sent_once_however_often_one_resumes():
    index = next(s["index"] for s in frames(SATURATED)[1:-1] if "note" in s)
    for first in range(6):
        whole, rest = frames(SATURATED), frames(SATURATED, ALL._replace(from_step=first))
        assert rest[1:-1] == whole[1:-1][first:]
        assert any("note" in s for s in rest[1:-1]) == (first <= index)


def test_clip_is_the_remedy_the_note_names():
    note = next(s["note"] for s in frames(SATURATED)[1:-1] if "note" in s)
    assert "clip" in note
    assert frames({**SATURATED, "loss": {"name": "binary_cross_entropy", "clip": 1e-12}})[-1]["finite"] is True


def test_overflow_is_a_trace_too():
    big = {**TWO_LAYER, "layers": [{"weights": [[1e300, 1e300]], "activation": "identity"}], "targets": [[0]], "inputs": [[1e300, 1e300]]}
    parsed = frames(big)
    assert parsed[1]["values"]["z1"]["non_finite"] == [[0, "inf"]]
    assert "note" in parsed[1]
    assert parsed[-1]["finite"] is False


def test_large_but_finite_is_finite():
    """A norm beyond float64 is no reason to say that a number is."""
    big = {"layers": [{"weights": [[1.7e308], [1.7e308]], "activation": "identity"}], "inputs": [[1.0]]}
    parsed = frames(big)
    assert parsed[-1]["finite"] is True
    assert not any("note" in s for s in parsed[1:-1])


# ---- rows or columns ---------------------------------------------------------------------------------------------------

COLUMNS = ALL._replace(convention="column")


@pytest.mark.parametrize("document", [TWO_LAYER, MIXED, SATURATED, *[item["problem"] for item in presets().values()]])
def test_numbers_are_the_same_in_both_conventions(document):
    problem = read_problem(document)
    row, column = trace_frames(problem, ALL), trace_frames(problem, COLUMNS)
    ours, theirs = json.loads(row[0]), json.loads(column[0])
    assert ours.pop("convention") == "row" and theirs.pop("convention") == "column"
    assert ours.pop("words") != theirs.pop("words")
    assert json.dumps(ours) == json.dumps(theirs)
    assert row[-1] == column[-1]
    values = [[frame[frame.index(b'"values":') :] for frame in frames[1:-1]] for frames in (row, column)]
    assert values[0] == values[1]
    assert row[1:-1] != column[1:-1]
    for ours, theirs in zip(row[1:-1], column[1:-1], strict=True):
        for key in ("index", "id", "rule", "symbol", "title"):
            assert json.loads(ours)[key] == json.loads(theirs)[key]


def test_conventions_take_turns():
    """What is kept of one structure is kept for each convention."""
    first = trace_frames(read_problem(MIXED), ALL)
    other = trace_frames(read_problem(MIXED), COLUMNS)
    assert trace_frames(read_problem(MIXED), ALL) == first
    assert trace_frames(read_problem(MIXED), COLUMNS) == other


@pytest.mark.parametrize("document", [TWO_LAYER, MIXED])
def test_theta(document):
    start = frames(document)[0]
    layers = len(document["layers"])
    assert [it["layer"] for it in start["theta"]] == list(range(1, layers + 1))
    last = start["theta"][-1]
    theta = rf"\boldsymbol{{\Theta}}^{{[{layers}]}}"
    assert last["symbol"]["latex"] == theta
    assert last["gradient"]["latex"] == rf"\frac{{\partial \mathcal{{L}}}}{{\partial {theta}}}"
    assert last["local"]["latex"] == rf"\frac{{\partial \mathbf{{z}}^{{[{layers}]}}}}{{\partial {theta}}}"
    assert all("\U0001d6af" in last[key]["mathml"] for key in ("symbol", "gradient", "local"))
    assert "theta" not in frames({**document, "targets": None})[0]


# ---- flags ---------------------------------------------------------------------------------------------------------------


def flagged(document, view=ALL):
    return frames(document, view)[-1]["flags"]


@pytest.mark.parametrize(("name", "found"), [(name, {"vanishing": ["vanishing"], "dead-relu": ["dead"]}.get(name, [])) for name in presets()])
def test_presets_are_flagged_for_what_they_show(name, found):
    """The others are well, so nothing is said about them."""
    parsed = frames(presets()[name]["problem"])
    assert [flag["kind"] for flag in parsed[-1]["flags"]] == found
    for flag in parsed[-1]["flags"]:
        assert set(flag) == {"kind", "quantity", "layer", "layers", "units", "step", "text"}
        assert flag["quantity"] in parsed[1:-1][flag["step"]]["values"]
        assert flag["layer"] == parsed[1:-1][flag["step"]]["layer"]


def test_a_flag_names_units_from_0_and_says_them_from_1():
    (flag,) = flagged(presets()["dead-relu"]["problem"])
    assert (flag["layer"], flag["layers"], flag["units"], flag["quantity"]) == (1, [1], [1], "g1")
    assert flag["text"].startswith("Unit 2 of layer 1 is dead")


@pytest.mark.parametrize("view", [View(max_values=0), View(from_step=7), View(from_step=10**6), View(max_values=3, from_step=40)])
@pytest.mark.parametrize("name", ["vanishing", "dead-relu"])
def test_the_end_does_not_depend_on_what_is_sent(name, view):
    document = presets()[name]["problem"]
    assert trace_frames(read_problem(document), view)[-1] == trace_frames(read_problem(document), ALL)[-1]


@pytest.mark.parametrize(
    "document",
    [
        SATURATED,
        {"layers": [{"weights": [[-1], [1e300]], "activation": "relu"}, {"weights": [[1, 1e300]], "activation": "tanh"}], "inputs": [[1]], "targets": [[0]]},
        {**wide(2, 2, activation="relu"), "inputs": [[0, 0]], "targets": [[1, 1]], "optimizer": {"name": "adam", "epsilon": 0}},
    ],
)
def test_beside_what_is_not_finite_nothing_else_is_said(document):
    """A slope or a norm that comes after NaN tells nothing."""
    (flag,) = flagged(document)
    assert (flag["kind"], flag["layers"]) == ("non_finite", [flag["layer"]])


def test_a_forward_pass_has_no_gradients_to_flag():
    assert flagged({**presets()["dead-relu"]["problem"], "targets": None}) == []


@pytest.mark.parametrize("document", [TWO_LAYER, TWO_LAYER | {"targets": None, "optimizer": None}, SATURATED])
def test_whoever_has_the_words_gets_numbers_alone(document):
    """Another number, the same words: what is left out is what the other trace said, byte for byte."""
    whole = [json.loads(frame) for frame in trace_frames(read_problem(document), View())]
    words = whole[0]["words"]
    edited = read_problem(document | {"edits": [{"quantity": "W1", "entry": [0, 0], "value": 0.625}]})
    bare, full = ([json.loads(frame) for frame in trace_frames(edited, view)] for view in (View(words=words), View()))
    said = {name: whole[0][name] for name in ("symbols", "theta") if name in whole[0]}
    assert bare[0] | said == full[0] and not said.keys() & bare[0].keys()
    for told, numbers, step in zip(whole[1:-1], bare[1:-1], full[1:-1], strict=True):
        assert set(numbers) - {"note"} == {"event", "index", "id", "values"}
        assert {name: value for name, value in told.items() if name != "note"} | numbers == step
    assert bare[-1] == full[-1]


@pytest.mark.parametrize(
    "change", [{"loss": {"name": "squared_error", "scale": 2}}, {"optimizer": {"name": "sgd", "learning_rate": 0.25}}, {"optimizer": "adam"}], ids=str
)
def test_where_the_words_are_others_they_are_sent(change):
    start, *_ = trace_frames(read_problem(TWO_LAYER), View())
    other, *steps, _ = trace_frames(read_problem(TWO_LAYER | change), View(words=json.loads(start)["words"]))
    column = json.loads(trace_frames(read_problem(TWO_LAYER), View(convention="column"))[0])
    assert "symbols" in json.loads(other) and all("title" in json.loads(step) for step in steps)
    assert len({json.loads(start)["words"], json.loads(other)["words"], column["words"]}) == 3
