"""Steps: their order and ids, and that every rule, evaluated as any client would, gives the step's value."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import ALL_ACTIVATIONS, VARIANTS, document, label, quantities, random_problem

from app.engine.activations import ACTIVATIONS
from app.engine.document import read_problem
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.passes import backward, forward, record, trace, update
from app.engine.steps import EinsumRule, FunctionRule


@st.composite
def problems(draw, activations=ALL_ACTIVATIONS, **more):
    """Random problems: depth, widths, batch, activations, loss, optimizer, with and without biases."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    sizes[-1] = max(2, sizes[-1])
    chosen = [draw(st.sampled_from(activations)) for _ in sizes[1:]]
    loss = {"name": draw(st.sampled_from(list(LOSSES))), "over_outputs": draw(st.sampled_from(["sum", "mean"])), "scale": draw(st.floats(-3, 3))}
    optimizer = {"name": draw(st.sampled_from(list(OPTIMIZERS))), "learning_rate": draw(st.floats(0, 1)), "update_biases": draw(st.booleans())}
    described = {"sizes": sizes, "activations": chosen, "loss": loss, "optimizer": optimizer, "examples": draw(st.integers(1, 6))}
    return random_problem(**described, seed=draw(st.integers(0, 2**32)), **more)


def without(doc, *layers):
    """The document with `bias: false` in the given layers (from 1)."""
    return doc | {"layers": [layer | ({"bias": False} if l in layers else {}) for l, layer in enumerate(doc["layers"], 1)]}


# ---- order ---------------------------------------------------------------------------------------------------------------


def two_layers(**more):
    return document(sizes=[2, 2, 2], activations=["sigmoid", "sigmoid"], loss="squared_error", seed=1, examples=1, **more)


def ids(doc):
    return [step.definition.id for step in trace(read_problem(doc))]


FORWARD, LOSS = ["z1", "a1", "z2", "a2"], ["loss"]
BACKWARD = ["da2", "dz2", "dW2", "db2", "da1", "dz1", "dW1", "db1", "da0"]


def test_the_walk_of_the_two_layer_network():
    assert ids(two_layers(optimizer="sgd")) == FORWARD + LOSS + BACKWARD + ["W1_new", "b1_new", "W2_new", "b2_new"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, FORWARD + LOSS + BACKWARD),
        ({"targets": None}, FORWARD),
        ({"targets": None, "optimizer": "adam"}, FORWARD),
        ({"optimizer": {"name": "sgd", "update_biases": False}}, FORWARD + LOSS + BACKWARD + ["W1_new", "W2_new"]),
    ],
    ids=["no-optimizer", "no-targets", "no-targets-with-optimizer", "weights-alone"],
)
def test_what_is_left_out(change, expected):
    assert ids(two_layers() | change) == expected


def test_a_layer_without_bias_has_no_step_for_it():
    expected = [name for name in FORWARD + LOSS + BACKWARD if name != "db2"] + ["W1_new", "b1_new", "W2_new"]
    assert ids(without(two_layers(optimizer="momentum"), 2)) == expected


@pytest.mark.parametrize("L", range(1, 9))
def test_one_layer_more_continues_the_walk(L):
    """z a of each layer, ℒ, ∂ℒ/∂a^[L], then dz dW db da of each layer from the last to the first, then the updates."""
    doc = document(sizes=[2] * (L + 1), activations=["tanh"] * L, loss="squared_error", seed=L, examples=2, optimizer="adam")
    expected = [f"{kind}{l}" for l in range(1, L + 1) for kind in "za"] + ["loss", f"da{L}"]
    for l in range(L, 0, -1):
        expected += [f"dz{l}", f"dW{l}", f"db{l}", f"da{l - 1}"]
    expected += [f"{kind}{l}_new" for l in range(1, L + 1) for kind in "Wb"]
    assert ids(doc) == expected


def test_operations_phases_layers_and_chains_of_the_two_layer_network():
    steps = [step.definition for step in trace(read_problem(two_layers(optimizer="sgd")))]
    table = {d.id: (d.operation, d.phase, d.layer, d.upstream, d.local) for d in steps}
    assert table["z2"] == ("linear", "forward", 2, None, None)
    assert table["a1"] == ("activation", "forward", 1, None, None)
    assert table["loss"] == ("loss", "loss", 2, None, None)
    assert table["da2"] == ("loss_gradient", "backward", 2, None, None)
    assert table["dz1"] == ("activation_gradient", "backward", 1, "da1", "g1")
    assert table["dW1"] == ("weight_gradient", "backward", 1, "dz1", "a0")
    assert table["db1"] == ("bias_gradient", "backward", 1, "dz1", None)
    assert table["da1"] == ("input_gradient", "backward", 2, "dz2", "W2")
    assert table["W1_new"] == ("parameter_update", "update", 1, None, None)


