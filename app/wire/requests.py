"""From the bytes of a request to a Problem."""

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
