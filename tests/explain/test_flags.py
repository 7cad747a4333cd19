"""Flags: each sentence is true of the numbers it is said about."""

import re

import numpy as np
import pytest
from problems import document, quantities

from app.engine.document import read_problem
from app.engine.passes import record
from app.explain.flags import flags
from app.explain.numbers import rounded
from app.wire.presets import preset
from app.wire.quantities import magnitude

EYE = [[1, 0], [0, 1]]


def layer(weights, activation="identity", bias=None):
    return {"weights": weights, "activation": activation, **({} if bias is None else {"bias": bias})}


def said(problem):
    steps = record(problem)
    sizes = {name: magnitude(value) for step in steps for name, value in step.values.items()}
    return flags(problem, steps, sizes)


def texts(layers, inputs, targets, loss="squared_error"):
    return [flag["text"] for flag in said(read_problem({"layers": layers, "inputs": inputs, "targets": targets, "loss": loss}))]


def of_preset(name):
    found = preset(name)
    assert found is not None
    return read_problem(found["problem"])


def test_a_flag():
    assert said(of_preset("dead-relu")) == [
        {
            "kind": "dead",
            "quantity": "g1",
            "layer": 1,
            "layers": (1,),
            "units": (1,),
            "step": 10,
            "text": "Unit 2 of layer 1 is dead: its z is negative for all four examples, so relu passes no gradient and its weights and bias get none.",
        }
    ]


def test_vanishing_quotes_its_numbers():
    """The sizes by numpy alone; the factors of slopes and weights multiply to the whole."""
    problem = of_preset("vanishing")
    values = quantities(problem)
    rms = {name: float(np.sqrt(np.mean(value**2))) for name, value in values.items()}
    (flag,) = said(problem)
    assert flag["text"].startswith(f"∂ℒ/∂z shrinks 12,800 times from {rounded(rms['dz8'])} in layer 8 to {rounded(rms['dz1'])} in layer 1 (root mean square)")
    assert flag["text"].endswith("It is less than 0.001 times that of layer 8 in layers 1 and 2.")
    assert "(a sigmoid's is 0.25 at most)" in flag["text"]
    slopes = np.prod([rms[f"dz{l}"] / rms[f"da{l}"] for l in range(1, 8)])
    weights = np.prod([rms[f"da{l}"] / rms[f"dz{l + 1}"] for l in range(1, 8)])
    assert slopes * weights == pytest.approx(rms["dz1"] / rms["dz8"], rel=1e-12)
    assert f"multiply it by {rounded(slopes)} " in flag["text"]
    assert f"the weights by {rounded(weights)}." in flag["text"]


OFF = [[-1, -1], [-2, -1]]
CASES = [
    ([layer(OFF, "relu", [-1, -1]), layer([[1, 1]])], EYE, [[1]] * 2, "Both units of layer 1 are dead: their z is negative for both examples,"),
    ([layer([[0, 0]] * 2, "relu"), layer([[1, 1]])], EYE, [[1]] * 2, "their z is 0 for both examples, where the slope of relu counts as 0,"),
    ([layer([[-1, 0]], "relu"), layer([[1]])], EYE, [[1]] * 2, "The one unit of layer 1 is dead: its z is never above 0 for both examples,"),
    ([layer([[-1], [1]], "relu"), layer([[1, 1]])], [[1]], [[3]], "Unit 1 of layer 1 is off: its z is negative for the one example,"),
    ([{**layer(OFF, "relu"), "bias": False}, layer([[1, 1]])], EYE, [[1]] * 2, "relu passes no gradient and their weights get none."),
    ([layer([[-1]], {"name": "leaky_relu", "slope": 0}), layer([[1]])], [[1]] * 3, [[1]] * 3, "for all three examples, so leaky relu passes"),
    ([layer([[9], [1]], "sigmoid"), layer([[1, 1]])], [[1], [-0.5]], [[0]] * 2, "Unit 1 of layer 1 is saturated: sigmoid is flat"),
    ([layer([[9], [1]], "sigmoid"), layer([[1, 1]])], [[1], [-0.5]], [[0]] * 2, "(|z| from 4.5 to 9): its slope is 0.0109 at most, at its"),
    ([layer([[4]], "tanh"), layer([[1]])], [[1]], [[0]], "for the one example (|z| = 4): its slope is 0.00134, at its steepest 1, so little"),
    ([layer([[1000]], "sigmoid"), layer([[1]])], [[1]], [[0]], "(|z| = 1,000): its slope is 0 in float64, at its steepest 0.25, so no gradient"),
    ([layer([[9, 0], [0, 9]], "softmax")], EYE, EYE[::-1], "no entry of its ∂a/∂z is larger than 1.23·10⁻⁴ (at its steepest 0.25) and little"),
    ([layer([[900, 0], [0, 900]], "softmax")], EYE, EYE[::-1], "so all of its ∂a/∂z is 0 in float64 (at its steepest 0.25) and no gradient"),
    ([layer([[5]], "softmax")], [[1]], [[0]], "has one unit, which gives 1 whatever its z is"),
    ([layer([[1]]), layer([[2000]])], [[1]], [[0]], "∂ℒ/∂z grows 2,000 times from 2,000 in layer 2 to 4·10⁶ in layer 1"),
    ([layer([[1]]), layer([[2000]])], [[1]], [[0]], "the slopes on the way multiply it by 1, the weights by 2,000. It is more than 1,000 times"),
    ([layer([[1]]), layer([[1e-200]]), layer([[1e-110]])], [[1]], [[1]], "shrinks about 10³¹⁰ times from 1 in layer 3 to 10⁻³¹⁰ in layer 1"),
    ([layer(EYE)], EYE, EYE, "Prediction and target are equal for both examples, so ∂ℒ/∂z is exactly 0 in every layer"),
    ([layer(EYE, "tanh"), layer([[0, 0]], bias=[1])], EYE, [[0]] * 2, "The weights of layer 2 are all 0, so no gradient gets back through them"),
    ([layer(EYE), layer([[-1, -1]], "relu", [-1]), layer([[1]])], EYE, [[1]] * 2, "is not 0 the slope of relu is 0, so ∂ℒ/∂z is exactly 0 in layers 1 and 2."),
    ([layer(EYE), layer([[1, 1], [-1, -1]], "relu"), layer([[0, 1]])], EYE, [[1]] * 2, "wherever ∂ℒ/∂a[2] is not 0 the slope of relu is 0"),
    ([layer([[1]]), layer([[1], [1]]), layer([[1, -1]])], [[1]], [[1]], "weights of layer 2: in every sum all terms are 0 or cancel, so"),
    ([layer([[1e-200]], "sigmoid"), layer([[1e-200]]), layer([[1e-200]])], [[1]], [[1]], "through the weights of layer 2: in every sum all terms are 0"),
]


