"""Limits: what is counted, and that a network far too large is refused before anything of its size exists."""

import tracemalloc

import pytest
from problems import document, quantities

from app.engine.document import read_problem
from app.engine.errors import LimitError, ProblemError
from app.engine.limits import Limits, parameter_count, value_count, work

SMALL = Limits(units=10, batch=4, parameters=100, values=500, work=1000)


def network(sizes, *, examples=1, activation="tanh"):
    layers = [{"units": units, "activation": activation} for units in sizes[1:]]
    return {"layers": layers, "inputs": [[0.5] * sizes[0]] * examples, "targets": [[0.5] * sizes[-1]] * examples if sizes[-1] < 100 else None}


@pytest.mark.parametrize(
    ("doc", "pointers"),
    [
        (network([2, 11, 1]), ["/layers/0/units"]),
        (network([2, 3, 11]), ["/layers/1/units"]),
        (network([11, 1]), ["/inputs"]),
        (network([2, 2], examples=5), ["/inputs"]),
        (network([10, 10, 1]), ["/layers"]),
        (network([4, 10, 4], examples=4), ["/layers"]),
        (network([11, 11, 10], examples=5), ["/layers/0/units", "/inputs", "/inputs", "/layers", "/layers", "/layers"]),
    ],
)
def test_what_is_too_large_is_said_where_it_is(doc, pointers):
    with pytest.raises(LimitError) as caught:
        read_problem(doc, SMALL)
    assert [fault.pointer for fault in caught.value.faults] == pointers


def test_exactly_at_the_limits_is_allowed():
    exact = Limits(units=5, batch=3, parameters=parameter_count([4, 5, 2]), values=value_count([4, 5, 2], [False] * 2, 3), work=work([4, 5, 2], [False] * 2, 3))
    doc = network([4, 5, 2], examples=3)
    read_problem(doc, exact)
    for name in ("units", "batch", "parameters", "values", "work"):
        with pytest.raises(LimitError):
            read_problem(doc, Limits(**{**exact.__dict__, name: getattr(exact, name) - 1}))


def test_a_softmax_counts_its_jacobian():
    assert value_count([2, 30], [True], 7) - value_count([2, 30], [False], 7) == 7 * (30 * 30 - 30)
    assert work([2, 30], [True], 7) - work([2, 30], [False], 7) == 7 * 30 * 30
    limits = Limits(values=value_count([2, 30], [False], 1))
    read_problem(network([2, 30], activation="tanh"), limits)
    with pytest.raises(LimitError):
        read_problem(network([2, 30], activation="softmax"), limits)


@pytest.mark.parametrize("activation", ["tanh", "softmax"])
def test_the_count_of_values_bounds_what_a_trace_holds(activation):
    """Counted once more from the arrays of a real trace: the bound holds, and is no more than three times too high."""
    doc = document(sizes=[5, 7, 3], activations=[activation] * 2, loss="squared_error", seed=1, examples=9, optimizer="sgd")
    held = sum(value.size for value in quantities(read_problem(doc)).values())
    counted = value_count([5, 7, 3], [activation == "softmax"] * 2, 9)
    assert held - 9 * 3 - 1 <= counted <= 3 * held, "all but y and ℒ"


def test_parameters_are_weights_and_biases():
    assert parameter_count([2, 3, 1]) == 6 + 3 + 3 + 1


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"loss": "cross_entropy", "targets": [999_999_999]},
        {"loss": "cross_entropy", "targets": [0], "inputs": None},
        {"loss": "cross_entropy", "targets": [0], "inputs": [["a"]]},
        {"loss": "cross_entropy", "targets": [0], "optimizer": "nothing"},
        {"loss": "cross_entropy", "targets": [0], "layers": [{"units": 10**9, "activation": "nothing"}]},
        {"loss": "cross_entropy", "targets": [0], "layers": [{"units": 0, "activation": "relu"}, {"units": 10**9, "activation": "softmax"}]},
        {"parameters": {"W1": [[1.0]]}, "optimizer": "adam", "optimizer_state": {"t": 1}},
        {"initializer": {"name": "normal", "std": 2}},
    ],
)
def test_a_billion_units_cost_nothing(change):
    doc = {"layers": [{"units": 10**9, "activation": "softmax"}], "inputs": [[1.0]], **change}
    tracemalloc.start()
    try:
        with pytest.raises(ProblemError):
            read_problem(doc, Limits())
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_one_hot_targets_take_no_more_than_themselves():
    """4096 classes and one example: 32 kB, not a 4096 × 4096 identity matrix of 134 MB."""
    doc = {"layers": [{"units": 4096, "activation": "softmax"}], "inputs": [[1.0]], "targets": [4000], "loss": "cross_entropy"}
    tracemalloc.start()
    try:
        problem = read_problem(doc, Limits())
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    assert problem.targets is not None
    assert (problem.targets.argmax(), problem.targets.sum()) == (4000, 1)
