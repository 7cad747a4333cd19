"""From plain data to a Problem: every fault is found and told where it is, and nothing else can come of any document."""

import copy
import json
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from problems import ALL_ACTIVATIONS, document, lists

from app.engine.activations import ACTIVATIONS
from app.engine.arrays import pointer_to
from app.engine.document import FIELDS, LAYER_FIELDS, read_problem
from app.engine.errors import LimitError, ProblemError
from app.engine.gradient_check import check_gradients
from app.engine.initializers import INITIALIZERS
from app.engine.limits import Limits
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.passes import record
from app.engine.problem import Problem

VALID = {
    "layers": [{"units": 3, "activation": "tanh"}, {"weights": [[1, 2, 3], [4, 5, 6]], "bias": [0.5, -0.5], "activation": "sigmoid"}],
    "loss": {"name": "binary_cross_entropy", "scale": 1.0},
    "inputs": [[0.5, 1], [2, -1]],
    "targets": [[0, 1], [1, 0.5]],
    "initializer": {"name": "he_normal", "seed": 3},
    "optimizer": {"name": "adam", "learning_rate": 0.1},
}
CLASSES = VALID | {"loss": "cross_entropy", "targets": [0, 1]}
STATE = {f"{p}_{slot}": None for p in ("W1", "b1", "W2", "b2") for slot in "mv"}


def faults(doc):
    with pytest.raises(ProblemError) as caught:
        read_problem(doc)
    return [(fault.pointer, fault.detail) for fault in caught.value.faults]


def changed(doc, path, value):
    """A copy of the document with the value at a path ("layers/0/units") put in; `...` takes it out."""
    doc = copy.deepcopy(doc)
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    place = doc
    for part in way:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return doc


def test_the_valid_documents_are_valid():
    read_problem(VALID)
    read_problem(CLASSES)


