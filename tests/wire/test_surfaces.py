"""Pictures of a training: where each number of a surface belongs, windows and bins of data however odd."""

import numpy as np
import pytest

from app.engine.document import read_problem
from app.engine.training import Plan, Training
from app.wire.surfaces import Surface, histogram, window_of


def training(inputs, *, outputs=1, weights=None):
    """An untrained network of one hidden layer."""
    document = {
        "layers": [{"units": 3, "activation": "tanh"}, {"units": outputs, "activation": "identity"}],
        "inputs": inputs,
        "targets": [[0.0] * outputs] * len(inputs),
        "optimizer": "sgd",
        "initializer": {"name": "normal", "seed": 2},
        "parameters": {"W1": [[1e-299, 1e-299]] * 3, "W2": [[weights] * 3]} if weights else None,
    }
    return Training(Plan(read_problem(document)))


def said(of, *point):
    """What the network says of one point, by plain numpy."""
    theta = of.parameters()
    hidden = np.tanh(theta["W1"] @ point + theta["b1"])
    return hidden, theta["W2"] @ hidden + theta["b2"]


def four_digits(value):
    return float(f"{value:.3e}")


@pytest.mark.parametrize("outputs", [1, 2])
def test_rows_are_the_second_input_and_columns_the_first(outputs):
    of = training([[-1, 10], [3, 30]], outputs=outputs)
    window = window_of(of.plan.problem.inputs)
    picture = Surface(window, 5, 3).of(of)
    assert (picture["x"], picture["y"]) == (pytest.approx([-1.4, 3.4]), pytest.approx([8, 32]))
    assert picture["shape"] == ((5, 5) if outputs == 1 else (5, 5, 2))
    assert picture["axes"] == (("y", "x") if outputs == 1 else ("y", "x", "unit"))
    for i, y in enumerate(np.linspace(8, 32, 5)):
        for j, x in enumerate(np.linspace(-1.4, 3.4, 5)):
            _, out = said(of, x, y)
            assert np.ravel(picture["data"][i][j]).tolist() == [four_digits(value) for value in out]
    assert picture["units"].keys() == {"a1"}
    assert picture["units"]["a1"].shape == (3, 3, 3)
    hidden, _ = said(of, 3.4, 20)
    assert picture["units"]["a1"][:, 1, 2].tolist() == [four_digits(value) for value in hidden]


def test_one_input_is_a_line():
    of = training([[0], [1], [2]], outputs=2)
    picture = Surface(window_of(of.plan.problem.inputs), 4, 2).of(of)
    assert (picture["shape"], picture["axes"]) == ((4, 2), ("x", "unit"))
    assert picture["x"] == pytest.approx([-0.2, 2.2]) and "y" not in picture
    assert picture["data"][3].tolist() == [four_digits(value) for value in said(of, 2.2)[1]]
    assert picture["units"]["a1"].shape == (3, 2)


LARGEST = 1.7976931348623157e308
ODD = [
    [[5.0], [5.0]],  # constant
    [[0.0]],
    [[1e20], [1e20]],
    [[LARGEST], [-LARGEST]],
    [[LARGEST]],
    [[-LARGEST]],
    [[5e-324], [0.0]],
    [[1.0], [1.0000000000000002]],
]


@pytest.mark.parametrize("inputs", ODD)
def test_a_window_has_a_width_and_holds_the_data(inputs):
    low, high = window_of(np.array(inputs))
    assert np.isfinite([low, high]).all()
    assert low < high
    assert (low <= np.array(inputs)).all() and (np.array(inputs) <= high).all()
    grid = window_of(np.array(inputs)).grid(7)
    assert grid[0] == low and grid[-1] == high
    assert (np.diff(grid, axis=0) >= 0).all()


@pytest.mark.parametrize("column", [5.0, 0.0, 1e308])
def test_a_constant_feature_gives_a_picture(column):
    of = training([[0.5, column], [0.1, column]])
    picture = Surface(window_of(of.plan.problem.inputs), 3, 0).of(of)
    assert picture["y"][0] < column < picture["y"][1] or column == 1e308
    assert picture["shape"] == (3, 3)


def test_what_is_not_finite_is_listed():
    of = training([[1e300, 0.0], [0.0, 1e300]], weights=1e308)
    picture = Surface(window_of(of.plan.problem.inputs), 2, 0).of(of)
    assert len(picture["non_finite"]) == 4 and {kind for _, kind in picture["non_finite"]} <= {"inf", "-inf"}


@pytest.mark.parametrize("bins", [2, 7])
def test_histograms_are_those_of_numpy(bins):
    values = np.random.default_rng(1).standard_normal((40, 3))
    counts, edges = np.histogram(values, bins)
    found = histogram(values, bins)
    assert found["counts"].tolist() == counts.tolist()
    assert (found["low"], found["high"]) == (edges[0], edges[-1])


@pytest.mark.parametrize("inputs", ODD)
def test_histograms_of_odd_numbers(inputs):
    found = histogram(np.array(inputs), 4)
    assert sum(found["counts"]) == len(inputs)
    assert np.isfinite([found["low"], found["high"]]).all()
    assert found["low"] < found["high"]


def test_a_histogram_leaves_out_what_is_not_finite():
    found = histogram(np.array([[np.nan, 1, 2], [np.inf, 3, 2]]), 2)
    assert (found["low"], found["high"], found["counts"].tolist()) == (1, 3, [1, 3])
    assert histogram(np.array([np.nan, -np.inf]), 3) == {"low": None, "high": None, "counts": [0, 0, 0]}
