"""Anything at all may be sent: the answer is never a 5xx, and whatever it is, it is well formed."""

import json
import math
import re
from itertools import pairwise

import pytest
from documents import MIXED, TWO_LAYER
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.activations import ACTIVATIONS
from app.engine.initializers import INITIALIZERS
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS

TRACE = "/api/v1/trace"
CHECK = "/api/v1/gradient-check"
SETTINGS = settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
FORMATS = ["application/json", "application/x-ndjson", "text/event-stream"]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=20)
FIELDS = ["layers", "loss", "inputs", "targets", "initializer", "optimizer", "parameters", "preset", "weights", "bias", "units", "activation"]


def conforms(response):
    """A trace of numbers that are numbers, or a problem document."""
    assert response.status_code in (200, 400, 413, 422), response.text[:300]
    if response.status_code == 200:
        return
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["detail"]
    assert all(fault["pointer"] == "" or fault["pointer"].startswith("/") for fault in problem["errors"])
    assert (response.status_code != 422) or problem["errors"]


@given(body=st.binary(max_size=300), accept=st.sampled_from(FORMATS))
@SETTINGS
def test_any_bytes(client, body, accept):
    conforms(client.post(TRACE, content=body, headers={"Accept": accept}))


@given(document=anything)
@SETTINGS
def test_any_json(client, document):
    conforms(client.post(TRACE, content=json.dumps(document)))


@given(document=st.dictionaries(st.sampled_from(FIELDS), anything, max_size=6), layer=st.dictionaries(st.sampled_from(FIELDS), anything), base=st.booleans())
@SETTINGS
def test_any_values_of_known_fields(client, document, layer, base):
    """Fields that exist with values that may not fit, alone and over a problem that does."""
    conforms(client.post(TRACE, content=json.dumps({**(MIXED if base else {}), **document})))
    layers = [{**TWO_LAYER["layers"][0], **layer}, TWO_LAYER["layers"][1]]
    conforms(client.post(TRACE, content=json.dumps({**TWO_LAYER, "layers": layers})))


@st.composite
def mutated(draw):
    """A sound document with one value somewhere replaced by any other."""
    document = json.loads(json.dumps(draw(st.sampled_from([TWO_LAYER, MIXED]))))
    place = document
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if isinstance(place[key], dict | list) and place[key] and draw(st.booleans()):
            place = place[key]
            continue
        place[key] = draw(anything | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1e308, -1e308, 5e-324, 2**63, 2**64, -0.0]))
        return document


@given(document=mutated())
@SETTINGS
def test_one_thing_wrong(client, document):
    conforms(client.post(TRACE, content=json.dumps(document)))


NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, -0.0, 1e308, -1e308, 1e200, 1e-200, 5e-324, 40.0, -745.0])


@st.composite
def extreme(draw):
    """A problem that makes sense, with numbers from all of float64."""

    def numbers(n):
        return draw(st.lists(NUMBERS, min_size=n, max_size=n))

    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    examples = draw(st.integers(1, 3))
    loss = draw(st.sampled_from(list(LOSSES)))
    reductions = {key: draw(st.sampled_from(["sum", "mean"])) for key in ("over_outputs", "over_batch")}
    unit = st.floats(0, 1)
    targets = [draw(st.lists(unit if "entropy" in loss else NUMBERS, min_size=sizes[-1], max_size=sizes[-1])) for _ in range(examples)]
    return {
        "layers": [
            {"weights": [numbers(n_in) for _ in range(n_out)], "bias": numbers(n_out), "activation": draw(st.sampled_from(list(ACTIVATIONS)))}
            for n_in, n_out in pairwise(sizes)
        ],
        "loss": {"name": loss, "scale": draw(st.sampled_from([1.0, 0.5, -3.0, 0.0, 1e308])), **reductions},
        "inputs": [numbers(sizes[0]) for _ in range(examples)],
        "targets": targets,
        "initializer": {"name": draw(st.sampled_from(list(INITIALIZERS))), "seed": draw(st.integers(0, 2**64 - 1))},
        "optimizer": {"name": draw(st.sampled_from(list(OPTIMIZERS))), "learning_rate": draw(st.sampled_from([0.0, 0.1, 5e-324, 1e308]))},
    }