BAD = [
    # inputs and targets
    ("inputs", ..., "/inputs", "expected a list of rows of numbers"),
    ("inputs", None, "/inputs", "expected a list of rows of numbers"),
    ("inputs", [], "/inputs", "got an empty list"),
    ("inputs", [[], []], "/inputs/0", "got an empty list"),
    ("inputs", [1, 2], "/inputs/0", "expected a row of numbers, got 1"),
    ("inputs", [[1, 2], 3], "/inputs/1", "expected a row of numbers, got 3"),
    ("inputs", [[1, 2], [3]], "/inputs/1", "expected 2 numbers as in the first row, got 1"),
    ("inputs", [[1, 2], [3, None]], "/inputs/1/1", "expected a number, got null"),
    ("inputs", [[1, 2], ["3", 4]], "/inputs/1/0", 'expected a number, got "3"'),
    ("inputs", [[True, 2], [3, 4]], "/inputs/0/0", "expected a number, got true"),
    ("inputs", [[[1], 2], [3, 4]], "/inputs/0/0", "expected a number, got a list of 1"),
    ("inputs", [[math.nan, 2], [3, 4]], "/inputs", "expected finite numbers"),
    ("inputs", [[math.inf, 2], [3, 4]], "/inputs", "expected finite numbers"),
    ("inputs", [[10**400, 2], [3, 4]], "/inputs", "expected finite numbers"),
    ("inputs", "abc", "/inputs", 'got "abc"'),
    ("inputs", {"data": None}, "/inputs", "without data"),
    ("inputs", {"data": [[1], [2, 3]]}, "/inputs/data/1", "expected 1 numbers"),
    ("targets", [[0, 1]], "/targets", "expected 2 rows, one for each example; got 1"),
    ("targets", [[0], [1]], "/targets", "expected 2 columns, one for each output; got 1"),
    ("targets", [[0, 1], [0, 1.5]], "/targets/1/1", "expected a probability from 0 to 1 for binary_cross_entropy, got 1.5"),
    ("targets", [[-0.1, 1], [0, 1]], "/targets/0/0", "expected a probability from 0 to 1"),
    ("targets", [0, 1], "/targets/0", "expected a row of numbers, got 0"),
    ("targets", [], "/targets", "got an empty list"),
    ("targets", 3, "/targets", "got 3"),
    ("targets", False, "/targets", "got false"),
    # layers
    ("layers", ..., "/layers", "expected a list of 1 to 64 layers"),
    ("layers", [], "/layers", "expected a list of 1 to 64 layers"),
    ("layers", {}, "/layers", "got an object"),
    ("layers", [{"units": 1, "activation": "relu"}] * 65, "/layers", "expected at most 64 layers, got 65"),
    ("layers/0", 3, "/layers/0", "expected an object with units or weights and an activation, got 3"),
    ("layers/0", None, "/layers/0", "got null"),
    ("layers/0/units", ..., "/layers/0", "expected units or weights"),
    ("layers/0/units", 0, "/layers/0/units", "expected a whole number of units, 1 or more; got 0"),
    ("layers/0/units", -3, "/layers/0/units", "got -3"),
    ("layers/0/units", 2.0, "/layers/0/units", "got 2.0"),
    ("layers/0/units", True, "/layers/0/units", "got true"),
    ("layers/0/units", "3", "/layers/0/units", 'got "3"'),
    ("layers/0/units", 10**5000, "/layers/0/units", "got a whole number of more than 20 digits"),
    ("layers/0/units", 4, "/layers/1/weights", "expected 4 columns, got 3 (layer 1 has 4 units)"),
    ("layers/0/activation", ..., "/layers/0/activation", "expected one of identity, sigmoid"),
    ("layers/0/activation", None, "/layers/0/activation", "expected one of identity, sigmoid"),
    ("layers/0/activation", "sigmoidal", "/layers/0/activation", 'got "sigmoidal"'),
    ("layers/0/activation", 7, "/layers/0/activation", "got 7"),
    ("layers/0/activation", ["relu"], "/layers/0/activation", "got a list of 1"),
    ("layers/0/activation", {"name": ["relu"]}, "/layers/0/activation/name", "got a list of 1"),
    ("layers/0/activation", {}, "/layers/0/activation/name", "got null"),
    ("layers/0/activation", {"name": "relu", "slope": 1}, "/layers/0/activation/slope", "relu takes no parameters"),
    ("layers/0/activation", {"name": "elu", "slope": 1}, "/layers/0/activation/slope", "elu takes alpha"),
    ("layers/0/activation", {"name": "elu", "alpha": "1"}, "/layers/0/activation/alpha", 'expected a number, got "1"'),
    ("layers/0/activation", {"name": "elu", "alpha": True}, "/layers/0/activation/alpha", "expected a number, got true"),
    ("layers/0/activation", {"name": "elu", "alpha": math.inf}, "/layers/0/activation/alpha", "expected a finite number, got inf"),
    ("layers/0/activation", {"name": "elu", "alpha": 10**400}, "/layers/0/activation/alpha", "expected a finite number"),
    ("layers/0/activation", {"name": "softplus", "beta": 0}, "/layers/0/activation/beta", "expected a number above 0, got 0"),
    ("layers/0/activation", {"name": "gelu", "approximate": "erf"}, "/layers/0/activation/approximate", 'expected one of none, tanh, got "erf"'),
    ("layers/0/activation", {"name": "gelu", "approximate": ["tanh"]}, "/layers/0/activation/approximate", "got a list of 1"),
    ("layers/0/colour", "red", "/layers/0/colour", "unknown field; a layer has units"),
    ("layers/0/name", "", "/layers/0/name", "expected a text of 1 to 100 characters"),
    ("layers/0/name", "x" * 101, "/layers/0/name", "expected a text of 1 to 100 characters"),
    ("layers/0/name", 3, "/layers/0/name", "expected a text of 1 to 100 characters, got 3"),
    ("layers/1/weights", [[1, 2], [3, 4]], "/layers/1/weights", "expected 3 columns, got 2 (layer 1 has 3 units)"),
    ("layers/1/weights", [[1, 2, 3], [4, 5]], "/layers/1/weights/1", "expected 3 numbers as in the first row, got 2"),
    ("layers/1/weights", [[1, 2, 3], [4, 5, None]], "/layers/1/weights/1/2", "expected a number, got null"),
    ("layers/1/weights", {"data": [[1, 2, 3], [4, 5, False]]}, "/layers/1/weights/data/1/2", "expected a number, got false"),
    ("layers/1/units", 3, "/layers/1/units", "expected 2 units, the rows of weights; got 3"),
    ("layers/1/bias", [1], "/layers/1/bias", "expected 2 numbers, one for each unit; got 1"),
    ("layers/1/bias", [1, "a"], "/layers/1/bias/1", 'got "a"'),
    ("layers/1/bias", True, "/layers/1/bias", "got true"),
    ("layers/1/bias", 0, "/layers/1/bias", "got 0"),
    ("layers/1/bias", [], "/layers/1/bias", "got an empty list"),
    ("layers/1/bias", [[1, 2]], "/layers/1/bias/0", "expected a number, got a list of 2"),
    # named functions
    ("loss", "mse", "/loss", 'expected one of squared_error, absolute_error, huber, binary_cross_entropy, cross_entropy; got "mse"'),
    ("loss", {"name": "mse"}, "/loss/name", 'got "mse"'),
    ("loss/over_batch", "max", "/loss/over_batch", 'expected one of sum, mean, got "max"'),
    ("loss/clip", 0.5, "/loss/clip", "expected a number below 0.5, got 0.5"),
    ("loss/clip", -1e-9, "/loss/clip", "expected a number at least 0, got -1e-09"),
    ("loss/delta", 1, "/loss/delta", "unknown parameter; binary_cross_entropy takes scale, over_outputs, over_batch, clip"),
    ("initializer", "xavier", "/initializer", 'got "xavier"'),
    ("initializer/seed", -1, "/initializer/seed", "expected a whole number from 0 to 2^64 − 1, got -1"),
    ("initializer/seed", 2**64, "/initializer/seed", "expected a whole number from 0 to 2^64 − 1, got 18446744073709551616"),
    ("initializer/seed", 1.0, "/initializer/seed", "got 1.0"),
    ("initializer/seed", True, "/initializer/seed", "got true"),
    ("initializer/seed", 10**5000, "/initializer/seed", "got a whole number of more than 20 digits"),
    ("initializer/std", 1, "/initializer/std", "unknown parameter; he_normal takes no parameters"),
    ("initializer", {"name": "normal", "std": 1e101}, "/initializer/std", "expected a number at most 1e+100, got 1e+101"),
    ("initializer", {"name": "uniform", "low": -1e308}, "/initializer/low", "expected a number at least -1e+100, got -1e+308"),
    ("optimizer", "adamax", "/optimizer", 'got "adamax"'),
    ("optimizer/learning_rate", -0.1, "/optimizer/learning_rate", "expected a number at least 0, got -0.1"),
    ("optimizer/learning_rate", True, "/optimizer/learning_rate", "expected a number, got true"),
    ("optimizer/beta1", 1, "/optimizer/beta1", "expected a number below 1, got 1"),
    ("optimizer/update_biases", 1, "/optimizer/update_biases", "expected true or false, got 1"),
    # parameters and state
    ("parameters", [1], "/parameters", "expected an object of arrays by name, got a list of 1"),
    ("parameters", {"W3": [[1]]}, "/parameters/W3", "unknown quantity; expected some of W1, b1, W2, b2"),
    ("parameters", {"W1": [[1, 2]]}, "/parameters/W1", "expected shape 3 × 2, got 1 × 2"),
    ("parameters", {"b2": [1, 2, 3]}, "/parameters/b2", "expected shape 2, got 3"),
    ("parameters", {"b2": [1, None]}, "/parameters/b2/1", "expected a number, got null"),
    ("optimizer_state", 3, "/optimizer_state", "expected an object of arrays by name, got 3"),
    ("optimizer_state", {"W1_q": [[1]]}, "/optimizer_state/W1_q", "unknown quantity; expected some of W1_m, W1_v"),
    ("optimizer_state", {"W1_m": [[1, 2]]}, "/optimizer_state/W1_m", "expected shape 3 × 2, got 1 × 2"),
    ("optimizer_state", {"t": 1.5}, "/optimizer_state/t", "expected the number of updates made so far, got 1.5"),
    ("optimizer_state", {"t": -1}, "/optimizer_state/t", "got -1"),
    ("optimizer_state", {"t": "1"}, "/optimizer_state/t", 'expected a number, got "1"'),
    ("optimizer_state", {"t": [1]}, "/optimizer_state/t", "expected a number, got a list of 1"),
    # the whole
    ("layer", [], "/layer", "unknown field; a problem has layers, loss, inputs"),
    ("a~b", 1, "/a~0b", "unknown field"),
]


