"""Backpropagation against central differences of ℒ: every gradient of a trace, all its entries or a sample of them."""

import math
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from .judge import EPSILON, Judge, Verdict, passes, sensitivity_of
from .moved import Entry, cost
from .passes import program
from .problem import Problem, Structure
from .steps import Array

SAMPLE = 400  # entries checked of a larger quantity
SHOWN = 16  # kinks told with their place


class Agreement(NamedTuple):
    """How one gradient compares. `at` is the entry with the largest difference; `kinks` do not count against it.

    `refined` entries were measured with a finer step. `comparable` is false where nothing speaks against it but numbers that are not finite.
    """

    agrees: bool
    max_abs: float
    max_rel: float
    at: Entry
    kinks: int
    checked: int
    of: int
    comparable: bool = True
    refined: int = 0
    kinks_at: tuple[Entry, ...] = ()


def check_gradients(
    problem: Problem,
    *,
    epsilon: float = EPSILON,
    rng: np.random.Generator,
    sample: int = SAMPLE,
    names: Collection[str] | None = None,
    known: dict[str, Array] | None = None,
) -> dict[str, Agreement]:
    """Every gradient of the trace, or those of `names`, by id in the order of the derivation. Needs targets; `known` are its `passes`.

    Larger quantities are sampled with `rng`, each by a stream of its own: the same entries whatever else is checked.
    """
    gradients = gradients_of(problem.structure)
    streams = dict(zip(gradients, rng.spawn(len(gradients)), strict=True))
    wanted = [name for name in gradients if names is None or name in names]
    if not wanted:
        return {}
    known = passes(problem) if known is None else known
    with np.errstate(all="ignore"):
        sensitivity = sensitivity_of(problem, known)
        return {
            name: _compare(Judge(problem, known, name, sensitivity), epsilon, _entries(known[name].shape, sample, streams[name])) for name in wanted
        }


def gradients_of(of: Structure) -> list[str]:
    """The ids of all gradients in the order of the derivation; none without targets."""
    return [d.id for d in program(of).backward]


def shape_of(of: Structure, name: str) -> tuple[int, ...]:
    """The shape of an a, z, W or b of the network."""
    l = int(name[1:])
    n = of.sizes[l]
    return {"W": (n, of.sizes[l - 1]), "b": (n,)}.get(name[0], (of.examples, n))


def check_cost(of: Structure, names: Collection[str], sample: int, epsilon: float = EPSILON) -> int:
    """What a check costs, from the sizes alone, in numbers computed (`moved.cost`); a coarse ε is mostly followed by a finer one."""
    losses = 2 if epsilon <= EPSILON else 4
    return sum(losses * min(sample, math.prod(shape_of(of, name[1:]))) * cost(of, name[1:]) for name in names)


def _entries(shape: tuple[int, ...], sample: int, rng: np.random.Generator) -> list[Entry]:
    count = math.prod(shape)
    flat = np.arange(count) if count <= sample else np.sort(rng.choice(count, sample, replace=False))
    return [tuple(int(i) for i in np.unravel_index(k, shape)) for k in flat]


def _compare(judge: Judge, epsilon: float, entries: list[Entry]) -> Agreement:
    worst, relative, at = 0.0, 0.0, entries[0]
    kinks, verdicts = [], Counter[Verdict]()
    for entry in entries:
        verdict, difference, scale = judge.verdict(entry, epsilon)
        verdicts[verdict] += 1
        if verdict == "kink":
            kinks.append(entry)
        elif not difference <= worst:  # also true for NaN
            worst, at = difference, entry
            relative = difference / scale if scale else 0.0
    wrong, broken = verdicts["differs"] > 0, verdicts["not_finite"] > 0
    agrees, comparable = not (wrong or broken), wrong or not broken
    return Agreement(
        agrees, worst, relative, at, len(kinks), len(entries), judge.gradient.size, comparable, verdicts["refined"], tuple(kinks[:SHOWN])
    )
