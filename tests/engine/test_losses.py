"""Losses: by hand on small numbers, their reductions, and what they do where a logarithm or a kink is."""

import math

import numpy as np
import pytest

from app.engine.losses import LOSSES, AbsoluteError, BinaryCrossEntropy, CrossEntropy, Huber, SquaredError

inf, nan = math.inf, math.nan


def one(loss, a, y):
    """Value and derivative for one example with one output, as the passes compute them."""
    with np.errstate(all="ignore"):
        return float(loss.value(np.array([[a]]), np.array([[y]]))), float(loss.gradient(np.array([[a]]), np.array([[y]]))[0, 0])


@pytest.mark.parametrize(
    ("loss", "a", "y", "value", "slope"),
    [
        (SquaredError(), 3.0, 1.0, 2.0, 2.0),
        (SquaredError(scale=1.0), 3.0, 1.0, 4.0, 4.0),
        (AbsoluteError(), -1.0, 1.5, 2.5, -1.0),
        (AbsoluteError(), 2.0, 1.5, 0.5, 1.0),
        (Huber(), 0.5, 0.0, 0.125, 0.5),
        (Huber(), -3.0, 0.0, 2.5, -1.0),
        (Huber(delta=2.0), 5.0, 0.0, 8.0, 2.0),
        (Huber(delta=2.0), -1.0, 0.0, 0.5, -1.0),
        (BinaryCrossEntropy(), 0.25, 1.0, math.log(4), -4.0),
        (BinaryCrossEntropy(), 0.25, 0.0, math.log(4 / 3), 4 / 3),
        (BinaryCrossEntropy(), 0.5, 0.5, math.log(2), 0.0),
        (CrossEntropy(), 0.25, 1.0, math.log(4), -4.0),
        (CrossEntropy(), 0.25, 0.5, math.log(2), -2.0),
    ],
)
def test_by_hand(loss, a, y, value, slope):
    assert one(loss, a, y) == pytest.approx((value, slope), rel=1e-15)


@pytest.mark.parametrize("delta", [1.0, 0.3, 2.5])
@pytest.mark.parametrize("side", [-1, 1])
def test_huber_is_smooth_where_its_two_pieces_meet(delta, side):
    """At |a − y| = δ: ½δ² and slope ±δ from both pieces."""
    assert one(Huber(delta=delta), side * delta, 0.0) == pytest.approx((delta**2 / 2, side * delta), rel=1e-15)
    assert one(Huber(delta=delta), side * delta * (1 + 1e-9), 0.0)[0] == pytest.approx(delta**2 / 2, rel=1e-8)


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_absolute_error_has_slope_zero_at_its_kink(zero):
    assert one(AbsoluteError(), zero, 0.0) == (0, 0)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(
    ("over_outputs", "over_batch", "share"), [("sum", "sum", 1), ("mean", "sum", 1 / 3), ("sum", "mean", 1 / 2), ("mean", "mean", 1 / 6)]
)
def test_reductions_and_scale_are_part_of_the_loss(name, over_outputs, over_batch, share):
    rng = np.random.default_rng(0)
    a, y = rng.uniform(0.1, 0.9, (2, 3)), rng.random((2, 3))
    plain = LOSSES[name](scale=1.0, over_outputs="sum", over_batch="sum")
    reduced = LOSSES[name](scale=7.0, over_outputs=over_outputs, over_batch=over_batch)
    assert plain.value(a, y) == pytest.approx(math.fsum(plain.term(a, y).ravel()))
    assert reduced.value(a, y) == pytest.approx(7 * share * plain.value(a, y))
    np.testing.assert_allclose(reduced.gradient(a, y), 7 * share * plain.gradient(a, y))


def test_defaults():
    assert {name: kind().scale for name, kind in LOSSES.items()} == {name: 0.5 if name == "squared_error" else 1.0 for name in LOSSES}
    assert {(kind().over_outputs, kind().over_batch) for kind in LOSSES.values()} == {("sum", "mean")}


@pytest.mark.parametrize(
    ("loss", "a", "y", "value", "slope"),
    [
        (BinaryCrossEntropy(), 0.0, 0.0, 0.0, 1.0),
        (BinaryCrossEntropy(), 1.0, 1.0, 0.0, -1.0),
        (CrossEntropy(), 0.0, 0.0, 0.0, 0.0),
        (CrossEntropy(), 1.0, 1.0, 0.0, -1.0),
        (CrossEntropy(), -0.5, 0.0, 0.0, 0.0),
        (CrossEntropy(), nan, 0.0, 0.0, 0.0),
    ],
)
def test_a_term_that_does_not_count_is_zero(loss, a, y, value, slope):
    """0 · ln 0 = 0, and no other x makes 0 · ln x anything else."""
    assert one(loss, a, y) == (value, slope)


@pytest.mark.parametrize(
    ("loss", "a", "y", "value", "slope"),
    [
        (BinaryCrossEntropy(), 0.0, 1.0, inf, -inf),
        (BinaryCrossEntropy(), 1.0, 0.0, inf, inf),
        (BinaryCrossEntropy(), 0.0, 0.5, inf, -inf),
        (CrossEntropy(), 0.0, 1.0, inf, -inf),
        (CrossEntropy(), 0.0, 0.1, inf, -inf),
    ],
)
def test_a_saturated_prediction_honestly_gives_infinity(loss, a, y, value, slope):
    assert one(loss, a, y) == (value, slope)


@pytest.mark.parametrize("loss", [BinaryCrossEntropy(), CrossEntropy()])
@pytest.mark.parametrize("a", [-0.5, nan])
def test_outside_the_logs_domain_is_nan(loss, a):
    assert math.isnan(one(loss, a, 1.0)[0])


@pytest.mark.parametrize("kind", [BinaryCrossEntropy, CrossEntropy])
@pytest.mark.parametrize("clip", [1e-7, 1e-12, 0.2])
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(("a", "held"), [(-5.0, "low"), (0.0, "low"), (1.0, "high"), (5.0, "high"), (-inf, "low"), (inf, "high")])
def test_clip_holds_the_value_and_stops_the_gradient(kind, clip, y, a, held):
    value, slope = one(kind(clip=clip), a, y)
    assert value == pytest.approx(one(kind(), clip if held == "low" else 1 - clip, y)[0], rel=1e-12, abs=0)
    assert math.isfinite(value)
    assert slope == 0


@pytest.mark.parametrize("kind", [BinaryCrossEntropy, CrossEntropy])
@pytest.mark.parametrize("a", [0.2, 0.5, 0.8])
def test_clip_changes_nothing_inside(kind, a):
    assert one(kind(clip=0.2), a, 0.3) == one(kind(), a, 0.3)


@pytest.mark.parametrize("name", LOSSES)
def test_nan_predictions_stay_nan(name):
    value, slope = one(LOSSES[name](), nan, 0.5)
    assert math.isnan(value)
    assert math.isnan(slope)


def test_an_overflowing_square_is_infinite():
    assert one(SquaredError(), 1e200, 0.0) == (inf, 1e200)