@pytest.mark.parametrize(("path", "value", "pointer", "detail"), BAD, ids=[f"{k}-{row[2]}" for k, row in enumerate(BAD)])
def test_one_fault_and_where_it_is(path, value, pointer, detail):
    found = faults(changed(VALID, path, value))
    assert [where for where, _ in found] == [pointer]
    assert detail in found[0][1]


@pytest.mark.parametrize(
    ("path", "value", "pointer", "detail"),
    [
        ("targets", [0, 2], "/targets/1", "expected a class index from 0 to 1, got 2"),
        ("targets", [-1, 1], "/targets/0", "expected a class index from 0 to 1, got -1"),
        ("targets", [0, 1.0], "/targets/1", "expected a class index from 0 to 1, got 1.0"),
        ("targets", [0, True], "/targets/1", "got true"),
        ("targets", ["0", 1], "/targets/0", 'got "0"'),
        ("targets", [0, 10**5000], "/targets/1", "got a whole number of more than 20 digits"),
        ("targets", [0, 1, 0], "/targets", "expected 2 class indices, one for each example; got 3"),
        ("targets", [[0, 2], [1, 0]], "/targets/0/1", "expected a probability from 0 to 1 for cross_entropy, got 2"),
        ("optimizer", ..., "/optimizer_state", "expected an optimizer to go with this state"),
    ],
)
def test_classes_and_their_faults(path, value, pointer, detail):
    found = faults(changed(CLASSES | {"optimizer_state": {"t": 1}}, path, value))
    assert [where for where, _ in found] == [pointer]
    assert detail in found[0][1]


