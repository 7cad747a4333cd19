"""POST /api/v1/figures/{kind} over HTTP."""

import json

import jsonschema_rs
import plotly.graph_objects as go
import pytest

from app.wire.charts import KINDS, THEMES

FIGURES = "/api/v1/figures"
TRAINING = {
    "layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "loss": "binary_cross_entropy",
    "optimizer": {"name": "adam", "learning_rate": 0.05},
    "dataset": {"name": "moons", "size": 60},
    "test_fraction": 0.2,
    "batch_size": 12,
    "epochs": 8,
}


def drawn(client, kind, body, **query):
    response = client.post(f"{FIGURES}/{kind}", json=body, params=query)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.fixture(scope="module")
def schemas(client):
    operation = client.get("/openapi.json").json()["paths"][FIGURES + "/{kind}"]["post"]
    asked, answered = operation["requestBody"], operation["responses"]["200"]
    return [jsonschema_rs.validator_for(it["content"]["application/json"]["schema"]) for it in (asked, answered)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_training_or_its_answer(client, schemas, kind):
    """The same figure, whether the server trains for it or draws what it is given; a notebook takes it as it is."""
    asks = {"report_every": 1, "surface": {"resolution": 20}, "histograms": {"bins": 10}}
    answer = client.post("/api/v1/train", json={**TRAINING, **asks}).json()
    found = drawn(client, kind, {**TRAINING, **asks})
    assert found == drawn(client, kind, answer)
    for document, schema in ((TRAINING, schemas[0]), (answer, schemas[0]), (found, schemas[1])):
        schema.validate(document)
    assert go.Figure(found).data


@pytest.mark.parametrize("kind", KINDS)
def test_a_training_alone_is_enough(client, kind):
    """What the figure needs is asked for by itself."""
    it = drawn(client, kind, TRAINING, theme="dark")
    assert it["data"]
    assert it["layout"]["template"]["layout"]["paper_bgcolor"] == THEMES["dark"].panel


def test_a_curve_of_many_epochs_has_as_many_points_as_a_screen_shows(client):
    long = {**TRAINING, "epochs": 500, "batch_size": None}
    assert len(drawn(client, "loss", long)["data"][0]["x"]) == 1 + 500 // 3 + 1
    assert len(drawn(client, "loss", {**long, "report_every": 100})["data"][0]["x"]) == 6


def test_what_is_shown_is_sent_whatever_its_size(client):
    it = drawn(client, "surface", {**TRAINING, "dataset": {"name": "moons", "size": 3000}, "epochs": 1, "batch_size": None})
    assert sum(len(trace["x"]) for trace in it["data"] if trace["type"] == "scatter" and trace["name"] != "held out") == 3000


def test_one_that_there_is_not(client):
    response = client.post(f"{FIGURES}/pie", json=TRAINING)
    assert response.status_code == 404
    assert all(kind in response.json()["detail"] for kind in KINDS)


@pytest.mark.parametrize(
    ("kind", "body", "query", "status", "pointers"),
    [
        ("loss", TRAINING, {"theme": "pink"}, 422, ["/theme"]),
        ("loss", [], {}, 422, [""]),
        ("loss", {}, {}, 422, ["/inputs", "/layers"]),
        ("loss", {**TRAINING, "epochs": 0}, {}, 422, ["/epochs"]),
        ("loss", {**TRAINING, "epochs": "many"}, {}, 422, ["/epochs"]),
        ("loss", {**TRAINING, "epochs": None, "bogus": 1}, {}, 422, ["/bogus"]),
        ("surface", {**TRAINING, "surface": {"resolution": 1}}, {}, 422, ["/surface/resolution"]),
        ("surface", {**TRAINING, "layers": [{"units": 3, "activation": "softmax"}], "dataset": {"name": "iris"}}, {}, 422, ["/surface"]),
        ("loss", {"start": {}}, {}, 422, ["/start/training"]),
        ("loss", {"start": None}, {}, 422, ["/start"]),
        ("surface", {"start": {"training": {"updates_per_epoch": 1}, "updates": 0}}, {}, 422, ["/start/surface"]),
    ],
)
def test_what_makes_no_sense(client, kind, body, query, status, pointers):
    response = client.post(f"{FIGURES}/{kind}", json=body, params=query)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert [fault["pointer"] for fault in response.json()["errors"]] == pointers


def test_faults_of_an_answer_that_was_not_sent_point_at_no_part_of_it(client):
    """Inputs so far apart that a picture has no scale for them."""
    far = {**TRAINING, "dataset": None, "inputs": [[-1.7e308, 0], [1.7e308, 1]], "targets": [[0], [1]], "batch_size": None, "test_fraction": None}
    assert client.post("/api/v1/train", json={**far, "surface": {}}).status_code == 200
    answer = client.post(f"{FIGURES}/surface", json=far)
    assert (answer.status_code, [it["pointer"] for it in answer.json()["errors"]]) == (422, [""])
    assert "cannot be drawn" in answer.json()["detail"]


def test_no_json(client):
    assert client.post(f"{FIGURES}/loss", content="{", headers={"Content-Type": "application/json"}).status_code == 400
    assert client.post(f"{FIGURES}/loss", content="x", headers={"Content-Type": "text/plain"}).status_code == 415


def test_the_catalog_names_them(client):
    assert [it["name"] for it in client.get("/api/v1/catalog").json()["figures"]] == list(KINDS)


def test_figures_are_not_kept(client):
    response = client.post(f"{FIGURES}/loss", content=json.dumps(TRAINING), headers={"Content-Type": "application/json"})
    assert response.headers["cache-control"] == "no-store"
