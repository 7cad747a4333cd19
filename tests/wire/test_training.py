"""Requests to train: what is refused and where, all faults together, and what an order holds."""

import pickle
from dataclasses import fields

import orjson
import pytest
from documents import MIXED, TWO_LAYER, wide

from app.engine.batches import Position
from app.engine.limits import Limits
from app.engine.training import Plan
from app.wire.faults import RequestError
from app.wire.frames import View, trace_frames
from app.wire.jobs import TooHeavy
from app.wire.requests import problem_of
from app.wire.training import Bounds, Reports, training_job

BOUNDS = Bounds(step=4_000_000, work=200_000_000_000, numbers=5_000_000)
SPIRALS = {
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "loss": "binary_cross_entropy",
    "optimizer": "adam",
    "dataset": {"name": "spirals", "size": 40},
}


def asked(document, bounds=BOUNDS, collected=False, limits=None, **more):
    return training_job(orjson.dumps(document), limits or Limits(), bounds, View(), collected, **more)


def order(document, **more):
    answer = asked(document, **more)
    assert not isinstance(answer, RequestError), answer.faults
    return pickle.loads(*answer)


def faults(document, **more):
    """Pointers and details of a refusal."""
    answer = asked(document, **more)
    assert isinstance(answer, RequestError)
    assert answer.status == 422
    return {fault.pointer: fault.detail for fault in answer.faults}


SINE = {"dataset": {"name": "sine", "size": 40}, "loss": "squared_error", "layers": [{"units": 1, "activation": "identity"}]}
REFUSED = [
    ({"epochs": 0}, "/epochs", "a whole number of epochs, from 1 to 1000000000000; got 0"),
    ({"epochs": -3}, "/epochs", "got -3"),
    ({"epochs": 2.5}, "/epochs", "got 2.5"),
    ({"epochs": True}, "/epochs", "got true"),
    ({"epochs": 10**12}, "/epochs", "updates of this size"),
    ({"epochs": 10**12 + 1}, "/epochs", "from 1 to"),
    ({"epochs": 1e300}, "/epochs", "whole number"),
    ({"batch_size": 0}, "/batch_size", "1 or more"),
    ({"batch_size": 41}, "/batch_size", "at most 40, the number of examples to train on; got 41"),
    ({"batch_size": 31, "test_fraction": 0.25}, "/batch_size", "at most 30"),
    ({"shuffle": 1}, "/shuffle", "true or false, got 1"),
    ({"test_fraction": 1}, "/test_fraction", "below 1, got 1"),
    ({"test_fraction": -0.1}, "/test_fraction", "got -0.1"),
    ({"stop": {"accuracy": 0.9}, **SINE}, "/stop/accuracy", "expected targets that are classes"),
    ({"test_fraction": 0.001}, "/test_fraction", "leaves an example to test with"),
    ({"test_fraction": 0.999}, "/test_fraction", "leaves an example to train on"),
    ({"test_fraction": False}, "/test_fraction", "got false"),
    ({"stop": 0.1}, "/stop", '{"loss": 0.01}; got 0.1'),
    ({"stop": {"los": 0.1}}, "/stop/los", "unknown field; expected loss, accuracy"),
    ({"stop": {"loss": "small"}}, "/stop/loss", 'got "small"'),
    ({"stop": {"accuracy": 1.5}}, "/stop/accuracy", "from 0 to 1, got 1.5"),
    ({"max_updates": -1}, "/max_updates", "0 or more"),
    ({"position": 3}, "/position", "got 3"),
    ({"position": {"epoch": 1}}, "/position/batch", "got null"),
    ({"position": {"epoch": -1, "batch": 0}}, "/position/epoch", "0 or more; got -1"),
    ({"position": {"epoch": 0, "batch": 1}}, "/position/batch", "from 0 to 0; the next epoch begins with 0; got 1"),
    ({"batch_size": 7, "position": {"epoch": 0, "batch": 9}}, "/position/batch", "from 0 to 5; got 9"),
    ({"epochs": 5, "position": {"epoch": 6, "batch": 0}}, "/position/epoch", "the end of 5 epochs, got epoch 6"),
    ({"epochs": 5, "batch_size": 10, "position": {"epoch": 5, "batch": 1}}, "/position/epoch", "got epoch 5"),
    ({"report_every": 0}, "/report_every", "1 or more"),
    ({"surface": 50}, "/surface", '{"resolution": 50}; got 50'),
    ({"surface": {"resolution": 1}}, "/surface/resolution", "from 2 to 200; got 1"),
    ({"surface": {"resolution": 201}}, "/surface/resolution", "got 201"),
    ({"surface": {"units": 33}}, "/surface/units", "from 0 to 32"),
    ({"surface": {"units": 8, "unit": 8}}, "/surface/unit", "unknown field"),
    ({"histograms": {"bins": 1}}, "/histograms/bins", "from 2 to 100"),
    ({"include": "parameters"}, "/include", "a list of parameters, optimizer_state"),
    ({"include": ["weights"]}, "/include/0", 'got "weights"'),
    ({"include": [[]]}, "/include/0", "a list of 0"),
    ({"optimizer": None}, "/optimizer", "an optimizer to train with"),
    ({"optimizer": {"name": "sgd", "learning_rate": -1}}, "/optimizer/learning_rate", "at least 0"),
    ({"optimizer_state": {"W9_m": 1}}, "/optimizer_state/W9_m", "unknown quantity"),
    ({"dataset": {"name": "flowers"}}, "/dataset/name", "expected one of xor"),
    ({"dataset": {"name": "spirals", "size": 10**9}}, "/dataset/size", "from 4 to 4000"),
    ({"inputs": [[1, 2]]}, "/dataset", "got both"),
    ({"dataset": None}, "/inputs", "a list of rows"),
    ({"dataset": {"name": "iris"}}, "/layers/1/units", "expected 3 units"),
    ({"dataset": {"name": "sine"}}, "/dataset", "a probability from 0 to 1 for binary_cross_entropy"),
    ({"rounds": 3}, "/rounds", "unknown field; a problem has"),
    ({"preset": "none"}, "/preset", 'no preset is called "none"'),
]