@pytest.mark.parametrize("doc", [None, [], 3, "text", True, [VALID]])
def test_no_object_at_all(doc):
    assert [pointer for pointer, _ in faults(doc)] == [""]


def test_all_faults_at_once():
    doc = {
        "colour": 1,
        "inputs": [[1, None], [2, 3]],
        "loss": {"name": "huber", "delta": -1, "scale": "a"},
        "initializer": {"name": "nothing", "seed": -1},
        "optimizer": {"name": "sgd", "momentum": 1},
        "layers": [{"units": 0, "activation": "relu"}, {"activation": "nope", "size": 3}, 7],
        "targets": [[1], [2, 3]],
        "parameters": 3,
        "optimizer_state": {"t": -1},
        "shape": 2,
    }
    assert [pointer for pointer, _ in faults(doc)] == [
        "/colour", "/shape", "/inputs/0/1", "/loss/delta", "/loss/scale", "/initializer/name", "/initializer/seed", "/optimizer/momentum",
        "/layers/0/units", "/layers/1/size", "/layers/1", "/layers/1/activation", "/layers/2", "/targets/1", "/parameters", "/optimizer_state/t",
    ]  # fmt: skip


def test_unknown_fields_in_the_documents_order():
    """And so the same on every worker: a set's order changes from process to process."""
    names = [f"field{k}" for k in (5, 3, 8, 1, 9, 2)]
    assert [pointer for pointer, _ in faults(VALID | dict.fromkeys(names))] == [f"/{name}" for name in names]
    assert [pointer for pointer, _ in faults(changed(VALID, "layers/0", VALID["layers"][0] | dict.fromkeys(names)))] == [f"/layers/0/{name}" for name in names]


def test_at_most_ten_faults_of_a_kind_for_one_array():
    for doc, where, more in (
        (VALID | {"inputs": [[None] * 50]}, "/inputs", 40),
        (VALID | {"inputs": [[1, 2]] + [[1]] * 50}, "/inputs", 40),
        (VALID | {"inputs": [[1, 2]] * 50, "targets": [[2, 3]] * 50}, "/targets", 90),
        (CLASSES | {"inputs": [[1, 2]] * 50, "targets": [7] * 50}, "/targets", 40),
    ):
        found = faults(doc)
        assert len(found) == 11
        assert found[-1] == (where, f"and {more} more like the last")


@pytest.mark.parametrize("path", ["{}", "layers/0/{}", "loss/{}", "parameters/{}", "optimizer_state/{}"])
def test_an_absurdly_long_key_does_not_come_back_whole(path):
    doc = VALID | {"parameters": {}, "optimizer_state": {}}
    (pointer, detail), *rest = faults(changed(doc, path.format("k" * 10_000), 1))
    assert len(pointer) + len(detail) < 300
    assert "kkk…" in pointer
    assert not rest


