"""What a request for paths may say, and what is answered: counts beyond float64, numbers that are not finite."""

import json

import pytest
from documents import MIXED, SATURATED, TWO_LAYER, wide

from app.engine.document import NO_LIMITS
from app.engine.limits import Limits
from app.wire.faults import RequestError
from app.wire.jobs import TooHeavy
from app.wire.paths import Most, paths_job

W1 = {"quantity": "W1", "entry": [0, 1]}


def ask(document, *, limits=NO_LIMITS, most=Most(), at_most=None, **fields):  # noqa: B008  # Most is immutable
    return paths_job(json.dumps({**document, **fields}).encode(), limits, most, at_most)


def answer(document, **fields):
    answered = ask(document, **fields)
    assert isinstance(answered, list), answered
    return json.loads(b"".join(answered))


def pointers(document, **fields):
    error = ask(document, **fields)
    assert isinstance(error, RequestError) and error.status == 422
    assert all(fault.detail for fault in error.faults)
    return [fault.pointer for fault in error.faults]


TARGETS = [
    (None, ["/target"]),
    (3, ["/target"]),
    ("W1", ["/target"]),
    (["W1", 0, 0], ["/target"]),
    ({}, ["/target/quantity", "/target/entry"]),
    ({"quantity": "W1"}, ["/target/entry"]),
    ({"entry": [0, 0]}, ["/target/quantity"]),
    ({**W1, "bogus": 1, "a/b": 2}, ["/target/bogus", "/target/a~1b"]),
    ({**W1, "quantity": 1}, ["/target/quantity"]),
    *[({**W1, "quantity": name}, ["/target/quantity"]) for name in ("", "W", "W0", "W01", "W-1", "W１", "z1", "a0", "w1", "ddW1", "W1_new", "W1\n", "W" * 999)],
    ({**W1, "quantity": "W3"}, ["/target/quantity"]),
    ({**W1, "quantity": "dW64"}, ["/target/quantity"]),
    ({"quantity": "b1", "entry": [0, 0]}, ["/target/entry"]),
    ({**W1, "entry": [0]}, ["/target/entry"]),
    ({**W1, "entry": []}, ["/target/entry"]),
    ({**W1, "entry": [0, 0, 0]}, ["/target/entry"]),
    ({**W1, "entry": "00"}, ["/target/entry"]),
    ({**W1, "entry": {"0": 0}}, ["/target/entry"]),
    ({**W1, "entry": [-1, 0]}, ["/target/entry/0"]),
    ({**W1, "entry": [1.0, True]}, ["/target/entry/0", "/target/entry/1"]),
    ({**W1, "entry": [None, [0]]}, ["/target/entry/0", "/target/entry/1"]),
    ({**W1, "entry": [2, 0]}, ["/target/entry/0"]),
    ({**W1, "entry": [2, 10**18]}, ["/target/entry/0", "/target/entry/1"]),
    ({**W1, "entry": [0, 10**30]}, ["/target/entry/1"]),
    ({"quantity": "b2", "entry": [2]}, ["/target/entry/0"]),
]


@pytest.mark.parametrize(("target", "expected"), TARGETS, ids=[json.dumps(target)[:40] for target, _ in TARGETS])
def test_targets_that_are_none(target, expected):
    assert pointers(TWO_LAYER, target=target) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        *[({"example": wrong}, ["/example"]) for wrong in (1, -1, 0.0, "0", True, [0], {}, 10**18, 10**30)],
        *[({"max_paths": wrong}, ["/max_paths"]) for wrong in (-1, 1001, 1.5, "8", False, [], 10**18, 10**30)],
        ({"targets": None}, ["/targets"]),
        ({"targets": None, "example": 7, "target": {"quantity": "b1", "entry": [9]}}, ["/target/entry/0", "/targets", "/example"]),
        ({"example": -1, "max_paths": -1, "target": 0}, ["/target", "/example", "/max_paths"]),
        ({"loss": "nope", "bogus": 1, "example": -1, "target": 0}, ["/bogus", "/loss", "/target", "/example"]),
        ({"layers": []}, ["/layers"]),
    ],
)
def test_what_else_makes_no_sense(fields, expected):
    """All that is wrong at once, the problem's own faults with the others."""
    assert pointers(TWO_LAYER, **{"target": W1, **fields}) == expected


def test_a_bias_that_is_not_there():
    assert pointers(MIXED, target={"quantity": "b2", "entry": [0]}) == ["/target/quantity"]
    assert answer(MIXED, target={"quantity": "W2", "entry": [0, 0]})["listed"] == 64


@pytest.mark.parametrize("body", [b"", b"{", b'{"target": NaN}'])
def test_what_is_no_json(body):
    error = paths_job(body, NO_LIMITS, Most())
    assert isinstance(error, RequestError) and error.status == 400


@pytest.mark.parametrize("body", [b"3", b"null", b"[]", b'"two-layer"'])
def test_what_is_no_object(body):
    error = paths_job(body, NO_LIMITS, Most())
    assert isinstance(error, RequestError)
    assert [fault.pointer for fault in error.faults] == [""]


def test_a_gradient_means_what_it_belongs_to():
    for name, entry in (("W1", [1, 0]), ("b2", [1])):
        one, other = (answer(TWO_LAYER, target={"quantity": quantity, "entry": entry}) for quantity in (name, f"d{name}"))
        assert one == other
        assert one["target"] == {"quantity": name, "entry": entry}


