"""The gradient check: it agrees where backpropagation is right, finds where it is wrong, and tells a kink from an error."""

import dataclasses

import numpy as np
import pytest
from problems import ALL_ACTIVATIONS, VARIANTS, document, label, quantities, random_problem

from app.engine import operations
from app.engine.activations import ACTIVATIONS, Softmax
from app.engine.document import read_problem
from app.engine.gradient_check import check_gradients
from app.engine.judge import Judge, passes, sensitivity_of
from app.engine.losses import LOSSES
from app.engine.moved import Moved
from app.engine.passes import program
from app.engine.problem import Layer


def check(problem, **options):
    return check_gradients(problem, rng=np.random.default_rng(0), **options)


def disagreeing(problem, **options):
    return [name for name, agreement in check(problem, **options).items() if not agreement.agrees]


@pytest.mark.parametrize("loss", [*LOSSES, *({"name": name, **variant} for name in LOSSES for variant in VARIANTS.get(name, []))], ids=label)
@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
def test_agrees_for_every_activation_and_loss(activation, loss):
    for seed in range(3):
        problem = random_problem(sizes=[3, 4, 2], activations=[activation] * 2, loss=loss, seed=seed, examples=3)
        assert disagreeing(problem) == []


def test_every_gradient_is_checked_in_the_order_of_the_derivation():
    problem = random_problem(sizes=[2, 3, 2], activations=["tanh", "sigmoid"], loss="squared_error", seed=1, examples=4)
    agreements = check(problem)
    assert list(agreements) == ["da2", "dz2", "dW2", "db2", "da1", "dz1", "dW1", "db1", "da0"]
    assert [agreement.of for agreement in agreements.values()] == [8, 8, 6, 2, 12, 12, 6, 3, 8]
    assert all(agreement.checked == agreement.of and agreement.kinks == 0 for agreement in agreements.values())


def test_without_targets_there_is_nothing_to_check():
    assert check(read_problem({"layers": [{"units": 2, "activation": "relu"}], "inputs": [[1, 2]]})) == {}


# ---- wrong derivatives ---------------------------------------------------------------------------------------------------


def wrong(kind, how):
    """An activation of the given kind whose derivative is not that of its value."""
    return type("Wrong", (kind,), {"derivative": lambda self, z, a: how(kind.derivative(self, z, a))})()


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("how", [lambda g: -g, lambda g: 1.001 * g, lambda g: g + 1e-3], ids=["sign", "factor", "constant"])
def test_a_wrong_derivative_is_found_where_it_is(name, how):
    """In the hidden layer of two: the gradients of the last layer still agree, those behind it do not."""
    problem = random_problem(sizes=[3, 4, 2], activations=[name, "tanh"], loss="squared_error", seed=3, examples=3)
    first, last = problem.layers
    broken = dataclasses.replace(problem, layers=(Layer(first.weights, first.bias, wrong(type(first.activation), how)), last))
    assert disagreeing(broken) == ["dz1", "dW1", "db1", "da0"]


@pytest.mark.parametrize("name", LOSSES)
def test_a_wrong_loss_gradient_is_found_everywhere(name):
    problem = random_problem(sizes=[2, 3], activations=["sigmoid"], loss=name, seed=2, examples=2)
    kind = type(problem.loss)
    broken = type("Wrong", (kind,), {"slope": lambda self, a, y: 1.01 * kind.slope(self, a, y)})()
    assert disagreeing(dataclasses.replace(problem, loss=broken)) == ["da1", "dz1", "dW1", "db1", "da0"]


def test_a_jacobian_without_its_mixed_terms_is_found():
    """The mistake of treating softmax as elementwise."""
    problem = random_problem(sizes=[2, 3], activations=["softmax"], loss="cross_entropy", seed=1, examples=2)
    only_diagonal = wrong(Softmax, lambda g: g * np.eye(g.shape[1]))
    layer = problem.layers[0]
    broken = dataclasses.replace(problem, layers=(Layer(layer.weights, layer.bias, only_diagonal),))
    assert disagreeing(broken) == ["dz1", "dW1", "db1", "da0"]