def test_minus_zero_is_zero_in_a_structure():
    """They are equal, so problems that differ in nothing else share what is cached for their structure."""
    for zero in (-0.0, 0.0):
        layers = [{"units": 1, "activation": {"name": "leaky_relu", "slope": zero}}]
        problem = read_problem({"layers": layers, "inputs": [[1]], "loss": {"name": "huber", "scale": zero}, "targets": [[1]]})
        assert math.copysign(1, problem.layers[0].activation.slope) == math.copysign(1, problem.loss.scale) == 1


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_mean_of_squares_is_not_negative(name):
    for slot in OPTIMIZERS[name].slots:
        doc = VALID | {"optimizer": name, "optimizer_state": {f"W1_{slot}": [[1, 1], [1, -0.5], [0, 0]]}}
        if slot == "v" and name in ("rmsprop", "adagrad", "adam", "adamw"):
            assert faults(doc) == [("/optimizer_state/W1_v", "expected no number below 0, for this is made of squares; got -0.5")]
        else:
            read_problem(doc)


def test_too_many_units_are_told_where_they_come_from():
    with pytest.raises(LimitError) as caught:
        read_problem({"layers": [{"units": 3, "activation": "relu"}, {"weights": [[1] * 3] * 3, "activation": "relu"}], "inputs": [[1]]}, Limits(units=2))
    assert [fault.pointer for fault in caught.value.faults] == ["/layers/0/units", "/layers/1/weights"]


def test_class_indices_may_be_a_quantity():
    assert read_problem(CLASSES | {"targets": {"shape": [2], "data": [1, 0]}}).classes == (1, 0)
    assert faults(CLASSES | {"targets": {"data": [0, 2]}}) == [("/targets/data/1", "expected a class index from 0 to 1, got 2")]


@pytest.mark.parametrize("rows", [lambda it: (*map(tuple, it),), np.array, lambda it: [*np.array(it)], lambda it: [[*np.array(row)] for row in it]])
def test_tuples_and_numpy_arrays_are_as_good_as_lists(rows):
    doc = VALID | {"inputs": rows(VALID["inputs"]), "targets": rows(VALID["targets"]), "layers": (*VALID["layers"],)}
    doc |= {"parameters": {"W2": rows([[1, 2, 3], [4, 5, 6]]), "b2": rows([[7, 8]])[0]}, "optimizer_state": {"t": np.int64(3)}}
    as_lists = VALID | {"parameters": {"W2": [[1, 2, 3], [4, 5, 6]], "b2": [7, 8]}, "optimizer_state": {"t": 3}}
    assert identical(read_problem(doc), read_problem(as_lists))
    assert read_problem(changed(VALID, "layers/0/units", np.int64(3))).structure == read_problem(VALID).structure
    assert read_problem(CLASSES | {"targets": np.array([1, 0])}).classes == read_problem(CLASSES | {"targets": (1, 0)}).classes == (1, 0)
    assert faults(VALID | {"inputs": np.array([[True, False], [True, True]])})[0] == ("/inputs/0/0", "expected a number, got true")


@pytest.mark.parametrize(
    ("path", "pointer"), [((), ""), (("a",), "/a"), (("layers", 1, "weights"), "/layers/1/weights"), (("a/b", "m~n", ""), "/a~1b/m~0n/")]
)
def test_pointers_are_rfc_6901(path, pointer):
    assert pointer_to(*path) == pointer


def test_a_deeply_nested_value_is_described_in_short():
    deep = []
    for _ in range(5000):
        deep = [deep]
    for path in ("loss/scale", "loss/over_batch", "optimizer/update_biases", "inputs", "layers/0/units", "targets", "layers/0/activation"):
        (_, detail), *_ = faults(changed(VALID, path, deep))
        assert len(detail) < 200


# ---- what a valid document means -----------------------------------------------------------------------------------------


def test_defaults_of_the_shortest_document():
    problem = read_problem({"layers": [{"units": 2, "activation": "relu"}], "inputs": [[1, 2, 3]]})
    assert problem.targets is None
    assert problem.optimizer is None
    doc = lists(problem.document())
    assert doc["loss"] == {"name": "squared_error", "scale": 0.5, "over_outputs": "sum", "over_batch": "mean"}
    assert doc["initializer"] == {"name": "xavier_uniform", "seed": 0}
    assert doc["layers"][0]["bias"] == [0, 0]
    assert doc["layers"][0]["activation"] == {"name": "relu"}


def test_null_is_as_good_as_absent():
    short = {"layers": [{"units": 2, "activation": "relu"}], "inputs": [[1, 2, 3]]}
    nulls = dict.fromkeys(("targets", "loss", "initializer", "optimizer", "parameters", "optimizer_state"))
    nulled = nulls | {"layers": [{"units": 2, "weights": None, "bias": None, "activation": "relu"}], "inputs": [[1, 2, 3]]}
    assert lists(read_problem(nulled).document()) == lists(read_problem(short).document())


