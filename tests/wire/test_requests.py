"""From bytes to a problem: strict JSON, presets, faults."""

import json
import pickle

import numpy as np
import pytest
from documents import MIXED, TWO_LAYER, wide

from app.engine.document import NO_LIMITS
from app.engine.errors import Fault, ProblemError
from app.engine.limits import Limits
from app.engine.passes import record
from app.wire.budget import step_sizes
from app.wire.faults import MOST, TITLES, RequestError, document, in_words
from app.wire.formats import JSON
from app.wire.frames import View
from app.wire.jobs import TooHeavy, trace_job
from app.wire.presets import presets
from app.wire.requests import parse, problem_of, problem_with


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n",
        b"{",
        b"{} {}",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": -1e999}',
        b'{"a": 01}',
        b'{"a": +1}',
        b'{"a": .5}',
        b'{"a": 0x10}',
        b'{"a": 1,}',
        b'{"a": undefined}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"a": "\n"}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"[" * 100_000,
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"\x00",
        b"layers=2",
    ],
)
def test_what_is_no_json(body):
    with pytest.raises(RequestError) as caught:
        parse(body)
    assert caught.value.status == 400
    assert caught.value.detail


@pytest.mark.parametrize("value", ["null", "3", '"two-layer"', "[]", "true"])
def test_what_is_no_object(value):
    with pytest.raises(ProblemError) as caught:
        problem_of(parse(value.encode()), NO_LIMITS)
    assert [fault.pointer for fault in caught.value.faults] == [""]


@pytest.mark.parametrize("name", [None, 3, "", "nope", ["two-layer"], {"name": "two-layer"}, "../two-layer", "Two-Layer", "x" * 10_000])
def test_unknown_presets(name):
    with pytest.raises(ProblemError) as caught:
        problem_of({"preset": name}, NO_LIMITS)
    assert [fault.pointer for fault in caught.value.faults] == ["/preset"]
    assert len(caught.value.faults[0].detail) < 200


def test_overrides_are_shallow():
    """A field given replaces the preset's field as a whole: what it does not say has its default, not the preset's value."""
    original = problem_of({"preset": "two-layer"}, NO_LIMITS)
    changed = problem_of({"preset": "two-layer", "optimizer": {"name": "sgd"}, "inputs": [[1, 2], [3, 4]], "targets": [[0, 0], [1, 1]]}, NO_LIMITS)
    assert original.optimizer.learning_rate == 0.5
    assert changed.optimizer.learning_rate == 0.001
    assert changed.inputs.tolist() == [[1, 2], [3, 4]]
    assert np.array_equal(changed.layers[0].weights, original.layers[0].weights)
    assert problem_of({"preset": "two-layer", "optimizer": None}, NO_LIMITS).optimizer is None
    assert problem_of({"preset": "two-layer", "targets": None}, NO_LIMITS).targets is None


def test_overriding_leaves_the_preset_as_it_was():
    before = repr(presets()["two-layer"])
    problem_of({"preset": "two-layer", "loss": {"name": "huber"}, "inputs": [[1, 1]]}, NO_LIMITS)
    assert repr(presets()["two-layer"]) == before


def test_faults_of_an_override_are_pointed_at():
    with pytest.raises(ProblemError) as caught:
        problem_of({"preset": "two-layer", "loss": "nope", "bogus": 1, "inputs": [[1, 2, 3]]}, NO_LIMITS)
    assert {fault.pointer for fault in caught.value.faults} == {"/loss", "/bogus", "/layers/0/weights"}


# ---- a problem and more ------------------------------------------------------------------------------------------------


def negative(given):
    return [Fault(f"/{name}", "below 0") for name, value in given.items() if value < 0]


def test_extra_fields_are_told_from_the_problem():
    problem, given = problem_with({"preset": "two-layer", "epsilon": 1, "optimizer": None}, ["epsilon", "probe"], NO_LIMITS)
    assert (problem.structure.sizes, problem.optimizer, given) == ((2, 2, 2), None, {"epsilon": 1})
    assert problem_with(TWO_LAYER, ["epsilon"], NO_LIMITS)[1] == {}


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"preset": "two-layer", "epsilon": -1}, ["/epsilon"]),
        ({"preset": "two-layer", "loss": "nope", "epsilon": -1}, ["/loss", "/epsilon"]),
        ({"preset": "nope", "epsilon": -1}, ["/preset", "/epsilon"]),
        ({"preset": "two-layer", "loss": "nope", "epsilon": 1}, ["/loss"]),
        ({"preset": "two-layer", "probe": 1}, ["/probe"]),
        ([], [""]),
        (None, [""]),
        ("epsilon", [""]),
    ],
)
def test_faults_of_extra_fields_come_with_those_of_the_problem(document, pointers):
    with pytest.raises(ProblemError) as caught:
        problem_with(document, ["epsilon"], NO_LIMITS, negative)
    assert [fault.pointer for fault in caught.value.faults] == pointers


