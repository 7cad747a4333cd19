"""Single numbers put in place of others, and an earlier network's numbers laid over a new one's."""

from typing import Any

import numpy as np
import pytest

from app.engine.document import read_problem
from app.engine.errors import ProblemError

DRAWN: dict[str, Any] = {
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 2, "activation": "sigmoid"}],
    "loss": "binary_cross_entropy",
    "inputs": [[0.5, 1], [2, -1]],
    "targets": [[0, 1], [1, 0.5]],
}
CLASSES = DRAWN | {"loss": "cross_entropy", "targets": [0, 1]}


def edit(quantity: Any, entry: Any, value: Any) -> dict[str, Any]:
    return {"quantity": quantity, "entry": entry, "value": value}


@pytest.mark.parametrize(
    ("quantity", "entry"), [("a0", [1, 0]), ("y", [0, 1]), ("W1", [2, 1]), ("W2", [0, 2]), ("b1", [2]), ("b2", [0])], ids=lambda it: str(it)
)
def test_an_edit_changes_one_number_alone(quantity: str, entry: list[int]) -> None:
    before = read_problem(DRAWN).givens()
    after = read_problem(DRAWN | {"edits": [edit(quantity, entry, 0.125)]}).givens()
    expected = before[quantity].copy()
    expected[tuple(entry)] = 0.125
    assert np.array_equal(after[quantity], expected)
    assert all(np.array_equal(after[name], value) for name, value in before.items() if name != quantity)


def test_the_last_edit_of_a_number_counts_and_parameters_come_before_edits() -> None:
    problem = read_problem(DRAWN | {"parameters": {"b1": [1, 2, 3]}, "edits": [edit("b1", [0], 7), edit("b1", [0], 8)]})
    assert problem.layers[0].bias is not None and problem.layers[0].bias.tolist() == [8, 2, 3]


def test_an_edited_class_is_a_target_like_any_other() -> None:
    problem = read_problem(CLASSES | {"edits": [edit("y", [0, 1], 0.25)]})
    assert problem.classes is None and problem.targets is not None and problem.targets.tolist() == [[1, 0.25], [0, 1]]


def test_an_edited_class_that_is_no_probability_is_a_fault_of_the_edit() -> None:
    """The targets are class indices: there is no place /targets/0/1 in what came."""
    with pytest.raises(ProblemError) as caught:
        read_problem(CLASSES | {"edits": [edit("y", [0, 0], 0.5), edit("y", [0, 1], -2)]})
    assert [fault.pointer for fault in caught.value.faults] == ["/edits/1/value"]


@pytest.mark.parametrize(
    ("edits", "pointer", "words"),
    [
        ("W1", "/edits", "list of at most"),
        ([edit("W1", [0, 0], 0)] * 10_001, "/edits", "10001 of them"),
        ([{"quantity": "W1"}], "/edits/0", '"entry"'),
        ([7], "/edits/0", "got 7"),
        ([edit("W9", [0, 0], 1)], "/edits/0/quantity", "a0, y, W1, b1, W2, b2"),
        ([edit("z1", [0, 0], 1)], "/edits/0/quantity", '"z1"'),
        ([edit({}, [0, 0], 1)], "/edits/0/quantity", "an object"),
        ([edit("W1", [0, 2], 1)], "/edits/0/entry", "within 3 × 2, got [0, 2]"),
        ([edit("W1", [-1, 0], 1)], "/edits/0/entry", "[-1, 0]"),
        ([edit("b1", [0, 0], 1)], "/edits/0/entry", "one index within 3"),
        ([edit("W1", [True, 0], 1)], "/edits/0/entry", "list of 2"),
        ([edit("W1", [10**400, 0], 1)], "/edits/0/entry", "list of 2"),
        ([edit("W1", "00", 1)], "/edits/0/entry", '"00"'),
        ([edit("W1", [0, 0], "1")], "/edits/0/value", "number"),
        ([edit("W1", [0, 0], 10**400)], "/edits/0/value", "finite"),
        ([edit("W1", [0, 0], 1), edit("W1", [5, 0], None)], "/edits/1/value", "null"),
        ([edit("y", [0, 0], 1.5)], "/edits/0/value", "probability"),
    ],
)
def test_what_is_wrong_with_edits_is_said(edits: Any, pointer: str, words: str) -> None:
    with pytest.raises(ProblemError) as caught:
        read_problem(DRAWN | {"edits": edits})
    assert any(fault.pointer == pointer and words in fault.detail for fault in caught.value.faults), caught.value.faults


def test_kept_numbers_are_laid_over_drawn_ones_as_far_as_they_fit() -> None:
    drawn = read_problem(DRAWN).givens()
    kept = read_problem(DRAWN | {"keep": {"W1": [[9, 8, 7]], "b2": [5, 6, 7], "W2": [[1], [2], [3]]}}).givens()
    assert kept["W1"].tolist() == [[9, 8], *drawn["W1"][1:].tolist()]
    assert kept["b2"].tolist() == [5, 6]
    assert kept["W2"][:, 0].tolist() == [1, 2] and np.array_equal(kept["W2"][:, 1:], drawn["W2"][:, 1:])
    assert np.array_equal(kept["b1"], drawn["b1"])


def test_kept_numbers_give_way_to_those_that_are_given() -> None:
    layers = [{"weights": [[1, 2], [3, 4], [5, 6]], "bias": [1, 1, 1], "activation": "tanh"}, DRAWN["layers"][1]]
    problem = read_problem(DRAWN | {"layers": layers, "keep": {"W1": [[9]], "b1": [9], "b2": [3, 3]}, "parameters": {"b2": [4, 4]}})
    assert problem.givens()["W1"][0, 0] == 1 and problem.givens()["b1"][0] == 1 and problem.givens()["b2"].tolist() == [4, 4]


@pytest.mark.parametrize(("keep", "pointer"), [([1], "/keep"), ({"W9": [[1]]}, "/keep/W9"), ({"W1": [1]}, "/keep/W1/0"), ({"b1": [["x"]]}, "/keep/b1/0")])
def test_what_is_wrong_with_kept_numbers_is_said(keep: Any, pointer: str) -> None:
    with pytest.raises(ProblemError) as caught:
        read_problem(DRAWN | {"keep": keep})
    assert [fault.pointer for fault in caught.value.faults] == [pointer]


def test_the_callers_arrays_stay_as_they_are() -> None:
    rows = np.array([[0.5, 1], [2, -1]])
    read_problem(DRAWN | {"inputs": rows, "edits": [edit("a0", [0, 0], 9)]})
    assert rows[0, 0] == 0.5