def test_class_indices_are_one_hot_and_kept():
    problem = read_problem(CLASSES | {"targets": [1, 0]})
    np.testing.assert_array_equal(problem.targets, [[0, 1], [1, 0]])
    assert problem.classes == (1, 0)
    assert problem.document()["targets"] == [1, 0]


def test_parameters_stand_in_for_those_of_the_layers():
    W1, b2 = [[1, 2], [3, 4], [5, 6]], [7, 8]
    problem = read_problem(VALID | {"parameters": {"W1": {"shape": [3, 2], "data": W1}, "b2": b2}})
    np.testing.assert_array_equal(problem.layers[0].weights, W1)
    np.testing.assert_array_equal(problem.layers[1].bias, b2)
    np.testing.assert_array_equal(problem.layers[1].weights, VALID["layers"][1]["weights"])


def test_a_bias_for_a_layer_without_one_is_a_fault():
    doc = changed(VALID, "layers/1/bias", False)
    assert read_problem(doc).layers[1].bias is None
    assert [pointer for pointer, _ in faults(doc | {"parameters": {"b2": [1, 2]}})] == ["/parameters/b2"]
    assert [pointer for pointer, _ in faults(doc | {"optimizer_state": {"b1_m": [0, 0, 0], "b2_m": [0, 0]}})] == ["/optimizer_state/b2_m"]


def test_a_state_of_biases_that_are_left_alone_is_a_fault():
    doc = changed(VALID, "optimizer/update_biases", False) | {"optimizer_state": {"W1_m": [[1, 2]] * 3, "b1_m": [1, 2, 3]}}
    assert [pointer for pointer, _ in faults(doc)] == ["/optimizer_state/b1_m"]


def identical(one, other):
    """The same plain data to the bit, the optimizer's state and the drawn weights too."""
    return json.dumps(lists(one.document())) == json.dumps(lists(other.document()))


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=str)
@pytest.mark.parametrize("optimizer", [None, *OPTIMIZERS])
def test_a_document_comes_back_as_it_was(activation, optimizer):
    doc = document(sizes=[2, 3, 2], activations=[activation, "softmax"], loss="cross_entropy", seed=1, examples=2, optimizer=optimizer)
    if optimizer:
        doc["optimizer_state"] = {f"W2_{slot}": [[0.1, 0.2, 0.3]] * 2 for slot in OPTIMIZERS[optimizer].slots} | {"t": 7}
    doc["layers"][0] |= {"bias": False}
    problem = read_problem(doc)
    again = read_problem(json.loads(json.dumps(lists(problem.document()))))
    assert identical(problem, again)
    assert again.structure == problem.structure
    for name, value in problem.givens().items():
        np.testing.assert_array_equal(again.givens()[name], value, strict=True)


# ---- any document whatever -----------------------------------------------------------------------------------------------

LIMITS = Limits(units=40, batch=40, parameters=2000, values=20_000, work=50_000)
names = st.sampled_from([*ACTIVATIONS, *LOSSES, *OPTIMIZERS, *INITIALIZERS])
fields = st.sampled_from([*FIELDS, *LAYER_FIELDS, "name", "seed", "data", "shape", "t", *STATE, "W1", "b2", "slope", "clip", "scale", "delta", "learning_rate"])
numbers = st.one_of(st.integers(-3, 5), st.floats(), st.integers(), st.sampled_from([10**400, -(10**400), 10**4000, 2**63, 2**64, 1e308, -1e308, 5e-324, -0.0]))
leaves = st.none() | st.booleans() | numbers | names | st.text(max_size=4)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(fields | st.text(max_size=3), inner, max_size=4), max_leaves=12)


def places(value, path=()):
    """Every path into a document."""
    yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(item, (*path, key))


def put(doc, path, value):
    """The document with a value put at a path; `...` takes out what is there."""
    if not path:
        return {} if value is ... else value
    place = doc
    for part in path[:-1]:
        place = place[part]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return doc


def resolves(doc, pointer):
    """Whether a JSON pointer leads somewhere: to a value, or to a field that an object lacks."""
    place = doc
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]] or [None]
    for part in way:
        place = place[int(part)] if isinstance(place, list) else place[part]
    return last is None or isinstance(place, dict) or (isinstance(place, list) and int(last) < len(place))


