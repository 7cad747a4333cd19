"""What is sent in full where an answer is to be small."""

import json

import numpy as np
import pytest
from documents import TWO_LAYER, wide

from app.engine.document import read_problem
from app.wire.budget import CELLS, step_sizes, within
from app.wire.frames import View, trace_frames

DEEP = {
    "layers": [{"units": 16, "activation": "tanh"} for _ in range(40)],
    "inputs": [[0.1 * k for k in range(16)]],
    "targets": [[0.5] * 16],
    "optimizer": "sgd",
}


def sent(document, view):
    """Every quantity of a trace by id, and the start."""
    problem = read_problem(document)
    view = within(view.budget, view, problem) if view.budget is not None else view
    start, *steps, _ = [json.loads(frame) for frame in trace_frames(problem, view)]
    found = dict(start["quantities"])
    for step in steps:
        found |= step["values"]
    return found, start


@pytest.mark.parametrize("budget", [11_000, 13_000, 20_000])
def test_what_is_given_comes_first_then_the_smallest(budget):
    found, start = sent(DEEP, View(budget=budget))
    sizes = {name: int(np.prod(q["shape"])) for name, q in found.items()}
    full = {name for name, q in found.items() if q["data"] is not None}
    givens = set(start["quantities"])
    assert givens <= full, "a problem can be sent again"
    assert start["omitted"] == []
    assert sum(sizes[name] for name in full) <= budget
    held = set(found) - full
    assert held
    assert max(sizes[name] for name in full - givens) <= min(sizes[name] for name in held)


def test_a_small_trace_is_sent_whole():
    plain, _ = sent(TWO_LAYER, View())
    assert sent(TWO_LAYER, View(budget=24_000, example=0))[0] == plain


def test_thumbnails_share_what_there_is():
    """The more thumbnails the smaller, and never more than half of what they stand for along an axis."""
    for document in (DEEP, wide(300, 200, inputs=100)):
        found, _ = sent(document, View(budget=12_000))
        small = {name: np.array(q["thumbnail"]) for name, q in found.items() if "thumbnail" in q}
        assert sum(t.size for t in small.values()) <= CELLS * 12_000
        for name, t in small.items():
            assert all(cells <= max(1, -(-n // 2)) for cells, n in zip(t.shape, found[name]["shape"], strict=False)), name


def test_what_is_asked_for_by_name_is_sent_in_any_case():
    found, _ = sent(DEEP, View(max_values=0, budget=0, quantities=frozenset({"dW7", "W7"})))
    assert {name for name, q in found.items() if q["data"] is not None} == {"dW7", "W7", "loss"}
    assert all(np.array(q["thumbnail"]).size == 1 for q in found.values() if "thumbnail" in q)


def test_one_example_in_full_beside_a_thumbnail():
    document = wide(70, 3, inputs=80) | {"inputs": np.random.default_rng(1).normal(size=(60, 80)).tolist(), "targets": [[0.0] * 3] * 60}
    whole, _ = sent(document, View(max_values=10**6))
    found, _ = sent(document, View(budget=24_000, example=41))
    small = [name for name, q in found.items() if q["data"] is None]
    assert {"a0", "z1", "a1", "W1", "dW1"} <= set(small)
    for name in small:
        if found[name]["axes"][0] == "example":
            assert found[name]["example"] == {"index": 41, "data": whole[name]["data"][41]}, name
        else:
            assert "example" not in found[name], name
    assert not any("example" in q for q in sent(document, View(budget=24_000, example=60))[0].values()), "there is none"


def test_non_finite_numbers_of_the_example_are_listed():
    document = wide(70, 3, inputs=80) | {"inputs": [[1.0] * 80, [1e308] * 80] * 30, "targets": [[0.0] * 3] * 60}
    document["layers"] = [{"weights": [[1.0] * 80] * 70, "activation": "identity"}, *document["layers"][1:]]
    found, _ = sent(document, View(budget=24_000, example=1))
    assert found["z1"]["example"]["data"] == [None] * 70
    assert found["z1"]["example"]["non_finite"] == [[k, "inf"] for k in range(70)]


def test_sizes_are_those_of_the_trace():
    problem = read_problem(DEEP)
    found, _ = sent(DEEP, View())
    for sizes in step_sizes(problem.structure):
        for name, size in sizes.items():
            assert size == int(np.prod(found[name]["shape"])), name
