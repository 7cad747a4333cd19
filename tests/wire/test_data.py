"""A data set in place of inputs and targets: the rows, in the shape that loss and network take, and what does not fit."""

import numpy as np
import pytest

from app.engine.datasets import DATASETS
from app.engine.document import NO_LIMITS
from app.wire.data import dataset_faults, with_data
from app.wire.requests import problem_of


def asking(outputs, loss="squared_error", name="gaussians", activation="softmax", **more):
    return {"layers": [{"units": 5, "activation": "tanh"}, {"units": outputs, "activation": activation}], "loss": loss, "dataset": {"name": name, **more}}


def filled(document):
    found, resolved, misfit = with_data(document)
    assert misfit == []
    del found["dataset"]
    return problem_of(found, NO_LIMITS), resolved


def test_rows_are_those_of_the_data_set():
    problem, resolved = filled(asking(3, size=30, noise=0.1, seed=4))
    inputs, _ = DATASETS["gaussians"].make(30, 0.1, 4)
    np.testing.assert_array_equal(problem.inputs, inputs)
    assert resolved == {"name": "gaussians", "size": 30, "noise": 0.1, "seed": 4}


@pytest.mark.parametrize("null", [{}, {"size": None, "noise": None, "seed": None}])
def test_defaults(null):
    assert filled(asking(3, **null))[1] == {"name": "gaussians", "size": 250, "noise": 0.35, "seed": 0}
    assert filled(asking(3, name="iris", **null))[1] == {"name": "iris", "size": 150, "noise": None, "seed": 0}


@pytest.mark.parametrize(
    ("name", "outputs", "loss", "by_index", "columns"),
    [
        ("spirals", 1, "binary_cross_entropy", False, 1),
        ("spirals", 1, "squared_error", False, 1),
        ("spirals", 1, {"name": "cross_entropy"}, False, 1),
        ("spirals", 2, "squared_error", False, 2),
        ("spirals", 2, "binary_cross_entropy", False, 2),
        ("spirals", 2, "cross_entropy", True, 2),
        ("gaussians", 3, "squared_error", False, 3),
        ("gaussians", 3, {"name": "cross_entropy", "clip": 1e-6}, True, 3),
        ("digits", 10, "cross_entropy", True, 10),
    ],
)
def test_classes_as_loss_and_outputs_take_them(name, outputs, loss, by_index, columns):
    problem, _ = filled(asking(outputs, loss, name, "sigmoid"))
    _, labels = DATASETS[name].make()
    assert problem.targets.shape == (len(labels), columns)
    np.testing.assert_array_equal(problem.targets[:, 0] if columns == 1 else problem.targets.argmax(axis=1), labels)
    assert set(np.unique(problem.targets)) == {0, 1}
    assert columns == 1 or (problem.targets.sum(axis=1) == 1).all()
    assert (problem.classes == tuple(labels)) if by_index else problem.classes is None


def test_numbers_stay_numbers():
    problem, _ = filled(asking(1, name="sine", activation="identity"))
    np.testing.assert_array_equal(problem.targets, DATASETS["sine"].make()[1])


def test_a_preset_learns_other_data():
    """The outputs and the loss are then the preset's."""
    problem, _ = filled({"preset": "digits", "dataset": {"name": "digits", "size": 50}})
    assert problem.inputs.shape == (50, 64)
    assert len(problem.classes) == 50


@pytest.mark.parametrize(
    ("layer", "name", "pointer"),
    [
        ({"units": 3}, "spirals", "/layers/1/units"),
        ({"units": 1}, "iris", "/layers/1/units"),
        ({"units": 2}, "sine", "/layers/1/units"),
        ({"weights": [[1, 2], [3, 4]]}, "gaussians", "/layers/1/weights"),
        ({"weights": {"data": [[1, 2], [3, 4]]}}, "gaussians", "/layers/1/weights"),
    ],
)
def test_outputs_that_do_not_fit(layer, name, pointer):
    document = {"layers": [{"units": 2, "activation": "tanh"}, {**layer, "activation": "sigmoid"}], "dataset": {"name": name}}
    _, _, (fault,) = with_data(document)
    assert fault.pointer == pointer
    assert "expected" in fault.detail and name in fault.detail


def test_a_data_set_and_inputs():
    _, _, (fault,) = with_data({**asking(3), "inputs": [[1, 2]]})
    assert fault.pointer == "/dataset"


@pytest.mark.parametrize("layers", [None, 7, [], [[]], [{}], [{"units": True}], [{"weights": "many"}], [{"weights": {"data": None}}]])
def test_layers_that_are_none_are_left_to_the_reader_of_problems(layers):
    assert with_data({"layers": layers, "dataset": {"name": "iris"}})[2] == []


@pytest.mark.parametrize(
    ("value", "pointers"),
    [
        ("xor", [""]),
        ([], [""]),
        ({}, ["/name"]),
        ({"name": "flowers"}, ["/name"]),
        ({"name": ["xor"]}, ["/name"]),
        ({"name": "xor", "sise": 4}, ["/sise"]),
        ({"name": "xor", "size": 0, "noise": "much", "seed": -1}, ["/size", "/noise", "/seed"]),
        ({"name": "iris", "noise": 0.5}, ["/noise"]),
        ({"name": "xor", "size": 1e3}, ["/size"]),
    ],
)
def test_what_makes_no_sense(value, pointers):
    faults = list(dataset_faults(value, "/dataset"))
    assert [fault.pointer for fault in faults] == [f"/dataset{pointer}" for pointer in pointers]
    assert with_data({**asking(3), "dataset": value})[1:] == (None, [])
