"""Every gradient against HIPS autograd, which differentiates a forward pass written here and not ours."""

import math
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from autograd.extend import defvjp, primitive
from problems import ALL_ACTIVATIONS, VARIANTS, document, label, random_problem, values

from app.engine.activations import ACTIVATIONS
from app.engine.document import read_problem
from app.engine.losses import LOSSES, REDUCTIONS
from app.engine.parameters import settings_of
from app.engine.passes import record
from app.engine.problem import Problem

erf = primitive(np.vectorize(math.erf, otypes=[float]))
defvjp(erf, lambda _, x: lambda g: g * 2 / math.sqrt(math.pi) * np.exp(-x * x))


def gelu(z, approximate):
    if approximate == "tanh":
        return 0.5 * z * (1 + anp.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))
    return 0.5 * z * (1 + erf(z / math.sqrt(2)))


VALUES = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": lambda z: (anp.exp(2 * z) - 1) / (anp.exp(2 * z) + 1),
    "relu": lambda z: z * (z > 0),
    "leaky_relu": lambda z, slope: anp.where(z > 0, z, slope * z),
    "elu": lambda z, alpha: anp.where(z > 0, z, alpha * (anp.exp(z) - 1)),
    "gelu": gelu,
    "silu": lambda z: z / (1 + anp.exp(-z)),
    "softplus": lambda z, beta: anp.log(1 + anp.exp(beta * z)) / beta,
    "softmax": lambda z: anp.exp(z) / anp.sum(anp.exp(z), axis=1, keepdims=True),
}

TERMS = {
    "squared_error": lambda a, y: (a - y) ** 2,
    "absolute_error": lambda a, y: anp.abs(a - y),
    "huber": lambda a, y, delta: anp.where(anp.abs(a - y) <= delta, (a - y) ** 2 / 2, delta * (anp.abs(a - y) - delta / 2)),
    "binary_cross_entropy": lambda a, y, clip: -y * anp.log(inside(a, clip)) - (1 - y) * anp.log(1 - inside(a, clip)),
    "cross_entropy": lambda a, y, clip: -y * anp.log(inside(a, clip)),
}


def inside(a, clip):
    return anp.where(a < clip, clip, anp.where(a > 1 - clip, 1 - clip, a))


def expected_loss(problem: Problem, at: dict):
    """ℒ with every quantity in `at` added at its place: at zero, its gradient there is ∂ℒ/∂z or ∂ℒ/∂a."""
    a = at["a0"]
    for l, layer in enumerate(problem.layers, 1):
        z = anp.dot(a, anp.transpose(at[f"W{l}"])) + at[f"b{l}"] + at[f"z{l}"]
        a = VALUES[layer.activation.name](z, **settings_of(layer.activation)) + at[f"a{l}"]
    settings = settings_of(problem.loss)
    scale, over_outputs, over_batch = (settings.pop(name) for name in ("scale", "over_outputs", "over_batch"))
    terms = TERMS[problem.loss.name](a, problem.targets, **settings)
    each = anp.sum(terms, axis=1) if over_outputs == "sum" else anp.mean(terms, axis=1)
    return scale * (anp.sum(each) if over_batch == "sum" else anp.mean(each))


def agree(problem: Problem) -> None:
    """The engine's loss and all its gradients are those of autograd."""
    at = {"a0": problem.inputs}
    examples = len(problem.inputs)
    for l, layer in enumerate(problem.layers, 1):
        units = len(layer.weights)
        at |= {f"W{l}": layer.weights, f"b{l}": layer.bias, f"z{l}": np.zeros((examples, units)), f"a{l}": np.zeros((examples, units))}
    computed = values(record(problem))
    np.testing.assert_allclose(computed["loss"], expected_loss(problem, at), rtol=1e-12, atol=1e-14)
    for name, gradient in grad(lambda at: expected_loss(problem, at))(at).items():
        np.testing.assert_allclose(computed[f"d{name}"], gradient, rtol=1e-9, atol=1e-12, err_msg=f"d{name}")


def test_every_registered_function_has_an_independent_twin_here():
    assert VALUES.keys() == ACTIVATIONS.keys()
    assert TERMS.keys() == LOSSES.keys()


@pytest.mark.parametrize(("over_outputs", "over_batch"), [*product(REDUCTIONS, REDUCTIONS)])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
def test_gradients_are_autograds(activation, loss, over_outputs, over_batch):
    for seed in range(3):
        rng = np.random.default_rng([seed, *f"{activation}{loss}{over_outputs}{over_batch}".encode()])
        sizes = [int(n) for n in rng.integers(1, 5, size=rng.integers(2, 5))]
        sizes[-1] += sizes[-1] == 1  # a softmax of one unit is always 1, where ln(1 − a) has no value
        declared = {"name": loss, "over_outputs": over_outputs, "over_batch": over_batch, "scale": float(rng.uniform(0.2, 3))}
        agree(random_problem(sizes=sizes, activations=[activation] * 3, loss=declared, seed=seed, examples=int(rng.integers(1, 5))))


@pytest.mark.parametrize("seed", range(40))
def test_networks_of_mixed_layers(seed):
    rng = np.random.default_rng(seed)
    chosen = [ALL_ACTIVATIONS[k] for k in rng.integers(len(ALL_ACTIVATIONS), size=4)]
    agree(random_problem(sizes=[3, 4, 2, 5, 3], activations=chosen, loss=list(LOSSES)[seed % len(LOSSES)], seed=seed, examples=4))


@pytest.mark.parametrize("loss", [{"name": name, **variant} for name in LOSSES for variant in VARIANTS.get(name, [])], ids=label)
def test_parameters_of_losses(loss):
    for seed in range(5):
        agree(random_problem(sizes=[2, 3, 2], activations=["tanh", "identity"], loss=loss, seed=seed, examples=5))


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "cross_entropy"])
@pytest.mark.parametrize("activation", ["sigmoid", "softmax", "identity"])
def test_clipped_predictions(activation, loss):
    """A wide clip, so that some predictions are clipped and some are not; without a log's domain to keep to."""
    clipped = 0
    for seed in range(6):
        description = {"sizes": [2, 4, 3], "activations": ["tanh", activation], "loss": {"name": loss, "clip": 0.3}, "seed": seed, "examples": 4}
        problem = read_problem(document(**description))
        agree(problem)
        a = values(record(problem))["a2"]
        clipped += int(((a < 0.3) | (a > 0.7)).sum())
    assert 0 < clipped < 6 * 12