def test_a_jacobian_that_is_not_symmetric_is_used_the_right_way_round():
    """g[n, k, i] = ∂a_k/∂z_i. Softmax's is symmetric, so its tests cannot tell k from i; a = z M can."""
    M = np.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0], [-2.0, 1.0, 0.25]])
    ways = {"value": lambda self, z: z @ M.T, "derivative": lambda self, z, a: np.broadcast_to(M, (len(z), 3, 3))}
    problem = random_problem(sizes=[2, 3], activations=["softmax"], loss="squared_error", seed=1, examples=2)
    layer = problem.layers[0]
    linear = dataclasses.replace(problem, layers=(Layer(layer.weights, layer.bias, type("Linear", (Softmax,), ways)()),))
    assert disagreeing(linear) == []
    known = quantities(linear)
    np.testing.assert_allclose(known["dz1"], np.einsum("nk,nki->ni", known["da1"], known["g1"]), rtol=1e-12)


def test_the_largest_difference_is_told_with_its_place():
    problem = random_problem(sizes=[2, 3], activations=["tanh"], loss="squared_error", seed=1, examples=2)

    def only_one(g):
        g = g.copy()
        g[1, 2] *= 1.5
        return g

    layer = problem.layers[0]
    broken = dataclasses.replace(problem, layers=(Layer(layer.weights, layer.bias, wrong(type(layer.activation), only_one)),))
    agreement = check(broken)["dz1"]
    assert (agreement.agrees, agreement.at) == (False, (1, 2))
    assert agreement.max_rel == pytest.approx(1 / 3, rel=1e-6)


# ---- kinks ---------------------------------------------------------------------------------------------------------------


def at_zero(activation, loss="squared_error", target=0.25):
    """One unit with z = 0 exactly: 1 · 0.5 − 0.5."""
    return read_problem(
        {"layers": [{"weights": [[0.5]], "bias": [-0.5], "activation": activation}], "inputs": [[1.0]], "targets": [[target]], "loss": loss}
    )


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", {"name": "elu", "alpha": 0.5}], ids=label)
def test_a_kink_is_no_error(activation):
    agreements = check(at_zero(activation))
    assert all(agreement.agrees for agreement in agreements.values())
    assert {name: agreement.kinks for name, agreement in agreements.items()} == {"da1": 0, "dz1": 1, "dW1": 1, "db1": 1, "da0": 1}


def test_the_kink_of_a_loss_is_no_error():
    """sign(0) = 0 lies between −1 and 1, and is their mean: the central difference itself."""
    assert disagreeing(at_zero("identity", "absolute_error", target=0.0)) == []


def test_a_smooth_activation_has_no_kink_at_zero():
    for name in ("elu", "gelu", "silu", "softplus", "tanh"):
        assert all(agreement.agrees and agreement.kinks == 0 for agreement in check(at_zero(name)).values()), name


def test_a_wrong_slope_at_a_kink_is_still_an_error():
    problem = at_zero("relu")
    layer = problem.layers[0]
    broken = dataclasses.replace(problem, layers=(Layer(layer.weights, layer.bias, wrong(type(layer.activation), lambda g: g - 0.5)),))
    assert disagreeing(broken) == ["dz1", "dW1", "db1", "da0"]


@pytest.mark.parametrize("epsilon", [1e-1, 1e-2, 1e-4, 1e-6])
@pytest.mark.parametrize("how", [lambda g: 1.01 * g, lambda g: g + 1e-3], ids=["factor", "constant"])
def test_a_smooth_bend_excuses_no_error(epsilon, how):
    """With a coarse ε the slopes to both sides are far apart wherever ℒ is curved, and a wrong gradient lies between them: that is no kink."""
    problem = random_problem(sizes=[2, 3], activations=["tanh"], loss="squared_error", seed=4, examples=2)
    layer = problem.layers[0]
    broken = dataclasses.replace(problem, layers=(Layer(layer.weights, layer.bias, wrong(type(layer.activation), how)),))
    assert disagreeing(broken, epsilon=epsilon) == ["dz1", "dW1", "db1", "da0"]
    found = check(problem, epsilon=epsilon)
    assert all(it.agrees and it.kinks == 0 for it in found.values())
    assert any(it.refined for it in found.values()) == (epsilon > 1e-3), "only where ε² is more than the relative tolerance"


