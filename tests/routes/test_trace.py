"""POST and GET /api/v1/trace over real HTTP."""

import json

import httpx
import numpy as np
import pytest
from documents import MIXED, SATURATED, TWO_LAYER, wide

JSON, NDJSON, SSE = "application/json", "application/x-ndjson", "text/event-stream"
TRACE = "/api/v1/trace"


def trace(client, document, accept=JSON, headers=None, **query):
    """A trace that must succeed."""
    response = client.post(TRACE, json=document, params=query, headers={"Accept": accept, **(headers or {})})
    assert response.status_code == 200, response.text
    return response


def events(body):
    """Server-sent events by the standard's own algorithm: (event, id, data) of each."""
    found, event, identity, data = [], "message", None, []
    for line in body.decode().split("\n"):
        if not line:
            if data:
                found.append((event, identity, "\n".join(data)))
            event, identity, data = "message", None, []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "event":
                event = value
            case "id":
                identity = value
            case "data":
                data.append(value)
    return found


def flat(document):
    """A JSON answer as the list of objects that the other formats send."""
    return [document["start"], *document["steps"], document["end"]]


DOCUMENTS = {
    "two layers": TWO_LAYER,
    "mixed": MIXED,
    "saturated": SATURATED,
    "forward": {**TWO_LAYER, "targets": None},
    "preset": {"preset": "iris"},
    "deep": wide(*[3] * 64),
    "large": wide(300, 200, examples=5, inputs=100),
}


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_three_formats_say_the_same(client, document):
    whole = flat(trace(client, document).json())
    lines = trace(client, document, NDJSON).content
    sent = events(trace(client, document, SSE).content)
    assert lines.endswith(b"\n")
    assert [json.loads(line) for line in lines.split(b"\n")[:-1]] == whole
    assert [json.loads(data) for _, _, data in sent] == whole
    assert [event for event, _, _ in sent] == [it["event"] for it in whole] == ["start", *["step"] * (len(whole) - 2), "end"]
    assert [identity for _, identity, _ in sent] == [None, *map(str, range(len(whole) - 2)), None]


@pytest.mark.parametrize(("accept", "kind"), [(JSON, JSON), (NDJSON, NDJSON), (SSE, f"{SSE}; charset=utf-8"), ("*/*", JSON)])
def test_content_types(client, accept, kind):
    assert trace(client, TWO_LAYER, accept).headers["content-type"] == kind


def test_without_accept_it_is_json(server):
    request = httpx.Request("POST", server + TRACE, content=json.dumps(TWO_LAYER))
    with httpx.Client() as bare:
        assert "accept" not in request.headers
        assert bare.send(request).headers["content-type"] == JSON


def test_accept_may_come_in_several_lines(client):
    response = client.post(TRACE, json=TWO_LAYER, headers=[("Accept", "text/html"), ("Accept", NDJSON)])
    assert response.headers["content-type"] == NDJSON


def test_event_bytes(client):
    """LF line ends, `field: value`, one data line an event, nothing else."""
    body = trace(client, MIXED, SSE).content
    assert b"\r" not in body
    assert body.endswith(b"\n\n")
    blocks = body.decode().removesuffix("\n\n").split("\n\n")
    for k, block in enumerate(blocks):
        lines = block.split("\n")
        first = k in (0, len(blocks) - 1)
        assert [line.split(": ", 1)[0] for line in lines] == (["event", "data"] if first else ["event", "id", "data"])


@pytest.mark.parametrize("accept", [JSON, NDJSON, SSE])
@pytest.mark.parametrize("name", ["mixed", "large", "saturated"])
def test_the_same_request_is_the_same_bytes(client, accept, name):
    first, second = (trace(client, DOCUMENTS[name], accept).content for _ in range(2))
    assert first == second


def test_order_of_fields_and_space_do_not_matter(client):
    spaced = json.dumps(dict(reversed(MIXED.items())), indent=3)
    response = client.post(TRACE, content=spaced, headers={"Content-Type": JSON})
    assert response.content == trace(client, MIXED).content


# ---- resume ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", [0, 3, 16, 17, 18, 1000, 999_999_999])
def test_resume_after_an_event(client, last):
    whole = events(trace(client, TWO_LAYER, SSE).content)
    rest = events(trace(client, TWO_LAYER, SSE, {"Last-Event-ID": str(last)}).content)
    assert rest == [whole[0], *whole[1:-1][last + 1 :], whole[-1]]


@pytest.mark.parametrize("accept", [JSON, NDJSON, SSE])
@pytest.mark.parametrize("first", [0, 1, 17, 18, 10**12])
def test_from_step(client, accept, first):
    def objects(response):
        if accept == JSON:
            return flat(response.json())
        if accept == NDJSON:
            return [json.loads(line) for line in response.content.splitlines()]
        return [json.loads(data) for _, _, data in events(response.content)]

    whole, rest = objects(trace(client, TWO_LAYER, accept)), objects(trace(client, TWO_LAYER, accept, from_step=first))
    assert rest == [whole[0], *whole[1:-1][first:], whole[-1]]


