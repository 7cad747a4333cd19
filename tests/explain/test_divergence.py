"""Why a training broke: each sentence is true of the numbers of that very run."""

import numpy as np
import pytest

from app.engine.document import read_problem
from app.engine.training import Plan, Training
from app.explain.divergence import divergence, size_of
from app.explain.trouble import OUTGREW


def broken(layers, inputs, targets, *, loss="squared_error", optimizer=None, epochs=2000, **more):
    """What is said of a training that breaks, and how large its numbers were before and at its last finite state."""
    document = {"layers": layers, "inputs": inputs, "targets": targets, "loss": loss, "optimizer": optimizer}
    training = Training(Plan(read_problem(document), epochs=epochs, **more))
    begun = size_of(training, training.measures().loss)
    training.advance(10**6)
    assert training.ended == "non_finite"
    now = size_of(training, training.measures().loss)
    return divergence(training, begun, now), begun, now, training


def lasts(layers, inputs, targets, *, optimizer, epochs=2000):
    """Whether a training ends with finite numbers."""
    training = Training(Plan(read_problem({"layers": layers, "inputs": inputs, "targets": targets, "optimizer": optimizer}), epochs=epochs))
    training.advance(10**6)
    return training.ended == "epochs"


LINEAR = [{"weights": [[0.5]], "activation": "identity"}]


def sgd(rate):
    return {"name": "sgd", "learning_rate": rate}


def test_steps_that_overshoot():
    """w + b goes to 1 − 5 (w + b − 1) in each update, so the 441st or so is beyond float64; its square, ℒ, is so after half as many."""
    (broke, said), begun, now, training = broken(LINEAR, [[1.0]], [[1.0]], optimizer=sgd(3.0))
    assert 435 < training.updates < 447
    assert begun.parameter == 0.5 and now.parameter > 1e300
    assert broke["step"] in ("da1", "dz1", "dW1", "W1_new")
    assert broke == {"step": broke["step"], "layer": 1, "update": training.updates + 1, "epoch": training.updates, "batch": 0}
    assert said[0] == f"Update {training.updates + 1}, batch 1 of epoch {training.updates + 1}, is the first that leaves numbers that are not finite."
    assert said[2] == OUTGREW
    assert "the largest parameter went from 0.5 to" in said[3] and "each step went too far" in said[3]
    assert said[4] == "A smaller learning rate than 3 helps; try 0.1."


def test_one_step_far_too_long():
    (broke, said), *_ = broken(LINEAR, [[1.0]], [[2.0]], optimizer=sgd(1e300))
    assert broke["update"] == 2
    assert "ℒ went from 1.12 to ∞ and the largest parameter went from 0.5 to 1.5·10³⁰⁰: one step did that." in said[3]
    assert said[-1] == "A smaller learning rate than 10³⁰⁰ helps; try 0.1."


def test_a_step_beyond_float64():
    (broke, said), *_ = broken(LINEAR, [[1e5]], [[0.0]], optimizer=sgd(1e300))
    assert broke == {"step": "W1_new", "layer": 1, "update": 1, "epoch": 0, "batch": 0}
    assert said[1] == "It begins with W[1] new, in layer 1."
    assert said[-1].startswith("A smaller learning rate than 10³⁰⁰ helps")


def test_data_too_large_from_the_beginning():
    """No learning rate is to blame."""
    (broke, said), *_ = broken(LINEAR, [[1e200]], [[0.0]], optimizer=sgd(0.1))
    assert (broke["step"], broke["update"]) == ("dW1", 1)
    assert len(said) == 3


@pytest.mark.parametrize("optimizer", ["rmsprop", "adagrad", "adam", "adamw"])
def test_a_gradient_whose_square_is_beyond_float64(optimizer):
    """It is so whatever the learning rate: tried with one that is next to nothing."""
    data = {"inputs": [[1e80]], "targets": [[0.0]]}
    (broke, said), *_ = broken(LINEAR, **data, optimizer={"name": optimizer, "learning_rate": 0.1})
    assert (broke["step"], broke["update"]) == ("W1_new", 1)
    assert said[2] == OUTGREW and not any("learning rate than" in sentence for sentence in said)
    (same, _), *_ = broken(LINEAR, **data, optimizer={"name": optimizer, "learning_rate": 1e-300})
    assert same == broke


@pytest.mark.parametrize("optimizer", ["rmsprop", "adagrad", "adam", "adamw"])
def test_a_division_by_0_needs_an_epsilon(optimizer):
    (broke, said), *_ = broken([{"weights": [[0.0]], "activation": "identity"}], [[0.0]], [[1.0]], optimizer={"name": optimizer, "epsilon": 0})
    assert broke["step"] == "W1_new"
    assert "epsilon" in said[-1] and not any("learning rate than" in sentence for sentence in said)


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
@pytest.mark.parametrize("rate", [0.1, 1e-9])
def test_a_momentum_that_makes_every_step_longer(optimizer, rate):
    """Whatever the learning rate; a smaller one puts it off."""
    (_, said), *_ = broken(LINEAR, [[1.0]], [[1.0]], optimizer={"name": optimizer, "learning_rate": rate, "momentum": 3})
    assert said[-1] == "A momentum of 3 makes steps longer and longer whatever the gradients are: keep it below 1."
    assert not any("learning rate than" in sentence for sentence in said)


