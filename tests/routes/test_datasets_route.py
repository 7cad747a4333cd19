"""GET /api/v1/datasets over HTTP."""

import jsonschema_rs
import numpy as np
import pytest

from app.engine.datasets import DATASETS

ALL = "/api/v1/datasets"
ONE = "/api/v1/datasets/{name}"


def dataset(client, name, **query):
    response = client.get(f"{ALL}/{name}", params=query)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture(scope="module")
def schemas(client):
    paths = client.get("/openapi.json").json()["paths"]
    return {path: jsonschema_rs.validator_for(paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]) for path in (ALL, ONE)}


def test_all_of_them(client, schemas):
    found = client.get(ALL).json()
    schemas[ALL].validate(found)
    assert [it["name"] for it in found["datasets"]] == list(DATASETS)
    for it in found["datasets"]:
        assert len(it["input_names"]) == it["inputs"]
        assert it["size"]["minimum"] <= it["size"]["default"] <= it["size"]["maximum"]
        assert (it["classes"] is None) == (it["task"] == "regression")
        assert it["classes"] is None or len(it["class_names"]) == it["classes"]
        assert (it["noise"] is None) == (it["name"] in ("iris", "digits"))


def test_the_catalog_has_them_too(client):
    listed = client.get(ALL).json()["datasets"]
    for said, whole in zip(client.get("/api/v1/catalog").json()["datasets"], listed, strict=True):
        assert said.items() <= whole.items()
        assert {"name", "title", "size", "noise"} <= said.keys()


@pytest.mark.parametrize("name", DATASETS)
def test_one_of_them(client, schemas, name):
    """The engine's numbers to the last digit, and what was asked for with every default."""
    found = dataset(client, name)
    schemas[ONE].validate(found)
    inputs, targets = DATASETS[name].make()
    np.testing.assert_array_equal(found["inputs"], inputs)
    np.testing.assert_array_equal(found["targets"], targets)
    assert (found["size"], found["seed"]) == (len(inputs), 0)
    assert found["noise"] == (DATASETS[name].noise.default if DATASETS[name].noise else None)


def test_size_noise_and_seed(client):
    found = dataset(client, "moons", size=40, noise=0, seed=2**64 - 1)
    assert (found["size"], found["noise"], found["seed"]) == (40, 0, 2**64 - 1)
    np.testing.assert_array_equal(found["inputs"], DATASETS["moons"].make(40, 0, 2**64 - 1)[0])


def test_it_can_be_sent_on(client):
    """Inputs and targets as they came, to a network that fits."""
    iris, sine = dataset(client, "iris"), dataset(client, "sine")
    for found, network in (
        (iris, {"layers": [{"units": 3, "activation": "softmax"}], "loss": "cross_entropy"}),
        (sine, {"layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "identity"}]}),
    ):
        response = client.post("/api/v1/trace", json={**network, "inputs": found["inputs"], "targets": found["targets"]})
        assert response.json()["end"]["finite"] is True


def test_one_that_there_is_not(client):
    response = client.get(f"{ALL}/flowers")
    assert response.status_code == 404
    assert "spirals" in response.json()["detail"]


@pytest.mark.parametrize(
    ("name", "query", "pointers"),
    [
        ("xor", {"size": "3"}, ["/size"]),
        ("xor", {"size": "1e3"}, ["/size"]),
        ("iris", {"size": "151"}, ["/size"]),
        ("iris", {"noise": "0"}, ["/noise"]),
        ("xor", {"noise": "nan"}, ["/noise"]),
        ("xor", {"noise": "loud"}, ["/noise"]),
        ("spirals", {"noise": "0.6"}, ["/noise"]),
        ("xor", {"seed": "-1"}, ["/seed"]),
        ("xor", {"seed": str(2**64)}, ["/seed"]),
        ("xor", {"size": "1" * 5000}, ["/size"]),
        ("xor", {"size": "0", "noise": "-1", "seed": "-1"}, ["/size", "/noise", "/seed"]),
    ],
)
def test_what_makes_no_sense(client, name, query, pointers):
    response = client.get(f"{ALL}/{name}", params=query)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in response.json()["errors"]] == pointers
    assert len(response.text) < 1000


def test_it_can_be_cached(client):
    first = client.get(f"{ALL}/xor", params={"size": 20})
    tag = first.headers["etag"]
    again = client.get(f"{ALL}/xor", params={"size": 20}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = client.get(f"{ALL}/xor", params={"size": 20, "seed": 1}, headers={"If-None-Match": tag})
    assert other.status_code == 200 and other.headers["etag"] != tag
    assert client.get(f"{ALL}/xor", params={"size": 0}, headers={"If-None-Match": "*"}).status_code == 422
