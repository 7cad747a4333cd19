"""The numpy script says what the trace says: to 1e-12, for every function there is, by itself."""

import inspect
from pathlib import Path

import numpy as np
import pytest
from documents import MIXED, SATURATED
from many import of_activation, of_loss, of_optimizer
from running import assert_same, run_alone, run_here

from app.engine.activations import ACTIVATIONS
from app.engine.document import NO_LIMITS, read_problem
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.parameters import parameters_of
from app.engine.problem import Problem
from app.export import plain
from app.export.numpy_script import numpy_script
from app.wire.presets import presets
from app.wire.requests import problem_of
from tests.engine.problems import ALL_ACTIVATIONS, label, quantities


def preset(name: str) -> Problem:
    return problem_of({"preset": name}, NO_LIMITS)


def says_the_same(problem: Problem) -> None:
    got = run_here(numpy_script(problem))
    assert list(got) == list(quantities(problem))  # nothing is missing, and the order is the trace's
    assert_same(got, problem)


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
def test_every_activation(activation) -> None:
    for problem in of_activation(activation):
        says_the_same(problem)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_and_reduction(name: str) -> None:
    for problem in of_loss(name):
        says_the_same(problem)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer(name: str) -> None:
    for problem in of_optimizer(name):
        says_the_same(problem)


@pytest.mark.parametrize("name", presets())
def test_every_preset(name: str) -> None:
    says_the_same(preset(name))


@pytest.mark.parametrize("document", [MIXED, {"preset": "digits"}, {"preset": "two-layer", "targets": None}], ids=["mixed", "digits", "forward"])
def test_a_script_runs_by_itself(document, tmp_path: Path) -> None:
    problem = problem_of(document, NO_LIMITS)
    got = run_alone(numpy_script(problem), tmp_path)
    assert list(got) == list(quantities(problem))
    assert_same(got, problem)


def test_what_is_not_finite_is_printed_as_such(tmp_path: Path) -> None:
    problem = read_problem(SATURATED)
    got = run_alone(numpy_script(problem), tmp_path)
    assert np.isinf(got["loss"]) and np.isnan(got["dW1"]).all()
    assert_same(got, problem)


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
def test_far_out_too(activation) -> None:
    """Where exp overflows, at kinks and at the ends of float64."""
    inputs = [[x] for x in (-1e300, -750.0, -30.0, -0.0, 0.0, 30.0, 750.0, 1e300)]
    layer = {"weights": [[1.0], [1e5]], "activation": activation}
    says_the_same(read_problem({"layers": [layer], "inputs": inputs, "targets": [[0.0, 1.0]] * len(inputs)}))


def test_numbers_are_held_exactly() -> None:
    awkward = [[0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, 1 / 3]]
    script = numpy_script(read_problem({"layers": [{"weights": awkward, "activation": "tanh"}], "inputs": [[1, 2, 3, 4, 5]]}))
    assert str(awkward) in script
    assert run_here(script)["W1"].tobytes() == np.array(awkward).tobytes()


def test_a_student_can_read_it() -> None:
    """What an easy network's script looks like, from its first function to its last line."""
    script = numpy_script(preset("two-layer"))
    assert "class " not in script and "lambda" not in script and ": Array" not in script
    assert max(map(len, script.splitlines())) <= 120
    for line in (
        "z1 = a0 @ W1.T + b1",
        "a1 = sigmoid(z1)",
        "loss = scale * squared_error(a2, y).sum(axis=1).mean()",
        "da2 = scale / N * squared_error_slope(a2, y)",
        "dz2 = da2 * g2",
        "dW2 = dz2.T @ a1",
        "db2 = dz2.sum(axis=0)",
        "# ∂ℒ/∂a[1] = ∂ℒ/∂z[2] W[2]  (back through the weights)\nda1 = dz2 @ W2",
        "W1_new = sgd(W1, dW1, **settings)",
    ):
        assert f"\n{line}\n" in script, line
    defined = [line[4:].partition("(")[0] for line in script.splitlines() if line.startswith("def ")]
    assert defined == ["sigmoid", "sigmoid_slope", "squared_error", "squared_error_slope", "sgd", "show"]  # what it needs and no more


def test_every_registered_function_can_be_written_down() -> None:
    """A new activation, loss or optimizer is one to export, with parameters called the same."""
    for registry, slope in ((ACTIVATIONS, True), (LOSSES, True), (OPTIMIZERS, False)):
        for name, kind in registry.items():
            known = {p.name for p in parameters_of(kind)} - {"scale", "over_outputs", "over_batch", "clip", "update_biases"}
            for written in (name, *([f"{name}_slope"] if slope else [])):
                assert known <= set(inspect.signature(getattr(plain, written)).parameters), written