def test_the_passes_one_by_one_are_the_trace():
    problem = read_problem(two_layers(optimizer="adam"))
    known = problem.givens()
    apart = [*forward(problem, known), *backward(problem, known), *update(problem, known)]
    for one, other in zip(apart, record(problem), strict=True):
        assert one.definition is other.definition
        for name, value in one.values.items():
            np.testing.assert_array_equal(value, other.values[name])


def test_a_trace_leaves_its_problem_alone():
    problem = read_problem(two_layers(optimizer="adam"))
    before = {name: value.copy() for name, value in problem.givens().items()}
    record(problem)
    for name, value in problem.givens().items():
        np.testing.assert_array_equal(value, before[name])


# ---- rules ---------------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=150)
@given(problems())
def test_every_einsum_gives_its_value_and_every_operand_exists_before(problem):
    known = dict(problem.givens())
    for definition, found in trace(problem):
        assert set(definition.inputs) <= known.keys()
        assert not found.keys() & known.keys(), "a step defines its quantities anew"
        assert tuple(found) == definition.results
        assert definition.results[0] == definition.id
        assert set(definition.rule.operands) <= known.keys() | found.keys() - {definition.id}
        known |= found
        if isinstance(definition.rule, EinsumRule):
            value = np.einsum(definition.rule.einsum, *[known[name] for name in definition.rule.operands])
            value = value + known[definition.rule.add] if definition.rule.add else value
            np.testing.assert_allclose(found[definition.id], value, rtol=1e-12, atol=1e-12 * max(1.0, abs(value).max()), strict=True)


@settings(deadline=None, max_examples=100)
@given(problems())
def test_gradients_and_states_have_the_shape_of_their_quantity(problem):
    known = quantities(problem)
    for name, value in known.items():
        of = name[1:] if name[0] == "d" else name.removesuffix("_new").split("_")[0]
        if name[0] != "g":
            assert value.shape == known[of].shape, name
            assert value.dtype == np.float64


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_einsum_of_every_activation_in_a_batch(activation, data):
    problem = data.draw(problems(activations=[activation]))
    known = quantities(problem)
    for l in range(1, len(problem.layers) + 1):
        rule = "nk,nki->ni" if activation["name"] == "softmax" else "ni,ni->ni"
        np.testing.assert_allclose(known[f"dz{l}"], np.einsum(rule, known[f"da{l}"], known[f"g{l}"]), rtol=1e-12, atol=1e-12)


# ---- formulas ------------------------------------------------------------------------------------------------------------

SIGNS = {"−": "-", "·": "*", "^": "**", "½": "0.5", "π": "pi", "Σ ": "total", "ln(": "log(", "max(": "maximum(", "min(": "minimum("}
MEANINGS = {name: getattr(np, name) for name in ("exp", "log", "tanh", "sqrt", "sign", "maximum", "minimum", "pi", "sum")}
MEANINGS |= {"erfc": np.vectorize(math.erfc, otypes=[float]), "total": np.sum, "size": np.abs}


def evaluate(formula, known):
    """The value of a formula, read as a person would: ids in braces are quantities, |x| is a size, [a ≤ x ≤ b] is 1 or 0."""
    text = re.sub(r"exp\((\{\w+\})\) / Σ_j exp\(\1_j\)", r"exp(\1) / sum(exp(\1), axis=1, keepdims=True)", formula)
    text = re.sub(r"\[(.+?) ≤ (.+?) ≤ (.+?)\]", r"(((\1) <= \2) * (\2 <= (\3)))", text)
    text = re.sub(r"\|([^|]+)\|", r"size(\1)", text)
    for sign, meaning in SIGNS.items():
        text = text.replace(sign, meaning)
    text = re.sub(r"\{(\w+)\}", r"known['\1']", text)
    return eval(text, {"__builtins__": {}}, {**MEANINGS, "known": known})


def agrees(definition, known):
    np.testing.assert_allclose(known[definition.id], evaluate(definition.rule.formula, known), rtol=1e-11, atol=1e-13, err_msg=definition.rule.formula)


