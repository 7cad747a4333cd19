"""POST /paths: what is asked, and the answer as bytes."""

from functools import partial
from itertools import pairwise
from math import isfinite
from typing import Any, NamedTuple

import orjson

from ..engine.document import describe
from ..engine.errors import Fault, ProblemError
from ..engine.limits import Limits
from ..engine.paths import Node, Path, Paths, along, count_paths, find_paths
from ..engine.problem import Problem, Structure
from ..explain.formulas import formula
from ..explain.symbols import slope
from .faults import RequestError, of_problem
from .jobs import TooHeavy, weight
from .requests import parse, problem_with
from .targets import is_index, target_faults, target_misfits, target_of

EXTRAS = ("target", "example", "max_paths")
FACTOR = 150  # what one factor of a listed path costs, in numbers of a trace (measured)
EXACT = 2**53  # whole numbers up to here are exact in every JSON reader


class Most(NamedTuple):
    """How many paths are listed unless a request says so, and how many it may ask for."""

    default: int = 64
    cap: int = 1000


def paths_job(body: bytes, limits: Limits, most: Most, at_most: int | None = None) -> list[bytes] | RequestError:
    """The answer as one chunk, or what is wrong with the request. Raises TooHeavy when it costs more than `at_most` numbers of a trace."""
    try:
        problem, given = problem_with(parse(body), EXTRAS, limits, partial(_faults, cap=most.cap))
        target, example = target_of(given["target"]), given.get("example")
        wrong = _misfits(problem, target, example)
        if wrong:
            raise ProblemError(wrong)
    except ProblemError as error:
        return of_problem(error)
    except RequestError as error:
        return error
    listed = min(most.default, most.cap) if given.get("max_paths") is None else given["max_paths"]
    if at_most is not None and weight(problem.structure) + FACTOR * _factors(problem.structure, target, example, listed) > at_most:
        raise TooHeavy
    found = find_paths(problem, target, example, listed)
    return [orjson.dumps(_answer(along(len(problem.layers), target), target, example, found))]


def _faults(given: dict[str, Any], cap: int) -> list[Fault]:
    """What is wrong with the fields of `EXTRAS`, whatever the problem."""
    found = target_faults(given.get("target"))
    example, most = given.get("example"), given.get("max_paths")
    if example is not None and not is_index(example):
        found.append(Fault("/example", f"expected the index of an example, or null for all of them; got {describe(example)}"))
    if most is not None and not (is_index(most) and most <= cap):
        found.append(Fault("/max_paths", f"expected a whole number from 0 to {cap}, got {describe(most)}"))
    return found


def _misfits(problem: Problem, target: Node, example: int | None) -> list[Fault]:
    """What this problem does not have."""
    found = target_misfits(problem, target)
    if problem.targets is None:
        found.append(Fault("/targets", "expected targets: without them there is no loss, and no path from it"))
    if example is not None and example >= len(problem.inputs):
        found.append(Fault("/example", f"expected an example from 0 to {len(problem.inputs) - 1}, got {describe(example)}"))
    return found


def _factors(of: Structure, target: Node, example: int | None, most: int) -> int:
    """How many factors all listed paths have together."""
    number = count_paths(of, int(target.quantity[1:]), of.examples if example is None else 1)
    return min(number, most) * (len(along(len(of.activations), target)) - 1)


def _answer(stations: list[str], target: Node, example: int | None, found: Paths) -> dict[str, Any]:
    return {
        "target": target._asdict(),
        "example": example,
        "gradient": found.gradient,
        "contribution": found.contribution,
        "sum": found.sum,
        "count": _number(found.number),
        "count_text": str(found.number),
        "listed": len(found.paths),
        "listed_sum": found.listed_sum,
        "left_out": _number(found.left_out),
        "left_out_text": str(found.left_out),
        "remainder": found.remainder,
        "chain": [{"of": of, "by": by, **formula(slope(of, by))} for of, by in pairwise(stations)],
        "paths": [_path(path, found.sum) for path in found.paths],
    }


def _path(path: Path, total: float) -> dict[str, Any]:
    return {
        "example": path.example,
        "nodes": [node._asdict() for node in path.nodes],
        "factors": [
            {**factor._asdict(), "of": of.quantity, "by": by.quantity} for factor, (of, by) in zip(path.factors, pairwise(path.nodes), strict=True)
        ],
        "product": path.product,
        "share": path.product / total if total and isfinite(total) else None,
    }


def _number(count: int) -> int | float | None:
    """A count for JSON: exact as long as every reader can hold it, the nearest float64 after that, null beyond float64."""
    if count <= EXACT:
        return count
    try:
        return float(count)
    except OverflowError:
        return None
