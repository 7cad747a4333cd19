"""POST /api/v1/export/{kind}, as a client sees it."""

import orjson
import pytest
from documents import TWO_LAYER, wide

EXPORT = "/api/v1/export"


@pytest.mark.parametrize(
    ("kind", "media_type", "name", "begins"),
    [
        ("numpy", "text/x-python; charset=utf-8", "backprop-two-layer-numpy.py", '"""A network 2-2-2'),
        ("pytorch", "text/x-python; charset=utf-8", "backprop-two-layer-pytorch.py", '"""A network 2-2-2'),
        ("latex", "application/x-tex", "backprop-two-layer.tex", r"\documentclass"),
        ("json", "application/json", "backprop-two-layer.json", '{"layers":'),
    ],
)
def test_files_with_type_and_name(client, kind, media_type, name, begins):
    response = client.post(f"{EXPORT}/{kind}", json={"preset": "two-layer"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content.decode().startswith(begins)


def test_other_pages_may_read_the_name(client):
    response = client.post(f"{EXPORT}/json", json=TWO_LAYER, headers={"Origin": "http://elsewhere.example"})
    assert "Content-Disposition" in response.headers["Access-Control-Expose-Headers"]


def test_an_unknown_kind_is_told_what_there_is(client):
    response = client.post(f"{EXPORT}/matlab", json={"preset": "two-layer"})
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == 'no export is called "matlab"; there are numpy, pytorch, latex, json'


def test_the_catalog_names_the_kinds(client):
    kinds = client.get("/api/v1/catalog").json()["exports"]
    assert [kind["name"] for kind in kinds] == ["numpy", "pytorch", "latex", "json"]
    assert all(client.post(f"{EXPORT}/{kind['name']}", json=TWO_LAYER).headers["Content-Type"].startswith(kind["media_type"]) for kind in kinds)


def test_what_is_wrong_is_said_as_for_a_trace(client):
    response = client.post(f"{EXPORT}/numpy", json={**TWO_LAYER, "inputs": [[1, 2, 3]]})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/layers/0/weights"
    assert client.post(f"{EXPORT}/numpy", content=b"[", headers={"Content-Type": "application/json"}).status_code == 400
    assert client.post(f"{EXPORT}/latex?convention=diagonal", json=TWO_LAYER).status_code == 422
    assert client.get(f"{EXPORT}/numpy").status_code == 405


def test_a_large_body_comes_back_whole(client):
    sent = wide(300, 200, inputs=400, examples=40)
    whole = client.post(f"{EXPORT}/json", json=sent).content
    assert len(whole) > 1_000_000
    again = client.post(f"{EXPORT}/json", content=whole, headers={"Content-Type": "application/json"})
    assert again.content == whole
    assert again.headers["Content-Disposition"] == 'attachment; filename="backprop-400-300-200.json"'
    assert orjson.loads(whole)["inputs"] == sent["inputs"]


def test_columns(client):
    assert "an example is a column" in client.post(f"{EXPORT}/latex?convention=column", json=TWO_LAYER).text
