"""Walks for any number of layers: the right quantities in the right order, written as on the slides, and counted."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from test_explanation import STRUCTURES, balanced, formulas

from app.engine.passes import program
from app.explain.explanation import explain
from app.explain.walks import chain_of, count, counts, targets, told, walk

# Written out by hand from the slides: the shallow network's walks, both at once, and the L = 4 chain.
BY_HAND = {
    (1, "W1"): ["da1", "dz1", "dW1"],
    (1, "b1"): ["da1", "dz1", "db1"],
    (1, "Theta1"): ["da1", "dz1", "dTheta1"],
    (2, "W1"): ["da2", "dz2", "da1", "dz1", "dW1"],
    (2, "b1"): ["da2", "dz2", "da1", "dz1", "db1"],
    (2, "W2"): ["da2", "dz2", "dW2"],
    (2, "b2"): ["da2", "dz2", "db2"],
    (2, "Theta2"): ["da2", "dz2", "dTheta2"],
    (2, "Theta1"): ["da2", "dz2", "da1", "dz1", "dTheta1"],
    (4, "Theta4"): ["da4", "dz4", "dTheta4"],
    (4, "Theta3"): ["da4", "dz4", "da3", "dz3", "dTheta3"],
    (4, "Theta2"): ["da4", "dz4", "da3", "dz3", "da2", "dz2", "dTheta2"],
    (4, "Theta1"): ["da4", "dz4", "da3", "dz3", "da2", "dz2", "da1", "dz1", "dTheta1"],
    (4, "W1"): ["da4", "dz4", "da3", "dz3", "da2", "dz2", "da1", "dz1", "dW1"],
    (4, "b3"): ["da4", "dz4", "da3", "dz3", "db3"],
}


def ids(layers, target):
    return [link.id for link in walk(chain_of(layers), target).links]


@pytest.mark.parametrize(("layers", "target"), BY_HAND)
def test_walks_written_out_by_hand(layers, target):
    assert ids(layers, target) == BY_HAND[layers, target]


@pytest.mark.parametrize("layers", [*range(1, 9), 64])
def test_every_walk_in_order(layers):
    for l in range(1, layers + 1):
        trunk = [f"d{letter}{m}" for m in range(layers, l - 1, -1) for letter in "az"]
        for what in ("W", "b", "Theta"):
            assert ids(layers, f"{what}{l}") == [*trunk, f"d{what}{l}"]


@pytest.mark.parametrize("layers", range(2, 9))
def test_one_layer_more(layers):
    """The walk to Θ^[l-1] is exactly the walk to Θ^[l], continued by one layer."""
    assert targets(layers) == [f"Theta{l}" for l in range(layers, 0, -1)]
    walks = [ids(layers, target) for target in targets(layers)]
    for shorter, longer in pairwise(walks):
        assert longer[: len(shorter) - 1] == shorter[:-1]
        assert len(longer) == len(shorter) + 2


@pytest.mark.parametrize("layers", [*range(1, 9), 64])
def test_counts(layers):
    """Counted link by link; the formulas are proved on paper."""
    assert count(layers) == {"layers": layers, "with_reuse": 3 * layers - 1, "from_scratch": layers * (layers + 1)}
    assert sum(told(walk(chain_of(layers), target))["local_derivatives"] for target in targets(layers)) == layers * (layers + 1)


def test_counts_side_by_side():
    assert [it["layers"] for it in counts()] == list(range(1, 9))
    assert [(it["with_reuse"], it["from_scratch"]) for it in counts()][:4] == [(2, 2), (5, 6), (8, 12), (11, 20)]


S7 = (
    r"\frac{\partial \mathcal{L}}{\partial \mathbf{a}^{[2]}}"
    r" \longrightarrow \frac{\partial \mathcal{L}}{\partial \mathbf{z}^{[2]}}"
    r" \text{ using } \underbrace{\frac{\partial \mathbf{a}^{[2]}}{\partial \mathbf{z}^{[2]}}}_{\text{easy}}"
    r" \longrightarrow \frac{\partial \mathcal{L}}{\partial \mathbf{a}^{[1]}}"
    r" \text{ using } \underbrace{\frac{\partial \mathbf{z}^{[2]}}{\partial \mathbf{a}^{[1]}}}_{\text{easy}}"
    r" \longrightarrow \frac{\partial \mathcal{L}}{\partial \mathbf{z}^{[1]}}"
    r" \text{ using } \underbrace{\frac{\partial \mathbf{a}^{[1]}}{\partial \mathbf{z}^{[1]}}}_{\text{easy}}"
    r" \longrightarrow \frac{\partial \mathcal{L}}{\partial THETA^{[1]}}"
    r" \text{ using } \underbrace{\frac{\partial \mathbf{z}^{[1]}}{\partial THETA^{[1]}}}_{\text{easy}}"
)


@pytest.mark.parametrize(("target", "bold"), [("W1", r"\mathbf{W}"), ("b1", r"\mathbf{b}"), ("Theta1", r"\boldsymbol{\Theta}")])
def test_the_slides_form(target, bold):
    assert told(walk(chain_of(2), target))["latex"] == S7.replace("THETA", bold)


@pytest.mark.parametrize("target", ["W1", "b1", "Theta1"])
def test_with_columns_a_vector_s_derivative_by_a_vector_is_transposed(target):
    it = told(walk(chain_of(2), target, "column"))
    for link in it["links"][1:]:
        vector = link["id"] in ("dz2", "da1", "dz1", "db1")
        assert ("written" in link["using"]) == vector
        if vector:
            assert link["using"]["written"]["latex"] == rf"\left({link['using']['latex']}\right)^{{\mathsf{{T}}}}"
            assert rf"\underbrace{{{link['using']['written']['latex']}}}_{{\text{{easy}}}}" in it["latex"]
    assert it["latex"].count(r"\mathsf{T}") == (4 if target == "b1" else 3)


@pytest.mark.parametrize("convention", ["row", "column"])
@pytest.mark.parametrize("layers", [1, 2, 4, 8])
def test_formulas(layers, convention):
    for target in [*targets(layers), f"W{layers}", "b1"]:
        it = told(walk(chain_of(layers), target, convention))
        for pair in formulas(it):
            assert balanced(pair["latex"])
            assert ET.fromstring(pair["mathml"]).tag.endswith("math")
            assert "merror" not in pair["mathml"]
        assert it["mathml"].count("⟶") == len(it["links"]) - 1
        assert it["mathml"].count('class="easy"') == it["local_derivatives"] == len(it["links"]) - 1
        assert it["links"][0]["using"] is None


@pytest.mark.parametrize("name", ["one layer", "no biases", "preset four-layer", "softmax-cross_entropy-sgd-3"])
@pytest.mark.parametrize("convention", ["row", "column"])
def test_a_walk_says_what_the_steps_say(name, convention):
    """Link for link what a trace's steps carry in their chains, in a network of any sizes."""
    of = STRUCTURES[name]
    steps = {d.id: explain(d, of, convention) for d in program(of).definitions}
    for target in [name.removeprefix("d") for name in steps if name.startswith(("dW", "db"))]:
        it = told(walk(of, target, convention))
        for before, link in pairwise(it["links"]):
            chain = steps[link["id"]]["chain"]
            assert chain["upstream"]["id"] == before["id"]
            assert link["symbol"] == steps[link["id"]]["symbol"]
            assert link["using"] == {key: value for key, value in chain["local"].items() if key != "is"}


@pytest.mark.parametrize("target", ["W3", "b0", "W01", "Theta", "Theta3", "dW1", "w1", "a1", "", "W1 ", "W1\n", "W\u0661", "Theta-1", "W99999"])
def test_where_no_walk_leads(target):
    with pytest.raises(ValueError, match="no walk leads to"):
        walk(chain_of(2), target)


def test_a_bias_that_is_not_there():
    with pytest.raises(ValueError, match="no walk leads to 'b1'"):
        walk(STRUCTURES["no biases"], "b1")
    assert [link.id for link in walk(STRUCTURES["no biases"], "Theta1").links] == ["da2", "dz2", "da1", "dz1", "dTheta1"]
    with pytest.raises(ValueError, match="no walk"):
        walk(STRUCTURES["forward alone"], "W1")
