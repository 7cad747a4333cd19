"""GET /api/v1/walks over HTTP."""

import jsonschema_rs
import pytest

WALKS = "/api/v1/walks"


def walks(client, **query):
    """An answer that must succeed and be what the OpenAPI document says it is."""
    response = client.get(WALKS, params=query)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture(scope="module")
def schema(client):
    answer = client.get("/openapi.json").json()["paths"][WALKS]["get"]["responses"]["200"]
    return jsonschema_rs.validator_for(answer["content"]["application/json"]["schema"])


@pytest.mark.parametrize(
    "query", [{}, {"target": "W2"}, {"target": "b4", "convention": "row"}, {"convention": "column"}, {"target": "Theta1", "convention": "column"}]
)
def test_answers_fit_the_schema(client, schema, query):
    schema.validate(walks(client, layers=4, **query))


def test_one_walk(client):
    found = walks(client, layers=4, target="W1")
    assert (found["layers"], found["convention"]) == (4, "row")
    (it,) = found["walks"]
    assert (it["target"], it["local_derivatives"]) == ("W1", 8)
    assert it["ids"] == ["da4", "dz4", "da3", "dz3", "da2", "dz2", "da1", "dz1", "dW1"] == [link["id"] for link in it["links"]]
    assert [(link["using"] or {"id": "none"})["id"] for link in it["links"]] == ["none", "g4", "W4", "g3", "W3", "g2", "W2", "g1", "a0"]


def test_all_walks(client):
    found = walks(client, layers=2)
    assert [it["target"] for it in found["walks"]] == ["Theta2", "Theta1"]
    assert found["walks"][0]["links"][-1]["using"]["id"] is None
    assert found["counts"] == client.get("/api/v1/catalog").json()["local_derivatives"]
    assert [it["from_scratch"] for it in found["counts"]] == [2, 6, 12, 20, 30, 42, 56, 72]
    assert [it["with_reuse"] for it in found["counts"]] == [2, 5, 8, 11, 14, 17, 20, 23]


def test_a_walk_names_the_steps_of_a_trace(client):
    """Every id but Θ's is a step of a trace of so many layers, in this order."""
    steps = [step["id"] for step in client.post("/api/v1/trace", json={"preset": "four-layer"}).json()["steps"]]
    for target in ("W1", "b1", "W3", "b4"):
        ids = walks(client, layers=4, target=target)["walks"][0]["ids"]
        places = [steps.index(name) for name in ids]
        assert places == sorted(places)


def test_as_many_layers_as_there_may_be(client):
    """Too much to be told beside the event loop: it comes from a worker process."""
    found = walks(client, layers=64)
    assert len(found["walks"]) == 64
    assert sum(it["local_derivatives"] for it in found["walks"]) == 64 * 65
    assert walks(client, layers=64, target="Theta64")["walks"][0] == found["walks"][0]


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ({}, ["/layers"]),
        ({"layers": "0"}, ["/layers"]),
        ({"layers": "65"}, ["/layers"]),
        ({"layers": "-1"}, ["/layers"]),
        ({"layers": "two"}, ["/layers"]),
        ({"layers": "1" * 5000}, ["/layers"]),
        ({"layers": "2", "target": "W3"}, ["/target"]),
        ({"layers": "2", "target": "W0"}, ["/target"]),
        ({"layers": "2", "target": ""}, ["/target"]),
        ({"layers": "2", "target": "dW1"}, ["/target"]),
        ({"layers": "2", "target": "Theta"}, ["/target"]),
        ({"layers": "2", "target": "W" + "1" * 5000}, ["/target"]),
        ({"layers": "2", "target": "\u00e9\n\u0661"}, ["/target"]),
        ({"layers": "2", "convention": "rows"}, ["/convention"]),
        ({"layers": "x", "convention": "rows"}, ["/layers", "/convention"]),
    ],
)
def test_what_makes_no_sense(client, query, pointers):
    response = client.get(WALKS, params=query)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in response.json()["errors"]] == pointers
    assert len(response.text) < 1000


def test_it_can_be_cached(client):
    first, again = (client.get(WALKS, params={"layers": 3}) for _ in range(2))
    assert "max-age" in first.headers["cache-control"]
    assert first.content == again.content
