"""POST /api/v1/import and /table over HTTP: media types, limits, schemas, what comes out goes straight into a trace; whatever is sent, never a 5xx."""

import json
from pathlib import Path

import httpx
import jsonschema_rs
import pytest
from documents import TWO_LAYER
from hypothesis import given
from hypothesis import strategies as st
from serving import serving
from test_bad_requests import refused
from test_fuzz import SETTINGS, anything, conforms

IMPORT, TABLE, TRACE = "/api/v1/import", "/api/v1/table", "/api/v1/trace"
OCTETS = {"Content-Type": "application/octet-stream"}
WEIGHTS = Path(__file__).parents[1] / "wire" / "weights"
IRIS = "a,b,c,species\n5.1,3.5,1.4,setosa\n7.0,3.2,4.7,versicolor\n6.3,3.3,6.0,virginica\n"


@pytest.fixture(scope="module")
def schemas(client):
    """Validators of both answers."""
    paths = client.get("/openapi.json").json()["paths"]
    return {path: jsonschema_rs.validator_for(paths[path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]) for path in (IMPORT, TABLE)}


@pytest.mark.parametrize("name", ["small.pt", "checkpoint.pt", "named.pt", "bfloat16.pt", "mixed.safetensors"])
def test_a_trained_network_on_ones_own_examples(client, schemas, name):
    """A file and a table, both sent as they are, and a trace of what came back."""
    activations = "relu,tanh,softmax" if name == "named.pt" else "tanh,softmax"
    response = client.post(IMPORT, content=(WEIGHTS / name).read_bytes(), headers=OCTETS, params={"activations": activations})
    assert (response.status_code, response.headers["content-type"], response.headers["cache-control"]) == (200, "application/json", "no-store")
    model = response.json()
    schemas[IMPORT].validate(model)
    response = client.post(TABLE, content=IRIS.encode("utf-16"), headers={"Content-Type": "text/csv; charset=utf-16"}, params={"targets": "species"})
    assert (response.status_code, response.headers["content-type"], response.headers["cache-control"]) == (200, "application/json", "no-store")
    table = response.json()
    schemas[TABLE].validate(table)
    assert table["targets"] == [0, 1, 2]
    classes = [min(k, 1) for k in table["targets"]]  # these networks have two outputs
    problem = {"layers": model["layers"], "loss": table["suggested_loss"], "inputs": table["inputs"], "targets": classes}
    trace = client.post(TRACE, json=problem).json()
    assert trace["start"]["layer_sizes"] == model["sizes"]
    assert [layer["name"] for layer in trace["start"]["problem"]["layers"]] == [layer["name"] for layer in model["layers"]]
    assert trace["start"]["quantities"]["W1"]["data"] == model["layers"][0]["weights"]
    assert trace["end"]["finite"]


def test_json_of_both(client, schemas):
    for sent in (TWO_LAYER, [{"weights": [[1, 2]], "activation": "tanh"}], client.post(TRACE, json=TWO_LAYER).json()):
        for headers in (OCTETS, {"Content-Type": "application/json"}, {}):
            answer = client.post(IMPORT, content=json.dumps(sent), headers=headers).json()
            schemas[IMPORT].validate(answer)
            assert (answer["problem"] is None) == isinstance(sent, list)
    rows = [{"x": 1, "y": "no"}, {"x": 2, "y": "yes"}]
    for headers in (OCTETS, {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}):
        schemas[TABLE].validate(client.post(TABLE, content=json.dumps(rows), headers=headers).json())


