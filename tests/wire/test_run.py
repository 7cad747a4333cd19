"""A training in turns: what its events say, and when they come."""

import pickle
import statistics
import time
from itertools import pairwise

import numpy as np
import orjson
import pytest

from app.engine.document import read_problem
from app.engine.limits import Limits
from app.engine.losses import LOSSES
from app.engine.passes import record
from app.engine.training import Training
from app.wire.frames import View
from app.wire.run import BYTES, EYE, Run
from app.wire.training import Bounds, training_job

SPIRALS = {
    "layers": [{"units": 6, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "loss": "binary_cross_entropy",
    "optimizer": {"name": "adam", "learning_rate": 0.02},
    "dataset": {"name": "spirals", "size": 60},
    "batch_size": 8,
    "test_fraction": 0.25,
    "epochs": 12,
}


def ordered(document, collected=False):
    bounds = Bounds(step=4_000_000, work=200_000_000_000, numbers=5_000_000)
    (order,) = training_job(orjson.dumps(document), Limits(), bounds, View(), collected)
    return pickle.loads(order)


def events(document, collected=False, seconds=0.005):
    """All events for a reader who takes each at once."""
    run, found = Run(ordered(document, collected)), []
    while not run.done:
        if event := run.turn(seconds):
            said = orjson.loads(event.data)
            assert said["event"] == event.kind
            found.append(said)
            run.taken = True
    return found


def whole(document):
    """The same training without turns."""
    training = Training(ordered(document).plan)
    training.advance(10**9)
    return training


def numbers(quantities):
    return {name: q["data"] for name, q in quantities.items()}


@pytest.mark.parametrize(
    ("data", "inputs", "classes"),
    [
        ({"name": "iris", "size": 9}, ["sepal length", "sepal width", "petal length", "petal width"], ["setosa", "versicolor", "virginica"]),
        ({"name": "sine", "size": 9}, ["x"], None),
        (None, None, None),
    ],
)
def test_start_says_what_inputs_and_classes_are_called(data, inputs, classes):
    own = {"dataset": data} if data else {"inputs": [[0.5]], "targets": [[1]]}
    loss = "cross_entropy" if classes else "squared_error"
    document = {"layers": [{"units": len(classes or [1]), "activation": "softmax"}], "loss": loss, "optimizer": "sgd", **own, "max_updates": 0}
    training = events(document)[0]["training"]
    assert (training["input_names"], training["class_names"]) == (inputs, classes)


def test_start_and_end_say_everything():
    start, *progress, end = events({**SPIRALS, "report_every": 4, "include": ["optimizer_state"], "histograms": {"bins": 5}, "surface": {"resolution": 3}})
    about = start["training"]
    assert {key: about[key] for key in ("examples", "test_examples", "updates_per_epoch", "epochs", "batch_size", "classification")} == {
        "examples": 45,
        "test_examples": 15,
        "updates_per_epoch": 6,
        "epochs": 12,
        "batch_size": 8,
        "classification": True,
    }
    assert about["dataset"] == {"name": "spirals", "size": 60, "noise": 0.05, "seed": 0}
    assert (start["epoch"], start["updates"], start["position"]) == (0, 0, {"epoch": 0, "batch": 0})
    assert start["layer_sizes"] == [2, 6, 1] and start["quantities"]["a0"]["shape"] == [60, 2]
    assert start["histograms"].keys() == {"W1", "W2", "a1", "a2"}
    for it in (*progress, end):
        assert it["histograms"].keys() == {"W1", "W2", "a1", "a2", "dz1", "dz2"}
        assert sum(it["histograms"]["dz1"]["counts"]) == 6 * len(it["batch"])
        assert it["updates"] == 6 * it["epoch"]
        assert it["gradient_norms"].keys() == it["gradient_rms"].keys() == {"dz1", "dz2"}
        assert it["update_ratios"].keys() == {"W1", "W2"}
        assert it["surface"]["shape"] == [3, 3]
        assert it["optimizer_state"]["t"]["data"] == it["updates"]
        assert it["finite"] is True
    assert all(a["seconds"] < b["seconds"] for a, b in pairwise(progress))
    assert (end["reason"], end["position"]) == ("epochs", {"epoch": 12, "batch": 0})
    assert not set(end["next_batch"]) & set(about["test"])
    training = whole(SPIRALS)
    assert numbers(end["parameters"]) == {name: value.tolist() for name, value in training.parameters().items()}
    assert numbers(end["optimizer_state"]) == {name: value.tolist() for name, value in training.optimizer_state().items()}
    assert end["batch"] == training.last_batch.tolist() and end["next_batch"] == training.next_batch.tolist()


def test_losses_and_accuracies_are_those_of_the_parameters_beside_them():
    """By plain numpy, from the numbers of the start event alone."""
    start, *progress, end = events({**SPIRALS, "report_every": 4})
    x, y = (np.array(start["quantities"][name]["data"]) for name in ("a0", "y"))
    test = np.isin(np.arange(60), start["training"]["test"])
    assert test.sum() == 15
    for it in (*progress, end):
        theta = {name: np.array(data) for name, data in numbers(it["parameters"]).items()}
        z = np.tanh(x @ theta["W1"].T + theta["b1"]) @ theta["W2"].T + theta["b2"]
        a = 1 / (1 + np.exp(-z))
        loss = -(y * np.log(a) + (1 - y) * np.log(1 - a))[:, 0]
        assert it["loss"] == pytest.approx(loss[~test].mean(), rel=1e-12)
        assert it["test_loss"] == pytest.approx(loss[test].mean(), rel=1e-12)
        right = ((a > 0.5) == (y > 0.5))[:, 0]
        assert (it["accuracy"], it["test_accuracy"]) == (right[~test].mean(), right[test].mean())


@pytest.mark.parametrize(("every", "epochs"), [(1, list(range(1, 13))), (5, [5, 10]), (12, [12]), (40, [])])
def test_reports_at_the_ends_of_epochs_exactly(every, epochs):
    _, *progress, end = events({**SPIRALS, "report_every": every})
    assert [it["epoch"] for it in progress] == epochs
    assert all(it["position"]["batch"] == 0 for it in progress)
    assert end["epoch"] == 12


def test_a_run_that_goes_on_reports_at_the_same_epochs():
    half = events({**SPIRALS, "max_updates": 27})[-1]
    assert (half["reason"], half["position"]) == ("max_updates", {"epoch": 4, "batch": 3})
    rest = {"position": half["position"], "parameters": half["parameters"], "optimizer_state": half["optimizer_state"]}
    start, *progress, end = events({**SPIRALS, **rest, "report_every": 5})
    assert (start["updates"], start["position"]) == (27, half["position"])
    assert [it["epoch"] for it in progress] == [5, 10]
    (_, *_, straight) = events({**SPIRALS, "report_every": 5})
    for it in (end, straight):
        del it["seconds"]
    assert end == straight


def test_without_updates_the_end_tells_what_would_be_next():
    start, end = events({**SPIRALS, "max_updates": 0, "position": {"epoch": 3, "batch": 2}})
    assert (end["reason"], end["position"], end["updates"], end["batch"]) == ("max_updates", {"epoch": 3, "batch": 2}, 20, [])
    order = np.random.default_rng([0, 3]).permutation(45)
    held_out = set(start["training"]["test"])
    rows = np.array([n for n in range(60) if n not in held_out])
    assert end["next_batch"] == rows[order][16:24].tolist()


def test_the_last_of_very_many_epochs():
    """Epochs and updates are told exactly."""
    last = {"epoch": 10**12 - 1, "batch": 5}
    start, *_, end = events({**SPIRALS, "epochs": 10**12, "position": last})
    assert (start["position"], end["position"], end["updates"]) == (last, {"epoch": 10**12, "batch": 0}, 6 * 10**12)


def test_one_document_has_about_a_hundred_reports():
    _, *progress, _ = events({**SPIRALS, "epochs": 250}, collected=True)
    assert [it["epoch"] for it in progress] == list(range(3, 250, 3))


@pytest.mark.parametrize(("stop", "reason"), [({"loss": 0.6}, "loss"), ({"accuracy": 0.7}, "accuracy")])
def test_it_stops_at_what_was_asked_for(stop, reason):
    *_, before, end = events({**SPIRALS, "epochs": 500, "stop": stop, "report_every": 1})
    assert end["reason"] == reason and end["epoch"] < 500 and end["position"]["batch"] == 0
    assert end["loss"] <= 0.6 if reason == "loss" else end["accuracy"] >= 0.7
    assert before["epoch"] == end["epoch"]


def test_regression_has_no_accuracy():
    document = {**SPIRALS, "dataset": {"name": "sine", "size": 40}, "loss": "squared_error", "test_fraction": 0}
    document["layers"] = [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "identity"}]
    start, *_, end = events(document)
    assert start["training"]["classification"] is False
    assert (end["accuracy"], end["test_loss"], end["test_accuracy"]) == (None, None, None)


# ---- pace --------------------------------------------------------------------------------------------------------------

ENDLESS = {**SPIRALS, "epochs": 100_000}


def test_nothing_is_said_before_the_last_event_was_taken():
    """It trains on meanwhile, and then says how things are, not how they were."""
    run = Run(ordered(ENDLESS))
    assert run.turn(0.001).kind == "start"
    before = run.training.updates
    end = time.monotonic() + 0.1
    while time.monotonic() < end:
        assert run.turn(0.002) is None
        assert not run.waiting
    assert run.training.updates > before
    run.taken = True
    event = run.turn(0.002)
    assert orjson.loads(event.data)["updates"] == run.training.updates


def test_asked_for_every_epoch_it_waits_for_its_reader():
    run = Run(ordered({**ENDLESS, "report_every": 1}))
    run.turn(0.001)
    while not run.waiting:
        assert run.turn(0.01) is None
    assert run.training.position == (1, 0)
    assert run.turn(0.01) is None and run.training.position == (1, 0)
    run.taken = True
    assert orjson.loads(run.turn(0.01).data)["epoch"] == 1


def pace(document, seconds):
    """Reports a second, the share of the computing that they take, and bytes a second, for a reader who takes each at once."""
    run, count, length, telling = Run(ordered(document)), 0, 0, 0.0
    run.turn(0)
    run.taken = True
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        before = time.process_time()
        event = run.turn(0.004)
        if event:
            run.taken = True
            count, length = count + 1, length + len(event.data)
            telling += max(0, time.process_time() - before - 0.004)
    took = time.monotonic() - began
    return count / took, telling / run.seconds, length / took


@pytest.mark.alone
def test_no_more_reports_than_an_eye_sees():
    found: list[float] = []
    while len(found) < 5 and max(found, default=0) <= 8:  # whatever else runs here may hold it up
        found.append(pace(ENDLESS, 0.7)[0])
    assert 8 < max(found) < 1.1 / EYE


@pytest.mark.alone
def test_large_reports_come_less_often():
    """At most half of the time is for them, and so many bytes a second."""
    reports, share, length = pace({**ENDLESS, "surface": {"resolution": 150, "units": 32}}, 1.0)
    assert reports > 1
    assert share < 0.65
    assert length < 1.5 * BYTES


def test_a_turn_is_as_long_as_asked():
    """The middle one of many: whatever else runs here may hold some up."""
    run = Run(ordered(ENDLESS))
    run.turn(0)
    for _ in range(8):
        run.turn(0.005)

    def typical() -> float:
        turns = []
        for _ in range(21):
            began = time.perf_counter()
            run.turn(0.005)
            turns.append(time.perf_counter() - began)
        return statistics.median(turns)

    assert any(0.0025 < typical() < 0.0125 for _ in range(5))


# ---- what can go wrong -------------------------------------------------------------------------------------------------


def test_a_divergence_ends_at_the_last_finite_numbers():
    """The update after it, traced from what the end event says, is where numbers stop being finite."""
    document = {**SPIRALS, "dataset": {"name": "sine", "size": 40}, "loss": "squared_error", "optimizer": {"name": "sgd", "learning_rate": 8}}
    document["layers"] = [{"units": 5, "activation": "relu"}, {"units": 1, "activation": "identity"}]
    document["initializer"] = {"name": "he_normal", "seed": 3}
    start, *_, end = events({**document, "epochs": 200})
    assert (end["reason"], end["finite"]) == ("non_finite", False)
    assert np.isfinite(np.concatenate([np.ravel(data) for data in numbers(end["parameters"]).values()])).all()
    broke = end["broke"]
    assert (broke["update"], {"epoch": broke["epoch"], "batch": broke["batch"]}) == (end["updates"] + 1, end["position"])
    assert all(sentence.endswith(".") for sentence in end["explanation"]) and len(end["explanation"]) >= 4
    x, y = (np.array(start["quantities"][name]["data"]) for name in ("a0", "y"))
    problem = read_problem(
        {**{key: document[key] for key in ("layers", "loss", "optimizer")}, "inputs": x[end["next_batch"]], "targets": y[end["next_batch"]]}
        | {"parameters": end["parameters"]}
    )
    finite = {step.definition.id: all(np.isfinite(value).all() for value in step.values.values()) for step in record(problem)}
    assert next(name for name, sound in finite.items() if not sound and name != "loss") == broke["step"]


@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize("rate", [1e-3, 1e300])
def test_whatever_the_rate_it_ends_well(loss, rate):
    document = {**SPIRALS, "loss": loss, "optimizer": {"name": "sgd", "learning_rate": rate}, "epochs": 3, "surface": {"resolution": 4, "units": 2}}
    *_, end = events({**document, "histograms": {"bins": 3}}, collected=True)
    assert end["reason"] in ("epochs", "non_finite")
    assert end["finite"] == (end["reason"] == "epochs")
