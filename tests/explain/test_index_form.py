"""The honest index form: its rule gives the gradient, zeros included, and its words say where they come from."""

import itertools

import numpy as np
import pytest
from test_explanation import balanced, formulas, structure

from app.engine.document import NO_LIMITS
from app.engine.passes import program
from app.explain.explanation import explain
from app.wire.presets import presets
from app.wire.requests import problem_of
from tests.engine.problems import quantities, random_problem

PROBLEMS = {
    f"{examples} examples {seed}": random_problem(
        sizes=[3, 4, 1, 5], activations=["tanh", "softmax", "gelu"], loss="squared_error", seed=seed, examples=examples
    )
    for examples, seed in itertools.product([1, 6], range(4))
} | {f"preset {name}": problem_of({"preset": name}, NO_LIMITS) for name in presets()}


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_rule_is_the_gradient(name):
    problem = PROBLEMS[name]
    known = quantities(problem)
    seen = 0
    for d in program(problem.structure).definitions:
        it = explain(d, problem.structure).get("index_form")
        assert (it is not None) == (d.operation in ("weight_gradient", "bias_gradient"))
        if it is None:
            continue
        rule = it["rule"]
        operands = [np.eye(rule["identity"]) if name == "identity" else known[name] for name in rule["operands"]]
        assert np.allclose(np.einsum(rule["einsum"], *operands), known[d.id], rtol=1e-12, atol=1e-12), d.id
        terms = np.einsum(rule["einsum"].partition("->")[0] + "->k" + rule["einsum"].partition("->")[2], *operands)
        off = ~np.eye(rule["identity"], dtype=bool)
        assert not terms[off].any()
        seen += 1
    assert seen == len(problem.layers) + sum(problem.structure.biases)


@pytest.mark.parametrize(
    ("convention", "examples", "sums", "z", "a"),
    [
        ("row", 1, r"\sum_k", "z_{k}", "a_{j}"),
        ("column", 1, r"\sum_k", "z_{k}", "a_{j}"),
        ("row", 3, r"\sum_n \sum_k", "z_{nk}", "a_{nj}"),
        ("column", 3, r"\sum_n \sum_k", "z_{kn}", "a_{jn}"),
    ],
)
def test_as_written(convention, examples, sums, z, a):
    of = structure(examples=examples)
    found = {d.id: explain(d, of, convention).get("index_form") for d in program(of).definitions}

    def over(of, by):
        return rf"\frac{{\partial {of}}}{{\partial {by}}}"

    z, a, loss = z + "^{[2]}", a + "^{[1]}", r"\mathcal{L}"
    for name, parameter, end in (("dW2", "W_{ij}^{[2]}", rf"\,{a}"), ("db2", "b_{i}^{[2]}", "")):
        it = found[name]
        assert it["latex"] == rf"{over(loss, parameter)} = {sums} {over(loss, z)}\,{over(z, parameter)}"
        assert it["local"]["latex"] == rf"{over(z, parameter)} = \delta_{{ki}}{end}"
        assert all(balanced(pair["latex"]) and "merror" not in pair["mathml"] for pair in formulas(it))
    assert found["dW2"]["rule"] == {"einsum": "nk,ki,nj->ij", "operands": ["dz2", "identity", "a1"], "identity": 2}
    assert found["db2"]["rule"] == {"einsum": "nk,ki->i", "operands": ["dz2", "identity"], "identity": 2}
    assert "W_ij is a weight of unit i alone" in found["dW2"]["explanation"]
    assert "b_i is the bias of unit i alone" in found["db2"]["explanation"]


def test_of_one_unit_there_is_nothing_to_survive():
    of = structure(sizes=(2, 1))
    for d in program(of).definitions:
        it = explain(d, of).get("index_form")
        assert it is None or "one term" in it["explanation"]
