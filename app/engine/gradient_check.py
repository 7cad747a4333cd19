"""Backpropagation against central differences of ℒ, entry by entry.

An entry v of a quantity is moved to v ± ε in place and everything after it is computed again:
(ℒ(v + ε) − ℒ(v − ε)) / 2ε must agree with the gradient. It does when they differ by at most
RELATIVE · max(|gradient|, |difference|) + ROUNDING · S · u / ε, u = 2⁻⁵³ the unit roundoff and S how sensitive ℒ is to it:
|ℒ| itself, and |∂ℒ/∂z| times all that was summed into z. The second part is how far rounding alone can move the quotient.
Where they do not agree, and the gradient lies between the slopes to the left and to the right, the entry sits on a kink
(relu at 0): no error.
"""

from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

import numpy as np

from .passes import execute, program, record
from .problem import Problem
from .steps import Array

EPSILON = 1e-6
RELATIVE, ROUNDING, UNIT = 1e-6, 64.0, 2.0**-53
SAMPLE = 400  # entries checked of a larger quantity


class Agreement(NamedTuple):
    """How one gradient compares. `at` is the entry with the largest difference; `kinks` do not count against it.

    `comparable` is false where nothing speaks against it but numbers that are not finite.
    """

    agrees: bool
    max_abs: float
    max_rel: float
    at: tuple[int, ...]
    kinks: int
    checked: int
    of: int
    comparable: bool = True


def check_gradients(problem: Problem, *, epsilon: float = EPSILON, rng: np.random.Generator, sample: int = SAMPLE) -> dict[str, Agreement]:
    """Every gradient of the trace by id, in the order of the derivation. Needs targets. Larger quantities are sampled with `rng`."""
    quantities = problem.givens() | {name: value for step in record(problem) for name, value in step.values.items()}
    gradients = [d.id for d in program(problem.structure).backward]
    with np.errstate(all="ignore"):
        return {
            name: _compare(problem, quantities, name, epsilon, _entries(quantities[name].shape, sample, rng))
            for name in gradients
        }


def loss_at(problem: Problem, quantities: dict[str, Array], name: str, entry: tuple[int, ...], value: float) -> float:
    """ℒ with one entry of a0, W, b, z or a set to `value` and all that follows from it computed again."""
    forward = program(problem.structure).forward
    moved = quantities[name].copy()
    moved[entry] = value
    now = {**quantities, name: moved}
    start = next(k for k, d in enumerate(forward) if name in d.inputs)
    for definition in forward[start:]:
        execute(definition, now)
    return float(now["loss"])


def _entries(shape: tuple[int, ...], sample: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    count = int(np.prod(shape))
    flat = np.arange(count) if count <= sample else np.sort(rng.choice(count, sample, replace=False))
    return [tuple(int(i) for i in np.unravel_index(k, shape)) for k in flat]


def _sensitivity(problem: Problem, quantities: dict[str, Array]) -> float:
    """By how many unit roundoffs ℒ may be off when itself and every sum in the network is off by one."""
    total = abs(float(quantities["loss"]))
    for l, layer in enumerate(problem.layers, 1):
        summed = np.abs(quantities[f"a{l - 1}"]) @ np.abs(layer.weights).T + (0.0 if layer.bias is None else np.abs(layer.bias))
        moved = np.abs(quantities[f"dz{l}"]) * summed
        total += float(moved[np.isfinite(moved)].sum())
    return total


def _compare(problem: Problem, quantities: dict[str, Array], gradient: str, epsilon: float, entries: list[tuple[int, ...]]) -> Agreement:
    rounding = ROUNDING * _sensitivity(problem, quantities) * UNIT / epsilon
    worst, relative, at, kinks, wrong, broken = 0.0, 0.0, entries[0], 0, False, False
    for entry, slope, (left, right) in _slopes(problem, quantities, gradient, epsilon, entries):
        central = (left + right) / 2
        difference, scale = abs(slope - central), max(abs(slope), abs(central))
        if not difference <= RELATIVE * scale + rounding:  # also true for NaN
            slack = RELATIVE * scale + 2 * rounding
            if abs(left - right) > 10 * slack and min(left, right) - slack <= slope <= max(left, right) + slack:
                kinks += 1
                continue
            wrong, broken = wrong or isfinite(difference), broken or not isfinite(difference)
        if not difference <= worst:
            worst, at = difference, entry
            relative = difference / scale if scale else 0.0
    agrees, comparable = not (wrong or broken), wrong or not broken
    return Agreement(agrees, worst, relative, at, kinks, len(entries), quantities[gradient].size, comparable)


def _slopes(
    problem: Problem, quantities: dict[str, Array], gradient: str, epsilon: float, entries: list[tuple[int, ...]]
) -> Iterator[tuple[tuple[int, ...], float, tuple[float, float]]]:
    """For every entry: backpropagation's gradient, and the difference quotients to the left and to the right."""
    name, middle = gradient[1:], float(quantities["loss"])
    for entry in entries:
        value = float(quantities[name][entry])
        step = max(epsilon, 4 * float(np.spacing(abs(value))))  # a large number does not move by less
        below, above = value - step, value + step  # the distances really taken, after rounding
        left = (middle - loss_at(problem, quantities, name, entry, below)) / (value - below)
        right = (loss_at(problem, quantities, name, entry, above) - middle) / (above - value)
        yield entry, float(quantities[gradient][entry]), (left, right)
