"""What is said about f(a(θ)): every formula is evaluated and must be the function, and words fit the numbers."""

import math
import re

import numpy as np
import pytest

from app.engine.chain_rule import chain_rule
from app.engine.scalars import SCALARS
from app.explain.chain_rule import equations, note, placed, sentence, symbols

EVERY = list(SCALARS.values())
NAMES = {
    "max": max,
    "min": min,
    "ln": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "sign": lambda x: math.copysign(1, x) if x else 0,
    "sigma": lambda x: 1 / (1 + math.exp(-x)),
    "Phi": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
    "varphi": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    "e": math.e,
}


def value(latex: str, x: float, y: float) -> float:
    """A formula in x and y, as Python: just enough of LaTeX for these."""
    text = placed(latex, "(x)", "(y)")
    text = re.sub(r"\[\\,(.*?)\\,\]", lambda test: f"float({test[1]})".replace(r"\le", "<="), text)
    text = re.sub(r"\|(.*?)\|", r"abs(\1)", text)
    text = re.sub(r"\\operatorname\{(\w+)\}", r"\\\1", text)
    while True:
        before = text
        text = re.sub(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
        text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text)
        if text == before:
            break
    text = re.sub(r"\^(\d)", r"**\1", text).replace(r"\,", "*")
    text = re.sub(r"(?<=[\d)])\s*(?=\\|\()", "*", text).replace("\\", "")
    return float(eval(text, {"__builtins__": {"abs": abs, "float": float}}, NAMES | {"x": x, "y": y}))


@pytest.mark.parametrize("function", EVERY, ids=lambda it: it.name)
def test_formulas_are_the_functions(function):
    for x in (-2.5, -1.0, -0.2, 0.3, 1.0, 2.2):
        y, slope = function.at(x)
        if math.isfinite(y):
            assert value(function.latex, x, math.nan) == pytest.approx(y, rel=1e-12)
            assert value(function.slope_latex, x, y) == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize("function", EVERY, ids=lambda it: it.name)
def test_formulas_speak_of_the_letters_they_are_about(function):
    """As the inner function of θ with the value a, as the outer of a with the value f; no placeholder and no z is left."""
    rule = chain_rule(function, function, 0.7)
    said = {name: formula["latex"] for name, formula in equations(rule).items()}
    assert r"\theta" in said["inner"] and said["inner"].startswith(r"a(\theta) = ") and said["outer"].startswith("f(a) = ")
    assert not re.search(r"[{][xy][}]|(?<![A-Za-z\\])z", "".join(said.values()))
    assert r"\theta" not in said["outer"] + said["outer_slope"]


def test_the_rule_and_its_numbers():
    said = equations(chain_rule(SCALARS["square"], SCALARS["sigmoid"], 0.5))
    assert said["rule"]["latex"] == r"\frac{\partial f}{\partial \theta} = \frac{\partial f}{\partial a} \cdot \frac{\partial a}{\partial \theta}"
    assert said["numbers"]["latex"] == r"0.2926 = 1.245 \cdot 0.235"
    assert said["epsilon"]["latex"] == r"\varepsilon = 10^{-6}"
    assert [said[name]["latex"] for name in ("outer_slope", "inner_slope")] == [r"2\,a", r"a\,(1 - a)"]
    assert all(formula["mathml"].startswith("<math") for formula in [*said.values(), *symbols().values()])


@pytest.mark.parametrize(
    ("outer", "inner", "theta", "text"),
    [
        ("log_loss", "sigmoid", 0.0, r"-0.5 = \left(-2\right) \cdot 0.25"),
        ("identity", "cube", 0.001, r"3 \cdot 10^{-6}"),
        ("exponential", "affine", 20.0, r"\cdot 10^{17}"),
        ("log_loss", "relu", -1.0, r"\text{NaN} = \left(-\infty\right) \cdot 0"),
    ],
)
def test_numbers_in_the_equation(outer, inner, theta, text):
    assert text in equations(chain_rule(SCALARS[outer], SCALARS[inner], theta))["numbers"]["latex"].replace("3.000", "3")


@pytest.mark.parametrize(
    ("outer", "inner", "theta", "words"),
    [
        ("square", "sigmoid", 0.5, None),
        ("logarithm", "affine", -2.0, "logarithm ln x has a value and a slope only for numbers above 0; here a is −3"),
        ("log_loss", "relu", -1.0, "log loss has a value and a slope only for numbers above 0; here a is 0"),
        ("sigmoid", "reciprocal", 0.0, "reciprocal 1/x has a value and a slope only for numbers other than 0; here θ is 0"),
        ("relu", "affine", -0.5, "From the left the slope is 0, from the right 2;"),
        ("absolute", "identity", 0.0, "From the left the slope is −1, from the right 1;"),
        ("exponential", "exponential", 50.0, "outgrows float64 at a = 5.18·10²¹"),
        ("sine", "exponential", 99.0, "bends too sharply"),
    ],
)
def test_notes(outer, inner, theta, words):
    said = note(chain_rule(SCALARS[outer], SCALARS[inner], theta))
    assert said is None if words is None else words in said


def test_the_sentence_has_all_the_numbers():
    said = sentence(chain_rule(SCALARS["square"], SCALARS["sigmoid"], -0.5))
    assert said == "At θ = −0.5, a is 0.378 and f is 0.143. Outer slope 0.755 times inner slope 0.235 is 0.177."


@pytest.mark.parametrize("theta", np.linspace(-100, 100, 9))
def test_words_are_found_for_every_pair(theta):
    for outer in EVERY:
        for inner in EVERY:
            rule = chain_rule(outer, inner, float(theta))
            assert sentence(rule)
            assert note(rule) or rule.check.agrees