def test_a_broken_connection_costs_nothing(client):
    """Whatever step the connection broke after: what came before and what comes after are the whole."""
    whole = events(trace(client, MIXED, SSE).content)
    for k in range(1, len(whole) - 1, 5):
        rest = events(trace(client, MIXED, SSE, {"Last-Event-ID": whole[k][1]}).content)
        assert whole[: k + 1] + rest[1:] == whole


@pytest.mark.parametrize("last", ["abc", "-1", "1.5", "1e3", "99999999999", "+1", "0x1", "1 2", "\u00b2".encode("latin-1"), "\u00e9".encode("latin-1")])
def test_last_event_ids_that_are_none(client, last):
    response = client.post(TRACE, json=TWO_LAYER, headers=[("Accept", SSE), ("Last-Event-ID", last)])
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["errors"][0]["pointer"] == "/Last-Event-ID"


def test_an_empty_last_event_id_is_none(client):
    assert trace(client, TWO_LAYER, SSE, {"Last-Event-ID": ""}).content == trace(client, TWO_LAYER, SSE).content


# ---- how much is sent --------------------------------------------------------------------------------------------------


def quantities(document):
    """Every quantity of a JSON answer."""
    found = dict(document["start"]["quantities"])
    for step in document["steps"]:
        found |= step["values"]
    return found


def test_the_default_is_4096_values(client):
    found = quantities(trace(client, wide(64, 2, inputs=64)).json())
    assert found["W1"]["data"] is not None
    found = quantities(trace(client, wide(64, 2, inputs=65)).json())
    assert found["W1"]["data"] is None
    assert np.array(found["W1"]["thumbnail"]).shape == (64, 64)


def test_max_values_and_quantities(client):
    small = trace(client, MIXED, max_values=10, quantities="dW1, W3 ,nonsense,,").json()
    found = quantities(small)
    assert {name for name, q in found.items() if q["data"] is not None} >= {"dW1", "W3", "loss", "t"}
    for name, q in found.items():
        if np.prod(q["shape"]) > 10 and name not in ("dW1", "W3"):
            assert q["data"] is None
            assert "thumbnail" in q
    assert set(small["start"]["omitted"]) == {n for n in small["start"]["quantities"] if found[n]["data"] is None}
    assert small["start"]["problem"]["layers"][2]["weights"] is not None
    assert small["start"]["problem"]["layers"][3]["weights"] is None


def test_everything_can_be_asked_for(client):
    found = quantities(trace(client, wide(300, 200, inputs=100), max_values=1_000_000).json())
    assert all(q["data"] is not None and "thumbnail" not in q for q in found.values())


def size(q):
    return int(np.prod(q["shape"]))


def test_a_budget(client):
    """What is given is sent in full, then the smallest quantities of the steps; what is asked for by name is, whatever it costs."""
    given = trace(client, MIXED).json()["start"]["quantities"]
    answer = trace(client, MIXED, budget=sum(map(size, given.values())) + 60, quantities="dW1").json()
    whole, small = quantities(trace(client, MIXED).json()), quantities(answer)
    in_full = {name for name, q in small.items() if q["data"] is not None}
    assert in_full >= {*given, "dW1", "loss"} and answer["start"]["omitted"] == []
    others = small.keys() - given - {"dW1"}
    sent, held = (sorted(size(small[name]) for name in names) for names in (others & in_full, others - in_full))
    assert sum(sent) <= 60 and sent[-1] <= held[0]
    for name, q in small.items():
        assert q == whole[name] if name in in_full else (q["shape"], q["norm"]) == (whole[name]["shape"], whole[name]["norm"])


@pytest.mark.parametrize("budget", [10**6, 10**400])
def test_a_budget_that_is_enough(client, budget):
    assert trace(client, MIXED, budget=budget).content == trace(client, MIXED).content


def test_an_example_beside_the_thumbnails_also_after_a_broken_connection(client):
    whole, query = quantities(trace(client, MIXED).json()), {"max_values": 6, "example": 1}
    first = flat(trace(client, MIXED, **query).json())
    resumed = [json.loads(data) for _, _, data in events(trace(client, MIXED, SSE, {"Last-Event-ID": "4"}, **query).content)]
    assert resumed == [first[0], *first[6:]]
    found = {name: q for step in first[1:-1] for name, q in step["values"].items()}
    given = {name: q["example"] for name, q in found.items() if "example" in q}
    assert given and all(found[name]["data"] is None for name in given)
    assert all(it == {"index": 1, "data": whole[name]["data"][1]} for name, it in given.items())
    outside = trace(client, MIXED, max_values=6, example=10**400).json()
    assert not any("example" in q for q in quantities(outside).values())