# ---- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("", "the problem"),
        ("/layers", "layers"),
        ("/layers/1/weights", "layers[1].weights"),
        ("/inputs/0/3", "inputs[0][3]"),
        ("/a~1b~0c", "a/b~c"),
        ("/loss/name", "loss.name"),
    ],
)
def test_pointers_in_words(pointer, words):
    assert in_words(pointer) == words


@pytest.mark.parametrize("error", [RequestError(400, "what"), RequestError(422, "what", (Fault("/a", "b"),)), RequestError(503, "what", (), 7)])
def test_errors_cross_process_borders(error):
    """One that could not be unpickled broke the whole pool: every heavy request then got 503."""
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.status, copy.detail, copy.faults, copy.retry_after, str(copy)) == (error.status, error.detail, error.faults, error.retry_after, error.detail)


@pytest.mark.parametrize("status", [*TITLES, 418])
def test_problem_documents(status):
    assert document(status, "d", (Fault("/a", "b"),)).items() >= {"status": status, "detail": "d", "errors": [{"pointer": "/a", "detail": "b"}]}.items()
    assert document(status, "d")["errors"] == []
    assert document(status, "d")["title"]


# ---- jobs --------------------------------------------------------------------------------------------------------------


def test_a_body_of_faults_gets_no_answer_many_times_its_size():
    body = b'{"layers":[],"inputs":[[1]],' + b",".join(b'"x%d":0' % k for k in range(20_000)) + b"}"
    error = trace_job(body, NO_LIMITS, View(), JSON)
    assert isinstance(error, RequestError)
    assert (error.status, len(error.faults)) == (422, MOST)
    assert "20000 more" in error.detail


def test_heavy_jobs_are_told_apart_before_they_run():
    body = b'{"layers":[{"units":50,"activation":"tanh"}],"inputs":[[1,2]]}'
    assert isinstance(trace_job(body, NO_LIMITS, View(), JSON, at_most=10_000), list)
    with pytest.raises(TooHeavy):
        trace_job(body, NO_LIMITS, View(), JSON, at_most=100)


@pytest.mark.parametrize("document", [MIXED, {**TWO_LAYER, "targets": None}, {**TWO_LAYER, "optimizer": "adamw"}, {"preset": "iris"}])
def test_sizes_are_known_beforehand(document):
    problem = problem_of(document, NO_LIMITS)
    computed = [{name: value.size for name, value in step.values.items()} for step in record(problem)]
    assert list(step_sizes(problem.structure)) == computed


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (View(max_values=10_000, most=100_000), 200),
        (View(max_values=10_000, most=10_000), 422),
        (View(max_values=0, most=10_000), 200),
        (View(max_values=0, most=10_000, quantities=frozenset({"dW1"})), 200),
        (View(max_values=0, most=10_000, quantities=frozenset({"dW1", "W1", "W1_new"})), 422),
        (View(max_values=0, most=10_000, quantities=frozenset({"dW1", "W1", "W1_new"}), from_step=13), 200),
    ],
)
def test_how_much_may_be_sent_in_full(view, status):
    body = json.dumps(wide(80, 3, inputs=60, optimizer="adam")).encode()
    answer = trace_job(body, NO_LIMITS, view, JSON)
    if status == 200:
        assert isinstance(answer, list)
    else:
        assert isinstance(answer, RequestError)
        assert (answer.status, [fault.pointer for fault in answer.faults]) == (status, ["/max_values"])


def test_limits_are_faults_like_others():
    error = trace_job(b'{"layers":[{"units":50,"activation":"tanh"}],"inputs":[[1,2]]}', Limits(units=10), View(), JSON)
    assert isinstance(error, RequestError)
    assert (error.status, [fault.pointer for fault in error.faults]) == (422, ["/layers/0/units"])