@pytest.mark.parametrize("distance", [0.0, 1e-12, 1e-9, 1e-8, 1e-7, 3e-7, 5e-7, 9e-7, 1.1e-6])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_kink_near_an_entry_is_no_error_and_hides_none(distance, side):
    doc = {"layers": [{"weights": [[0.5]], "bias": [-0.5 + side * distance], "activation": "relu"}], "inputs": [[1.0]], "targets": [[0.25]]}
    problem = read_problem(doc)
    found = check(problem)
    assert all(it.agrees for it in found.values())
    assert all(found[name].kinks + found[name].refined == (distance < 1e-6) for name in ("dz1", "dW1", "db1"))
    assert distance != 0 or found["dW1"].kinks_at == ((0, 0),)
    layer = problem.layers[0]
    too_steep, half_way = lambda g: 1.5 * g - 0.25, lambda g: 0.5 + 0 * g
    for how in (too_steep, half_way) if distance >= 1e-9 else (too_steep,):  # at a kink, no difference speaks against what lies between its slopes
        broken = dataclasses.replace(problem, layers=(Layer(layer.weights, layer.bias, wrong(type(layer.activation), how)),))
        assert disagreeing(broken) == ["dz1", "dW1", "db1", "da0"]


def test_a_kink_of_the_slope_alone_is_no_error():
    """½ relu(z)² at 0: the slope is 0 to both sides, the quotient is ε/4 and goes to 0 with ε."""
    assert all(it.agrees and it.kinks == 0 for it in check(at_zero("relu", target=0.0)).values())


# ---- a wrong engine ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "function", "found"),
    [
        ("weight_gradient", lambda dz, a: (dz.T @ a / len(dz),), ["dW2", "dW1"]),
        ("bias_gradient", lambda dz: (dz[0],), ["db2", "db1"]),
        ("input_gradient", lambda dz, W: (dz @ np.abs(W),), ["da1", "dz1", "dW1", "db1", "da0"]),
        ("input_gradient", lambda dz, W: (np.roll(dz @ W, 1, axis=0),), ["da1", "dz1", "dW1", "db1", "da0"]),
        ("loss_gradient", lambda a, y: (y - a,), ["da2", "dz2", "dW2", "db2", "da1", "dz1", "dW1", "db1", "da0"]),
    ],
    ids=["mean for sum", "one example's", "sign lost", "examples mixed up", "sign of the loss"],
)
def test_a_mistake_in_the_engine_is_found_where_it_is(monkeypatch, operation, function, found):
    problem = random_problem(sizes=[3, 4, 2], activations=["tanh", "sigmoid"], loss="squared_error", seed=5, examples=3)
    original = getattr(operations, operation)
    with monkeypatch.context() as broken:
        broken.setattr(operations, operation, lambda *given: original(*given)._replace(function=function))
        program.cache_clear()
        assert disagreeing(problem) == found
    program.cache_clear()
    assert disagreeing(problem) == []


# ---- numbers of all sizes ------------------------------------------------------------------------------------------------


def one_unit(w, b, x, y, activation="identity", loss="squared_error"):
    return read_problem({"layers": [{"weights": [[w]], "bias": [b], "activation": activation}], "inputs": [[x]], "targets": [[y]], "loss": loss})


@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber"])
@pytest.mark.parametrize("x", [1e3, 1e5, 1e8, 1e11, 1e16, 1e100, 1e-5, 1e-100])
@pytest.mark.parametrize("near", [1e-9, 0.5, 3.0])
def test_agrees_for_data_that_nobody_scaled(loss, x, near):
    """Large numbers round coarsely: that moves the quotient, and it is no error of backpropagation. Nor does it stop the check."""
    assert disagreeing(one_unit(1.0, 0.5, x, x * (1 + near), loss=loss)) == []


