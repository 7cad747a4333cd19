"""Exports as jobs: the JSON is the problem again, names are of use, limits hold."""

import orjson
import pytest
from documents import MIXED, SATURATED, TWO_LAYER, wide

from app.engine.limits import Limits
from app.wire.exports import KINDS, export_job
from app.wire.faults import RequestError
from app.wire.frames import View
from app.wire.jobs import TooHeavy, trace_job
from app.wire.presets import presets

LIMITS = Limits()
MOST = 5_000_000
STATE = {"preset": "two-layer", "optimizer": "adam", "optimizer_state": {"t": 3, "W1_m": [[0.1, 2], [3, 4]]}, "parameters": {"b1": [1, 2]}}
EDITS = [{"quantity": "W1", "entry": [0, 1], "value": -0.0}, {"quantity": "y", "entry": [0, 0], "value": 0.5}]
EDITED = {"preset": "digits", "edits": EDITS, "keep": {"b1": [1]}}
LARGE = wide(90, 90, inputs=90, examples=50)  # arrays of 8100 numbers: a trace's start leaves them out


def exported(document, kind="json", *, most=MOST, at_most=None, convention="row"):
    answer = export_job(orjson.dumps(document), LIMITS, kind, convention, most, at_most)
    if isinstance(answer, RequestError):
        raise answer
    name, content = answer
    return name.decode(), content


def trace(body):
    return b"".join(trace_job(body, LIMITS, View(), "application/json"))


@pytest.mark.parametrize(
    "document",
    [TWO_LAYER, MIXED, SATURATED, STATE, EDITED, LARGE, {"preset": "xor", "targets": None}, *({"preset": name} for name in presets())],
    ids=lambda document: document.get("preset", ""),
)
def test_json_gives_the_same_bytes_of_trace(document):
    _, content = exported(document)
    assert trace(content) == trace(orjson.dumps(document))
    assert exported(orjson.loads(content))[1] == content


def test_json_is_complete():
    problem = orjson.loads(exported(LARGE)[1])
    assert len(problem["layers"][1]["weights"]) == 90 and len(problem["inputs"]) == 50
    assert orjson.loads(trace(orjson.dumps(LARGE)))["start"]["omitted"]


@pytest.mark.parametrize(
    ("document", "kind", "name"),
    [
        ({"preset": "two-layer"}, "numpy", "backprop-two-layer-numpy.py"),
        ({"preset": "two-layer"}, "pytorch", "backprop-two-layer-pytorch.py"),
        ({"preset": "two-layer", "targets": None}, "latex", "backprop-two-layer.tex"),
        (MIXED, "json", "backprop-2-4-3-5-3.json"),
        (wide(*[2] * 12), "json", "backprop-12-layers.json"),
    ],
)
def test_names(document, kind, name):
    assert exported(document, kind)[0] == name


@pytest.mark.parametrize("kind", KINDS)
def test_faults_are_the_problems(kind):
    with pytest.raises(RequestError) as refused:
        exported({**TWO_LAYER, "loss": "nope"}, kind)
    assert refused.value.status == 422 and refused.value.faults[0].pointer == "/loss"
    unread = export_job(b"{", LIMITS, kind, "row", MOST)
    assert isinstance(unread, RequestError) and unread.status == 400


def test_more_numbers_than_may_be_sent_are_refused_where_they_would_be_written():
    for kind in ("numpy", "pytorch", "json"):
        with pytest.raises(RequestError) as refused:
            exported(LARGE, kind, most=1000)
        assert refused.value.status == 422 and "at most 1000 numbers" in refused.value.detail
    assert exported(LARGE, "latex", most=1000)[1].startswith(rb"\documentclass")  # which shows corners only


def test_what_takes_long_goes_to_a_worker():
    deep = wide(*[2] * 64)
    with pytest.raises(TooHeavy):
        exported(deep, "latex", at_most=60_000)
    with pytest.raises(TooHeavy):
        exported(LARGE, "numpy", at_most=60_000)
    assert exported(TWO_LAYER, "latex", at_most=60_000)[1]


def test_columns_are_for_the_worked_solution():
    assert b"an example is a column" in exported(TWO_LAYER, "latex", convention="column")[1]
    assert exported(TWO_LAYER, "numpy", convention="column") == exported(TWO_LAYER, "numpy")