@settings(deadline=None, max_examples=200)
@given(problems())
def test_every_formula_gives_its_value(problem):
    known = quantities(problem)
    for definition, _ in record(problem):
        if isinstance(definition.rule, FunctionRule):
            agrees(definition, known)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@settings(deadline=None, max_examples=15)
@given(state=st.floats(0, 2), count=st.integers(0, 1000), rate=st.floats(0, 0.1))
def test_formula_of_every_optimizer_with_a_state(optimizer, state, count, rate):
    kind = OPTIMIZERS[optimizer]
    doc = two_layers(optimizer={"name": optimizer, "learning_rate": rate})
    given_state = {f"W2_{slot}": np.full((2, 2), state).tolist() for slot in kind.slots} | {"t": count}
    problem = read_problem(doc | {"optimizer_state": given_state})
    known = quantities(problem)
    assert not kind.counts or known["t"] == count + 1
    for definition, _ in record(problem):
        if definition.phase == "update":
            agrees(definition, known)


@pytest.mark.parametrize("clip", [0.3, 2 / 7])
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "cross_entropy"])
@pytest.mark.parametrize("over", ["sum", "mean"])
def test_formula_of_a_clipped_loss(loss, clip, over):
    """Where a prediction is clipped, the formula must say so: without the clip it is another number."""
    doc = document(sizes=[2, 4, 3], activations=["tanh", "sigmoid"], loss={"name": loss, "clip": clip, "over_outputs": over}, seed=4, examples=9)
    problem = read_problem(doc)
    known = quantities(problem)
    assert ((known["a2"] < clip) | (known["a2"] > 1 - clip)).any()
    for definition, _ in record(problem):
        if definition.operation in ("loss", "loss_gradient"):
            agrees(definition, known)


@pytest.mark.parametrize("function", [{"name": name, **variant} for name in (*ACTIVATIONS, *LOSSES) for variant in VARIANTS.get(name, [])], ids=label)
def test_constants_in_formulas_are_not_rounded(function):
    is_loss = function["name"] in LOSSES
    doc = document(sizes=[2, 3], activations=["identity" if is_loss else function], loss=function if is_loss else "squared_error", seed=3, examples=5)
    problem = read_problem(doc | {"loss": {"name": "squared_error", "scale": 1 / 3}} if not is_loss else doc)
    known = quantities(problem)
    for definition, _ in record(problem):
        if isinstance(definition.rule, FunctionRule):
            agrees(definition, known)


def test_formulas_read_as_on_the_blackboard():
    formulas = {step.definition.id: step.definition.rule.formula for step in record(read_problem(two_layers(optimizer={"name": "sgd", "learning_rate": 0.5})))
                if isinstance(step.definition.rule, FunctionRule)}
    assert formulas == {
        "a1": "1 / (1 + exp(−{z1}))",
        "a2": "1 / (1 + exp(−{z2}))",
        "loss": "0.5 · Σ (({a2} − {y})^2)",
        "da2": "0.5 · (2 · ({a2} − {y}))",
        "W1_new": "{W1} − 0.5 · {dW1}",
        "b1_new": "{b1} − 0.5 · {db1}",
        "W2_new": "{W2} − 0.5 · {dW2}",
        "b2_new": "{b2} − 0.5 · {db2}",
    }


# ---- what overflows ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
@pytest.mark.parametrize("loss", LOSSES)
def test_overflow_is_a_value_and_never_a_warning(activation, loss):
    """Weights near the largest float: the trace has ∞ and NaN in it, and no step raises or warns."""
    doc = document(sizes=[2, 3, 2], activations=[activation] * 2, loss=loss, seed=1, examples=2, optimizer="adam")
    doc["layers"][0]["weights"] = [[1e308, 1e308], [-1e308, 1e308], [1e308, -1e308]]
    doc["layers"][1]["weights"] = [[1e300, -1e300, 1e300]] * 2
    problem = read_problem(doc)
    steps = list(trace(problem))
    assert [step.definition.id for step in steps] == [step.definition.id for step in record(problem)]
    assert len(steps) == 18


def test_no_warning_in_a_saturated_trace():
    doc = document(sizes=[1, 1], activations=["sigmoid"], loss="binary_cross_entropy", seed=0, examples=1)
    doc |= {"layers": [{"weights": [[1e4]], "activation": "sigmoid"}], "inputs": [[1.0]], "targets": [[0.0]]}
    known = quantities(read_problem(doc))
    assert known["loss"] == math.inf
    assert known["da1"][0, 0] == math.inf
    assert math.isnan(known["dz1"][0, 0]), "∞ · 0 is told as it is"
