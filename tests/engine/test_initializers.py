"""Initializers: their distributions over many draws, and that the same seed always gives the same weights."""

import math

import numpy as np
import pytest
from problems import document

from app.engine.document import read_problem
from app.engine.initializers import INITIALIZERS, Constant, Normal, Uniform, Zeros

SHAPE = (300, 200)  # out, in
UNIFORM = {"xavier_uniform": math.sqrt(6 / 500), "he_uniform": math.sqrt(6 / 200), "uniform": 1.0}
NORMAL = {"xavier_normal": math.sqrt(2 / 500), "he_normal": math.sqrt(2 / 200), "normal": 1.0}


def test_every_initializer_is_tested_here():
    assert INITIALIZERS.keys() == UNIFORM.keys() | NORMAL.keys() | {"zeros", "constant"}


@pytest.mark.parametrize(("name", "r"), UNIFORM.items())
def test_uniform_between_its_bounds(name, r):
    """Nothing outside ±r, both ends nearly reached, mean 0, variance r²/3, and as many in each tenth."""
    W = INITIALIZERS[name](seed=3).weights(1, SHAPE)
    assert W.shape == SHAPE
    assert abs(W).max() <= r
    assert W.max() == pytest.approx(r, rel=1e-3)
    assert W.min() == pytest.approx(-r, rel=1e-3)
    assert W.mean() == pytest.approx(0, abs=5 * r / math.sqrt(3 * W.size))
    assert W.var() == pytest.approx(r * r / 3, rel=0.02)
    tenths = np.histogram(W, 10, (-r, r))[0]
    assert abs(tenths - W.size / 10).max() < 5 * math.sqrt(W.size / 10)


@pytest.mark.parametrize(("name", "s"), NORMAL.items())
def test_normal_and_not_truncated(name, s):
    """Mean 0, standard deviation s, 68.3 % within s, and some beyond 3 s as a normal has."""
    W = INITIALIZERS[name](seed=3).weights(1, SHAPE)
    assert W.shape == SHAPE
    assert W.mean() == pytest.approx(0, abs=5 * s / math.sqrt(W.size))
    assert W.std() == pytest.approx(s, rel=0.02)
    assert (abs(W) < s).mean() == pytest.approx(0.6827, abs=0.01)
    assert (abs(W) > 3 * s).mean() == pytest.approx(0.0027, abs=0.001)


def test_parameters():
    W = Uniform(low=2, high=5).weights(1, SHAPE)
    assert (W.min() >= 2) & (W.max() < 5) & (abs(W.mean() - 3.5) < 0.02)
    W = Normal(mean=-4, std=0.1).weights(1, SHAPE)
    assert W.mean() == pytest.approx(-4, abs=0.01)
    assert W.std() == pytest.approx(0.1, rel=0.02)
    assert (Normal(mean=2, std=0).weights(1, (2, 3)) == 2).all()
    assert (Constant(value=-0.3).weights(2, (2, 3)) == -0.3).all()
    assert (Constant().weights(2, (2, 3)) == 0.1).all()
    assert (Zeros().weights(1, (2, 3)) == 0).all()


@pytest.mark.parametrize(
    ("name", "draw"),
    [
        ("xavier_uniform", lambda rng: rng.uniform(-math.sqrt(6 / 5), math.sqrt(6 / 5), (3, 2))),
        ("xavier_normal", lambda rng: rng.normal(0, math.sqrt(2 / 5), (3, 2))),
        ("he_uniform", lambda rng: rng.uniform(-math.sqrt(3), math.sqrt(3), (3, 2))),
        ("he_normal", lambda rng: rng.normal(0, 1, (3, 2))),
        ("uniform", lambda rng: rng.uniform(-1, 1, (3, 2))),
        ("normal", lambda rng: rng.normal(0, 1, (3, 2))),
    ],
)
@pytest.mark.parametrize(("seed", "layer"), [(0, 1), (7, 3), (2**64 - 1, 64)])
def test_numbers_are_those_of_numpys_generator(name, draw, seed, layer):
    """Another program with numpy gets the very same weights from default_rng([seed, layer])."""
    np.testing.assert_allclose(INITIALIZERS[name](seed=seed).weights(layer, (3, 2)), draw(np.random.default_rng([seed, layer])), rtol=1e-15)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_same_seed_same_weights(name):
    kind = INITIALIZERS[name]
    np.testing.assert_array_equal(kind(seed=5).weights(1, (4, 3)), kind(seed=5).weights(1, (4, 3)))
    if name not in ("zeros", "constant"):
        assert (kind(seed=5).weights(1, (4, 3)) != kind(seed=6).weights(1, (4, 3))).all()
        assert (kind(seed=5).weights(1, (4, 3)) != kind(seed=5).weights(2, (4, 3))).all()


def drawn(seed=7, **change):
    doc = document(sizes=[3, 3], activations=["tanh"], loss="squared_error", seed=0, examples=1, targets=None)
    layers = [{"units": 3, "activation": "tanh"}, {"units": 4, "activation": "relu"}, {"units": 4, "activation": "tanh"}]
    for index, layer in change.items():
        layers[int(index[1:]) - 1] |= layer
    return read_problem(doc | {"layers": layers, "initializer": {"name": "he_normal", "seed": seed}}).layers


@pytest.mark.parametrize(
    "change",
    [
        {"_1": {"activation": "sigmoid"}},
        {"_1": {"weights": [[1.0, 2.0, 3.0]] * 3}},
        {"_1": {"bias": False}},
        {"_2": {"activation": "identity", "bias": [1.0, 2.0, 3.0, 4.0]}},
    ],
)
def test_editing_one_layer_does_not_roll_the_others_again(change):
    edited = int(next(iter(change))[1:])
    for l, (before, after) in enumerate(zip(drawn(), drawn(**change), strict=True), 1):
        if l != edited:
            np.testing.assert_array_equal(before.weights, after.weights)


def test_biases_start_at_zero():
    assert all((layer.bias == 0).all() for layer in drawn() if layer.bias is not None)


def test_a_document_without_initializer_is_xavier_uniform_with_seed_zero():
    doc = document(sizes=[3, 2], activations=["tanh"], loss="squared_error", seed=0, examples=1)
    problem = read_problem(doc | {"layers": [{"units": 2, "activation": "tanh"}]})
    np.testing.assert_array_equal(problem.layers[0].weights, INITIALIZERS["xavier_uniform"](seed=0).weights(1, (2, 3)))