def test_a_preset_as_shorthand(client):
    problem = client.get("/api/v1/presets/two-layer").json()["problem"]
    assert trace(client, {"preset": "two-layer"}).content == trace(client, problem).content
    assert trace(client, {"preset": "two-layer", "optimizer": None}).content == trace(client, {**problem, "optimizer": None}).content


def test_the_resolved_problem_can_be_sent_again(client):
    first = trace(client, {"preset": "xor", "initializer": {"name": "he_normal", "seed": 3}}).json()
    assert trace(client, first["start"]["problem"]).json()["steps"] == first["steps"]


# ---- rows or columns ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", [JSON, NDJSON, SSE])
def test_convention(client, accept):
    default = trace(client, {"preset": "iris"}, accept)
    row, column = (trace(client, {"preset": "iris"}, accept, convention=name) for name in ("row", "column"))
    assert row.content == default.content
    assert row.content != column.content
    assert client.get(TRACE, params={"preset": "iris", "convention": "column"}, headers={"Accept": accept}).content == column.content
    assert b'"convention":"column"' in column.content and b'"convention":"row"' in row.content


def test_convention_changes_no_number(client):
    row, column = (trace(client, MIXED, convention=name).json() for name in ("row", "column"))
    assert quantities(row) == quantities(column)
    assert [step["rule"] for step in row["steps"]] == [step["rule"] for step in column["steps"]]
    assert row["steps"][0]["equation"] != column["steps"][0]["equation"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("wrong", ["", "rows", "Row", "columns", "row,column", "0", "\u00e9"])
def test_conventions_that_are_none(client, method, wrong):
    response = client.request(method, TRACE, params={"preset": "two-layer", "convention": wrong}, json=TWO_LAYER)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in response.json()["errors"]] == ["/convention"]


# ---- GET ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", [JSON, NDJSON, SSE])
def test_get_is_post_of_the_preset(client, accept):
    got = client.get(TRACE, params={"preset": "iris", "from_step": 3}, headers={"Accept": accept})
    assert got.content == trace(client, {"preset": "iris"}, accept, from_step=3).content


def test_get_can_be_cached(client):
    def get(tag=None, accept=JSON, **query):
        headers = {"Accept": accept} | ({"If-None-Match": tag} if tag else {})
        return client.get(TRACE, params={"preset": "two-layer"} | query, headers=headers)

    first = get()
    tag = first.headers["etag"]
    assert "max-age" in first.headers["cache-control"]
    assert {"Accept", "Accept-Encoding"} <= {item.strip() for item in first.headers["vary"].split(",")}
    for named in (tag, tag.removeprefix("W/"), f'"other", {tag}', f'W/"a",W/"b" , {tag}', "*"):
        again = get(named)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), named
        assert "content-type" not in again.headers
    assert get('"other"').content == first.content
    for other in (
        get(tag, NDJSON),
        get(tag, max_values=3),
        get(tag, from_step=1),
        get(tag, quantities="W1"),
        get(tag, preset="xor"),
        get(tag, convention="column"),
    ):
        assert other.status_code == 200
        assert other.headers["etag"] != tag


@pytest.mark.parametrize("last", ["3", ""])
def test_what_is_left_after_an_event_is_not_cached(client, last):
    """A cache must neither keep the rest of a trace for the whole nor give the whole for the rest."""
    for headers, caching in (({}, "public, max-age=60"), ({"Last-Event-ID": last}, "no-store")):
        response = client.get(TRACE, params={"preset": "two-layer"}, headers=headers)
        assert response.headers["cache-control"] == caching
        assert {"Accept", "Last-Event-ID"} <= {item.strip() for item in response.headers["vary"].split(",")}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_cannot_be_answered_depends_on_accept(client, method):
    response = client.request(method, TRACE, params={"preset": "two-layer"}, headers={"Accept": "text/html"})
    assert response.status_code == 406
    assert "Accept" in {item.strip() for item in response.headers["vary"].split(",")}


def test_post_is_not_cached(client):
    response = trace(client, TWO_LAYER)
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


@pytest.mark.parametrize("tag", [None, "*"])
def test_get_of_no_preset(client, tag):
    headers = {"If-None-Match": tag} if tag else {}
    response = client.get(TRACE, params={"preset": "nope"}, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/preset")
    assert "etag" not in response.headers
    response = client.get(TRACE, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/preset")


# ---- NaN and ∞ ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", [JSON, NDJSON, SSE])
def test_answers_are_strict_json_whatever_the_numbers(client, accept):
    body = trace(client, SATURATED, accept).text
    for word in ("NaN", "Infinity", ":inf", ":nan", ":-inf"):
        assert word not in body


def test_where_the_numbers_end(client):
    document = trace(client, SATURATED).json()
    assert document["end"]["finite"] is False
    assert document["end"]["loss"] is None
    assert document["end"]["flags"][0]["quantity"] == "loss"
    assert quantities(document)["loss"]["non_finite"] == [[0, "inf"]]
