"""What is said about every step, over all structures: parses, balances, and says neither too much nor nothing."""

import itertools
import re
import xml.etree.ElementTree as ET
from functools import cache

import pytest

from app.engine.activations import ACTIVATIONS
from app.engine.document import NO_LIMITS
from app.engine.losses import LOSSES, REDUCTIONS
from app.engine.optimizers import OPTIMIZERS
from app.engine.passes import program
from app.engine.problem import Structure
from app.engine.steps import EinsumRule
from app.explain.explanation import explain
from app.explain.formulas import formula
from app.explain.symbols import latex, plain
from app.wire.presets import presets
from app.wire.requests import problem_of

MATHML = "{http://www.w3.org/1998/Math/MathML}"
EINSUMS = {"linear", "activation_gradient", "weight_gradient", "bias_gradient", "input_gradient"}


def structure(activation="sigmoid", loss="squared_error", optimizer="sgd", examples=1, sizes=(2, 3, 2), biases=True, **settings):
    """Two layers of the same activation."""
    layers = len(sizes) - 1
    by = OPTIMIZERS[optimizer]() if optimizer else None
    of = LOSSES[loss](**settings) if loss else None
    return Structure(sizes, (ACTIVATIONS[activation](),) * layers, (biases,) * layers, of, by, examples)


STRUCTURES = {
    "-".join(map(str, row)): structure(*row)
    for row in itertools.chain(
        itertools.product(ACTIVATIONS, LOSSES, ["sgd"], [1, 3]),
        itertools.product(["tanh"], ["squared_error"], OPTIMIZERS, [1, 3]),
    )
} | {
    "one unit": structure(sizes=(1, 1, 1)),
    "one unit, a batch": structure(sizes=(1, 1, 1), examples=20),
    "one layer": structure(sizes=(3, 2)),
    "64 layers": structure(sizes=(2,) * 65),
    "no biases": structure(biases=False),
    "forward alone": structure(loss=None, optimizer=None),
    "no optimizer": structure(optimizer=None),
    **{f"{name} {o} {b} {s}": structure(loss=name, over_outputs=o, over_batch=b, scale=s, examples=4)
       for name, o, b, s in itertools.product(LOSSES, REDUCTIONS, REDUCTIONS, [1.0, 0.5, -2.0, 0.0, 1e-7, 5e-324, 1e308, -1e308, 1 / 3, 0.1])},
    **{f"preset {name}": problem_of({"preset": name}, NO_LIMITS).structure for name in presets()},
}


@cache
def said(name):
    """The definitions of a structure, each with its explanation."""
    of = STRUCTURES[name]
    return [(d, explain(d, of)) for d in program(of).definitions]


def formulas(value):
    """Every {latex, mathml} pair inside an explanation."""
    if isinstance(value, dict):
        if "latex" in value:
            yield value
        for item in value.values():
            yield from formulas(item)