def test_choices_stand_in_the_query(client, schemas):
    answer = client.post(TABLE, content=IRIS, params={"targets": ["a", "b"], "inputs": "c"}, headers={"Content-Type": "text/csv"}).json()
    assert (answer["inputs"], answer["output_names"]) == ([[1.4], [4.7], [6.0]], ["a", "b"])
    answer = client.post(TABLE, content=IRIS, params={"inputs": ""}, headers={"Content-Type": "text/csv"}).json()
    schemas[TABLE].validate(answer)
    assert (answer["inputs"], len(answer["columns"])) == (None, 4)
    answer = client.post(TABLE, content="1|2\n3|4\n", params={"targets": "", "header": "true", "delimiter": "|"}).json()
    assert (answer["inputs"], answer["targets"], answer["input_names"]) == ([[3, 4]], None, ["1", "2"])
    refused(client.post(TABLE, content=IRIS, params={"targets": "z"}), 422, "/targets/0")
    refused(client.post(TABLE, content=IRIS, params={"delimiter": "x"}), 422, "/delimiter")
    refused(client.post(TABLE, content=IRIS, params={"header": "perhaps"}), 422, "/header")
    refused(client.post(IMPORT, content=b"[[[1]]]", params={"activations": "relu,relu"}), 422, "/activations")


def test_refusals(client):
    for path in (IMPORT, TABLE):
        refused(client.post(path, content=b"x", headers={"Content-Type": "image/png"}), 415)
        refused(client.post(path, content=b"x", headers={**OCTETS, "Content-Encoding": "gzip"}), 415)
        refused(client.post(path, content=b"{", headers={"Content-Type": "application/json"}), 400)
        refused(client.post(path, content=b"", headers=OCTETS), 422, "")
        refused(client.post(path, content=bytes(16_000_001), headers=OCTETS), 413)
        assert client.get(path).status_code == 405
    problem = refused(client.post(IMPORT, content=(WEIGHTS / "whole.pt").read_bytes(), headers=OCTETS), 422, "")
    assert "torch.save(model.state_dict()" in problem["detail"]
    problem = refused(client.post(TABLE, content="a,b\n1,2\n3,\n"), 422, "")
    assert problem["detail"] == problem["errors"][0]["detail"] == 'line 3: nothing stands in "b"'


def test_limits_are_settings():
    with serving(environment={"BACKPROP_MAX_BODY": "3000", "BACKPROP_MAX_BATCH": "2", "BACKPROP_MAX_UNITS": "3"}) as small:
        with httpx.Client(base_url=small.url) as other:
            refused(other.post(IMPORT, content=(WEIGHTS / "checkpoint.pt").read_bytes(), headers=OCTETS), 413)
            refused(other.post(IMPORT, content=(WEIGHTS / "small.pt").read_bytes(), headers=OCTETS), 422, "/0.weight")
            refused(other.post(TABLE, content=IRIS), 422, "")
            assert other.post(TABLE, content="1,2\n3,4\n").status_code == 200


def test_large_files_go_to_a_worker(client):
    """A quarter of a million weights, and a table of the most rows there may be: exact, whichever process reads them."""
    weights = [[(7 * i + 3 * j) % 19 / 19 for j in range(500)] for i in range(500)]
    answer = client.post(IMPORT, content=json.dumps({"a.weight": weights, "b.weight": weights}), headers=OCTETS).json()
    assert answer["sizes"] == [500, 500, 500] and answer["layers"][1]["weights"] == weights
    answer = client.post(TABLE, content="".join(f"{k},{k / 7!r}\n" for k in range(4096))).json()
    assert answer["targets"] == [[k / 7] for k in range(4096)]


@given(body=st.binary(max_size=300), path=st.sampled_from([IMPORT, TABLE]), kind=st.sampled_from(["application/octet-stream", "application/json", "text/csv"]))
@SETTINGS
def test_any_bytes(client, body, path, kind):
    response = client.post(path, content=body, headers={"Content-Type": kind})
    if response.status_code != 415:  # an import is no CSV
        conforms(response)


@given(document=anything, path=st.sampled_from([IMPORT, TABLE]))
@SETTINGS
def test_any_json(client, document, path):
    conforms(client.post(path, content=json.dumps(document), headers={"Content-Type": "application/json"}))


@given(text=st.text("ab1,;\t|\n\r\"' .−", max_size=60), names=st.lists(st.text(max_size=4), max_size=3))
@SETTINGS
def test_any_text_and_any_choice(client, text, names):
    conforms(client.post(TABLE, content=text.encode(), params={"targets": names, "labels": names[:1]}))


def test_the_server_is_still_well(running, client):
    """After all of the above: no traceback was logged."""
    assert client.get("/healthz").status_code == 200
    assert "Traceback" not in running.said
