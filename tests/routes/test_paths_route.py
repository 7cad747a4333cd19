"""POST /api/v1/paths over HTTP: it agrees with the trace, fits its schema, refuses what makes no sense, and holds nobody up."""

import json
import math
import time

import httpx
import jsonschema_rs
import pytest
from documents import MIXED, TWO_LAYER, wide
from hypothesis import given
from hypothesis import strategies as st
from serving import serving
from test_bad_requests import refused
from test_fuzz import SETTINGS, anything, conforms, extreme

from app.wire.presets import presets

PATHS = "/api/v1/paths"
W1 = {"quantity": "W1", "entry": [0, 1]}


@pytest.fixture(scope="module")
def description(client):
    return client.get("/openapi.json").json()["paths"][PATHS]["post"]


@pytest.fixture(scope="module")
def asked(description):
    return jsonschema_rs.validator_for(description["requestBody"]["content"]["application/json"]["schema"])


@pytest.fixture(scope="module")
def answered(description):
    return jsonschema_rs.validator_for(description["responses"]["200"]["content"]["application/json"]["schema"])


@pytest.mark.parametrize("document", [MIXED, *({"preset": name} for name in presets())])
def test_it_agrees_with_the_trace(client, document, answered):
    """The gradient, the sum, and every factor where it is said to stand."""
    trace = client.post("/api/v1/trace?max_values=1000000", json=document).json()
    of = {**trace["start"]["quantities"], **{name: value for step in trace["steps"] for name, value in step["values"].items()}}

    def at(quantity, entry):
        found = of[quantity]["data"]
        for index in entry:
            found = found[index]
        return found

    for target in (W1, {"quantity": "b1", "entry": [0]}, {"quantity": f"dW{len(trace['start']['layer_sizes']) - 1}", "entry": [0, 0]}):
        if target is W1 and trace["start"]["layer_sizes"][0] == 1:
            target = {**W1, "entry": [0, 0]}
        response = client.post(PATHS, json={**document, "target": target})
        assert (response.status_code, response.headers["content-type"], response.headers["cache-control"]) == (200, "application/json", "no-store")
        found = response.json()
        answered.validate(found)
        assert found["gradient"] == at(f"d{found['target']['quantity']}", target["entry"])
        scale = abs(found["gradient"]) + sum(abs(path["product"]) for path in found["paths"])
        assert abs(found["listed_sum"] + found["remainder"] - found["gradient"]) <= 1e-12 * scale
        assert len(found["paths"]) == found["listed"] == min(64, found["count"]) > 0
        for path in found["paths"]:
            assert all(factor["value"] == (1 if factor["quantity"] is None else at(factor["quantity"], factor["entry"])) for factor in path["factors"])
            assert path["product"] == math.prod(factor["value"] for factor in path["factors"])


def test_examples_work_and_fit_the_schema(client, description, asked, answered):
    for example in description["requestBody"]["content"]["application/json"]["examples"].values():
        asked.validate(example["value"])
        answered.validate(client.post(PATHS, json=example["value"]).json())
    for sent in ({**MIXED, "target": W1, "example": None, "max_paths": None}, {**TWO_LAYER, "target": {"quantity": "b1", "entry": [0]}, "max_paths": 3}):
        asked.validate(sent)
        answered.validate(client.post(PATHS, json=sent).json())


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({}, "/target"),
        ({"target": {**W1, "quantity": "V1"}}, "/target/quantity"),
        ({"target": {**W1, "entry": [0, -1]}}, "/target/entry/1"),
        ({"target": W1, "example": -1}, "/example"),
        ({"target": W1, "max_paths": -1}, "/max_paths"),
        ({"target": W1, "bogus": 1}, "/bogus"),
        ({"target": {**W1, "bogus": 1}}, "/target/bogus"),
    ],
)
@pytest.mark.parametrize("padding", [0, 200_000], ids=["small", "in a worker process"])
def test_what_server_and_schema_refuse(client, asked, fields, pointer, padding):
    sent = {**TWO_LAYER, **fields}
    assert not asked.is_valid(sent)
    refused(client.post(PATHS, content=json.dumps(sent) + " " * padding), 422, pointer)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"target": {**W1, "entry": [2, 0]}}, "/target/entry/0"),
        ({"target": {**W1, "quantity": "W3"}}, "/target/quantity"),
        ({"target": W1, "example": 1}, "/example"),
        ({"target": W1, "max_paths": 1001}, "/max_paths"),
        ({"target": W1, "targets": None}, "/targets"),
        ({**wide(*[4096] * 64), "target": W1, "max_paths": 1000}, "/layers"),
    ],
)
def test_what_only_the_server_can_refuse(client, fields, pointer):
    began = time.monotonic()
    refused(client.post(PATHS, json={**TWO_LAYER, **fields}), 422, pointer)
    assert time.monotonic() - began < 5


