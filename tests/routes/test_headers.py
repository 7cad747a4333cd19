"""What surrounds an answer: CORS, compression, HEAD, a path behind a proxy."""

import gzip
import json

import httpx
import pytest
from documents import TWO_LAYER, wide
from serving import serving

TRACE = "/api/v1/trace"
ELSEWHERE = {"Origin": "https://lecture.example"}
GETS = ["/healthz", "/readyz", "/openapi.json", "/api/v1/catalog", "/api/v1/presets", "/api/v1/presets/two-layer", f"{TRACE}?preset=two-layer"]
GETS += ["/api/v1/datasets", "/api/v1/datasets/xor", "/api/v1/scenarios", "/api/v1/scenarios/xor"]


def encoded(client, path, encoding, **request):
    """The raw answer to a request that accepts one content encoding."""
    method = "POST" if "json" in request else "GET"
    headers = {"Accept-Encoding": encoding, **request.pop("headers", {})}
    with client.stream(method, path, headers=headers, **request) as response:
        return response, b"".join(response.iter_raw())


# ---- CORS --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("headers", ["content-type", "content-type, last-event-id", "Last-Event-ID", "accept", "if-none-match, cache-control"])
def test_preflight(client, method, headers):
    asked = {**ELSEWHERE, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    response = client.options(TRACE, headers=asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert method in response.headers["access-control-allow-methods"]
    allowed = response.headers["access-control-allow-headers"].lower()
    assert all(name.strip().lower() in allowed for name in headers.split(","))
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(("method", "headers"), [("DELETE", "content-type"), ("POST", "authorization")])
def test_preflight_of_what_is_not_offered(client, method, headers):
    asked = {**ELSEWHERE, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    assert client.options(TRACE, headers=asked).status_code == 400


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (json.dumps(TWO_LAYER), {}, 200),
        (json.dumps(TWO_LAYER), {"Accept": "text/event-stream"}, 200),
        ("{", {}, 400),
        ("{}", {}, 422),
        ("{}", {"Content-Type": "text/csv"}, 415),
        ("{}", {"Accept": "text/html"}, 406),
    ],
)
def test_errors_can_be_read_from_elsewhere_too(client, body, headers, status):
    response = client.post(TRACE, content=body, headers={**ELSEWHERE, **headers})
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == "*"
    assert "Retry-After" in response.headers["access-control-expose-headers"]
    assert client.get("/nope", headers=ELSEWHERE).headers["access-control-allow-origin"] == "*"


# ---- compression -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
@pytest.mark.parametrize("document", [TWO_LAYER, wide(200, 100, inputs=50)], ids=["small", "in pieces"])
def test_answers_are_compressed(client, encoding, accept, document):
    plain, body = encoded(client, TRACE, "identity", json=document, headers={"Accept": accept})
    packed, small = encoded(client, TRACE, encoding, json=document, headers={"Accept": accept})
    assert "content-encoding" not in plain.headers
    assert int(plain.headers["content-length"]) == len(body)
    assert packed.headers["content-encoding"] == encoding
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert len(small) < 0.75 * len(body)
    assert packed.headers["content-type"] == plain.headers["content-type"] == accept
    if encoding == "gzip":
        assert gzip.decompress(small) == body
    assert client.post(TRACE, json=document, headers={"Accept": accept, "Accept-Encoding": encoding}).content == body


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
@pytest.mark.parametrize("epochs", [1, 50], ids=["small", "in pieces"])
def test_a_training_is_compressed_as_a_document_and_not_as_a_stream(client, encoding, epochs):
    document = {"preset": "xor", "epochs": epochs, "report_every": 1, "histograms": {"bins": 100}}
    plain, body = encoded(client, "/api/v1/train", "identity", json=document)
    packed, small = encoded(client, "/api/v1/train", encoding, json=document)
    assert "content-encoding" not in plain.headers and (len(body) > 65_536) == (epochs > 1)
    assert packed.headers["content-encoding"] == encoding and len(small) < 0.75 * len(body)
    assert len(client.post("/api/v1/train", json=document, headers={"Accept-Encoding": encoding}).json()["progress"]) == epochs
    for accept in ("application/x-ndjson", "text/event-stream"):
        stream, _ = encoded(client, "/api/v1/train", encoding, json=document, headers={"Accept": accept})
        assert "content-encoding" not in stream.headers


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd"])
def test_event_streams_arrive_whole(client, encoding):
    expected = client.post(TRACE, json=TWO_LAYER, headers={"Accept": "text/event-stream", "Accept-Encoding": "identity"}).content
    assert client.post(TRACE, json=TWO_LAYER, headers={"Accept": "text/event-stream", "Accept-Encoding": encoding}).content == expected


# ---- HEAD --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GETS)
def test_head_is_get_without_the_body(client, path):
    got, head = (client.request(method, path, headers={"Accept-Encoding": "identity"}) for method in ("GET", "HEAD"))
    assert got.status_code == head.status_code == 200
    assert head.content == b""
    differ = {"date"}
    assert {k: v for k, v in head.headers.items() if k not in differ} == {k: v for k, v in got.headers.items() if k not in differ}


def test_head_of_what_is_not_there(client):
    response = client.head("/nope")
    assert (response.status_code, response.content) == (404, b"")
    assert response.headers["content-type"] == "application/problem+json"


def test_a_connection_survives_heads_and_refusals(server):
    """Nothing of a body is left on a connection that is used again."""
    with httpx.Client(base_url=server, limits=httpx.Limits(max_connections=1)) as client:
        for _ in range(3):
            assert client.head(f"{TRACE}?preset=digits").status_code == 200
            assert client.post(TRACE, content="{").status_code == 400
            assert client.get("/healthz").json() == {"status": "ok"}


# ---- the rest ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GETS)
def test_json_everywhere(client, path):
    response = client.get(path)
    assert response.headers["content-type"] == "application/json"
    response.json()


def test_behind_a_proxy():
    """The proxy strips the path; links and the OpenAPI document have it."""
    with serving("--root-path", "/backprop") as behind, httpx.Client(base_url=behind.url) as client:
        assert client.get("/openapi.json").json()["servers"] == [{"url": "/backprop"}]
        assert client.post(TRACE, json=TWO_LAYER).status_code == 200
        assert client.post(f"/backprop{TRACE}", json=TWO_LAYER).status_code == 200
        assert client.get("/backprop/healthz").status_code == 200
        assert client.get("/nope").status_code == 404
        assert client.delete("/backprop/healthz").headers["allow"] == "GET, HEAD"


def test_cross_origin_use_is_a_setting():
    with serving(environment={"BACKPROP_CORS_ORIGINS": "https://a.example, https://b.example"}) as strict:
        for origin in ("https://a.example", "https://b.example", "https://c.example", "null"):
            response = httpx.get(f"{strict.url}/healthz", headers={"Origin": origin})
            assert response.headers.get("access-control-allow-origin") == (origin if origin[8:9] in ("a", "b") else None)
