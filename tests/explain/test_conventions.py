"""Rows or columns: both conventions' equations hold as matrix equations, and nothing but signs and words depends on the choice."""

import itertools
import re

import numpy as np
import pytest
from algebra import Algebra
from test_explanation import EINSUMS, STRUCTURES, structure

from app.engine.passes import program
from app.explain.explanation import explain
from tests.engine.problems import quantities, random_problem

CONVENTIONS = ["row", "column"]
SIZES = [2, 3, 5, 4]  # all different, and none is the number of examples: a wrong order or transpose cannot pass by its shape
ACTIVATIONS = [["tanh", "leaky_relu", "sigmoid"], ["softmax", "gelu", "softmax"], ["identity", "softmax", "elu"]]
CASES = list(itertools.product(ACTIVATIONS, [1, 7], range(3)))


def random(activations, examples, seed):
    """A problem and all its quantities. The Jacobian of softmax is symmetric: one that is not takes its place, or no transpose would be missed."""
    problem = random_problem(sizes=SIZES, activations=activations, loss="squared_error", seed=seed, examples=examples)
    arrays = quantities(problem)
    rng = np.random.default_rng(seed)
    for l, of in enumerate(problem.structure.activations, 1):
        if of.jacobian:
            arrays[f"g{l}"] = rng.normal(size=arrays[f"g{l}"].shape)
    return problem, arrays


def rule(d, arrays):
    """What the rule says, which depends on no convention."""
    value = np.einsum(d.rule.einsum, *[arrays[name] for name in d.rule.operands])
    return value + arrays[d.rule.add] if d.rule.add else value


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(("activations", "examples", "seed"), CASES)
def test_equations_hold(activations, examples, seed, convention):
    problem, arrays = random(activations, examples, seed)
    algebra, of = Algebra(arrays, convention), problem.structure
    checked = set()
    for d in program(of).definitions:
        if d.operation not in EINSUMS:
            continue
        left, _, right = explain(d, of, convention)["equation"]["latex"].partition(" = ")
        expected = Algebra({**arrays, d.id: rule(d, arrays)}, convention).upright(d.id)
        found = algebra.value(right)
        assert found.shape == expected.shape, right
        assert np.allclose(found, expected, rtol=1e-12, atol=1e-12), f"{left} = {right}"
        checked.add(d.operation)
    assert checked == EINSUMS


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(("activations", "seed"), [*itertools.product(ACTIVATIONS, range(3))])
def test_chains_hold(activations, seed, convention):
    """For one example every derivative of a vector by a vector is a matrix, and the chain a product of matrices."""
    problem, arrays = random(activations, 1, seed)
    checked = 0
    for d in program(problem.structure).backward:
        if d.operation not in ("activation_gradient", "input_gradient", "bias_gradient"):
            continue
        chain = explain(d, problem.structure, convention)["chain"]
        algebra = Algebra(arrays, convention)
        expected = Algebra({**arrays, d.id: rule(d, arrays)}, convention).upright(d.id)
        right = chain["latex"].partition(" = ")[2]
        assert np.allclose(algebra.value(right), expected, rtol=1e-12, atol=1e-12), right
        assert [chain["upstream"]["label"], chain["local"]["label"]] == ["NOT EASY", "easy"]
        factor = algebra.value(chain["local"].get("written", chain["local"])["latex"])
        if d.operation == "input_gradient":
            assert np.array_equal(algebra.value(chain["local"]["is"]["latex"]), factor)
            assert (chain["local"]["is"]["latex"].endswith(r"\mathsf{T}}")) == (convention == "column")
        checked += 1
    assert checked == 9


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_other_order_would_not_hold(convention):
    """The algebra is strict: what is true of rows is no equation of columns."""
    problem, arrays = random(ACTIVATIONS[0], 7, 1)
    other = CONVENTIONS[convention == "row"]
    for d in program(problem.structure).definitions:
        if d.operation in ("linear", "weight_gradient", "input_gradient"):
            right = explain(d, problem.structure, other)["equation"]["latex"].partition(" = ")[2]
            with pytest.raises((ValueError, AssertionError)):
                Algebra(arrays, convention).value(right)


SAME = ("id", "phase", "layer", "operation", "title", "symbol", "rule")


@pytest.mark.parametrize("name", STRUCTURES)
def test_what_no_convention_changes(name):
    of = STRUCTURES[name]
    for d in program(of).definitions:
        row, column = (explain(d, of, convention) for convention in CONVENTIONS)
        assert {key: row[key] for key in SAME} == {key: column[key] for key in SAME}
        assert row.keys() == column.keys()
        if row["chain"]:
            assert row["chain"]["upstream"] == column["chain"]["upstream"]
            kept = ("id", "latex", "mathml", "label")
            assert [row["chain"]["local"][key] for key in kept] == [column["chain"]["local"][key] for key in kept]
        if d.phase == "update":
            assert row == column
        if "index_form" in row:
            assert row["index_form"]["rule"] == column["index_form"]["rule"]
            assert row["index_form"]["explanation"] == column["index_form"]["explanation"]


@pytest.mark.parametrize(("convention", "other"), [CONVENTIONS, CONVENTIONS[::-1]])
@pytest.mark.parametrize("name", STRUCTURES)
def test_sentences_are_true_in_both(name, convention, other):
    of = STRUCTURES[name]
    said = [explain(d, of, convention) for d in program(of).definitions]
    words = " ".join(it["title"] + " " + it["explanation"] for it in said)
    assert not re.search(rf"\b{other}s?\b", words)
    batch = of.examples > 1
    assert (f"one a {convention}." in words) == batch
    indexed = " ".join(it["equation"]["latex"] + it.get("index_form", {}).get("latex", "") for it in said)
    assert not re.search(r"_\{n[ik]\}" if convention == "column" else r"_\{[ik]n\}", indexed)


def test_column_equations_as_written():
    of = structure(examples=3)
    found = {d.id: explain(d, of, "column") for d in program(of).definitions}
    gradient = r"\frac{\partial \mathcal{L}}{\partial \mathbf{%s}^{[%d]}}"
    assert found["z1"]["equation"]["latex"] == r"\mathbf{z}^{[1]} = \mathbf{W}^{[1]}\,\mathbf{a}^{[0]} + \mathbf{b}^{[1]}"
    assert found["dW2"]["equation"]["latex"] == rf"{gradient % ('W', 2)} = {gradient % ('z', 2)} \left(\mathbf{{a}}^{{[1]}}\right)^{{\mathsf{{T}}}}"
    assert found["da1"]["equation"]["latex"] == rf"{gradient % ('a', 1)} = \mathbf{{W}}^{{[2]\mathsf{{T}}}}\,{gradient % ('z', 2)}"
    easy = r"\underbrace{\left(\frac{\partial \mathbf{z}^{[2]}}{\partial \mathbf{a}^{[1]}}\right)^{\mathsf{T}}}_{\text{easy}}"
    assert found["da1"]["chain"]["latex"] == rf"{gradient % ('a', 1)} = {easy}\;\;\underbrace{{{gradient % ('z', 2)}}}_{{\text{{NOT EASY}}}}"
    assert r"a_{in}^{[2]} - y_{in}" in found["loss"]["equation"]["latex"]
    assert found["da2"]["equation"]["latex"].startswith(r"\frac{\partial \mathcal{L}}{\partial a_{in}^{[2]}} = ")