@given(document=extreme(), most=st.sampled_from([0, 2, 4096]))
@SETTINGS
def test_any_numbers_that_make_sense_give_a_whole_trace(client, document, most):
    """Every null is listed as NaN or ∞, `finite` is true exactly when there is none, and the first one is noted and flagged."""
    response = client.post(TRACE, json=document, params={"max_values": most})
    if response.status_code == 422:  # certain beforehand: a prediction that no logarithm takes
        assert response.json()["errors"][0]["pointer"]
        return
    assert response.status_code == 200, response.text[:300]
    trace = response.json()
    assert trace["start"]["step_count"] == trace["end"]["steps"] == len(trace["steps"])
    broken = None
    for step in trace["steps"]:
        for name, q in step["values"].items():
            if q["data"] is None and q["shape"]:
                assert math.prod(q["shape"]) > most
            flat = flatten(q["data"], len(q["shape"])) if q["data"] is not None or not q["shape"] else []
            listed = dict(map(tuple, q.get("non_finite", [])))
            if most >= 4096:
                assert {k for k, x in enumerate(flat) if x is None} == set(listed), name
                assert set(listed.values()) <= {"nan", "inf", "-inf"}
                assert ("non_finite" in q) == bool(listed)
            if q["max_abs"] is None and broken is None:
                broken = step["index"]
        assert ("note" in step) == (step["index"] == broken)
    assert trace["end"]["finite"] == (broken is None)
    flags = trace["end"]["flags"]
    assert [flag["step"] for flag in flags if flag["kind"] == "non_finite"] == ([] if broken is None else [broken])
    assert broken is None or len(flags) == 1  # beside numbers that are not finite nothing else is told
    for flag in flags:
        assert flag["quantity"] in trace["steps"][flag["step"]]["values"]
        assert flag["text"].endswith(".") and not re.search(r"nan|inf\b|None", flag["text"])


@given(
    document=extreme() | st.sampled_from([TWO_LAYER, MIXED]),
    extras=st.dictionaries(st.sampled_from(["epsilon", "quantities", "probe"]), anything, max_size=3),
)
@SETTINGS
def test_any_extras_of_a_gradient_check(client, document, extras):
    conforms(client.post(CHECK, content=json.dumps({**document, **extras})))


@given(
    document=extreme(),
    epsilon=st.floats(1e-12, 1),
    quantity=st.sampled_from(["a0", "W1", "b1", "z1", "a1"]),
    step=st.floats(0, 1, exclude_min=True),
)
@SETTINGS
def test_any_numbers_that_make_sense_can_be_checked(client, document, epsilon, quantity, step):
    """What is not finite cannot agree, what differs has a place, and a verdict on the whole is that on its parts."""
    entry = [0] if quantity == "b1" else [0, 0]
    response = client.post(CHECK, json={**document, "epsilon": epsilon, "probe": {"quantity": quantity, "entry": entry, "epsilon": step}})
    if response.status_code == 422:  # certain beforehand: a prediction that no logarithm takes
        assert response.json()["errors"][0]["pointer"]
        return
    assert response.status_code == 200, response.text[:300]
    found = response.json()
    assert found["agrees"] == all(it["agrees"] for it in found["quantities"].values())
    for it in found["quantities"].values():
        assert it["comparable"] or not it["agrees"]
        assert it["max_abs"] is not None or not it["agrees"]
        assert it["kinks"] + it["refined"] <= it["checked"] <= it["of"]
        assert it["kinks"] >= len(it["kinks_at"])
    assert found["agrees"] is False or found["loss"] is not None


def flatten(data, dimensions):
    """Nested lists as one."""
    if dimensions == 0:
        return [data]
    for _ in range(dimensions - 1):
        data = [item for row in data for item in row]
    return data


def test_the_server_is_still_well(running, client):
    """After all of the above: no traceback was logged."""
    assert client.get("/healthz").status_code == 200
    assert "Traceback" not in running.said


@pytest.mark.parametrize("accept", ["\x7f", ",,,", ";", "a/b;q=;q", "*/*;" * 500, "application/json;q=1;" + "x=1;" * 100, "\xe9"])
def test_any_accept(client, accept):
    response = client.post(TRACE, json=TWO_LAYER, headers=[("Accept", accept.encode("latin-1"))])
    assert response.status_code in (200, 400, 406)
