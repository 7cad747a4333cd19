"""Notes about ∞ and NaN: each is true of the numbers it is said about."""

import numpy as np
import pytest

from app.engine.document import read_problem
from app.engine.passes import record
from app.explain.trouble import OUTGREW, non_finite_note


def note(layers, inputs, targets=None, loss=None, optimizer=None):
    """The step that broke first and what is said about it."""
    doc = {"layers": layers, "inputs": inputs, "targets": targets, "loss": loss, "optimizer": optimizer}
    problem = read_problem(doc)
    known = problem.givens()
    for step in record(problem):
        known |= step.values
        if not all(np.isfinite(value).all() for value in step.values.values()):
            return step.definition.id, non_finite_note(step.definition, problem.structure, known)
    raise AssertionError("all is finite")


def unit(w, activation="identity", bias=0.0):
    return {"weights": [[w]], "bias": [bias], "activation": activation}


CASES = [
    ("z1", [unit(1e200)], [[1e200]], None, None, None, OUTGREW),
    ("a1", [unit(1.0, {"name": "leaky_relu", "slope": 1e308})], [[-1e3]], None, None, None, OUTGREW),
    ("loss", [unit(1e200)], [[1]], [[0]], None, None, OUTGREW),
    ("loss", [unit(-1.0)], [[1]], [[1]], "binary_cross_entropy", None, "outside 0 to 1"),
    ("loss", [unit(2.0)], [[1]], [[0]], "binary_cross_entropy", None, "outside 0 to 1"),
    ("loss", [unit(1e3, "sigmoid")], [[1]], [[0]], "binary_cross_entropy", None, "exactly 0 or 1"),
    ("loss", [unit(0.0)], [[1]], [[1]], "cross_entropy", None, "exactly 0 or 1"),
    ("loss", [unit(1e-300)], [[1]], [[1]], {"name": "cross_entropy", "scale": 1e308}, None, OUTGREW),
    ("loss", [unit(-1.0)], [[1]], [[1]], {"name": "cross_entropy", "scale": 1e308, "clip": 1e-300}, None, OUTGREW),
    ("da1", [unit(1e-320)], [[1]], [[1]], "cross_entropy", None, "so near to 0"),
    ("da1", [unit(1e-300)], [[1]], [[1]], {"name": "cross_entropy", "scale": 1e10}, None, OUTGREW),
    ("dz1", [unit(1.0, {"name": "leaky_relu", "slope": 1e308})], [[-1e-300]], [[0]], {"name": "absolute_error", "scale": 1e10}, None, OUTGREW),
    ("W1_new", [unit(1.0)], [[0]], [[1]], None, {"name": "adam", "epsilon": 0}, "division by 0"),
    ("W1_new", [unit(1.0)], [[0]], [[1]], None, {"name": "rmsprop", "epsilon": 0}, "division by 0"),
    ("W1_new", [unit(1.0)], [[1e160]], [[0]], "huber", {"name": "adam", "epsilon": 0}, OUTGREW),
]


@pytest.mark.parametrize(("where", "layers", "inputs", "targets", "loss", "optimizer", "text"), CASES)
def test_what_is_said_is_true(where, layers, inputs, targets, loss, optimizer, text):
    step, said = note(layers, inputs, targets, loss, optimizer)
    assert step == where
    assert text in said
    assert said.endswith(".")
