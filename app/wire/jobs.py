"""Whole answers as pure functions of a request: what runs beside the event loop, in a thread or in a worker process."""

from ..engine.errors import ProblemError
from ..engine.limits import Limits, value_count, work
from ..engine.problem import Problem
from .faults import RequestError, of_problem
from .formats import write
from .frames import View, trace_frames
from .requests import parse, problem_of


class TooHeavy(Exception):
    """The job is fine but belongs into a process of its own."""


def trace_job(body: bytes, limits: Limits, view: View, kind: str, at_most: int | None = None) -> list[bytes] | RequestError:
    """The chunks of a trace's answer, or what is wrong with the request.

    Raises TooHeavy when the trace has more than `at_most` numbers. Errors are returned, not raised: they cross process borders.
    """
    try:
        problem = problem_of(parse(body), limits)
    except ProblemError as error:
        return of_problem(error)
    except RequestError as error:
        return error
    if at_most is not None and weight(problem) > at_most:
        raise TooHeavy
    frames = trace_frames(problem, view)
    return list(write(kind, frames, view.from_step))


def weight(problem: Problem) -> int:
    """How much a trace costs, in numbers: those it computes, and a hundredth of its multiply-adds (measured: about that much faster)."""
    jacobians = [layer.activation.jacobian for layer in problem.layers]
    sizes, examples = problem.structure.sizes, problem.structure.examples
    return value_count(sizes, jacobians, examples) + work(sizes, jacobians, examples) // 100