def balanced(text):
    """Whether braces, \\left and \\right of a formula match."""
    depth = 0
    for sign in re.sub(r"\\[{}]", "", text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0 and len(re.findall(r"\\left(?![a-z])", text)) == len(re.findall(r"\\right(?![a-z])", text))


@pytest.mark.parametrize("name", STRUCTURES)
def test_formulas_parse_and_balance(name):
    for d, it in said(name):
        found = list(formulas(it))
        assert len(found) >= 2
        for pair in found:
            assert balanced(pair["latex"]), pair["latex"]
            root = ET.fromstring(pair["mathml"])
            assert root.tag in ("math", f"{MATHML}math"), d.id
            assert "".join(root.itertext()).strip()
            assert "merror" not in pair["mathml"]
            assert not re.search(r"\bstyle\s*=|\bon\w+\s*=|<script|href", pair["mathml"]), pair["mathml"]
            assert not re.search(r"&(?!amp;|lt;|gt;|quot;|apos;|#)", pair["mathml"])


@pytest.mark.parametrize("name", STRUCTURES)
def test_titles_and_sentences(name):
    for d, it in said(name):
        assert it["id"] == d.id
        assert it["title"].startswith(plain(d.id))
        assert len(it["title"]) < 80
        assert it["explanation"][0].isupper() or it["explanation"].split()[0] in OPTIMIZERS
        assert it["explanation"].endswith(".")
        assert not re.search(r"\s\s|None|\{|\}|\bnan\b|\bone (units|numbers|outputs|examples)\b", it["explanation"]), it["explanation"]


@pytest.mark.parametrize("name", STRUCTURES)
def test_the_chain_is_of_the_backward_phase(name):
    for d, it in said(name):
        if d.phase != "backward" or d.operation == "loss_gradient":
            assert it["chain"] is None
            continue
        upstream, local = it["chain"]["upstream"], it["chain"]["local"]
        assert (upstream["label"], local["label"]) == ("NOT EASY", "easy")
        assert upstream["id"].startswith("d")
        assert upstream["latex"] == latex(upstream["id"])
        assert upstream["id"] in it["rule"]["operands"]
        if d.operation == "bias_gradient":
            assert local["id"] is None
            assert local["latex"] == rf"\frac{{\partial \mathbf{{z}}^{{[{d.layer}]}}}}{{\partial \mathbf{{b}}^{{[{d.layer}]}}}}"
            assert local["is"]["latex"] == "1"
        else:
            assert local["id"] in it["rule"]["operands"]
            assert local["latex"].startswith(r"\frac{\partial")


@pytest.mark.parametrize("name", STRUCTURES)
def test_rules(name):
    known = {"a0", "y", "t"}
    of = STRUCTURES[name]
    for l in range(1, len(of.sizes)):
        known |= {f"W{l}", f"b{l}", *(f"{p}{l}_{slot}" for p in "Wb" for slot in "mv")}
    for d, it in said(name):
        rule = it["rule"]
        assert ("einsum" in rule) == isinstance(d.rule, EinsumRule) == (d.operation in EINSUMS)
        known |= {d.local} if d.local and d.local.startswith("g") else set()
        assert set(rule["operands"]) <= known, d.id
        if "einsum" in rule:
            subscripts, _, result = rule["einsum"].partition("->")
            assert len(subscripts.split(",")) == len(rule["operands"])
            assert set(result) <= set(subscripts)
        else:
            named = set(re.findall(r"\{(\w+)\}", rule["formula"]))
            assert named <= set(rule["operands"]), rule["formula"]
            assert named, rule["formula"]
            assert isinstance(rule["parameters"], dict)
        known |= set(d.results)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("examples", [1, 3])
def test_softmax_says_that_it_is_a_matrix(activation, examples):
    it = next(it for d, it in said(f"{activation}-cross_entropy-sgd-{examples}") if d.id == "dz2")
    whole = ACTIVATIONS[activation].jacobian
    assert it["rule"]["einsum"] == ("nk,nki->ni" if whole else "ni,ni->ni")
    assert ("2 × 2 matrix" in it["explanation"]) == whole
    assert ("for each example" in it["explanation"]) == (whole and examples > 1)
    assert (r"\odot" in it["equation"]["latex"]) != whole


@pytest.mark.parametrize(("examples", "summed"), [(1, False), (3, True)])
def test_a_batch_is_summed_over_where_it_is(examples, summed):
    found = {d.id: it for d, it in said(f"tanh-squared_error-sgd-{examples}")}
    for name in ("dW1", "db1"):
        assert ("summed over the three examples" in found[name]["explanation"]) == summed
    assert (r"\sum_n" in found["db1"]["equation"]["latex"]) == summed
    assert (r"\sum_n" in found["loss"]["equation"]["latex"]) == summed
    assert (r"\tfrac{1}{3}" in found["da2"]["equation"]["latex"]) == summed


def test_an_equation_per_operation():
    found = {d.id: it["equation"]["latex"] for d, it in said("sigmoid-squared_error-sgd-1")}
    d = r"\frac{\partial \mathcal{L}}{\partial \mathbf{%s}^{[%d]}}"
    assert found["z1"] == r"\mathbf{z}^{[1]} = \mathbf{a}^{[0]}\,\mathbf{W}^{[1]\mathsf{T}} + \mathbf{b}^{[1]}"
    assert found["a1"] == r"\mathbf{a}^{[1]} = \sigma(\mathbf{z}^{[1]})"
    assert found["dz2"] == rf"{d % ('z', 2)} = {d % ('a', 2)} \odot \sigma'(\mathbf{{z}}^{{[2]}})"
    assert found["dW2"] == rf"{d % ('W', 2)} = \left({d % ('z', 2)}\right)^{{\mathsf{{T}}}} \mathbf{{a}}^{{[1]}}"
    assert found["db2"] == rf"{d % ('b', 2)} = {d % ('z', 2)}"
    assert found["da1"] == rf"{d % ('a', 1)} = {d % ('z', 2)}\,\mathbf{{W}}^{{[2]}}"


@pytest.mark.parametrize(
    ("name", "text"),
    [("loss", "ℒ"), ("z1", "z[1]"), ("da0", "∂ℒ/∂a[0]"), ("dW12", "∂ℒ/∂W[12]"), ("W1_new", "W[1] new"), ("b2_new", "b[2] new"), ("y", "y"), ("t", "t")],
)
def test_plain_symbols(name, text):
    assert plain(name) == text


@pytest.mark.parametrize("name", ["", "q1", "d", "W", "dW", "W1_q", "a1 ", "a1\n", "<b>", "loss2"])
def test_what_has_no_symbol(name):
    with pytest.raises(ValueError, match="no quantity"):
        latex(name)


@pytest.mark.parametrize("name", ["W1_m", "b3_v", "W1_m_new", "b10_v_new", "t", "y", "g4", "a0"])
def test_every_given_has_a_symbol(name):
    assert ET.fromstring(formula(latex(name))["mathml"]) is not None


@pytest.mark.parametrize(
    ("sizes", "biases", "end"),
    [
        ((2, 1), True, "weighs every input, sums up and adds its bias."),
        ((2, 1), False, "weighs every input and sums up."),
        ((1, 1), True, "weighs the one input and adds its bias."),
        ((1, 1), False, "weighs the one input."),
    ],
)
def test_what_a_unit_does(sizes, biases, end):
    of = structure(sizes=sizes, biases=biases)
    assert explain(program(of).forward[0], of)["explanation"] == f"The one unit of layer 1 {end}"
