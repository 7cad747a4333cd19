"""POST /gradient-check: how much of it there is time for, and the answer as bytes."""

from bisect import bisect_right
from typing import Any

import numpy as np
import orjson

from ..engine.errors import Fault, LimitError, ProblemError
from ..engine.gradient_check import check_cost, check_gradients
from ..engine.judge import passes
from ..engine.limits import Limits
from ..engine.moved import PRODUCTS, cost
from ..engine.probe import SWEEP, probe
from ..engine.problem import Problem, Structure
from ..engine.steps import Array
from .asked import EXTRAS, Asked, Moving, asked, faults, misfits
from .faults import RequestError, of_problem
from .jobs import TooHeavy, weight
from .requests import parse, problem_with

SAMPLE = 128  # entries of a larger quantity; the command line takes its time and more
FLOOR = 4  # entries of each quantity; a check of fewer says too little
SEED = 0  # of the samples: the same request, the same entries


def check_job(body: bytes, limits: Limits, at_most: int | None = None) -> list[bytes] | RequestError:
    """The answer as one chunk, or what is wrong with the request. Raises TooHeavy when it costs more than `at_most` numbers of a trace."""
    try:
        problem, given = problem_with(parse(body), EXTRAS, limits, faults)
        wrong = list(misfits(problem.structure, given))
        if wrong:
            raise ProblemError(wrong)
        wanted = asked(problem.structure, given)
        sample, sweep = _affordable(problem.structure, wanted, limits.work)
    except ProblemError as error:
        return of_problem(error)
    except RequestError as error:
        return error
    if at_most is not None and weight(problem.structure) + _cost(problem.structure, wanted, sample, sweep) > at_most:
        raise TooHeavy
    return [orjson.dumps(_answer(problem, wanted, sample, sweep))]


def _affordable(of: Structure, wanted: Asked, work: int) -> tuple[int, tuple[float, ...]]:
    """How many entries of each quantity, and which ε of a sweep, take no more than so many multiply-adds. Raises LimitError if even few take more.

    A probe alone moves one number a few times, which is less than a trace: it is never refused.
    """
    most = work // PRODUCTS
    sweep = SWEEP if wanted.probe and 2 * len(SWEEP) * cost(of, wanted.probe.quantity) <= most else ()
    sample = FLOOR + bisect_right(range(FLOOR + 1, SAMPLE + 1), most, key=lambda sample: check_cost(of, wanted.gradients, sample, wanted.epsilon))
    needed = check_cost(of, wanted.gradients, sample, wanted.epsilon)
    if needed > most:
        says = f"expected at most {work} multiply-adds in a gradient check, got {needed * PRODUCTS} for {FLOOR} entries of each quantity"
        raise LimitError([Fault("/quantities", f"{says}; name fewer quantities, or make the network or the batch smaller")])
    return sample, sweep


def _cost(of: Structure, wanted: Asked, sample: int, sweep: tuple[float, ...]) -> int:
    probing = (4 + 2 * len(sweep)) * cost(of, wanted.probe.quantity) if wanted.probe else 0
    return check_cost(of, wanted.gradients, sample, wanted.epsilon) + probing


def _answer(problem: Problem, wanted: Asked, sample: int, sweep: tuple[float, ...]) -> dict[str, Any]:
    known = passes(problem)
    found = check_gradients(
        problem, epsilon=wanted.epsilon, rng=np.random.default_rng(SEED), sample=sample, names=wanted.gradients, known=known
    )
    answer = {
        "agrees": all(it.agrees for it in found.values()) if found else None,  # nobody asked
        "epsilon": wanted.epsilon,
        "loss": float(known["loss"]),
        "quantities": {name: it._asdict() for name, it in found.items()},
    }
    return answer | ({"probe": _probed(problem, wanted.probe, wanted.epsilon, sweep, known)} if wanted.probe else {})


def _probed(problem: Problem, moving: Moving, judged_at: float, sweep: tuple[float, ...], known: dict[str, Array]) -> dict[str, Any]:
    found = probe(problem, moving.quantity, moving.entry, moving.epsilon, sweep=sweep, judged_at=judged_at, known=known)
    return {
        "quantity": moving.quantity,
        "entry": moving.entry,
        "value": found.value,
        "epsilon": moving.epsilon,
        "loss": found.loss,
        "loss_plus": found.at.plus,
        "loss_minus": found.at.minus,
        "quotient": found.at.quotient,
        "gradient": found.gradient,
        "difference": found.at.difference,
        "verdict": found.verdict,
        "sweep": [{"epsilon": it.epsilon, "quotient": it.quotient, "difference": it.difference} for it in found.sweep],
    }
