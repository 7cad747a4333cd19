"""POST /train as a client sees it: three representations of one training, refusals, pause and continue."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from documents import TWO_LAYER

TRAIN = "/api/v1/train"
MOONS = {
    "layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "loss": "binary_cross_entropy",
    "optimizer": {"name": "adam", "learning_rate": 0.03},
    "dataset": {"name": "moons", "size": 60},
    "batch_size": 8,
    "test_fraction": 0.2,
    "epochs": 10,
    "report_every": 3,
    "surface": {"resolution": 4, "units": 2},
    "histograms": {"bins": 4},
}


def lines(response):
    return [json.loads(line) for line in response.text.splitlines()]


def events(client, document, **query):
    response = client.post(TRAIN, json=document, params=query, headers={"Accept": "application/x-ndjson"})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    assert response.headers["cache-control"] == "no-store"
    return lines(response)


def timeless(event):
    return {name: value for name, value in event.items() if name != "seconds"}


def test_three_representations_of_one_training(client):
    found = events(client, MOONS)
    assert [it["event"] for it in found] == ["start", "progress", "progress", "progress", "end"]
    document = client.post(TRAIN, json=MOONS)
    assert document.headers["content-type"] == "application/json"
    start, progress, end = (document.json()[name] for name in ("start", "progress", "end"))
    assert [timeless(it) for it in (start, *progress, end)] == [timeless(it) for it in found]
    stream = client.post(TRAIN, json=MOONS, headers={"Accept": "text/event-stream"})
    assert stream.headers["content-type"].startswith("text/event-stream")
    blocks = stream.text.split("\n\n")
    assert blocks.pop() == "" and "\r" not in stream.text
    fields = [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]
    assert [list(it) for it in fields] == [["event", "data"]] * 5
    assert [it["event"] for it in fields] == [it["event"] for it in found]
    assert [timeless(json.loads(it["data"])) for it in fields] == [timeless(it) for it in found]


def test_without_reports_a_document_is_whole(client):
    answer = client.post(TRAIN, json={**MOONS, "max_updates": 0}).json()
    assert (answer["progress"], answer["end"]["reason"]) == ([], "max_updates")


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov", "adam"])
@pytest.mark.parametrize("parts", [1, 4, 7])
def test_pause_and_continue_lose_nothing(client, optimizer, parts):
    """Cut into parts that each know only what the last one said, a training ends at the same bits."""
    document = {**MOONS, "optimizer": {"name": optimizer, "learning_rate": 0.05}, "epochs": 4, "surface": None, "report_every": None}
    whole = events(client, document)[-1]
    position, rest, made = {"epoch": 0, "batch": 0}, {}, 0
    while True:
        end = events(client, {**document, **rest, "position": position, "max_updates": parts})[-1]
        assert end["updates"] == min(made + parts, 24)
        made, position = end["updates"], end["position"]
        rest = {"parameters": end["parameters"], "optimizer_state": end["optimizer_state"]}
        if end["reason"] == "epochs":
            break
        assert end["reason"] == "max_updates"
    assert timeless(end) == timeless(whole)


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_edits_are_made_once(client, cut):
    """Where a training goes on, they have been made; what they changed in the data stays changed."""
    edits = [{"quantity": "W1", "entry": [1, 0], "value": 2}, {"quantity": "b1", "entry": [0], "value": -1}, {"quantity": "a0", "entry": [0, 1], "value": 5}]
    document = {**MOONS, "edits": edits, "epochs": 2}
    whole = events(client, document)[-1]
    end = events(client, {**document, "max_updates": cut})[-1]
    bare = {name: it["data"] for name, it in end["parameters"].items()}
    for parameters in (bare, end["parameters"]):
        rest = {"parameters": parameters, "optimizer_state": end["optimizer_state"], "position": end["position"]}
        assert timeless(events(client, {**document, **rest})[-1]) == timeless(whole)


def test_an_update_can_be_stepped_through(client):
    """A trace of the next batch with the parameters and the state of the end makes the very update that training makes next."""
    document = {**MOONS, "surface": None, "report_every": None}
    end = events(client, {**document, "max_updates": 9})[-1]
    start, *_, after = events(client, {**document, "max_updates": 10})
    x, y = start["quantities"]["a0"]["data"], start["quantities"]["y"]["data"]
    update = {name: document[name] for name in ("layers", "loss", "optimizer")}
    update |= {"inputs": [x[n] for n in end["next_batch"]], "targets": [y[n] for n in end["next_batch"]]}
    trace = client.post("/api/v1/trace", json={**update, "parameters": end["parameters"], "optimizer_state": end["optimizer_state"]}).json()
    stepped = {step["id"]: step["values"][step["id"]]["data"] for step in trace["steps"]}
    for name, q in after["parameters"].items():
        assert flat(stepped[f"{name}_new"]) == pytest.approx(flat(q["data"]), rel=1e-12, abs=1e-15)
    assert after["batch"] == end["next_batch"]
    assert trace["end"]["gradient_norms"] == pytest.approx(after["gradient_norms"], rel=1e-12)


def flat(data):
    return [number for item in data for number in flat(item)] if isinstance(data, list) else [data]


def test_words_are_sent_once(client):
    start = events(client, MOONS)[0]
    again = events(client, MOONS, words=start["words"])[0]
    assert "symbols" in start and "symbols" not in again
    assert {name: start[name] for name in again} == again
    assert events(client, MOONS, convention="column")[0]["convention"] == "column"


@pytest.mark.parametrize(
    ("body", "status", "pointers"),
    [
        ("{", 400, []),
        ("[]", 422, [""]),
        (json.dumps({**MOONS, "epochs": 0, "batch_size": -1, "bogus": 1}), 422, ["/bogus", "/epochs", "/batch_size"]),
        (json.dumps({**MOONS, "batch_size": 49}), 422, ["/batch_size"]),
        (json.dumps({"preset": "digits", "optimizer": "sgd", "surface": {}}), 422, ["/surface"]),
        (json.dumps({**TWO_LAYER, "targets": None}), 422, ["/targets"]),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson", "text/event-stream"])
def test_refusals_have_a_status_in_every_representation(client, accept, body, status, pointers):
    response = client.post(TRAIN, content=body, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert {fault["pointer"] for fault in response.json()["errors"]} == set(pointers)


def test_other_refusals(client):
    assert client.post(TRAIN, json=MOONS, headers={"Accept": "text/html"}).status_code == 406
    assert client.post(TRAIN, content="x", headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.get(TRAIN).status_code == 405
    assert client.post(TRAIN, json=MOONS, params={"convention": "diagonal"}).status_code == 422


def test_large_data_of_ones_own(client):
    """More than is read beside the event loop."""
    rows = [[round(n / 3001, 9), round(n % 7 / 7, 9), n % 11] for n in range(3000)] * 2
    document = {**MOONS, "inputs": rows[:4000], "targets": [[n % 2] for n in range(4000)], "dataset": None, "surface": None, "epochs": 1}
    assert len(json.dumps(document)) > 100_000
    start, *_, end = events(client, {**document, "batch_size": 500, "test_fraction": 0.25})
    assert (start["training"]["examples"], end["updates"]) == (3000, 6)


def test_limits_are_in_the_catalog(client):
    limits = client.get("/api/v1/catalog").json()["limits"]
    assert limits["trainings"] >= 50
    assert 0 < limits["training_step"] < limits["training_work"]


def test_many_at_once_say_what_each_says_alone(client):
    documents = [{**MOONS, "initializer": {"name": "he_normal", "seed": seed}, "surface": None, "report_every": None, "epochs": 5} for seed in range(12)]

    def end(document):
        return timeless(events(client, document)[-1])

    with ThreadPoolExecutor(12) as pool:
        together = list(pool.map(end, documents))
    assert together == [end(document) for document in documents]
    assert len({json.dumps(it["parameters"]) for it in together}) == 12
