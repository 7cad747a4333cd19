"""POST /gradient-check: every preset agrees, a probe's numbers are anybody's, what makes no sense is pointed at, and nobody else waits."""

import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import jsonschema_rs
import numpy as np
import pytest
from documents import MIXED, SATURATED, TWO_LAYER, wide

from app.wire.presets import presets

CHECK = "/api/v1/gradient-check"
TRACE = "/api/v1/trace"


def check(client, document, **more):
    response = client.post(CHECK, json={**document, **more})
    assert response.status_code == 200, response.text[:500]
    assert response.headers["content-type"] == "application/json"
    return response.json()


@pytest.fixture(scope="module")
def described(client):
    """What the OpenAPI document says about the route."""
    return client.get("/openapi.json").json()["paths"][CHECK]["post"]


@pytest.fixture(scope="module")
def schema(described):
    """The schema of an answer, as a validator."""
    return jsonschema_rs.validator_for(described["responses"]["200"]["content"]["application/json"]["schema"])


# ---- what agrees -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", presets())
def test_every_preset_agrees(client, schema, name):
    found = check(client, {"preset": name}, probe={"quantity": "W1", "entry": [0, 0]})
    schema.validate(found)
    trace = client.get(TRACE, params={"preset": name}).json()
    assert list(found["quantities"]) == [step["id"] for step in trace["steps"] if step["phase"] == "backward"]
    assert found["agrees"] is True
    assert found["epsilon"] == 1e-6
    assert found["loss"] == trace["end"]["loss"]
    for step in trace["steps"]:
        if step["phase"] == "backward":
            it = found["quantities"][step["id"]]
            assert it["agrees"] and it["comparable"] and it["kinks"] == 0
            assert it["of"] == np.prod(step["values"][step["id"]]["shape"])
            assert len(it["at"]) == len(step["values"][step["id"]]["shape"])
            assert it["max_abs"] < 1e-7
    assert found["probe"]["gradient"] == next(s for s in trace["steps"] if s["id"] == "dW1")["values"]["dW1"]["data"][0][0]


def test_kinks_are_counted_and_are_no_errors(client):
    """Weights of 0 put every unit of a relu layer on its kink; the second layer's unit is above 0 by its bias."""
    layers = [{"weights": [[0, 0]] * 20, "activation": "relu"}, {"weights": [[0.1 * k for k in range(1, 21)]], "bias": [1], "activation": "relu"}]
    found = check(client, {"layers": layers, "inputs": [[1, 2]], "targets": [[0]]})
    assert found["agrees"] is True
    assert {name: it["kinks"] for name, it in found["quantities"].items() if it["kinks"]} == {"dz1": 20, "dW1": 40, "db1": 20}
    assert found["quantities"]["db1"]["kinks_at"] == [[k] for k in range(16)]
    assert found["quantities"]["dW1"]["kinks_at"][:3] == [[0, 0], [0, 1], [1, 0]]


def test_a_coarse_epsilon_is_refined_and_says_so(client):
    found = check(client, {"preset": "two-layer"}, epsilon=0.1)
    assert (found["agrees"], found["epsilon"]) == (True, 0.1)
    assert found["quantities"]["dW2"]["refined"] > 0
    assert all(it["refined"] == 0 for it in check(client, {"preset": "two-layer"})["quantities"].values())


def test_what_is_not_finite_cannot_be_compared(client, schema):
    found = check(client, SATURATED, probe={"quantity": "W1", "entry": [0, 0]})
    schema.validate(found)
    assert (found["agrees"], found["loss"]) == (False, None)
    assert all((it["agrees"], it["comparable"], it["max_abs"]) == (False, False, None) for it in found["quantities"].values())
    assert (found["probe"]["verdict"], found["probe"]["quotient"], found["probe"]["loss_plus"]) == ("not_finite", None, None)


def test_numbers_beyond_float64_are_null(client, schema):
    layers = [{"weights": [[1e200]], "activation": "identity"}, {"weights": [[1e200]], "activation": "identity"}]
    found = check(client, {"layers": layers, "inputs": [[1]], "targets": [[0]]}, probe={"quantity": "b2", "entry": [0]})
    schema.validate(found)
    assert found["agrees"] is False and found["probe"]["loss"] is None


# ---- a probe -----------------------------------------------------------------------------------------------------------


def loss(document, name, entry, by):
    """ℒ of MIXED as the trace resolves it, with one entry moved, in plain numpy."""

    def moved(quantity, value):
        value = np.array(value)
        if quantity == name:
            value[tuple(entry)] += by
        return value

    a = moved("a0", document["inputs"])
    for l, layer in enumerate(document["layers"], 1):
        z = np.einsum("nj,ij->ni", a, moved(f"W{l}", layer["weights"]))
        if layer["bias"] is not False:
            z = z + moved(f"b{l}", layer["bias"])
        z = moved(f"z{l}", z)
        a = moved(f"a{l}", FUNCTIONS[layer["activation"]["name"]](z))
    return -np.log(a[range(len(a)), document["targets"]]).sum() / len(a)