def test_the_answer():
    found = answer({"preset": "two-layer"}, target={"quantity": "b1", "entry": [0]}, example=0)
    assert (found["example"], found["count"], found["count_text"], found["listed"], found["left_out"], found["remainder"]) == (0, 2, "2", 2, 0, 0)
    assert found["sum"] == found["listed_sum"] == pytest.approx(found["gradient"], rel=1e-15)
    assert found["contribution"] == found["gradient"]
    assert [it["latex"] for it in found["chain"]][-1] == r"\frac{\partial \mathbf{z}^{[1]}}{\partial \mathbf{b}^{[1]}}"
    assert all(it["mathml"].startswith("<math>") for it in found["chain"])
    assert sum(path["share"] for path in found["paths"]) == pytest.approx(1, rel=1e-15)
    for path in found["paths"]:
        assert [node["quantity"] for node in path["nodes"]] == ["loss", "a2", "z2", "a1", "z1", "b1"]
        assert [(it["of"], it["by"]) for it in path["factors"]] == [(it["of"], it["by"]) for it in found["chain"]]
        assert [it["quantity"] for it in path["factors"]] == ["da2", "g2", "W2", "g1", None]
        assert path["factors"][-1] == {"quantity": None, "entry": [], "value": 1.0, "of": "z1", "by": "b1"}
        assert path["factors"][2]["entry"] == [path["nodes"][2]["entry"][1], path["nodes"][3]["entry"][1]]


def test_one_example_and_all():
    target = {"quantity": "W1", "entry": [3, 1]}
    each = [answer(MIXED, target=target, example=n, max_paths=0) for n in range(3)]
    whole = answer(MIXED, target=target, example=None, max_paths=0)
    assert sum(one["contribution"] for one in each) == pytest.approx(whole["gradient"], rel=1e-12)
    assert sum(one["count"] for one in each) == whole["count"] == 3 * 3 * 3 * 5 * 3
    assert whole["sum"] == whole["remainder"] == whole["gradient"]
    assert (whole["listed"], whole["listed_sum"], whole["paths"], whole["left_out"]) == (0, 0, [], whole["count"])


@pytest.mark.parametrize(("fields", "listed"), [({}, 4), ({"max_paths": None}, 4), ({"max_paths": 0}, 0), ({"max_paths": 9}, 9)])
def test_how_many(fields, listed):
    most = Most(default=4, cap=9)
    assert answer(MIXED, target=W1, most=most, **fields)["listed"] == listed
    assert pointers(MIXED, target=W1, most=most, max_paths=10) == ["/max_paths"]
    assert answer(MIXED, target=W1, most=Most(default=99, cap=3))["listed"] == 3


@pytest.mark.parametrize(
    ("layers", "units", "count"),
    [(2, 64, 64), (9, 64, 2**48), (10, 64, float(2**54)), (64, 60, float(60**63)), (64, 250, float(250**63))],
)
def test_counts(layers, units, count):
    """Exact up to 2^53, the nearest float64 after that; as text exact always."""
    found = answer(wide(*[units] * layers), target=W1, max_paths=2)
    assert found["count"] == count and isinstance(found["count"], type(count))
    assert found["count_text"] == str(units ** (layers - 1))
    assert found["left_out_text"] == str(units ** (layers - 1) - 2)
    assert found["left_out"] == pytest.approx(count - 2)


def test_a_count_beyond_float64_is_null():
    found = answer(wide(*[270] * 64, activation="softmax", loss="squared_error"), target=W1, max_paths=1)
    assert (found["count"], found["left_out"]) == (None, None)
    assert found["count_text"] == str(270 ** (63 + 64))


def test_what_is_not_finite_is_null():
    found = answer(SATURATED, target={"quantity": "W1", "entry": [0, 0]})
    assert [found[name] for name in ("gradient", "contribution", "sum", "listed_sum")] == [None] * 4
    (path,) = found["paths"]
    assert (path["product"], path["share"], path["factors"][0]["value"], path["factors"][1]["value"]) == (None, None, None, 0)
    assert (found["count"], found["left_out"], found["remainder"]) == (1, 0, 0)


def test_a_sum_of_nothing_has_no_shares():
    """A dead relu: every product is 0."""
    dead = {"layers": [{"weights": [[-1]], "activation": "relu"}, {"weights": [[1], [2]], "activation": "tanh"}], "inputs": [[1]], "targets": [[1, 2]]}
    found = answer(dead, target={"quantity": "W1", "entry": [0, 0]})
    assert (found["gradient"], found["sum"], found["count"]) == (0, 0, 2)
    assert [(path["product"], path["share"]) for path in found["paths"]] == [(0, None)] * 2


# ---- how much work -----------------------------------------------------------------------------------------------------


def test_heavy_jobs_are_told_apart_before_they_run():
    """By the size of the trace, or by how much is listed."""
    deep = wide(*[10] * 12)
    assert isinstance(ask(deep, target=W1, max_paths=1, at_most=60_000), list)
    for heavy in ({"document": deep, "max_paths": 1000}, {"document": wide(300, 300), "max_paths": 1}):
        with pytest.raises(TooHeavy):
            ask(heavy["document"], target=W1, max_paths=heavy["max_paths"], at_most=60_000)
    assert isinstance(ask(TWO_LAYER, target=W1, max_paths=1000, at_most=60_000), list), "there are only two"


@pytest.mark.parametrize("units", [[10**9], [5000, 2], [4096] * 64])
def test_limits_are_those_of_a_trace(units):
    """Said before anything of that size exists; the target waits until the problem makes sense."""
    found = pointers(wide(*units), target={"quantity": "W1", "entry": [10**8, 0]}, limits=Limits())
    assert found and all(pointer.startswith("/layers") for pointer in found)
