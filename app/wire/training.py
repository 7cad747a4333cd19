"""POST /train: from the bytes of a request to the start of its answer and an order that a training process carries out."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from ..engine.batches import Position
from ..engine.document import describe
from ..engine.errors import Fault, ProblemError
from ..engine.limits import Limits, parameter_count, work
from ..engine.measures import middle
from ..engine.passes import program
from ..engine.problem import Problem, Structure
from ..engine.training import Plan
from .data import with_data
from .faults import RequestError, of_problem
from .frames import View, start_frame
from .jobs import TooHeavy, weight
from .requests import parse, problem_with
from .training_fields import FIELDS, USUAL, faults

LAYER = 5000  # what a layer costs in every update however small it is, in numbers (measured: about 5 ns each)
SMALL = 4096  # parameters that are in every report without being asked for
AROUND = 20  # what names, shapes and norms in a report and in each of its layers come to, in numbers (measured: 15 to 25 of 20 bytes)
COLLECTED = 100  # reports in one document unless a request says otherwise


class Bounds(NamedTuple):
    """How much a training may be, in numbers computed; a multiply-add counts a hundredth of one."""

    step: int  # what is done in one go: an update, the loss of all rows, a surface
    work: int  # all updates of one request
    numbers: int  # sent in one event, or in one document


class Reports(NamedTuple):
    """What is told of a training, and when."""

    every: int | None = None  # epochs; None: as often as the reader takes it, as a viewer can see
    surface: int | None = None  # points along an axis
    units: int = 0  # the same for the picture of every hidden unit
    bins: int | None = None
    parameters: bool = False
    state: bool = False


class Order(NamedTuple):
    """What a training process is given: `head` is the beginning of the start event, without its closing brace."""

    head: bytes
    plan: Plan
    reports: Reports
    dataset: dict[str, Any] | None  # with every default


def training_job(body: bytes, limits: Limits, bounds: Bounds, view: View, collected: bool, at_most: int | None = None) -> list[bytes] | RequestError:
    """An Order, pickled, as the only chunk, or what is wrong with the request. Raises TooHeavy where there are more than `at_most` numbers.

    `collected`: all reports are to come in one document.
    """
    try:
        document = parse(body)
        order = _order(document, limits, bounds, view, collected, at_most)
    except ProblemError as error:
        return of_problem(error)
    except RequestError as error:
        return error
    return [pickle.dumps(order)]


def _order(document: Any, limits: Limits, bounds: Bounds, view: View, collected: bool, at_most: int | None) -> Order:
    completed, dataset, misfit = with_data(document) if isinstance(document, dict) else (document, None, [])
    if at_most is not None and dataset and completed["inputs"].size > at_most:
        raise TooHeavy
    try:
        every_row = replace(limits, values=2**62, work=2**62)  # what a batch costs is judged below
        problem, given = problem_with(completed, FIELDS, every_row, lambda given: [*misfit, *faults(given)])
    except ProblemError as error:
        raise ProblemError(_told(error.faults, document, dataset is not None and not misfit)) from error
    given = _said(given)
    if completed.get("edits") and "position" in given:
        problem = _as_it_stood(problem, completed.get("parameters") or {}, given["position"])
    plan, reports = _plan(problem, given), _reports(problem, given, collected)
    wrong = list(_misfits(plan, given))
    if wrong:
        raise ProblemError(wrong)
    if at_most is not None and parameter_count(problem.structure.sizes) > at_most:
        raise TooHeavy
    too_much = list(_excess(plan, reports, bounds, collected))
    if too_much:
        raise ProblemError(too_much)
    steps = len(program(problem.structure).definitions)
    return Order(start_frame(problem, steps, view)[:-1], plan, reports, dataset)


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """Null is as if a field were absent."""
    return {name: value for name, value in fields.items() if value is not None}


def _told(faults: Sequence[Fault], document: Any, sound: bool) -> list[Fault]:
    """Where a data set stands for inputs and targets, what is wrong with those is said of it, unless that is not `sound` itself."""
    if not isinstance(document, dict) or document.get("dataset") is None or document.get("inputs") is not None or document.get("targets") is not None:
        return list(faults)
    of_rows = [fault for fault in faults if fault.pointer.startswith(("/inputs", "/targets"))]
    return [*(Fault("/dataset", fault.detail) for fault in of_rows[:1] if sound), *(fault for fault in faults if fault not in of_rows)]


def _as_it_stood(problem: Problem, parameters: dict[str, Any], position: dict[str, int]) -> Problem:
    """Edits were made before a training began: where it goes on, its parameters are those that it had come to."""
    if not any(position.values()):
        return problem
    had = {name: np.array(it["data"] if isinstance(it, dict) else it, dtype=np.float64) for name, it in parameters.items()}
    layers = [layer._replace(weights=had.get(f"W{l}", layer.weights), bias=had.get(f"b{l}", layer.bias)) for l, layer in enumerate(problem.layers, 1)]
    return replace(problem, layers=tuple(layers))


def _misfits(plan: Plan, given: dict[str, Any]) -> Iterator[Fault]:
    """What this problem does not allow."""
    problem = plan.problem
    if problem.targets is None:
        yield Fault("/targets", "expected targets: without them there is nothing to learn")
    if problem.optimizer is None:
        yield Fault("/optimizer", "expected an optimizer to train with")
    if plan.stop_accuracy is not None and problem.targets is not None and middle(problem.targets) is None:
        yield Fault("/stop/accuracy", "expected targets that are classes: others have no accuracy; a loss can be a goal for them")
    if "surface" in given and problem.inputs.shape[1] > 2:
        yield Fault("/surface", f"expected one or two inputs to draw a surface over, got {problem.inputs.shape[1]}")
    train, test = map(len, plan.rows)
    if not train or (plan.test_fraction and not test):
        side = "train on" if not train else "test with"
        says = f"expected a share that leaves an example to {side}; {describe(plan.test_fraction)} of {len(problem.inputs)} leaves none"
        yield Fault("/test_fraction", says)
        return
    if plan.batch_size is not None and plan.batch_size > train:
        yield Fault("/batch_size", f"expected at most {train}, the number of examples to train on; got {describe(plan.batch_size)}")
        return
    batches, position = plan.updates_per_epoch, plan.position
    if position.batch >= batches:
        more = "; the next epoch begins with 0" if position.batch == batches else ""
        yield Fault("/position/batch", f"expected a batch from 0 to {batches - 1}{more}; got {describe(position.batch)}")
    if position > (plan.epochs, 0):
        yield Fault("/position/epoch", f"expected a position before the end of {describe(plan.epochs)} epochs, got epoch {describe(position.epoch)}")


def _plan(problem: Problem, given: dict[str, Any]) -> Plan:
    stop = given.get("stop", {})
    plain = {name: given[name] for name in ("epochs", "batch_size", "shuffle", "test_fraction", "max_updates") if name in given}
    position = Position(given["position"]["epoch"], given["position"]["batch"]) if "position" in given else Position()
    return Plan(problem, **plain, stop_loss=stop.get("loss"), stop_accuracy=stop.get("accuracy"), position=position)


def _reports(problem: Problem, given: dict[str, Any], collected: bool) -> Reports:
    include = given.get("include", ())
    pictures = {name: {**USUAL, **_said(given[name])} for name in ("surface", "histograms") if name in given}
    return Reports(
        given.get("report_every") or (max(1, ceil(given.get("epochs", Plan.epochs) / COLLECTED)) if collected else None),
        pictures["surface"]["resolution"] if "surface" in pictures else None,
        pictures["surface"]["units"] if "surface" in pictures else 0,
        pictures["histograms"]["bins"] if "histograms" in pictures else None,
        "parameters" in include or parameter_count(problem.structure.sizes) <= SMALL,
        "optimizer_state" in include,
    )


def _excess(plan: Plan, reports: Reports, bounds: Bounds, collected: bool) -> Iterator[Fault]:
    """What is more than the bounds allow."""
    of = plan.problem.structure
    batch, batches = plan.size, plan.updates_per_epoch
    update = LAYER * len(plan.problem.layers) + weight(of._replace(examples=batch)) + 2 * batch * _effort(of)
    updates = (plan.epochs - plan.position.epoch) * batches - plan.position.batch
    if plan.max_updates is not None:
        updates = min(updates, plan.max_updates)
    for pointer, what, cost in (
        ("/batch_size", "an update", update),
        ("/inputs", "the loss of all examples", _forward(of, of.examples)),
        ("/surface", "the surface", _forward(of, _points(of, reports.surface or 0) + _points(of, reports.units))),
    ):
        if cost > bounds.step:
            yield Fault(pointer, f"expected {what} to take at most {bounds.step} numbers (a multiply-add counts a hundredth), got {cost}")
    if update * updates > bounds.work:
        parts = "max_updates and position take them in parts"
        yield Fault("/epochs", f"expected at most {bounds.work // update} updates of this size in one request, got {updates}; {parts}")
    numbers = _numbers(of, batch, reports)
    completed = plan.position.epoch + (plan.position.batch + updates) // batches
    count = completed // reports.every - plan.position.epoch // reports.every if collected and reports.every else 1
    if numbers * count > bounds.numbers:
        at, many = ("/report_every", f"{count} reports of {numbers}") if count > 1 else ("/include", str(numbers))
        yield Fault(at, f"expected at most {bounds.numbers} numbers in one {'answer' if collected else 'report'}, got {many}")


def _points(of: Structure, resolution: int) -> int:
    return int(resolution ** of.sizes[0])


def _forward(of: Structure, rows: int) -> int:
    """What the activations of so many rows cost, of which nothing is kept."""
    no_jacobians = [False] * len(of.activations)
    return rows * (4 * sum(of.sizes[1:]) + _effort(of)) + work(of.sizes, no_jacobians, rows) // 150


def _effort(of: Structure) -> int:
    """What the activations of one example cost beyond the usual, one way."""
    return sum(n * g.effort for n, g in zip(of.sizes[1:], of.activations, strict=True))


def _numbers(of: Structure, batch: int, reports: Reports) -> int:
    """How many there are in one report, at most."""
    parameters = parameter_count(of.sizes)
    slots = len(of.optimizer.slots) if of.optimizer else 0
    return (
        AROUND * (1 + len(of.activations) * (1 + slots * reports.state))
        + batch
        + (parameters if reports.parameters else 0)
        + (parameters * slots if reports.state else 0)
        + (_points(of, reports.surface) * of.sizes[-1] + _points(of, reports.units) * sum(of.sizes[1:-1]) if reports.surface else 0)
        + 3 * len(of.sizes) * (reports.bins or 0)
    )
