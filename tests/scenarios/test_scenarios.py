"""The prepared trainings: each is taken by /train within the default limits, and shows what its description says."""

import json
import pickle
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from app.engine.training import Training
from app.settings import Settings
from app.wire.frames import View
from app.wire.scenarios import scenario, scenarios, summaries
from app.wire.training import Bounds, Order, training_job

NAMES = ["spirals", "vanishing", "dead-relu", "too-large-steps", "symmetry", "softmax-or-squares", "momentum", "batch-sizes", "xor", "sine", "iris", "digits"]
RUNS = [(name, k) for name, it in scenarios().items() for k in range(len(it["runs"]))]
DEFAULTS = Settings()
BOUNDS = Bounds(DEFAULTS.max_training_step, DEFAULTS.max_training_work, DEFAULTS.max_sent_values)


def runs(name: str) -> list[dict[str, Any]]:
    found = scenario(name)
    assert found is not None
    return [run["train"] for run in found["runs"]]


def training(request: dict[str, Any]) -> Training:
    """As a server would begin it, with all that a page can ask to be shown."""
    inputs = 64 if request.get("dataset", {}).get("name") == "digits" else 4 if request.get("dataset", {}).get("name") == "iris" else 2
    looks = {"surface": {"resolution": 60, "units": 16}} if inputs == 2 else {}
    answer = training_job(json.dumps({**request, **looks, "histograms": {"bins": 30}}).encode(), DEFAULTS.limits, BOUNDS, View(), collected=False)
    assert isinstance(answer, list), answer
    order: Order = pickle.loads(answer[0])
    return Training(order.plan)


def both(name: str, updates: int) -> list[Training]:
    """The two that are compared, so many updates later."""
    compared = [training(request) for request in runs(name)]
    for one in compared:
        one.advance(updates)
    return compared


def accuracies(name: str, updates: int) -> list[float | None]:
    return [one.measures().accuracy for one in both(name, updates)]


def losses(request: dict[str, Any], updates: int) -> np.ndarray:
    """The loss of all examples after every update."""
    one = training(request)
    found = []
    for _ in range(updates):
        one.advance(1)
        found.append(one.measures().loss)
    return np.array(found)


