"""How much of a trace is sent in full where an answer is to be small: what was given first, then the smallest quantities of the steps."""

from fractions import Fraction
from functools import lru_cache
from math import isqrt

from ..engine.passes import program
from ..engine.problem import Problem, Structure
from .frames import View

CELLS = Fraction(5, 3)  # of all thumbnails together, for each number of the budget: they have fewer digits


@lru_cache(maxsize=64)
def step_sizes(of: Structure) -> tuple[dict[str, int], ...]:
    """How many numbers each quantity of each step has; a gradient or a new value has as many as what it belongs to."""
    known = {"loss": 1, "a0": of.examples * of.sizes[0]}
    for l, activation in enumerate(of.activations, 1):
        n_in, n = of.sizes[l - 1 : l + 1]
        known |= {f"z{l}": of.examples * n, f"a{l}": of.examples * n, f"W{l}": n * n_in, f"b{l}": n}
        known[f"g{l}"] = of.examples * n * (n if activation.jacobian else 1)
    return tuple({name: known[name.removeprefix("d").split("_")[0]] for name in d.results} for d in program(of).definitions)


def within(budget: int, view: View, problem: Problem) -> View:
    """The view that keeps to about so many numbers in full: larger quantities of the steps are held, and thumbnails get smaller the more there are."""
    given = {name: value.size for name, value in problem.givens().items()}
    steps = {name: size for sizes in step_sizes(problem.structure) for name, size in sizes.items()}
    left = budget - sum(size for name, size in given.items() if view.full(name, size))
    held = set()
    for name, size in sorted(steps.items(), key=lambda item: item[1]):
        if name not in view.quantities and view.full(name, size):
            left -= size
            if left < 0:
                held.add(name)
    view = view._replace(held=frozenset(held))
    small = {name: size for name, size in (given | steps).items() if not view.full(name, size)}
    rows = sum(size for name, size in small.items() if name.removeprefix("d")[0] in "azgy") // problem.structure.examples
    return view._replace(
        side=max(1, min(view.side, isqrt(int(CELLS * budget) // max(1, len(small))))), halved=True, example=view.example if rows <= budget else None
    )