def test_agrees_where_large_terms_cancel():
    doc = {"layers": [{"weights": [[1e6, -1e6, 1.0]], "bias": [0.1], "activation": "tanh"}], "inputs": [[1.0, 1.0, 0.3]], "targets": [[0.5]]}
    assert disagreeing(read_problem(doc)) == []


@pytest.mark.parametrize("factor", [1.01, -1.0])
def test_errors_are_found_in_moderately_large_data(factor):
    problem = one_unit(1.0, 0.5, 1e3, 2e3)
    layer = problem.layers[0]
    broken = dataclasses.replace(problem, layers=(Layer(layer.weights, layer.bias, wrong(type(layer.activation), lambda g: factor * g)),))
    assert disagreeing(broken) == ["dz1", "dW1", "db1", "da0"]


def test_a_trace_that_is_not_finite_does_not_agree_and_does_not_stop_the_check():
    problem = one_unit(1e4, 0.0, 1.0, 0.0, activation="sigmoid", loss="binary_cross_entropy")
    assert "da1" in disagreeing(problem)


@pytest.mark.parametrize("activation", ["identity", "sigmoid", "tanh", "relu", "gelu"])
@pytest.mark.parametrize("loss", ["squared_error", "huber", "absolute_error"])
@pytest.mark.parametrize("x", [0.3, -0.7, 1e3])
def test_a_network_that_fits_its_targets_agrees(activation, loss, x):
    """ℒ and every gradient are 0: whatever rounding leaves of a quotient is infinitely many times as much."""
    layers = [{"weights": [[-2.3]], "bias": [0.1], "activation": "tanh"}, {"weights": [[0.7]], "bias": [0.3], "activation": activation}]
    prediction = quantities(read_problem({"layers": layers, "inputs": [[x]]}))["a2"]
    assert disagreeing(read_problem({"layers": layers, "inputs": [[x]], "targets": prediction, "loss": loss})) == []


# ---- details -------------------------------------------------------------------------------------------------------------


def test_large_quantities_are_sampled_and_say_so():
    problem = random_problem(sizes=[30, 20], activations=["tanh"], loss="squared_error", seed=1, examples=2)
    agreements = check(problem, sample=25)
    assert (agreements["dW1"].checked, agreements["dW1"].of) == (25, 600)
    assert (agreements["db1"].checked, agreements["db1"].of) == (20, 20)
    assert check(problem, sample=25) == agreements, "the same generator, the same sample"


def test_some_gradients_alone_are_checked_at_the_same_entries():
    problem = random_problem(sizes=[30, 20], activations=["tanh"], loss="squared_error", seed=1, examples=2)
    agreements = check(problem, sample=25)
    assert check(problem, sample=25, names=["da0", "dW1"]) == {name: agreements[name] for name in ("dW1", "da0")}
    assert check(problem, names=[]) == {}


@pytest.mark.parametrize("epsilon", [1e-4, 1e-5, 1e-6, 1e-7])
def test_the_steps_size_is_free_within_reason(epsilon):
    problem = random_problem(sizes=[2, 3], activations=["identity"], loss="squared_error", seed=1, examples=2)
    assert disagreeing(problem, epsilon=epsilon) == []


def test_moving_an_entry_recomputes_what_follows_and_nothing_else():
    """Moving z1 leaves W1 and a0 behind it alone; by hand: ½ (2 · tanh(1) − 1)² with z1 set to 1."""
    doc = document(sizes=[1, 1, 1], activations=["tanh", "identity"], loss="squared_error", seed=1, examples=1)
    doc |= {"layers": [{"weights": [[3]], "activation": "tanh"}, {"weights": [[2]], "activation": "identity"}], "inputs": [[1]], "targets": [[1]]}
    problem = read_problem(doc)
    known = quantities(problem)
    kept = {name: value.copy() for name, value in known.items()}
    assert Moved(problem, known, "z1").loss((0, 0), 1.0) == pytest.approx(0.5 * (2 * np.tanh(1) - 1) ** 2, rel=1e-15)
    for name, value in known.items():
        np.testing.assert_array_equal(value, kept[name])