@pytest.mark.parametrize(("change", "pointer", "words"), REFUSED)
def test_what_makes_no_sense_is_refused_where_it_stands(change, pointer, words):
    found = faults({**SPIRALS, **change})
    assert list(found) == [pointer]
    assert words in found[pointer]


OWN = {"layers": [{"units": 3, "activation": "softmax"}], "loss": "cross_entropy", "optimizer": "sgd", "inputs": [[1, 2, 3], [0, 1, 0]], "targets": [0, 2]}


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"targets": None}, "/targets", "nothing to learn"),
        ({"targets": [0, 3]}, "/targets/1", "a class index from 0 to 2, got 3"),
        ({"targets": [0, 1, 2]}, "/targets", "expected 2 class indices"),
        ({"targets": [[1], [0]]}, "/targets", "expected 3 columns"),
        ({"surface": {}}, "/surface", "one or two inputs to draw a surface over, got 3"),
        ({"test_fraction": 0.5, "batch_size": 2}, "/batch_size", "at most 1"),
        ({"inputs": []}, "/inputs", "an empty list"),
        ({"inputs": [[1, 2, 3], [0, 1]]}, "/inputs/1", "expected 3 numbers"),
    ],
)
def test_data_that_do_not_fit(change, pointer, words):
    found = faults({**OWN, **change})
    assert list(found) == [pointer]
    assert words in found[pointer]


def test_all_faults_come_together():
    document = {**SPIRALS, "epochs": 0, "stop": {"loss": []}, "bogus": 1, "layers": [{"units": 0, "activation": "tanh"}], "dataset": {"name": "x"}}
    assert set(faults(document)) == {"/bogus", "/layers/0/units", "/epochs", "/stop/loss", "/dataset/name"}
    assert set(faults({**OWN, "targets": None, "optimizer": None, "surface": {}})) == {"/targets", "/optimizer", "/surface"}
    assert set(faults({"epochs": 0})) == {"/inputs", "/layers", "/epochs"}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'{"epochs": NaN}'])
