"""Whole answers as pure functions of a request: what runs beside the event loop, in a thread or in a worker process."""

from functools import lru_cache

from ..engine.errors import Fault, ProblemError
from ..engine.limits import Limits, work
from ..engine.passes import program
from ..engine.problem import Problem, Structure
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
        too_much = _too_much(problem, view)
        if too_much:
            raise ProblemError([too_much])
    except ProblemError as error:
        return of_problem(error)
    except RequestError as error:
        return error
    if at_most is not None and weight(problem) > at_most:
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


@lru_cache(maxsize=64)
def step_sizes(of: Structure) -> tuple[dict[str, int], ...]:
    """How many numbers each quantity of each step has; a gradient or a new value has as many as what it belongs to."""
    known = {"loss": 1, "a0": of.examples * of.sizes[0]}
    for l, activation in enumerate(of.activations, 1):
        n_in, n = of.sizes[l - 1 : l + 1]
        known |= {f"z{l}": of.examples * n, f"a{l}": of.examples * n, f"W{l}": n * n_in, f"b{l}": n}
        known[f"g{l}"] = of.examples * n * (n if activation.jacobian else 1)
    return tuple({name: known[name.removeprefix("d").split("_")[0]] for name in d.results} for d in program(of).definitions)


def weight(problem: Problem) -> int:
    """How much a trace costs, in numbers: those it computes, and a hundredth of its multiply-adds (measured: about that much faster)."""
    of = problem.structure
    values = sum(size for sizes in step_sizes(of) for size in sizes.values())
    return values + work(of.sizes, of.jacobians, of.examples) // 100