@pytest.mark.parametrize(("rate", "decay"), [(0.001, 5000), (1.0, 5), (100, 0.05)])
def test_a_weight_decay_that_overshoots(rate, decay):
    """Each update makes the weight −4 times what it was, give or take the η that Adam moves it; so whatever η is, and not where ηλ is below 1."""
    optimizer = {"name": "adamw", "learning_rate": rate, "weight_decay": decay}
    (_, said), begun, now, training = broken(LINEAR, [[1.0]], [[1.0]], optimizer=optimizer)
    assert (now.parameter / (begun.parameter + rate)) ** (1 / training.updates) == pytest.approx(4, rel=0.02)
    factor = "The weight decay multiplies every trained parameter by 1 − ηλ = −4 in each update, whatever the gradients are"
    assert said[-1] == f"{factor}: keep learning rate times weight decay below 1."
    assert not any("learning rate than" in sentence for sentence in said)
    assert lasts(LINEAR, [[1.0]], [[1.0]], optimizer={**optimizer, "weight_decay": 0.99 / rate})
    assert lasts(LINEAR, [[1.0]], [[1.0]], optimizer={**optimizer, "learning_rate": 0.99 / decay})


@pytest.mark.parametrize("rate", [0.01, 1e-4])
def test_a_mean_of_squares_that_stays_0(rate):
    """RMSprop divides by epsilon alone then, so a hundredth of the learning rate breaks too; the next smaller alpha does not."""
    optimizer = {"name": "rmsprop", "learning_rate": rate, "alpha": 1}
    (_, said), *_ = broken(LINEAR, [[1.0]], [[1.0]], optimizer=optimizer)
    assert said[-1] == "With an alpha of 1 the mean of squares stays where it began, so a larger gradient is a larger step: keep it below 1."
    assert lasts(LINEAR, [[1.0]], [[1.0]], optimizer={**optimizer, "alpha": 0.99})


def test_a_training_that_went_well_until_then_is_not_blamed():
    """Its weight has become a hundred times as large, as it should: what breaks is the last example."""
    inputs, targets = [[1.0]] * 50 + [[1e200]], [[2.0]] * 50 + [[0.0]]
    (_, said), begun, now, _ = broken([{"weights": [[0.01]], "activation": "identity"}], inputs, targets, optimizer=sgd(0.1), batch_size=1, shuffle=False)
    assert now.parameter > 50 * begun.parameter
    assert len(said) == 3


def test_a_loss_that_falls_for_ever_has_no_remedy_in_smaller_steps():
    (_, said), begun, now, _ = broken(LINEAR, [[1.0]], [[1.0]], loss={"name": "squared_error", "scale": -1}, optimizer=sgd(0.5))
    assert now.parameter > 1e100 and not now.loss > begun.loss
    assert not any("learning rate than" in sentence for sentence in said)


def test_the_remedy_of_a_logarithm_is_told():
    layers = [{"weights": [[40.0]], "activation": "sigmoid"}]
    (broke, said), *_ = broken(layers, [[1.0]], [[0.0]], loss="binary_cross_entropy", optimizer=sgd(0.1))
    assert broke["step"] == "loss"
    assert "clip" in said[2] and not any("learning rate" in sentence for sentence in said)


def test_the_batch_that_breaks_is_named():
    (broke, said), *_ = broken(LINEAR, [[0.1], [0.1], [1e200]], [[0], [0], [0]], optimizer=sgd(0.1), batch_size=1, shuffle=False)
    assert (broke["update"], broke["epoch"], broke["batch"]) == (3, 0, 2)
    assert said[0].startswith("Update 3, batch 3 of epoch 1,")


def test_numbers_at_the_edge_of_float64_that_a_trace_just_holds():
    """Sums in another order: softmax is pulled back without its Jacobian here."""
    layers, loss = [{"units": 2, "activation": "softmax", "bias": False}], {"name": "absolute_error", "scale": -1e308, "over_batch": "sum"}
    (broke, said), *_ = broken(layers, [[-1e-5, -1e80], [0, 0]], [[1e5, -2], [-1.7e308, 0]], loss=loss, optimizer=sgd(0.001), batch_size=1)
    assert broke["step"] is None and said[1:] == [OUTGREW]


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw"])
def test_every_optimizer(optimizer):
    (broke, said), *_ = broken(LINEAR, [[1e155]], [[1.0]], optimizer={"name": optimizer, "learning_rate": 1e6}, epochs=50)
    assert broke["step"] is not None and np.isfinite(broke["update"])
    assert all(sentence.endswith(".") for sentence in said)