def gelu(z):
    """z Φ(z), with Φ by summing up the normal density: no error function of anybody's."""
    t = np.linspace(-12, 1, 200_001)[:, None, None]
    x = -12 + (t + 12) / 13 * (z + 12)
    density = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    return z * ((density[1:] + density[:-1]) / 2 * np.diff(x, axis=0)).sum(axis=0)


FUNCTIONS = {
    "tanh": np.tanh,
    "gelu": gelu,
    "leaky_relu": lambda z: np.where(z > 0, z, 0.1 * z),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}
PLACES = [
    *(("a0", [1, 0]), ("W1", [3, 1]), ("b1", [2]), ("z2", [0, 2]), ("a2", [2, 0])),
    *(("W3", [4, 1]), ("z3", [1, 1]), ("W4", [0, 4]), ("z4", [2, 1]), ("a4", [1, 2])),
]


@pytest.mark.parametrize(("quantity", "entry"), PLACES)
def test_a_probe_is_what_anybody_computes(client, schema, quantity, entry):
    resolved = client.post(TRACE, json=MIXED).json()["start"]["problem"]
    found = check(client, MIXED, quantities=[], probe={"quantity": quantity, "entry": entry, "epsilon": 1e-3})
    schema.validate(found)
    assert (found["agrees"], found["quantities"]) == (None, {})
    it = found["probe"]
    assert (it["quantity"], it["entry"], it["epsilon"], it["verdict"]) == (quantity, entry, 1e-3, "agrees")
    for field, by in (("loss", 0), ("loss_plus", 1e-3), ("loss_minus", -1e-3)):
        assert it[field] == pytest.approx(loss(resolved, quantity, entry, by), rel=1e-9), field
    assert it["quotient"] == (it["loss_plus"] - it["loss_minus"]) / 2e-3
    assert it["difference"] == abs(it["quotient"] - it["gradient"])
    assert [point["epsilon"] for point in it["sweep"]][::2] == [float(f"1e-{k}") for k in range(1, 13)]
    assert client.get("/api/v1/catalog").json()["gradient_check"]["sweep"] == [point["epsilon"] for point in it["sweep"]]


def test_a_gradient_means_what_it_belongs_to(client):
    weight, gradient = (check(client, TWO_LAYER, probe={"quantity": name, "entry": [0, 1]}) for name in ("W1", "dW1"))
    assert weight == gradient
    assert weight["probe"]["epsilon"] == 1e-6, "that of the check"


# ---- what makes no sense -----------------------------------------------------------------------------------------------

W1 = {"quantity": "W1", "entry": [0, 1]}
NAMES = (None, "", "y", "loss", "g1", "ddW1", "W0", "z0", "W3", "W99", "W100", "W1_new", "W١", 1, ["W1"])
BAD = [
    *(({"epsilon": epsilon}, ["/epsilon"]) for epsilon in (0, -1e-6, 1.5, 1e300, 1e-13, 10**30, "1e-6", True, [1e-6], {})),
    *(({"probe": {**W1, "epsilon": epsilon}}, ["/probe/epsilon"]) for epsilon in (0, -1e-4, 2, "x", False, [])),
    *(({"probe": probe}, ["/probe"]) for probe in (3, "W1", ["W1", 0, 1], True)),
    *(({"probe": {**W1, "quantity": q}}, ["/probe/quantity"]) for q in NAMES),
    *(({"probe": {**W1, "entry": entry}}, ["/probe/entry"]) for entry in (None, [], [0], [0, 0, 0], 0, "0,1", {"0": 1})),
    *(({"probe": {"quantity": "b1", "entry": entry}}, ["/probe/entry"]) for entry in ([0, 0], [])),
    *(({"probe": {**W1, "entry": [0, i]}}, ["/probe/entry/1"]) for i in (2, -1, 1.0, "1", True, None, 10**30, [0])),
    ({"probe": {**W1, "entry": [5, 7]}}, ["/probe/entry/0", "/probe/entry/1"]),
    ({"probe": {"quantity": "z1", "entry": [1, 0]}}, ["/probe/entry/0"]),
    ({"probe": {**W1, "bogus": 1}}, ["/probe/bogus"]),
    ({"probe": {}}, ["/probe/quantity", "/probe/entry"]),
    *(({"quantities": names}, ["/quantities"]) for names in ("dW1", 3, {"dW1": 1}, True)),
    ({"quantities": ["dW1", 3, None]}, ["/quantities/1", "/quantities/2"]),
    ({"quantities": ["dW1", "W1", "dW3", "loss", ""]}, ["/quantities/1", "/quantities/2", "/quantities/3", "/quantities/4"]),
    ({"targets": None}, ["/targets"]),
    ({"targets": None, "quantities": [], "probe": W1}, ["/targets"]),
    ({"bogus": 1, "epsilon": 0}, ["/bogus", "/epsilon"]),
    ({"loss": "nope", "epsilon": 0, "probe": {**W1, "entry": [0, -1]}}, ["/loss", "/epsilon", "/probe/entry/1"]),
    ({"probe": {"quantity": "W9", "entry": [0, 0]}, "quantities": ["da7"]}, ["/quantities/0", "/probe/quantity"]),
]


