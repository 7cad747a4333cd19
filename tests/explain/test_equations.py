"""Equations that a student can compute with: no constant rounded, no index unbound, no sign without a meaning."""

import re

import pytest
from test_explanation import STRUCTURES, said, structure

from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.passes import program
from app.explain.explanation import explain
from app.explain.numbers import number
from app.explain.symbols import latex


def of(name, **description):
    """What is said about one step."""
    s = structure(**description)
    return next(explain(d, s) for d in program(s).definitions if d.id == name)


def right(name, **description):
    """What stands right of the equals sign."""
    return of(name, **description)["equation"]["latex"].partition(" = ")[2]


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.5, r"\tfrac{1}{2}"),
        (-1 / 3, r"-\tfrac{1}{3}"),
        (0.1, "0.1"),
        (0.123456789, "0.123456789"),
        (0.33333333333333337, "0.33333333333333337"),
        (1234567.0, "1234567"),
        (1e-8, "10^{-8}"),
        (-1e-8, "-10^{-8}"),
        (1.23456789e-8, r"1.23456789 \cdot 10^{-8}"),
        (2e10, r"2 \cdot 10^{10}"),
        (5e-324, r"5 \cdot 10^{-324}"),
        (0.0, "0"),
    ],
)
def test_numbers_are_exact(x, text):
    assert number(x) == text


def test_the_catalog_s_slope_is_the_slope():
    assert (LOSSES["squared_error"].latex, LOSSES["squared_error"].slope_latex) == ("(a - y)^2", r"2\,(a - y)")
    assert LOSSES["huber"].slope_latex == r"\max(-\delta, \min(\delta, a - y))"
    assert LOSSES["cross_entropy"].slope_latex == r"-\frac{y}{a}"


ONE = {"sizes": (2, 1)}


@pytest.mark.parametrize(
    ("name", "description", "text"),
    [
        ("loss", ONE, r"\tfrac{1}{2}\,(a^{[1]} - y)^2"),
        ("da1", ONE, "a^{[1]} - y"),
        ("da1", ONE | {"scale": -0.5}, r"-\left(a^{[1]} - y\right)"),
        ("loss", ONE | {"scale": -1.0}, "-(a^{[1]} - y)^2"),
        ("da1", ONE | {"scale": 1.0}, r"2\,\left(a^{[1]} - y\right)"),
        ("da1", ONE | {"examples": 3}, r"\tfrac{1}{3}\,\left(a_{n}^{[1]} - y_{n}\right)"),
        ("loss", {"examples": 3, "over_outputs": "mean", "scale": 2.0}, r"2 \cdot \tfrac{1}{3} \cdot \tfrac{1}{2}\,\sum_n \sum_i (a_{ni}^{[2]} - y_{ni})^2"),
        ("da2", {"over_outputs": "mean"}, r"\tfrac{1}{2}\,\left(a_{i}^{[2]} - y_{i}\right)"),
        ("da1", ONE | {"scale": 1e308}, r"2 \cdot 10^{308}\,\left(a^{[1]} - y\right)"),
        ("loss", ONE | {"loss": "cross_entropy"}, r"-y \ln a^{[1]}"),
        ("da1", ONE | {"loss": "cross_entropy", "scale": -1.0}, r"-\left(-\frac{y}{a^{[1]}}\right)"),
        ("da1", ONE | {"loss": "huber", "delta": 0.123456789}, r"\max(-0.123456789, \min(0.123456789, a^{[1]} - y))"),
    ],
)
def test_loss_equations(name, description, text):
    assert right(name, **description) == text


@pytest.mark.parametrize("name", STRUCTURES)
def test_no_product_reads_as_a_mixed_number_and_no_index_is_unbound(name):
    sizes, examples = STRUCTURES[name].sizes, STRUCTURES[name].examples
    for d, it in said(name):
        text = it["equation"]["latex"]
        assert not re.search(r"[0-9}]\\,\\tfrac|= \\,|\s$", text), text
        if d.operation in ("loss", "loss_gradient"):
            indices = {*re.findall(r"_\{(n?i?)\}", text)}
            assert indices <= {("n" if examples > 1 else "") + ("i" if sizes[-1] > 1 else "")} - {""}, text


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "cross_entropy"])
def test_a_clipped_loss_is_told_as_one(loss):
    bare, clipped = ({"loss": loss, "clip": clip, **ONE} for clip in (0.0, 1e-12))
    assert r"\operatorname{clip}_{[10^{-12},\,1 - 10^{-12}]}(a^{[1]})" in right("loss", **clipped)
    assert right("da1", **clipped) == rf"[\,10^{{-12}} \le a^{{[1]}} \le 1 - 10^{{-12}}\,]\left({right('da1', **bare)}\right)"
    for name in ("loss", "da1"):
        assert "clip" not in of(name, **bare)["equation"]["latex"] + of(name, **bare)["explanation"]
        assert "clipped: at least 1e-12" in of(name, **clipped)["explanation"]


def test_softmax_of_a_batch_goes_example_by_example():
    d = r"\frac{\partial %s}{\partial %s}"
    loss, a, z = r"\mathcal{L}", r"\mathbf{a}_n^{[2]}", r"\mathbf{z}_n^{[2]}"
    assert of("dz2", activation="softmax", examples=3)["equation"]["latex"] == rf"{d % (loss, z)} = {d % (loss, a)}\,{d % (a, z)}"
    assert "_n" not in of("dz2", activation="softmax")["equation"]["latex"]


@pytest.mark.parametrize(("name", "text"), [("a1", "always gives 1"), ("dz1", "slope is 0")])
def test_a_softmax_of_one_unit(name, text):
    assert text in of(name, activation="softmax", loss="cross_entropy", **ONE)["explanation"]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_defines_what_it_uses(name):
    it = of("W1_new", optimizer=name)
    text = it["equation"]["latex"]
    if name != "sgd":
        for sign in {*re.findall(r"\\(?:eta|mu|alpha|varepsilon|lambda|beta_[12]|theta|hat [mv])|(?<![\w\\{}])[mvg](?![\w}])", text)}:
            assert f"{sign} = " in text, sign
        for slot in OPTIMIZERS[name].slots:
            assert f"{slot} = {latex(f'W1_{slot}')}" in text
    assert it["title"].endswith(": one update")
    assert "0.001" in text or "0.01" in text


def test_sgd_s_step_is_rate_times_gradient():
    assert "the step is the learning rate, 0.001, times the gradient" in of("W1_new")["explanation"]


def test_a_new_state_is_told_from_the_old_one():
    assert latex("W1_m_new") != latex("W1_m")


def test_two_words_stay_two():
    assert r"leaky\,relu" in right("a1", activation="leaky_relu")
    assert "leaky relu" in of("a1", activation="leaky_relu")["equation"]["mathml"].replace("\u2009", " ")
