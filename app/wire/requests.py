"""From the bytes of a request to a Problem."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson

from ..engine.document import describe, read_problem
from ..engine.errors import Fault, ProblemError
from ..engine.limits import Limits
from ..engine.problem import Problem
from .faults import RequestError
from .presets import preset


def parse(body: bytes) -> Any:
    """JSON, strictly: NaN, Infinity and 1e999 are refused."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        reason = str(error) if body.strip() else "the body is empty"
        raise RequestError(400, f"expected a JSON document: {reason}") from error


def problem_of(document: Any, limits: Limits) -> Problem:
    """The problem a request means, `{"preset": NAME, …}` included: other fields override the preset's, whole."""
    if isinstance(document, dict) and "preset" in document:
        name = document["preset"]
        found = preset(name) if isinstance(name, str) else None
        if found is None:
            raise ProblemError([Fault("/preset", f"no preset is called {describe(name)}")])
        document = {**found["problem"], **{key: value for key, value in document.items() if key != "preset"}}
    return read_problem(document, limits)


def problem_with(
    document: Any, extras: Collection[str], limits: Limits, faults: Callable[[dict[str, Any]], Sequence[Fault]] = lambda given: ()
) -> tuple[Problem, dict[str, Any]]:
    """The problem of a request that has more fields than a problem, and those of `extras` that were given.

    `faults` says what is wrong with them as far as they can be judged alone: raised as one ProblemError together with the problem's own.
    """
    if not isinstance(document, dict):
        return problem_of(document, limits), {}  # which refuses it
    given = {name: value for name, value in document.items() if name in extras}
    found = list(faults(given))
    try:
        problem = problem_of({name: value for name, value in document.items() if name not in extras}, limits)
    except ProblemError as error:
        raise ProblemError([*error.faults, *found]) from error
    if found:
        raise ProblemError(found)
    return problem, given