@pytest.mark.parametrize(("layers", "inputs", "targets", "text"), CASES)
def test_what_is_said_is_true(layers, inputs, targets, text):
    found = texts(layers, inputs, targets)
    assert any(text in one for one in found), found


def test_a_loss_that_does_not_move():
    (one,) = texts([layer(EYE)], EYE, EYE[::-1], {"name": "squared_error", "scale": 0})
    assert one.startswith("∂ℒ/∂a[1] is exactly 0 already, since ℒ does not change with these predictions, so ∂ℒ/∂z is exactly 0 in every layer")


def test_what_underflows_is_not_put_on_the_slope():
    """∂ℒ/∂a is 10⁻³²⁰ and the slope ¼ · 10⁻⁴: neither is 0, their product is."""
    zero, *_ = texts([layer([[-9.5]], "sigmoid"), layer([[1e-200]]), layer([[1e-123]])], [[1]], [[1]])
    assert zero == "No gradient gets past layer 1: the products of ∂ℒ/∂a[1] and the slopes of sigmoid all come to 0, so ∂ℒ/∂z is exactly 0 in layer 1."


@pytest.mark.parametrize(("units", "named"), [(6, "1, 2, 3, 4, 5 and 6"), (9, "1, 2, 3, 4, 5, 6 and 3 more")])
def test_many_units_are_counted(units, named):
    first = layer([[-1]] * units + [[1]], "relu")
    assert texts([first, layer([[1] * (units + 1)])], [[1]] * 2, [[0]] * 2)[0].startswith(f"Units {named} of layer 1 are dead")
    all_of_them = texts([layer([[-1]] * 30, "relu"), layer([[1] * 30])], [[1]] * 2, [[1]] * 2)
    assert all_of_them[1].startswith("All 30 units of layer 1 are dead")


def test_long_runs_of_layers_are_named_by_their_ends():
    network = [layer([[1]]) for _ in range(6)] + [layer([[1e-4]])]
    assert texts(network, [[1]], [[9]])[0].endswith("in layers 1 to 6.")
    assert texts([layer([[1]]), *(layer([[w]]) for w in (1e-4, 1e4, 1e-4, 1e4, 1e-4))], [[1]], [[9]])[0].endswith("in layers 1, 3 and 5.")


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "elu", "gelu", "softmax"])
@pytest.mark.parametrize("scale", [0.0, 1e-3, 1.0, 30.0, 1e60])
def test_every_sentence_is_one(activation, scale):
    """Whatever the weights: no sentence breaks, and none quotes what is no number."""
    for seed in range(4):
        doc = document(sizes=[3, 4, 3, 2], activations=[activation, activation, "tanh"], loss="squared_error", seed=seed, examples=1 + seed)
        for one in doc["layers"]:
            one["weights"] = (np.array(one["weights"]) * scale).tolist()
        for flag in said(read_problem(doc)):
            assert re.fullmatch(r"[A-Z∂].*\.", flag["text"])
            assert not re.search("nan|inf|∞|None|  ", flag["text"])


@pytest.mark.parametrize(
    ("x", "text"),
    [
        *[(0.0, "0"), (0.13849, "0.138"), (1.0, "1"), (-2.0, "−2"), (999.4, "999"), (999.6, "1,000"), (12_813, "12,800"), (999_400, "999,000")],
        *[(999_600, "10⁶"), (1.0849e-5, "1.08·10⁻⁵"), (1e-3, "0.001"), (9.999e-4, "0.001"), (9.99e-4, "9.99·10⁻⁴"), (1e300, "10³⁰⁰")],
        (-5e-324, "−4.94·10⁻³²⁴"),
    ],
)
def test_rounded(x, text):
    assert rounded(x) == text