def test_what_is_not_finite_cannot_be_compared():
    layers = [{"weights": [[1e3]], "activation": "sigmoid"}]
    problem = read_problem({"layers": layers, "inputs": [[1]], "targets": [[0]], "loss": "binary_cross_entropy"})
    found = check(problem)
    assert all((it.agrees, it.comparable) == (False, False) for it in found.values())


def test_an_infinite_allowance_excuses_nothing():
    """ℒ and its gradients are finite; what rounding of 1e200 − 1e200 may do to ℒ is not."""
    problem = one_unit(1e200, -1e200, 1.0, 0.5, loss={"name": "huber", "scale": 1e200})
    found = check(problem)
    assert (found["dz1"].agrees, found["dW1"].agrees, found["dW1"].comparable) == (True, False, False)
    layer = problem.layers[0]
    broken = dataclasses.replace(problem, layers=(Layer(layer.weights, layer.bias, wrong(type(layer.activation), lambda g: 1.5 * g)),))
    assert (check(broken)["da1"].agrees, check(broken)["dz1"].agrees) == (True, False)


def test_allowances_do_not_overflow_on_their_way():
    assert disagreeing(one_unit(0.0, 1e307, 0.0, 0.0, loss="absolute_error"), epsilon=1e-12) == []


def test_what_is_wrong_is_comparable():
    problem = random_problem(sizes=[2, 2], activations=["tanh"], loss="squared_error", seed=1, examples=1)
    layer = problem.layers[0]
    broken = dataclasses.replace(problem, layers=(Layer(layer.weights, layer.bias, wrong(type(layer.activation), lambda g: -g)),))
    assert [(it.agrees, it.comparable) for name, it in check(broken).items() if name != "da1"] == [(False, True)] * 4


# relu(x) − relu(−x) at 0: both slopes are 1, backpropagation's is 0 by the convention relu′(0) = 0, which does not lie between.
KINKS_THAT_MEET = {
    "layers": [{"weights": [[1], [-1]], "activation": "relu"}, {"weights": [[1, -1]], "activation": "identity"}],
    "inputs": [[0]],
    "targets": [[1]],
}


def test_several_kinks_at_once_are_no_error():
    found = check_gradients(read_problem(KINKS_THAT_MEET), rng=np.random.default_rng(0))
    assert found["da0"].agrees and found["da0"].kinks == 1
    xor = {
        "layers": [{"units": 4, "activation": "relu"}, {"units": 1, "activation": "sigmoid"}],
        "inputs": [[0, 0], [0, 1], [1, 0], [1, 1]],
        "targets": [[0], [1], [1], [0]],
        "loss": "binary_cross_entropy",
    }
    for seed in range(6):
        found = check_gradients(read_problem({**xor, "initializer": {"name": "he_uniform", "seed": seed}}), rng=np.random.default_rng(0))
        assert all(it.agrees for it in found.values()), seed


def test_several_kinks_at_once_excuse_no_error():
    layers = [{"weights": [[1, 0], [-1, 0], [0, 1]], "activation": "relu"}, {"weights": [[1, -1, 2]], "activation": "identity"}]
    problem = read_problem({**KINKS_THAT_MEET, "inputs": [[0, 0.5]], "targets": [[3]], "layers": layers})
    known = passes(problem)
    assert Judge(problem, known, "da0", sensitivity_of(problem, known)).verdict((0, 0), 1e-6)[0] == "kink"
    known["da0"] = known["da0"] + 0.25
    assert Judge(problem, known, "da0", sensitivity_of(problem, known)).verdict((0, 0), 1e-6)[0] == "differs"
