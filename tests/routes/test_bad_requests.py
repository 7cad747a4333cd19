"""What makes no sense: the right 4xx as problem+json, every fault pointed at, nothing computed and nothing kept."""

import json
import socket
import threading
import time
from urllib.parse import urlsplit

import httpx
import pytest
from documents import TWO_LAYER, wide
from serving import resident, serving

TRACE = "/api/v1/trace"
JSON = "application/json"


def refused(response, status, *pointers):
    """The answer is a problem document with this status and (some of) these pointers."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"]
    assert "Traceback" not in response.text
    found = {fault["pointer"] for fault in problem["errors"]}
    assert set(pointers) <= found, found
    assert all(fault["detail"] for fault in problem["errors"])
    return problem


def layers(*given, **more):
    """The two-layer problem with other layers."""
    return {**TWO_LAYER, "layers": list(given), **more}


U = {"units": 2, "activation": "tanh"}
CASES = [
    ({}, {"/layers", "/inputs"}),
    (None, {""}),
    ([], {""}),
    ("two-layer", {""}),
    ({"preset": "nope"}, {"/preset"}),
    ({"preset": None}, {"/preset"}),
    ({**TWO_LAYER, "bogus": 1, "a/b~c": 2}, {"/bogus", "/a~1b~0c"}),
    (layers(), {"/layers"}),
    (layers(*[U] * 65), {"/layers"}),
    ({**TWO_LAYER, "layers": {"0": U}}, {"/layers"}),
    ({**TWO_LAYER, "layers": None}, {"/layers"}),
    (layers(3, "tanh", None, []), {"/layers/0", "/layers/1", "/layers/2", "/layers/3"}),
    (layers({"activation": "tanh"}), {"/layers/0"}),
    (layers({"units": 2}), {"/layers/0/activation"}),
    (layers({"units": 0, "activation": "tanh"}, {"units": -2, "activation": "tanh"}), {"/layers/0/units", "/layers/1/units"}),
    (layers({"units": 2.0, "activation": "tanh"}, {"units": True, "activation": "tanh"}), {"/layers/0/units", "/layers/1/units"}),
    (layers({"units": "2", "activation": "tanh"}, {"units": [2], "activation": "tanh"}), {"/layers/0/units", "/layers/1/units"}),
    (layers({"units": 10**9, "activation": "tanh"}), {"/layers/0/units"}),
    (layers({"units": 10**15, "activation": "tanh"}), {"/layers/0/units"}),
    (layers({"units": 10**30, "activation": "tanh"}), {"/layers/0/units"}),
    (layers(U, U, U, U, extra=1), {"/extra"}),
    (layers({**U, "activation": "nope"}, {**U, "activation": None}), {"/layers/0/activation", "/layers/1/activation"}),
    (layers({**U, "activation": {"name": "nope"}}, {**U, "activation": {}}), {"/layers/0/activation/name", "/layers/1/activation/name"}),
    (layers({**U, "activation": ["tanh"]}, {**U, "activation": 3}), {"/layers/0/activation", "/layers/1/activation"}),
    (layers({**U, "activation": {"name": "tanh", "slope": 1}}, U), {"/layers/0/activation/slope"}),
    (layers({**U, "activation": {"name": "softplus", "beta": 0}}, U), {"/layers/0/activation/beta"}),
    (layers({**U, "activation": {"name": "gelu", "approximate": "x"}}, U), {"/layers/0/activation/approximate"}),
    (layers({**U, "weight": [[1, 2]]}, U), {"/layers/0/weight"}),
    (layers({"weights": [[1, 2, 3], [1, 2, 3]], "activation": "tanh"}), {"/layers/0/weights"}),
    (layers({"weights": [[1, 2], [1]], "activation": "tanh"}), {"/layers/0/weights/1"}),
    (layers({"weights": [], "activation": "tanh"}), {"/layers/0/weights"}),
    (layers({"weights": [[]], "activation": "tanh"}), {"/layers/0/weights/0"}),
    (layers({"weights": [1, 2], "activation": "tanh"}), {"/layers/0/weights/0"}),
    (layers({"weights": [[1, None], ["2", 2]], "activation": "tanh"}), {"/layers/0/weights/0/1", "/layers/0/weights/1/0"}),
    (layers({"weights": [[1, True], [2, [2]]], "activation": "tanh"}), {"/layers/0/weights/0/1", "/layers/0/weights/1/1"}),
    (layers({"weights": "12", "activation": "tanh"}), {"/layers/0/weights"}),
    (layers({"weights": {"data": None, "shape": [2, 2]}, "activation": "tanh"}), {"/layers/0/weights"}),
    (layers({"weights": {"data": [[1, 2], [3, "x"]]}, "activation": "tanh"}), {"/layers/0/weights/data/1/1"}),
    (layers({"weights": [[1, 2], [3, 4]], "units": 3, "activation": "tanh"}), {"/layers/0/units"}),
    (layers({**U, "bias": [1]}, {**U, "bias": True}), {"/layers/0/bias", "/layers/1/bias"}),
    (layers({**U, "bias": [[1, 2]]}, {**U, "bias": 0}), {"/layers/0/bias/0", "/layers/1/bias"}),
    ({**TWO_LAYER, "inputs": []}, {"/inputs"}),
    ({**TWO_LAYER, "inputs": [[]]}, {"/inputs/0"}),
    ({**TWO_LAYER, "inputs": [[1, 2], [1, 2, 3], [1]]}, {"/inputs/1", "/inputs/2"}),
    ({**TWO_LAYER, "inputs": [1, 2]}, {"/inputs/0"}),
    ({**TWO_LAYER, "inputs": [[1, 10**400]]}, None),
    ({**TWO_LAYER, "inputs": [[[1], [2]]]}, {"/inputs/0/0"}),
    ({**TWO_LAYER, "targets": [[1, 2], [3, 4]]}, {"/targets"}),
    ({**TWO_LAYER, "targets": [[1]]}, {"/targets"}),
    ({**TWO_LAYER, "targets": [1, 2]}, {"/targets/0"}),
    ({**TWO_LAYER, "targets": 1}, {"/targets"}),
    ({**TWO_LAYER, "loss": "cross_entropy", "targets": [2]}, {"/targets/0"}),
    ({**TWO_LAYER, "loss": "cross_entropy", "targets": [-1]}, {"/targets/0"}),
    ({**TWO_LAYER, "loss": "cross_entropy", "targets": [0.5]}, {"/targets/0"}),
    ({**TWO_LAYER, "loss": "cross_entropy", "targets": [True]}, {"/targets/0"}),
    ({**TWO_LAYER, "loss": "cross_entropy", "targets": [0, 1]}, {"/targets"}),
    ({**TWO_LAYER, "loss": "cross_entropy", "targets": [10**400]}, None),
    ({**TWO_LAYER, "loss": "binary_cross_entropy", "targets": [[1.5, -0.5]]}, {"/targets/0/0", "/targets/0/1"}),
    ({**TWO_LAYER, "loss": "nope"}, {"/loss"}),
    ({**TWO_LAYER, "loss": {"name": "huber", "delta": 0}}, {"/loss/delta"}),
    ({**TWO_LAYER, "loss": {"name": "huber", "delta": "1"}}, {"/loss/delta"}),
    ({**TWO_LAYER, "loss": {"name": "squared_error", "over_batch": "max", "scale": None}}, {"/loss/over_batch", "/loss/scale"}),
    ({**TWO_LAYER, "loss": {"name": "cross_entropy", "clip": 0.5}}, {"/loss/clip"}),
    ({**TWO_LAYER, "initializer": {"name": "uniform", "seed": -1}}, {"/initializer/seed"}),
    ({**TWO_LAYER, "initializer": {"name": "uniform", "seed": 1.5}}, {"/initializer/seed"}),
    ({**TWO_LAYER, "initializer": {"name": "uniform", "seed": "7"}}, {"/initializer/seed"}),
    ({**TWO_LAYER, "initializer": {"seed": 7}}, {"/initializer/name"}),
    ({**TWO_LAYER, "optimizer": "sdg"}, {"/optimizer"}),
    ({**TWO_LAYER, "optimizer": {"name": "sgd", "learning_rate": -1, "lr": 1, "update_biases": 1}}, {"/optimizer/learning_rate", "/optimizer/lr"}),
    ({**TWO_LAYER, "optimizer": {"name": "sgd", "update_biases": "yes"}}, {"/optimizer/update_biases"}),
    ({**TWO_LAYER, "optimizer": {"name": "adam", "beta1": 1}}, {"/optimizer/beta1"}),
    ({**TWO_LAYER, "optimizer": False}, {"/optimizer"}),
    ({**TWO_LAYER, "parameters": {"W3": [[1]], "q": 1, "W1": [[1]]}}, {"/parameters/W3", "/parameters/q", "/parameters/W1"}),
    ({**TWO_LAYER, "parameters": [[1]]}, {"/parameters"}),
    ({**TWO_LAYER, "parameters": {"W1": {"shape": [2, 2], "data": None}}}, {"/parameters/W1"}),
    ({**TWO_LAYER, "optimizer": None, "optimizer_state": {"t": 1}}, {"/optimizer_state"}),
    ({**TWO_LAYER, "optimizer": "adam", "optimizer_state": {"t": -1, "W1_v": [[1]], "W9_m": 1}}, {f"/optimizer_state/{k}" for k in ("t", "W1_v", "W9_m")}),
    ({**TWO_LAYER, "optimizer": "adam", "optimizer_state": {"t": [1]}}, {"/optimizer_state/t"}),
]


@pytest.mark.parametrize(("document", "pointers"), CASES, ids=range(len(CASES)))
def test_what_makes_no_sense(client, document, pointers):
    response = client.post(TRACE, content=json.dumps(document))
    if pointers is None:  # whole numbers that no float64 holds: 400 or 422, as the parser sees it
        assert response.status_code in (400, 422)
        return
    refused(response, 422, *pointers)


def test_every_fault_is_listed_at_once(client):
    problem = refused(
        client.post(TRACE, json={"layers": [{"units": 0, "activation": "nope"}, {"weights": [[1], [2, 3]]}], "inputs": [[1], [2, 3]], "loss": 3, "x": 1}),
        422,
        *("/x", "/layers/0/units", "/layers/0/activation", "/layers/1/weights/1", "/layers/1/activation", "/inputs/1", "/loss"),
    )
    assert "more)" in problem["detail"]
    assert problem["title"] == "Invalid problem"


def test_the_example_of_the_contract(client):
    problem = refused(client.post(TRACE, json=layers(U, {"weights": [[1, 2, 3], [4, 5, 6]], "activation": "tanh"})), 422, "/layers/1/weights")
    assert "layers[1].weights" in problem["detail"]
    assert problem["errors"] == [{"pointer": "/layers/1/weights", "detail": "expected 2 columns, got 3 (layer 1 has 2 units)"}]


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"{", b"nope", b'{"inputs": [[NaN]]}', b'{"inputs": [[Infinity]]}', b'{"inputs": [[1e999]]}', b"\xff\xfe{}", b'"\xff"', b"[" * 100_000],
)
@pytest.mark.parametrize("padding", [0, 200_000], ids=["small", "in a worker process"])
def test_what_is_no_json(client, body, padding):
    refused(client.post(TRACE, content=body + b" " * padding), 400)


def test_repeated_faults_in_worker_processes_break_nothing(client):
    bad = json.dumps({"layers": [{"units": 1, "activation": "nope"}], "inputs": [[0.5] * 40_000]})
    for _ in range(3):
        refused(client.post(TRACE, content=bad), 422, "/layers/0/activation")
    large = {"layers": [{"weights": [[0.5] * 4000] * 8, "activation": "tanh"}], "inputs": [[0.5] * 4000]}
    assert client.post(TRACE, json=large).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (JSON, 200),
        ("Application/JSON; charset=utf-8", 200),
        ("application/merge-patch+json", 200),
        ("text/plain", 415),
        ("text/html", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/octet-stream", 415),
        ("application/xml", 415),
        ("application/jsonx", 415),
        ("json", 415),
        ("", 415),
    ],
)
def test_content_types(client, kind, status):
    response = client.post(TRACE, content=json.dumps(TWO_LAYER), headers={"Content-Type": kind})
    if status == 200:
        assert response.status_code == 200
    else:
        refused(response, status)


def test_no_content_type_is_json(client):
    request = client.build_request("POST", TRACE, content=json.dumps(TWO_LAYER))
    assert "content-type" not in request.headers
    assert client.send(request).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate"])
def test_compressed_bodies_are_not_taken(client, encoding):
    refused(client.post(TRACE, content=b"x", headers={"Content-Encoding": encoding}), 415)


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0", "application/xml, text/plain"])
def test_not_acceptable(client, accept):
    assert "application/x-ndjson" in refused(client.post(TRACE, json=TWO_LAYER, headers={"Accept": accept}), 406)["detail"]
    refused(client.get(TRACE, params={"preset": "xor"}, headers={"Accept": accept}), 406)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("max_values=-1", "/max_values"),
        ("max_values=abc", "/max_values"),
        ("max_values=1.5", "/max_values"),
        ("max_values=", "/max_values"),
        (f"max_values={10**12}", "/max_values"),
        (f"max_values={10**40}", "/max_values"),
        ("max_values=" + "9" * 5000, "/max_values"),
        ("from_step=-1", "/from_step"),
        ("from_step=abc", "/from_step"),
        ("from_step=NaN", "/from_step"),
        ("quantities=" + "W1," * 5000, "/quantities"),
    ],
)
def test_queries(client, query, pointer):
    refused(client.post(f"{TRACE}?{query}", json=TWO_LAYER), 422, pointer)


@pytest.mark.parametrize("query", ["quantities=%ff%00", "unknown=1", "max_values=0", "quantities=", "max_values=1&max_values=2", "&&=&"])
def test_odd_queries_that_mean_something(client, query):
    assert client.post(f"{TRACE}?{query}", json=TWO_LAYER).status_code == 200


NAMELESS = [f"/api/v1/{kind}/{name}" for kind in ("presets", "scenarios") for name in ("nope", "%ff", "..%2f..")]


@pytest.mark.parametrize("path", ["/nope", "/api/v1", "/api/v1/nope", "/api/v2/trace", *NAMELESS])
def test_not_found(client, path):
    refused(client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", TRACE, "GET, POST, HEAD"),
        ("PUT", TRACE, "GET, POST, HEAD"),
        ("OPTIONS", TRACE, "GET, POST, HEAD"),
        ("PROPFIND", TRACE, "GET, POST, HEAD"),
        ("POST", "/healthz", "GET, HEAD"),
        ("POST", "/api/v1/catalog", "GET, HEAD"),
        ("PATCH", "/api/v1/presets/xor", "GET, HEAD"),
    ],
)
def test_methods(client, method, path, allowed):
    response = client.request(method, path)
    refused(response, 405)
    assert response.headers["allow"] == allowed


# ---- size --------------------------------------------------------------------------------------------------------------

TOO_LARGE = {
    "units": (wide(10**9), "/layers/0/units"),
    "units in the middle": (wide(2, 5000, 2), "/layers/1/units"),
    "layers": (wide(*[2] * 65), "/layers"),
    "batch": ({**wide(2), "inputs": [[0, 0]] * 5000, "targets": None}, "/inputs"),
    "columns": ({**wide(2), "inputs": [[0] * 5000], "targets": None}, "/inputs"),
    "parameters": (wide(*[4096] * 3), "/layers"),
    "Jacobians": (wide(4000, activation="softmax", examples=64), "/layers"),
    "work": (wide(*[250] * 60, examples=4000, inputs=250), "/layers"),
    "class indices": ({**wide(10**9), "loss": "cross_entropy", "targets": [0]}, "/layers/0/units"),
}


@pytest.mark.parametrize(("document", "pointer"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_too_large_is_said_before_anything_is_computed(client, running, document, pointer):
    body = json.dumps(document)
    client.post(TRACE, content=body)
    before, began = resident(running.process.pid), time.monotonic()
    for _ in range(3):
        refused(client.post(TRACE, content=body), 422, pointer)
    assert time.monotonic() - began < 6
    # The body itself is there three times at most: in pieces, whole, and on its way to a worker process.
    assert resident(running.process.pid) - before < 10_000_000 + 3 * len(body)


def test_more_numbers_than_one_answer_holds(client):
    """Asking for everything in full is refused in words, before anything is computed."""
    large = json.dumps(wide(*[900] * 4, examples=200, inputs=900))
    assert client.post(TRACE, content=large).status_code == 200
    began = time.monotonic()
    refused(client.post(f"{TRACE}?max_values=1000000", content=large), 422, "/max_values")
    assert time.monotonic() - began < 2
    some = client.post(f"{TRACE}?quantities=dW1,dW2", content=large)
    assert [s["id"] for s in some.json()["steps"] if s["id"][:2] == "dW" and s["values"][s["id"]]["data"]] == ["dW2", "dW1"]


def megabytes(count):
    """A body of so many megabytes, a megabyte at a time."""
    for _ in range(count):
        yield b"1," * 500_000


def test_a_body_too_large_is_refused_and_not_kept(client, running):
    body = b'{"inputs": [[' + b"1," * 32_000_000 + b"1]]}"
    refused(client.post(TRACE, content=body), 413)
    before = resident(running.process.pid)
    for _ in range(2):
        refused(client.post(TRACE, content=body), 413)
        refused(client.post(TRACE, content=megabytes(64)), 413)
    assert resident(running.process.pid) - before < 10_000_000


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (TRACE, {"Accept": "text/html"}, 406),
        (TRACE, {"Content-Type": "text/plain"}, 415),
        (f"{TRACE}?max_values=x", {}, 422),
        ("/nope", {}, 404),
        ("/healthz", {}, 405),
    ],
)
def test_refusals_before_the_body_reach_the_client_too(client, path, headers, status):
    refused(client.post(path, content=megabytes(64), headers=headers), status)


def test_a_body_declared_and_not_sent(running):
    """A client that promises a body and leaves does no harm, and is no news for the log."""
    address = urlsplit(running.url)
    for sent in (b"", b'{"layers": ['):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 64000000\r\n\r\n%s" % (TRACE.encode(), sent))
    time.sleep(0.2)
    assert httpx.get(f"{running.url}/healthz").status_code == 200
    assert "Traceback" not in running.said


def test_a_flood_of_unknown_fields_gets_a_short_answer(client):
    body = json.dumps(TWO_LAYER)[:-1] + "".join(f', "x{k}": 0' for k in range(300_000)) + "}"
    response = client.post(TRACE, content=body)
    refused(response, 422)
    assert len(response.content) < len(body)


def test_limits_are_settings():
    environment = {"BACKPROP_MAX_UNITS": "3", "BACKPROP_MAX_BODY": "500", "BACKPROP_MAX_VALUES": "1"}
    with serving(environment=environment) as small, httpx.Client(base_url=small.url) as client:
        refused(client.post(TRACE, json=wide(4)), 422, "/layers/0/units")
        assert client.post(TRACE, json=wide(3)).json()["start"]["omitted"]
        refused(client.post(TRACE, content=b" " * 501), 413)
        refused(client.post(TRACE, content=b" " * 500), 400)
        limits = client.get("/api/v1/catalog").json()["limits"]
        assert (limits["units"], limits["body"], limits["max_values"]) == (3, 500, 1)


def test_half_a_request_line_by_line(server):
    """A slow sender holds nobody else up."""
    address, body = urlsplit(server), json.dumps(TWO_LAYER).encode()
    answers = []

    def drip():
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (TRACE.encode(), len(body)))
            for start in range(0, len(body), 40):
                connection.sendall(body[start : start + 40])
                time.sleep(0.01)
            answer = b""
            while chunk := connection.recv(65_536):
                answer += chunk
            answers.append(answer)

    slow = threading.Thread(target=drip)
    slow.start()
    assert httpx.get(f"{server}/healthz").status_code == 200
    slow.join(20)
    assert answers[0].startswith(b"HTTP/1.1 200")