def test_the_set() -> None:
    assert [item["name"] for item in summaries()] == NAMES
    folder = Path(__file__).parents[2] / "app" / "scenarios"
    assert sorted(file.stem for file in folder.glob("*.json")) == sorted(NAMES)
    assert sorted(it["order"] for it in scenarios().values()) == list(range(1, len(NAMES) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name: str) -> None:
    found = scenarios()[name]
    assert found.keys() == {"name", "order", "title", "description", "watch", "runs"}
    assert found["watch"] in ("surface", "norms", "loss", "histograms", "network")
    assert len(found["runs"]) in (1, 2)
    for text in (found["title"], found["description"], *(run["label"] for run in found["runs"])):
        assert text.strip() == text and text and "\n" not in text
    assert found["description"].endswith(".") and len(found["description"]) < 130  # two lines in the header of the page
    assert len({run["label"] for run in found["runs"]}) == len(found["runs"])


@pytest.mark.parametrize(("name", "k"), RUNS)
def test_the_server_takes_it(name: str, k: int) -> None:
    """With the most that is shown of it. The page takes about twenty seconds for all epochs, so there have to be some hundred of them to look fluent."""
    one = training(runs(name)[k])
    assert one.classification == (name not in ("sine", "too-large-steps", "momentum"))
    assert 200 <= one.plan.epochs <= 2000 and one.plan.epochs * one.updates_per_epoch <= 50_000  # at most 2,500 a second


@pytest.mark.parametrize(("name", "k"), RUNS)
def test_any_update_can_be_stepped_through(client: httpx.Client, name: str, k: int) -> None:
    """Train a little, trace the next batch with what was answered, train one batch on: the same parameters."""

    def answered(**more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        told = client.post("/api/v1/train", json=runs(name)[k] | more, params={"max_values": 1_000_000}).json()
        return told["start"], told["end"]

    start, now = answered(max_updates=7)
    going_on = {"parameters": now["parameters"], "optimizer_state": now["optimizer_state"]}
    batch = {field: [start["problem"][field][row] for row in now["next_batch"]] for field in ("inputs", "targets")}
    traced = client.post("/api/v1/trace", json=start["problem"] | going_on | batch, params={"max_values": 1_000_000}).json()
    _, then = answered(max_updates=1, position=now["position"], **going_on)
    values = {quantity: value["data"] for step in traced["steps"] for quantity, value in step["values"].items()}
    assert then["updates"] == 8 and then["batch"] == now["next_batch"]
    for parameter, value in then["parameters"].items():
        np.testing.assert_allclose(values[f"{parameter}_new"], value["data"], rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("name", ["vanishing", "dead-relu", "too-large-steps", "symmetry", "softmax-or-squares", "momentum", "batch-sizes"])
def test_what_is_compared_differs_in_one_thing(name: str) -> None:
    one, other = runs(name)
    differ = {key for key in one if one[key] != other.get(key)}
    assert one.keys() == other.keys() and len(differ) == 1


def test_spirals_are_learnt() -> None:
    one = training(runs("spirals")[0])
    before = one.measures()
    one.advance(9000)
    after = one.measures()
    assert before.accuracy is not None and before.accuracy < 0.6
    assert after.accuracy is not None and after.accuracy > 0.95 and after.test_accuracy is not None and after.test_accuracy > 0.9


def test_sigmoids_let_the_gradient_vanish_and_relus_do_not() -> None:
    sigmoid, relu = (one.measures() for one in both("vanishing", 8000))
    assert sigmoid.gradient_rms["dz1"] / sigmoid.gradient_rms["dz9"] < 1e-4
    assert relu.gradient_rms["dz1"] / relu.gradient_rms["dz9"] > 0.1
    assert sigmoid.accuracy is not None and sigmoid.accuracy < 0.6
    assert relu.accuracy is not None and relu.accuracy > 0.9


def test_dead_relus_stay_and_leaky_ones_wake() -> None:
    relu, leaky = both("dead-relu", 10_000)
    asleep = [(one.activations(one.plan.problem.inputs)[0] <= 0).all(axis=0).sum() for one in (relu, leaky)]
    assert asleep[0] == 6 and asleep[1] < 6
    np.testing.assert_array_equal(relu.parameters()["W1"][1], runs("dead-relu")[0]["layers"][0]["weights"][1])  # the very number it began with
    accuracy = [one.measures().accuracy for one in (relu, leaky)]
    assert accuracy[0] is not None and accuracy[0] < 0.85 and accuracy[1] is not None and accuracy[1] > 0.95


def test_too_large_steps_leave_the_numbers() -> None:
    good, large = both("too-large-steps", 600)
    assert large.ended == "non_finite" and 50 < large.updates < 600
    assert all(np.isfinite(value).all() for value in large.parameters().values())  # where it stood last
    again = training(runs("too-large-steps")[1])
    while not again.ended:
        again.advance(1)
    assert again.updates == large.updates  # wherever in an epoch it breaks
    for name, value in again.parameters().items():
        np.testing.assert_array_equal(value, large.parameters()[name])
    assert large.measures().loss > 1e10 * good.measures().loss
    assert good.measures().loss < 0.05


def test_equal_weights_stay_equal() -> None:
    equal, random = both("symmetry", 8000)
    W = equal.parameters()["W1"]
    assert np.abs(W - W[0]).max() < 1e-9 and np.abs(W - 0.5).max() > 0.1  # it learns, as one unit (but for the order in which a processor adds)
    assert np.abs(random.parameters()["W1"] - random.parameters()["W1"][0]).max() > 0.1
    accuracy = [one.measures().accuracy for one in (equal, random)]
    assert accuracy[0] is not None and accuracy[0] < 0.75 and accuracy[1] is not None and accuracy[1] > 0.95


def test_squares_sit_on_the_plateau() -> None:
    start = accuracies("softmax-or-squares", 0)
    assert max(value for value in start if value is not None) < 0.05
    crossed, squared = both("softmax-or-squares", 8000)
    assert crossed.measures().accuracy == pytest.approx(1, abs=0.03)
    assert squared.measures().accuracy == pytest.approx(0, abs=0.03)


def test_momentum_needs_an_eighth_of_the_updates() -> None:
    plain, momentum = (losses(request, 2000) for request in runs("momentum"))
    assert np.argmax(momentum < 0.1) < np.argmax(plain < 0.1) / 8
    assert np.argmax(momentum < 0.1) > 0


def test_single_examples_make_the_loss_jump() -> None:
    """Full batches never raise it, but four passes of single examples get further than a hundred of theirs."""
    single, whole = (losses(request, updates) for request, updates in zip(runs("batch-sizes"), (1000, 200), strict=True))
    rises = [float((np.diff(curve[100:]) > 0).mean()) for curve in (single, whole)]
    assert rises[0] > 0.4 and rises[1] == 0
    assert np.median(single[-250:]) < whole[100]


@pytest.mark.parametrize(("name", "updates", "least"), [("xor", 6000, 0.98), ("iris", 4000, 0.95), ("digits", 4000, 0.95)])
def test_plain_ones_are_learnt(name: str, updates: int, least: float) -> None:
    one = training(runs(name)[0])
    one.advance(updates)
    now = one.measures()
    assert now.test_accuracy is not None and now.test_accuracy >= least - 0.05 and now.accuracy is not None and now.accuracy >= least


def test_the_sine_is_fitted() -> None:
    one = training(runs("sine")[0])
    before = one.measures().loss
    one.advance(9000)
    assert one.measures().loss < before / 30
