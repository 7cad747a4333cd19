"""Whole answers as pure functions of a request: what runs beside the event loop, in a thread or in a worker process."""

from ..engine.errors import Fault, ProblemError
from ..engine.limits import Limits, value_count, work
from ..engine.passes import program
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
    heavy = weight(problem)
    too_much = _too_much(problem, view) if 3 * heavy > view.most else None  # an optimizer's state less than trebles a trace
    if too_much:
        return of_problem(ProblemError([too_much]))
    if at_most is not None and heavy > at_most:
        raise TooHeavy
    frames = trace_frames(problem, view)
    return list(write(kind, frames, view.from_step))


def _too_much(problem: Problem, view: View) -> Fault | None:
    """What is wrong with asking for so many numbers in full, from the sizes alone."""
    count = sum(size for name, size in sizes(problem).items() if view.full(name, size))
    if count <= view.most:
        return None
    return Fault("/max_values", f"expected at most {view.most} numbers in full in one answer, got {count}; max_values and quantities choose them")


def sizes(problem: Problem) -> dict[str, int]:
    """How many numbers each quantity of a trace has; a gradient or a new value has as many as what it belongs to."""
    of, examples = problem.structure, problem.structure.examples
    known = {"loss": 1, "t": 1, "y": examples * of.sizes[-1], "a0": examples * of.sizes[0]}
    for l, layer in enumerate(problem.layers, 1):
        n_in, n = of.sizes[l - 1 : l + 1]
        known |= {f"z{l}": examples * n, f"a{l}": examples * n, f"W{l}": n * n_in, f"b{l}": n}
        known[f"g{l}"] = examples * n * (n if layer.activation.jacobian else 1)
    names = [*problem.givens(), *(name for d in program(of).definitions for name in d.results)]
    return {name: known[name.removeprefix("d").split("_")[0]] for name in names}


def weight(problem: Problem) -> int:
    """How much a trace costs, in numbers: those it computes, and a hundredth of its multiply-adds (measured: about that much faster)."""
    jacobians = [layer.activation.jacobian for layer in problem.layers]
    sizes, examples = problem.structure.sizes, problem.structure.examples
    return value_count(sizes, jacobians, examples) + work(sizes, jacobians, examples) // 100
