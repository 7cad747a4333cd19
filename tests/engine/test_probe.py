"""One number moved by ±ε: the numbers are those of a forward pass written out here, and the error falls and rises as theory says."""

import numpy as np
import pytest
from problems import random_problem

from app.engine.document import read_problem
from app.engine.probe import SWEEP, probe

# Mazur's network: 2-2-2, sigmoid, ½ Σ (a − y)².
GIVEN = {
    "a0": np.array([[0.05, 0.10]]),
    "W1": np.array([[0.15, 0.20], [0.25, 0.30]]),
    "b1": np.array([0.35, 0.35]),
    "W2": np.array([[0.40, 0.45], [0.50, 0.55]]),
    "b2": np.array([0.60, 0.60]),
}
MAZUR = read_problem(
    {
        "layers": [{"weights": GIVEN[f"W{l}"], "bias": GIVEN[f"b{l}"], "activation": "sigmoid"} for l in (1, 2)],
        "inputs": GIVEN["a0"],
        "targets": [[0.01, 0.99]],
    }
)


def loss(name, entry, by):
    """ℒ with one entry moved, in plain numpy."""

    def moved(quantity, value):
        value = np.array(value)
        if quantity == name:
            value[entry] += by
        return value

    q = {key: moved(key, value) for key, value in GIVEN.items()}
    a = q["a0"]
    for l in (1, 2):
        z = moved(f"z{l}", np.einsum("nj,ij->ni", a, q[f"W{l}"]) + q[f"b{l}"])
        a = moved(f"a{l}", 1 / (1 + np.exp(-z)))
    return 0.5 * ((a - [[0.01, 0.99]]) ** 2).sum()


PLACES = [("a0", (0, 1)), ("W1", (0, 1)), ("b1", (1,)), ("z1", (0, 0)), ("a1", (0, 1)), ("W2", (1, 0)), ("b2", (0,)), ("z2", (0, 1)), ("a2", (0, 0))]


@pytest.mark.parametrize(("name", "entry"), PLACES)
@pytest.mark.parametrize("epsilon", [0.3, 1e-2, 1e-4])
def test_the_losses_are_those_of_a_forward_pass(name, entry, epsilon):
    found = probe(MAZUR, name, entry, epsilon)
    assert found.loss == pytest.approx(loss(name, entry, 0), rel=1e-14)
    assert found.at.plus == pytest.approx(loss(name, entry, epsilon), rel=1e-14)
    assert found.at.minus == pytest.approx(loss(name, entry, -epsilon), rel=1e-14)
    assert found.at.quotient == (found.at.plus - found.at.minus) / (2 * epsilon)
    assert found.at.difference == abs(found.at.quotient - found.gradient)
    assert found.verdict == "agrees"


def test_published_numbers():
    """Mazur: ∂E/∂w5 = 0.082167041 and ∂E/∂w1 = 0.000438568."""
    assert probe(MAZUR, "W2", (0, 0), 1e-4).at.quotient == pytest.approx(0.082167041, abs=1e-9)
    assert probe(MAZUR, "W1", (0, 0), 1e-4).at.quotient == pytest.approx(0.000438568, abs=1e-9)


def test_the_sweep_goes_from_a_tenth_to_a_millionth_of_a_millionth():
    assert SWEEP[::2] == tuple(float(f"1e-{k}") for k in range(1, 13))
    np.testing.assert_allclose(np.diff(np.log10(SWEEP)), -0.5, rtol=1e-9)


@pytest.mark.parametrize(("name", "entry"), PLACES[:-1])
def test_truncation_falls_with_the_square_of_epsilon(name, entry):
    """A hundredth for a tenth of ε; the coefficient is a sixth of the third derivative, which a five-point formula gives."""
    found = probe(MAZUR, name, entry, 1e-4).sweep
    error = {it.epsilon: it.difference for it in found}
    assert error[1e-1] / error[1e-2] == pytest.approx(100, rel=0.03)
    h = 0.02
    third = (loss(name, entry, 2 * h) - 2 * loss(name, entry, h) + 2 * loss(name, entry, -h) - loss(name, entry, -2 * h)) / (2 * h**3)
    assert error[1e-1] == pytest.approx(abs(third) / 6 * 1e-2, rel=0.05)


def test_a_parabola_has_no_truncation():
    """ℒ is one in a2: a central difference is exact, whatever ε."""
    assert all(it.difference < 1e-10 for it in probe(MAZUR, "a2", (0, 0), 1e-4).sweep if it.epsilon >= 1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_rounding_rises_as_epsilon_falls(seed):
    """Below 1e-8 the error is rounding's: it grows about tenfold for a tenth of ε and stays under a few |ℒ| u / ε."""
    problem = random_problem(sizes=[3, 4, 2], activations=["tanh", "sigmoid"], loss="squared_error", seed=seed, examples=3)
    sweeps = [probe(problem, "W1", (i, j), 1e-4).sweep for i in range(4) for j in range(3)]
    typical = {e: np.median([[it.difference for it in sweep if it.epsilon == e] for sweep in sweeps]) for e in SWEEP}
    assert typical[1e-9] < typical[1e-10] < typical[1e-11] < typical[1e-12]
    assert 100 < typical[1e-12] / typical[1e-9] < 10_000
    middle = probe(problem, "W1", (0, 0), 1e-4).loss
    assert typical[1e-12] < 20 * middle * 2**-53 / 1e-12
    assert min(typical.values()) < 1e-9 < 1e-5 < typical[1e-1], "the best ε is in between"


def test_a_kink_is_called_one_whatever_epsilon():
    problem = read_problem({"layers": [{"weights": [[0.5]], "bias": [-0.5], "activation": "relu"}], "inputs": [[1.0]], "targets": [[0.25]]})
    for epsilon in (1e-1, 1e-4, 1e-9):
        found = probe(problem, "z1", (0, 0), epsilon)
        assert (found.gradient, found.verdict) == (0, "kink")
        assert found.at.quotient == pytest.approx(-0.125 + epsilon / 4, abs=1e-6)


def test_moving_by_less_than_float64_holds_changes_nothing():
    found = probe(MAZUR, "W2", (0, 0), 1e-300)
    assert (found.at.plus, found.at.minus, found.at.quotient) == (found.loss, found.loss, 0)
    assert found.verdict == "agrees", "of a check, at a step that means something"


def test_what_is_not_finite_is_no_difference():
    layers = [{"weights": [[1e3]], "activation": "sigmoid"}]
    problem = read_problem({"layers": layers, "inputs": [[1]], "targets": [[0]], "loss": "binary_cross_entropy"})
    found = probe(problem, "W1", (0, 0), 1e-4)
    assert found.verdict == "not_finite"
    assert not np.isfinite(found.loss) and not np.isfinite(found.at.difference)
