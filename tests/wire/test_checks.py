"""The gradient check as a job: what it costs, how much of it there is time for, which entries it takes."""

import json

import numpy as np
import pytest
from documents import MIXED, TWO_LAYER, wide

from app.engine.document import NO_LIMITS, read_problem
from app.engine.gradient_check import check_cost, gradients_of, shape_of
from app.engine.judge import passes
from app.engine.limits import Limits
from app.engine.moved import CALL, Moved, cost
from app.engine.passes import program
from app.engine.probe import SWEEP
from app.wire.checks import FLOOR, SAMPLE, check_job
from app.wire.faults import RequestError
from app.wire.jobs import TooHeavy
from app.wire.requests import problem_of


def answer(document, limits=NO_LIMITS):
    """The answer as plain data."""
    found = check_job(json.dumps(document).encode(), limits)
    assert isinstance(found, list), found
    return json.loads(b"".join(found))


def refused(document, limits):
    error = check_job(json.dumps(document).encode(), limits)
    assert isinstance(error, RequestError)
    return error


WIDE = wide(30, 20, inputs=25, examples=3)
PROBE = {"quantity": "W1", "entry": [0, 0]}


def test_the_same_request_has_the_same_bytes():
    body = json.dumps({**WIDE, "probe": PROBE}).encode()
    assert check_job(body, NO_LIMITS) == check_job(body, NO_LIMITS)


def test_all_entries_of_small_quantities_and_a_sample_of_large_ones():
    found = answer(WIDE)["quantities"]
    assert {name: (it["checked"], it["of"]) for name, it in found.items()} == {
        **{"da2": (60, 60), "dz2": (60, 60), "dW2": (SAMPLE, 600), "db2": (20, 20), "da1": (90, 90), "dz1": (90, 90)},
        **{"dW1": (SAMPLE, 750), "db1": (30, 30), "da0": (75, 75)},
    }


def test_only_what_is_asked_for_is_checked_and_with_the_same_result():
    everything = answer(WIDE)
    some = answer({**WIDE, "quantities": ["dW1", "da2", "dW1"]})
    assert list(some["quantities"]) == ["da2", "dW1"]
    assert some["quantities"] == {name: everything["quantities"][name] for name in ("da2", "dW1")}
    nothing = answer({**WIDE, "quantities": [], "probe": PROBE})
    assert (nothing["agrees"], nothing["quantities"]) == (None, {})
    assert nothing["probe"] == answer({**WIDE, "probe": PROBE})["probe"]


def test_null_means_the_default():
    assert answer({**TWO_LAYER, "epsilon": None, "quantities": None, "probe": None}) == answer(TWO_LAYER)
    assert answer({**TWO_LAYER, "epsilon": 1e-3, "probe": {**PROBE, "epsilon": None}})["probe"]["epsilon"] == 1e-3


# ---- cost --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [TWO_LAYER, MIXED, {"preset": "iris"}])
def test_the_cost_of_a_loss_counts_what_is_computed(document):
    """Every number that is computed again once, and a call for every definition; these products are too small to count."""
    problem = problem_of(document, NO_LIMITS)
    known = passes(problem)
    for gradient in gradients_of(problem.structure):
        name = gradient[1:]
        assert shape_of(problem.structure, name) == known[name].shape
        follows = Moved(problem, known, name).follows
        numbers = sum(known[d.id].size for d in follows if d.id != "loss") + known["y"].size  # of the loss, its terms
        assert cost(problem.structure, name) == CALL * len(follows) + numbers


def test_products_count():
    narrow, broad = (read_problem(wide(4, n, inputs=4, examples=10)).structure for n in (100, 200))
    for of, n in ((narrow, 100), (broad, 200)):
        assert cost(of, "W2") == 3 * CALL + 10 * (3 * n + 4 * n // 100)


def test_the_cost_of_a_check_is_that_of_its_losses(monkeypatch):
    counted = []
    problem = problem_of(MIXED, NO_LIMITS)
    original = Moved.loss
    monkeypatch.setattr(Moved, "loss", lambda self, entry, value: counted.append(len(self.follows)) or original(self, entry, value))
    found = answer(MIXED)["quantities"]
    assert len(counted) == 2 * sum(it["checked"] for it in found.values())
    assert check_cost(problem.structure, list(found), SAMPLE) > CALL * sum(counted)
    assert check_cost(problem.structure, list(found), SAMPLE) < 2 * CALL * sum(counted)


def test_light_and_heavy_are_told_apart_before_anything_is_computed(monkeypatch):
    light, heavy = (json.dumps(it).encode() for it in (TWO_LAYER, WIDE))
    assert isinstance(check_job(light, NO_LIMITS, 60_000), list)
    monkeypatch.setattr("app.wire.checks.passes", lambda problem: pytest.fail("computed"))
    with pytest.raises(TooHeavy):
        check_job(heavy, NO_LIMITS, 60_000)


# ---- limits ------------------------------------------------------------------------------------------------------------


def test_the_sample_shrinks_with_the_time_there_is():
    of, checked = problem_of(WIDE, NO_LIMITS).structure, []
    names = gradients_of(of)
    all_of_it = 100 * check_cost(of, names, SAMPLE)
    for work in (2 * all_of_it, all_of_it, all_of_it - 1, all_of_it // 2, all_of_it // 10):
        found = answer(WIDE, Limits(work=work))["quantities"]
        sample = max(it["checked"] for it in found.values())
        assert all(it["checked"] == min(it["of"], sample) for it in found.values())
        assert 100 * check_cost(of, names, sample) <= work
        assert sample == SAMPLE or 100 * check_cost(of, names, sample + 1) > work, "as many as there is time for"
        checked.append(sample)
    assert checked[:3] == [SAMPLE, SAMPLE, SAMPLE - 1]
    assert SAMPLE > checked[3] > checked[4] > FLOOR


def test_less_than_a_few_entries_is_refused_and_says_what_helps(monkeypatch):
    monkeypatch.setattr("app.wire.checks.passes", lambda problem: pytest.fail("computed"))
    error = refused(WIDE, Limits(work=10**6))
    assert (error.status, [fault.pointer for fault in error.faults]) == (422, ["/quantities"])
    assert "1000000 multiply-adds" in error.detail and "fewer quantities" in error.detail


def test_a_probe_is_never_too_much_but_its_sweep_may_be():
    assert len(answer({**WIDE, "quantities": [], "probe": PROBE}, Limits(work=10**8))["probe"]["sweep"]) == len(SWEEP)
    found = answer({**WIDE, "quantities": [], "probe": PROBE}, Limits(work=10**6))["probe"]
    assert found["sweep"] == []
    assert found["difference"] < 1e-9
    assert np.isfinite(found["quotient"])


def test_limits_of_the_problem_come_first():
    error = refused({**WIDE, "epsilon": -1}, Limits(units=10))
    assert [fault.pointer for fault in error.faults] == ["/layers/0/units", "/layers/1/units", "/inputs", "/epsilon"]


def test_every_gradient_is_named_in_the_order_of_the_derivation():
    found = answer(MIXED)["quantities"]
    assert list(found) == [d.id for d in program(problem_of(MIXED, NO_LIMITS).structure).backward]
