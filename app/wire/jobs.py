"""Whole answers as pure functions of a request: what runs beside the event loop, in a thread or in a worker process."""

from ..engine.errors import Fault, ProblemError
from ..engine.limits import Limits, work
from ..engine.problem import Problem, Structure
from .budget import step_sizes, within
from .faults import RequestError, of_problem
from .formats import write
from .frames import View, trace_frames
from .requests import parse, problem_of

LIGHT = 20_000  # bytes of a file that are read in a few milliseconds, whatever they are


class TooHeavy(Exception):
    """The job is fine but belongs into a process of its own."""


def trace_job(body: bytes, limits: Limits, view: View, kind: str, at_most: int | None = None) -> list[bytes] | RequestError:
    """The chunks of a trace's answer, or what is wrong with the request.

    Raises TooHeavy when the trace has more than `at_most` numbers. Errors are returned, not raised: they cross process borders.
    """
    try:
        problem = problem_of(parse(body), limits)
        if view.budget is not None:
            view = within(view.budget, view, problem)
        too_much = _too_much(problem, view)
        if too_much:
            raise ProblemError([too_much])
    except ProblemError as error:
        return of_problem(error)
    except RequestError as error:
        return error
    if at_most is not None and weight(problem.structure) > at_most:
        raise TooHeavy
    frames = trace_frames(problem, view)
    return list(write(kind, frames, view.from_step))


def _too_much(problem: Problem, view: View) -> Fault | None:
    """What is wrong with asking for so many numbers in full, from the sizes alone."""
    given = {name: value.size for name, value in problem.givens().items()}
    sent = (given, *step_sizes(problem.structure)[view.from_step :])
    count = sum(size for sizes in sent for name, size in sizes.items() if view.full(name, size))
    if count <= view.most:
        return None
    return Fault("/max_values", f"expected at most {view.most} numbers in full in one answer, got {count}; max_values and quantities choose them")


def weight(of: Structure) -> int:
    """How much a trace costs, in numbers: those it computes, and a hundredth of its multiply-adds (measured: about that much faster)."""
    values = sum(size for sizes in step_sizes(of) for size in sizes.values())
    return values + work(of.sizes, of.jacobians, of.examples) // 100