@pytest.mark.parametrize(("more", "pointers"), BAD, ids=lambda value: json.dumps(value)[:60])
def test_what_makes_no_sense_is_pointed_at(client, more, pointers):
    response = client.post(CHECK, json={**TWO_LAYER, **more})
    assert response.status_code == 422, response.text
    assert response.headers["content-type"] == "application/problem+json"
    errors = response.json()["errors"]
    assert [fault["pointer"] for fault in errors] == pointers
    assert all(fault["detail"].startswith(("expected", "unknown field")) for fault in errors)


@pytest.mark.parametrize("body", ["null", "[]", "3", '"two-layer"', "{}", '{"preset": "nope"}', '{"epsilon": 1e-6}'])
def test_what_is_no_problem(client, body):
    response = client.post(CHECK, content=body)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")


def test_a_layer_without_a_bias_has_none_to_probe(client):
    response = client.post(CHECK, json={**MIXED, "probe": {"quantity": "b2", "entry": [0]}})
    assert [fault["pointer"] for fault in response.json()["errors"]] == ["/probe/quantity"]


@pytest.mark.parametrize(("body", "headers", "status"), [("{", {}, 400), ('{"epsilon": NaN}', {}, 400), ("{}", {"Content-Type": "text/plain"}, 415)])
def test_what_is_no_json(client, body, headers, status):
    assert client.post(CHECK, content=body, headers=headers).status_code == status


def test_the_schema_of_requests_fits_what_is_taken(client, described):
    content = described["requestBody"]["content"]["application/json"]
    asks = jsonschema_rs.validator_for(content["schema"])
    for example in content["examples"].values():
        asks.validate(example["value"])
        check(client, example["value"])
    for more in ({"epsilon": 0}, {"epsilon": 2}, {"probe": {}}, {"probe": {**W1, "bogus": 1}}, {"quantities": "dW1"}, {"bogus": 1}):
        assert not asks.is_valid({**TWO_LAYER, **more})


# ---- size --------------------------------------------------------------------------------------------------------------

DIGITS_LIKE = wide(128, 64, 10, examples=128, inputs=784)


def test_a_large_network_is_sampled_and_answered_in_time(client):
    began = time.monotonic()
    found = check(client, DIGITS_LIKE, probe={"quantity": "W1", "entry": [127, 783]})
    assert time.monotonic() - began < 20  # 0.5 s on an idle machine
    assert found["agrees"] is True
    assert all(4 <= it["checked"] <= it["of"] for it in found["quantities"].values())
    assert found["quantities"]["dW1"]["of"] == 128 * 784


def test_a_network_too_large_to_check_is_refused_at_once(client):
    body = json.dumps(wide(*[900] * 4, examples=400, inputs=900))
    began = time.monotonic()
    response = client.post(CHECK, content=body)
    assert time.monotonic() - began < 5
    assert (response.status_code, [fault["pointer"] for fault in response.json()["errors"]]) == (422, ["/quantities"])


@pytest.mark.alone
def test_checks_do_not_hold_small_traces_up(client, server):
    """While others check large and middling networks, small traces take about as long as on an idle server."""

    def times(count):
        found = []
        for _ in range(count):
            began = time.perf_counter()
            assert client.post(TRACE, json=TWO_LAYER).status_code == 200
            found.append(time.perf_counter() - began)
        return found

    def ask(document):
        with httpx.Client(base_url=server, timeout=60) as other:
            for _ in range(3):
                assert other.post(CHECK, json=document).status_code == 200

    def goes_on():
        times(20)
        idle = statistics.median(times(40))
        with ThreadPoolExecutor() as pool:
            asking = [pool.submit(ask, document) for document in (DIGITS_LIKE, {"preset": "wide-and-deep"})]
            time.sleep(0.1)
            busy = times(40)
            for it in asking:
                it.result(60)
        return statistics.median(busy) < 10 * idle

    assert any(goes_on() for _ in range(5))  # whatever else runs here may hold up one or the other