def test_other_refusals(client):
    refused(client.post(PATHS, content=b"{"), 400)
    refused(client.post(PATHS, content=b"{}", headers={"Content-Type": "text/plain"}), 415)
    response = client.get(PATHS)
    refused(response, 405)
    assert response.headers["allow"] == "POST"


def test_a_long_list(client, answered):
    """A thousand paths through sixty-four layers: computed elsewhere, sent in pieces, the largest first; the same bytes every time."""
    sent = {**wide(*[20] * 64, activation="softmax", loss="squared_error", inputs=3), "target": W1, "max_paths": 1000}
    response = client.post(PATHS, json=sent)
    found = response.json()
    answered.validate(found)
    assert len(response.content) > 1_000_000
    assert found["count_text"] == str(20**127)
    products = [abs(path["product"]) for path in found["paths"]]
    assert len(products) == 1000 and products == sorted(products, reverse=True)
    assert client.post(PATHS, json=sent).content == response.content


def test_long_lists_do_not_hold_small_requests_up(client, server):
    """While a heavy list is made in a worker process, small ones are answered."""
    heavy = json.dumps({**wide(*[60] * 60, examples=200, inputs=60), "target": W1, "max_paths": 1000})
    with httpx.Client(base_url=server, timeout=60) as other, pytest.raises(httpx.ReadTimeout):
        other.post(PATHS, content=heavy, timeout=0.3)  # it takes longer than that, and then its client leaves
    began = time.monotonic()
    for _ in range(5):
        assert client.post(PATHS, json={**TWO_LAYER, "target": W1}).status_code == 200
    assert time.monotonic() - began < 2


def test_limits_are_settings_and_in_the_catalog(client):
    assert client.get("/api/v1/catalog").json()["limits"].items() >= {"max_paths": 64, "max_paths_cap": 1000}.items()
    with serving(environment={"BACKPROP_MAX_PATHS": "2", "BACKPROP_MAX_PATHS_CAP": "3"}) as small, httpx.Client(base_url=small.url) as other:
        assert other.post(PATHS, json={**MIXED, "target": W1}).json()["listed"] == 2
        assert other.post(PATHS, json={**MIXED, "target": W1, "max_paths": 3}).json()["listed"] == 3
        refused(other.post(PATHS, json={**MIXED, "target": W1, "max_paths": 4}), 422, "/max_paths")
        assert other.get("/api/v1/catalog").json()["limits"].items() >= {"max_paths": 2, "max_paths_cap": 3}.items()


# ---- anything at all ---------------------------------------------------------------------------------------------------

TARGETS = st.fixed_dictionaries(
    {},
    optional={
        "quantity": anything | st.sampled_from(["W1", "dW2", "b1", "b9", "W0", "z1"]),
        "entry": anything | st.lists(st.integers(-1, 3) | anything, max_size=3),
        "bogus": anything,
    },
)


@given(fields=st.fixed_dictionaries({}, optional={"target": TARGETS | anything, "example": anything, "max_paths": anything, "targets": anything}))
@SETTINGS
def test_any_values_of_the_fields(client, fields):
    for base in (TWO_LAYER, MIXED, {}):
        conforms(client.post(PATHS, content=json.dumps({**base, **fields})))


@given(document=extreme(), most=st.sampled_from([0, 1, 5, 1000]))
@SETTINGS
def test_numbers_from_all_of_float64(client, document, most):
    """A whole answer, however the numbers come out; null where they are not finite."""
    response = client.post(PATHS, content=json.dumps({**document, "target": {"quantity": "W1", "entry": [0, 0]}, "max_paths": most}))
    assert response.status_code == 200, response.text
    found = response.json()
    sizes = [math.inf if path["product"] is None else abs(path["product"]) for path in found["paths"]]
    assert len(sizes) == found["listed"] == min(most, found["count"])
    assert sizes == sorted(sizes, reverse=True)