def test_what_is_no_object(body):
    answer = training_job(body, Limits(), BOUNDS, View(), False)
    assert isinstance(answer, RequestError)
    assert answer.status in (400, 422)


# ---- limits ------------------------------------------------------------------------------------------------------------

LARGE = wide(256, 256, 4, examples=900, inputs=100, optimizer="adam")


@pytest.mark.parametrize(
    ("change", "bounds", "pointer", "words"),
    [
        ({}, {}, "/batch_size", "expected an update to take at most 4000000 numbers"),
        ({"batch_size": 10}, {"step": 1_000_000}, "/inputs", "the loss of all examples"),
        ({"batch_size": 10, "epochs": 100_000}, {}, "/epochs", "max_updates and position take them in parts"),
        ({"batch_size": 10, "include": ["parameters"]}, {"numbers": 90_000}, "/include", "numbers in one report, got"),
    ],
)
def test_work_is_limited_before_any_is_done(change, bounds, pointer, words):
    found = faults({**LARGE, **change}, bounds=BOUNDS._replace(**bounds))
    assert list(found) == [pointer]
    assert words in found[pointer]


def test_a_surface_of_many_points_is_work():
    document = {**SPIRALS, "layers": [{"units": 500, "activation": "tanh"}, {"units": 500, "activation": "tanh"}, *SPIRALS["layers"]]}
    assert list(faults({**document, "surface": {"resolution": 200}})) == ["/surface"]
    assert order({**document, "surface": {"resolution": 20}}).reports.surface == 20


@pytest.mark.parametrize(
    ("change", "bounds", "pointer"),
    [
        ({"surface": {"resolution": 2, "units": 32}}, {"numbers": 2000}, "/include"),
        ({"histograms": {"bins": 100}}, {"numbers": 800}, "/include"),
        ({"epochs": 100}, {"work": 1_000_000}, "/epochs"),
        ({"layers": [{"units": 200, "activation": "gelu"}, SPIRALS["layers"][1]]}, {"step": 300_000}, "/batch_size"),
    ],
)
def test_what_costs_more_than_its_numbers_show(change, bounds, pointer):
    """Pictures beside the parameters, what a layer takes however small it is, the exact error function."""
    assert list(faults({**SPIRALS, **change}, bounds=BOUNDS._replace(**bounds))) == [pointer]
    without = {"epochs": 10, "layers": [{**layer, "activation": "sigmoid"} for layer in change.get("layers", SPIRALS["layers"])]}
    assert order({**SPIRALS, **without}, bounds=BOUNDS._replace(**bounds))


def test_large_data_may_be_trained_in_small_batches():
    """As one batch they would be more than a trace may be."""
    limits = Limits(values=2_000_000, work=100_000_000)
    assert set(faults(LARGE, limits=limits)) == {"/batch_size"}
    assert order({**LARGE, "batch_size": 10}, limits=limits).plan.batch_size == 10
    assert "expected at most 800 examples" in faults(LARGE, limits=Limits(batch=800))["/inputs"]
    assert "expected at most 30 examples" in faults(SPIRALS, limits=Limits(batch=30))["/dataset"]


def test_so_many_updates_count_as_are_asked_for():
    """A long training may be had in parts."""
    document = {**LARGE, "batch_size": 10, "epochs": 100_000}
    assert order({**document, "max_updates": 500}).plan.max_updates == 500
    assert order({**document, "position": {"epoch": 99_990, "batch": 3}}).plan.position == (99_990, 3)


def test_reports_in_one_document_are_limited():
    document = {**SPIRALS, "epochs": 3000, "surface": {"resolution": 100}}
    assert "3000 reports of" in faults({**document, "report_every": 1}, collected=True)["/report_every"]
    assert order({**document, "report_every": 1}).reports.every == 1
    assert order(document, collected=True).reports.every == 30


