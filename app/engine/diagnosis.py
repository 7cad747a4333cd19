"""What is going on in a network, told from one trace: units that pass no gradient, and gradients that shrink, grow or are 0.

Slopes are judged unit by unit over the whole batch. Gradients are compared by their root mean square over examples and units,
not by their norm, which would grow with the width of a layer.

Not called saturated, though slopes are near 0:
- a unit of a softmax whose share is near 0, as that of a class without examples is; only a softmax that gives all to one unit for
  every example is saturated, as a whole;
- a last layer under a logarithmic loss, whose slope 1/a makes up for the flat activation (∂ℒ/∂z is a − y), unless `clip` cuts that off;
- gelu and silu at their lowest point, where the slope is 0 but the curve is not flat.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .activations import Activation
from .problem import Problem
from .steps import Array, Step

Sizes = Mapping[str, tuple[float, float]]  # Euclidean norm and largest absolute value of every quantity, by id
FEW = 64  # up to so many numbers plain floats are faster than numpy


class Threshold(NamedTuple):
    """Where a finding begins."""

    value: float
    meaning: str


class Finding(NamedTuple):
    """`layer` is the worst of `layers`; `quantity`, of that layer, is where it shows, in step number `step`; `units` count from 0."""

    kind: str
    quantity: str
    layer: int
    layers: tuple[int, ...]
    units: tuple[int, ...]
    step: int


def diagnose(problem: Problem, steps: Sequence[Step], sizes: Sizes) -> list[Finding]:
    """All there is to find in a recorded trace whose numbers are all finite; nothing where there is no backward pass."""
    gates = [(k, step) for k, step in enumerate(steps) if step.definition.operation == "activation_gradient"]
    gates.reverse()  # layer 1 first
    return [*_gradients(problem, [k for k, _ in gates], sizes), *_units(problem, steps, gates, sizes)] if gates else []


def _gradients(problem: Problem, steps: Sequence[int], sizes: Sizes) -> Iterator[Finding]:
    """How ∂ℒ/∂z fares on its way back; `steps` are the numbers of the steps that define it, layer 1 first."""
    size = [root_mean_square(problem, "dz", l, sizes) for l in range(1, len(steps) + 1)]
    lowest, last, highest = min(size), size[-1], max(size)
    if not lowest:
        k = max(l for l, s in enumerate(size, 1) if not s)  # 0 in one layer is 0 in all before it
        yield Finding("zero", f"dz{k}", k, tuple(range(1, k + 1)), (), steps[k - 1])
    small, large = THRESHOLDS["vanishing"].value * last, THRESHOLDS["exploding"].value * last
    if lowest < small:
        yield from _extreme("vanishing", {l: s for l, s in enumerate(size, 1) if 0 < s < small}, min, steps)
    if highest > large:
        yield from _extreme("exploding", {l: s for l, s in enumerate(size, 1) if s > large > 0}, max, steps)


def _extreme(kind: str, size: dict[int, float], worst: Callable[..., int], steps: Sequence[int]) -> Iterator[Finding]:
    if size:
        l = worst(size, key=size.__getitem__)
        yield Finding(kind, f"dz{l}", l, tuple(size), (), steps[l - 1])


def steepest_slope(g: Activation) -> float:
    """The largest slope of an activation; elu's bent side is as steep as its α."""
    return max(g.steepest or 1.0, float(getattr(g, "alpha", 0.0)))


def root_mean_square(problem: Problem, gradient: str, l: int, sizes: Sizes) -> float:
    """Of `dz` or `da` of layer l, over examples and units; the largest value where the norm is beyond float64."""
    of = problem.structure
    norm, largest = sizes[f"{gradient}{l}"]
    return norm / math.sqrt(of.examples * of.sizes[l]) if norm < math.inf else largest


def _units(problem: Problem, steps: Sequence[Step], gates: Sequence[tuple[int, Step]], sizes: Sizes) -> Iterator[Finding]:
    """Units that pass next to no gradient, layer by layer."""
    for l, (k, step) in enumerate(gates, 1):
        g, name = problem.structure.activations[l - 1], f"g{l}"
        slopes = step.values[name]
        limit = THRESHOLDS["dead" if g.steepest is None else "saturated"].value * steepest_slope(g)
        if g.jacobian:
            units = tuple(range(slopes.shape[1])) if sizes[name][1] <= limit else ()
        else:
            units = _shut(slopes, limit)
        if units and g.steepest is not None:
            units = tuple(i for i in units if _flat(problem, l, i, steps, limit))
        if units:
            yield Finding("dead" if g.steepest is None else "saturated", name, l, (l,), units, k)


def _shut(slopes: Array, limit: float) -> tuple[int, ...]:
    """Units, the columns of `slopes`, whose slope is within the limit for every example."""
    if slopes.shape[1] <= FEW and min(map(abs, slopes[0].tolist())) > limit:  # most often the first example is enough to tell
        return ()
    if slopes.size > FEW:
        return tuple(np.flatnonzero(np.abs(slopes).max(axis=0) <= limit).tolist())
    return tuple(i for i, unit in enumerate(zip(*slopes.tolist(), strict=True)) if max(map(abs, unit)) <= limit)


@np.errstate(all="ignore")
def _flat(problem: Problem, l: int, unit: int, steps: Sequence[Step], limit: float) -> bool:
    """Whether a unit with next to no slope is saturated: its curve goes on flat farther out, and the loss does not make up for it."""
    g, L = problem.structure.activations[l - 1], len(problem.layers)
    if g.jacobian and problem.structure.sizes[l] == 1:
        return True  # always 1, whatever its z
    if l == L and problem.loss.targets != "real" and problem.targets is not None:
        clip = getattr(problem.loss, "clip", 0.0)
        a, y = _quantity(steps, f"a{L}"), problem.targets
        cut_off = ((a < clip) | (a > 1 - clip)) & (np.abs(a - y) > 0.5)  # ℒ would move, but for the clip
        return bool((cut_off if g.jacobian else cut_off[:, unit]).any())
    if g.jacobian:
        return True
    farther = 2 * _quantity(steps, f"z{l}")[:, [unit]]
    return bool((np.abs(g.derivative(farther, g.value(farther))) <= limit).all())


def _quantity(steps: Sequence[Step], name: str) -> Array:
    return next(step.values[name] for step in steps if name in step.values)


# Glorot & Bengio (2010) tell saturation by activations close to the asymptotes and give no bound. Karpathy's lecture on activations and
# gradients (“makemore” part 3, 2022) counts tanh beyond ±0.97, a slope of 0.059, and calls units dead that are beyond ±0.99, 0.020, for
# the whole batch. 0.05 is |tanh| > 0.975, a sigmoid outside 0.013 to 0.987.
THRESHOLDS: dict[str, Threshold] = {
    "saturated": Threshold(0.05, "|∂a/∂z| at most this part of the activation's slope at its steepest, for every example of the batch"),
    "dead": Threshold(0.0, "|∂a/∂z| at most this for every example of the batch, in an activation of straight pieces (relu)"),
    "vanishing": Threshold(1e-3, "the root mean square of ∂ℒ/∂z in a layer below this part of that in the last layer"),
    "exploding": Threshold(1e3, "the root mean square of ∂ℒ/∂z in a layer above this multiple of that in the last layer"),
    "zero": Threshold(0.0, "∂ℒ/∂z is this, exactly, in a whole layer"),
}