def a_problem_or_faults(doc):
    """read_problem gives a Problem that can be traced, checked and written down again, or a ProblemError that says where. Nothing else."""
    try:
        problem = read_problem(doc, LIMITS)
    except ProblemError as error:
        assert error.faults
        assert all(fault.detail and resolves(doc, fault.pointer) for fault in error.faults), error.faults
        return
    assert isinstance(problem, Problem)
    record(problem)
    check_gradients(problem, rng=np.random.default_rng(0), sample=2)
    assert identical(read_problem(lists(problem.document()), LIMITS), problem)


fuzz = settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@fuzz
@given(anything)
def test_any_json(doc):
    a_problem_or_faults(doc)


@fuzz
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, anything)))
def test_any_json_in_the_right_fields(doc):
    a_problem_or_faults(doc)


@fuzz
@given(st.data(), st.sampled_from([VALID, CLASSES]))
def test_a_valid_document_with_anything_put_anywhere(data, valid):
    doc = copy.deepcopy(valid | {"parameters": {"W1": [[1, 2], [3, 4], [5, 6]]}, "optimizer_state": {"W2_m": [[1, 2, 3]] * 2, "t": 1}})
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(doc))))
        doc = put(doc, path, data.draw(st.one_of(anything, st.just(...))))
    a_problem_or_faults(doc)


sizes = st.integers(1, 4)
parameters = st.sampled_from(["slope", "alpha", "beta", "approximate", "scale", "delta", "clip", "learning_rate", "seed", "mean", "std", "low"])
settings_of_functions = st.dictionaries(parameters, leaves, max_size=2)
functions = names | st.builds(lambda name, rest: {**rest, "name": name}, names, settings_of_functions)
matrices = st.builds(lambda rows, columns, x: [[x] * columns for _ in range(rows)], sizes, sizes, numbers)
either = {"units": sizes, "weights": matrices, "bias": st.just(False)}
layers = st.fixed_dictionaries({"activation": st.sampled_from([*ACTIVATIONS]) | functions}, optional=either)
nearly = st.fixed_dictionaries(
    {"layers": st.lists(layers, min_size=1, max_size=3), "inputs": matrices},
    optional={
        "targets": matrices | st.lists(st.integers(0, 3), max_size=3),
        "loss": st.sampled_from([*LOSSES]) | functions,
        "optimizer": st.sampled_from([*OPTIMIZERS]) | functions,
        "initializer": st.sampled_from([*INITIALIZERS]) | functions,
        "parameters": st.dictionaries(st.sampled_from(["W1", "b1", "W2"]), matrices | st.lists(numbers, max_size=3), max_size=2),
        "optimizer_state": st.dictionaries(st.sampled_from(["t", *STATE]), matrices | numbers, max_size=2),
    },
)


@fuzz
@given(nearly)
def test_documents_that_are_nearly_right(doc):
    a_problem_or_faults(doc)


wild = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-3, 3) | st.sampled_from([0, 1, -1, 1e308, -1e308, 5e-324, 2**63, 0.5])


@fuzz
@given(st.data())
def test_documents_of_the_right_shape_with_any_numbers(data):
    """All valid: whatever overflows in them, they can be traced and checked."""
    n = data.draw(st.lists(sizes, min_size=2, max_size=4))
    examples = data.draw(sizes)

    squares = OPTIMIZERS[(optimizer := data.draw(st.sampled_from([*OPTIMIZERS])))].squares

    def matrix(rows, columns, values=wild):
        return [[data.draw(values) for _ in range(columns)] for _ in range(rows)]

    loss = data.draw(st.sampled_from([*LOSSES]))
    described = [{"weights": matrix(n_out, n_in), "activation": data.draw(st.sampled_from(ALL_ACTIVATIONS))} for n_in, n_out in pairwise(n)]
    targets = matrix(examples, n[-1], wild if LOSSES[loss].targets == "real" else st.floats(0, 1))
    state = {f"W1_{slot}": matrix(n[1], n[0], wild.map(abs) if slot in squares else wild) for slot in OPTIMIZERS[optimizer].slots}
    state["t"] = data.draw(st.integers(0, 10**9))
    doc = {"layers": described, "inputs": matrix(examples, n[0]), "targets": targets, "loss": loss, "optimizer": optimizer, "optimizer_state": state}
    read_problem(doc, LIMITS)
    a_problem_or_faults(doc)
