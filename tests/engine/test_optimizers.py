"""Optimizers against PyTorch's update rules, written here once more in plain Python, one number at a time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problems import lists, quantities

from app.engine.document import read_problem
from app.engine.optimizers import OPTIMIZERS
from app.engine.parameters import settings_of
from app.engine.passes import record


def sgd(w, g, s, t, lr):
    return w - lr * g


def momentum(w, g, s, t, lr, mu):
    s["buf"] = g if t == 1 else mu * s["buf"] + g
    return w - lr * s["buf"]


def nesterov(w, g, s, t, lr, mu):
    s["buf"] = g if t == 1 else mu * s["buf"] + g
    return w - lr * (g + mu * s["buf"])


def rmsprop(w, g, s, t, lr, alpha, eps):
    s["avg"] = alpha * s.get("avg", 0.0) + (1 - alpha) * g**2
    return w - lr * g / (math.sqrt(s["avg"]) + eps)


def adagrad(w, g, s, t, lr, eps):
    s["sum"] = s.get("sum", 0.0) + g**2
    return w - lr * g / (math.sqrt(s["sum"]) + eps)


def adam(w, g, s, t, lr, beta1, beta2, eps):
    s["m"] = beta1 * s.get("m", 0.0) + (1 - beta1) * g
    s["v"] = beta2 * s.get("v", 0.0) + (1 - beta2) * g**2
    denominator = math.sqrt(s["v"]) / math.sqrt(1 - beta2**t) + eps
    return w - lr / (1 - beta1**t) * s["m"] / denominator


def adamw(w, g, s, t, lr, beta1, beta2, eps, decay):
    return adam(w - lr * decay * w, g, s, t, lr, beta1, beta2, eps)


RULES = {"sgd": sgd, "momentum": momentum, "nesterov": nesterov, "rmsprop": rmsprop, "adagrad": adagrad, "adam": adam, "adamw": adamw}
STATE = {"sgd": {}, "momentum": {"v": "buf"}, "nesterov": {"v": "buf"}, "rmsprop": {"v": "avg"}, "adagrad": {"v": "sum"}}
STATE |= {"adam": {"m": "m", "v": "v"}, "adamw": {"m": "m", "v": "v"}}
DEFAULTS = {
    "sgd": {"learning_rate": 1e-3},
    "momentum": {"learning_rate": 1e-3, "momentum": 0.9},
    "nesterov": {"learning_rate": 1e-3, "momentum": 0.9},
    "rmsprop": {"learning_rate": 1e-2, "alpha": 0.99, "epsilon": 1e-8},
    "adagrad": {"learning_rate": 1e-2, "epsilon": 1e-10},
    "adam": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "adamw": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
}
OTHERS = {"learning_rate": 0.07, "momentum": 0.6, "alpha": 0.8, "epsilon": 1e-3, "beta1": 0.7, "beta2": 0.95, "weight_decay": 0.3}
CHOICES = [(name, chosen) for name, defaults in DEFAULTS.items() for chosen in (defaults, {key: OTHERS[key] for key in defaults})]
INPUTS, TARGETS = [[0.5, -1.5], [2.0, 0.25]], [[0.3], [-0.7]]


def test_every_optimizer_has_its_rule_and_pytorchs_defaults():
    assert RULES.keys() == OPTIMIZERS.keys()
    assert {name: settings_of(kind()) for name, kind in OPTIMIZERS.items()} == {name: {**DEFAULTS[name], "update_biases": True} for name in DEFAULTS}
    assert {name: kind.slots for name, kind in OPTIMIZERS.items()} == {name: tuple(STATE[name]) for name in STATE}


def neuron(optimizer, weights, bias, **more):
    """One linear unit, squared error, two examples."""
    layer = {"weights": [weights], "bias": [bias], "activation": "identity"}
    return {"layers": [layer], "inputs": INPUTS, "targets": TARGETS, "optimizer": optimizer, **more}


def gradients(w, b):
    """∂ℒ/∂w and ∂ℒ/∂b of ½ (w·x + b − y)², mean over the examples, by hand."""
    errors = [w[0] * x[0] + w[1] * x[1] + b - y[0] for x, y in zip(INPUTS, TARGETS, strict=True)]
    return [sum(e * x[j] for e, x in zip(errors, INPUTS, strict=True)) / 2 for j in (0, 1)] + [sum(errors) / 2]


@pytest.mark.parametrize(("name", "chosen"), CHOICES, ids=lambda value: value if isinstance(value, str) else f"{value['learning_rate']}")
def test_four_updates_each_continued_from_the_state_of_the_last(name, chosen):
    """The parameters and the whole state after every update; a trace is continued by what the trace before ended with."""
    theta, states, state_document = [0.4, -0.9, 0.2], [{}, {}, {}], {}
    doc = neuron({"name": name, **chosen}, theta[:2], theta[2])
    for t in range(1, 5):
        slopes = gradients(theta[:2], theta[2])
        theta = [RULES[name](w, g, s, t, *chosen.values()) for w, g, s in zip(theta, slopes, states, strict=True)]
        known = quantities(read_problem(doc | {"optimizer_state": state_document}))
        np.testing.assert_allclose([*known["W1_new"][0], *known["b1_new"]], theta, rtol=1e-12)
        for slot, key in STATE[name].items():
            np.testing.assert_allclose([*known[f"W1_{slot}_new"][0], *known[f"b1_{slot}_new"]], [s[key] for s in states], rtol=1e-12)
        doc |= {"parameters": lists({"W1": known["W1_new"], "b1": known["b1_new"]})}
        state_document = lists({f"{p}1_{slot}": known[f"{p}1_{slot}_new"] for p in "Wb" for slot in STATE[name]} | {"t": t})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_what_is_given_and_what_is_an_operand(name):
    """State starts at 0 and t at 1; they are givens, and the update names them as its operands."""
    problem = read_problem(neuron(name, [0.4, -0.9], 0.2))
    givens = problem.givens()
    counts = name in ("adam", "adamw")
    expected = [f"{p}1_{slot}" for p in "Wb" for slot in STATE[name]] + (["t"] if counts else [])
    assert [key for key in givens if key not in ("a0", "y", "W1", "b1")] == expected
    assert all((givens[key] == (1 if key == "t" else 0)).all() for key in expected)
    update = {step.definition.id: step for step in record(problem)}["W1_new"]
    assert update.definition.rule.operands == ("W1", "dW1", *(f"W1_{slot}" for slot in STATE[name]), *(["t"] if counts else []))
    assert list(update.values) == ["W1_new", *(f"W1_{slot}_new" for slot in STATE[name])]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_biases_left_alone_have_neither_step_nor_state(name):
    known = quantities(read_problem(neuron({"name": name, "update_biases": False}, [0.4, -0.9], 0.2)))
    assert not [key for key in known if key.startswith("b1_")]
    assert "W1_new" in known


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_learning_rate_of_zero_moves_nothing(name):
    known = quantities(read_problem(neuron({"name": name, "learning_rate": 0}, [0.4, -0.9], 0.2)))
    np.testing.assert_array_equal(known["W1_new"], known["W1"])


@settings(deadline=None)
@given(gradient=st.floats(1e-3, 1e3), rate=st.floats(1e-4, 1))
def test_the_first_step_of_adam_is_the_learning_rate_whatever_the_gradient(gradient, rate):
    """Kingma & Ba, section 2.1: bias correction makes |Δθ| ≈ η at t = 1."""
    moved = OPTIMIZERS["adam"](learning_rate=rate).update(np.array(0.0), np.array(-gradient), np.array(0.0), np.array(0.0), np.array(1.0))[0]
    assert float(moved) == pytest.approx(rate, rel=1e-4)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_arguments_are_left_alone(name):
    by = OPTIMIZERS[name]()
    arguments = [np.full((2, 2), 0.5) for _ in range(2 + len(by.slots))] + [np.array(3.0)] * by.counts
    before = [argument.copy() for argument in arguments]
    results = by.update(*arguments)
    assert len(results) == 1 + len(by.slots)
    for argument, kept in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(argument, kept)
        assert not any(np.shares_memory(argument, result) for result in results)