def test_reports_of_next_to_no_numbers_are_limited_too():
    """A report has names, shapes and norms around its numbers: a million of the smallest were half a gigabyte."""
    smallest = {"layers": [{"units": 1, "activation": "identity"}], "inputs": [[1]], "targets": [[1]], "optimizer": "sgd", "report_every": 1}
    assert "1000000 reports of" in faults({**smallest, "epochs": 1_000_000}, collected=True)["/report_every"]
    assert order({**smallest, "epochs": 100_000}, collected=True).reports.every == 1


def test_reports_that_will_not_be_made_do_not_count():
    document = {**SPIRALS, "epochs": 10**8, "report_every": 1}
    assert order({**document, "max_updates": 3}, collected=True).plan.max_updates == 3
    assert "1000000 reports of" in faults({**document, "max_updates": 10**6}, collected=True)["/report_every"]


def test_much_belongs_into_a_process():
    with pytest.raises(TooHeavy):
        asked({**SPIRALS, "layers": [{"units": 300, "activation": "tanh"}] * 2 + SPIRALS["layers"]}, at_most=60_000)
    with pytest.raises(TooHeavy):
        asked({"preset": "digits", "optimizer": "sgd", "dataset": {"name": "digits"}}, at_most=60_000)
    assert asked(SPIRALS, at_most=60_000)


# ---- orders ------------------------------------------------------------------------------------------------------------


def test_defaults_and_nulls():
    null = dict.fromkeys(("epochs", "batch_size", "shuffle", "test_fraction", "stop", "max_updates", "position", "report_every", "surface", "histograms"))
    for document in (SPIRALS, {**SPIRALS, **null, "include": None}):
        found = order(document)
        plan, default = found.plan, Plan(found.plan.problem)
        assert all(getattr(plan, field.name) == getattr(default, field.name) for field in fields(Plan))
        assert found.reports == Reports(parameters=True)
        assert found.dataset == {"name": "spirals", "size": 40, "noise": 0.05, "seed": 0}


def test_everything_said():
    document = {
        **SPIRALS,
        "epochs": 9,
        "batch_size": 8,
        "shuffle": False,
        "test_fraction": 0.25,
        "stop": {"loss": 0.1, "accuracy": 1},
        "max_updates": 7,
        "position": {"epoch": 2, "batch": 3},
        "report_every": 3,
        "surface": {"resolution": 10, "units": 4},
        "histograms": {"bins": 7},
        "include": ["optimizer_state"],
    }
    plan, reports = order(document)[1:3]
    assert (plan.epochs, plan.batch_size, plan.shuffle, plan.test_fraction) == (9, 8, False, 0.25)
    assert (plan.stop_loss, plan.stop_accuracy, plan.max_updates, plan.position) == (0.1, 1, 7, Position(2, 3))
    assert reports == Reports(every=3, surface=10, units=4, bins=7, parameters=True, state=True)
    assert order({**SPIRALS, "surface": {}, "histograms": {}}).reports == Reports(surface=50, bins=20, parameters=True)


def test_many_parameters_are_told_when_asked_for():
    document = {**SPIRALS, "layers": [{"units": 70, "activation": "tanh"}] * 2 + SPIRALS["layers"]}
    assert order(document).reports.parameters is False
    assert order({**document, "include": ["parameters"]}).reports.parameters is True


@pytest.mark.parametrize("document", [TWO_LAYER, MIXED, {"preset": "xor"}])
def test_the_start_is_that_of_a_trace(document):
    (start, *_) = trace_frames(problem_of(document, Limits()), View())
    assert order(document).head + b"}" == start
    words = orjson.loads(start)["words"]
    told = pickle.loads(*training_job(orjson.dumps(document), Limits(), BOUNDS, View(words=words), False))
    assert orjson.loads(told.head + b"}") == {key: value for key, value in orjson.loads(start).items() if key not in ("symbols", "theta")}


def test_it_goes_on_from_given_numbers():
    given = {"parameters": {"b1": {"data": [1, 2, 3]}}, "optimizer_state": {"t": 5, "b1_m": [0, 1, 0]}}
    problem = order({**SPIRALS, **given}).plan.problem
    assert problem.layers[0].bias.tolist() == [1, 2, 3]
    assert problem.optimizer_state["t"] == 5
