"""What a diagnosis found, in one sentence each, with the numbers of this very trace."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..engine.diagnosis import THRESHOLDS, Finding, Sizes, diagnose, root_mean_square, steepest_slope
from ..engine.problem import Problem
from ..engine.steps import Array, Step
from .numbers import rounded, superscript
from .words import count

NAMED = 6  # units or layers named one by one; of more the first few


class _Case(NamedTuple):
    """A finding with all that its sentence may quote."""

    found: Finding
    problem: Problem
    quantities: Mapping[str, Array]
    sizes: Sizes

    def size(self, gradient: str, l: int) -> float:
        return root_mean_square(self.problem, gradient, l, self.sizes)


def flags(problem: Problem, steps: Sequence[Step], sizes: Sizes) -> list[dict[str, Any]]:
    """What there is to say about a recorded trace whose numbers are all finite, as plain data."""
    findings = diagnose(problem, steps, sizes)
    if not findings:
        return []
    quantities = problem.givens() | {name: value for step in steps for name, value in step.values.items()}
    return [{**found._asdict(), "text": _SENTENCES[found.kind](_Case(found, problem, quantities, sizes))} for found in findings]


def _dead(it: _Case) -> str:
    l, units = it.found.layer, list(it.found.units)
    layer, z = it.problem.layers[l - 1], it.quantities[f"z{l}"][:, units]
    who, one = _units(it), len(units) == 1
    name = layer.activation.name.replace("_", " ")
    where = "negative" if (z < 0).all() else "never above 0" if z.any() else "0"
    kink = "" if z.any() else f", where the slope of {name} counts as 0"
    its, are = ("its", "is") if one else ("their", "are")
    parameters = "weights" if layer.bias is None else "weights and bias" if one else "weights and biases"
    passes = f"{its} z is {where} for {_examples(len(z))}{kink}, so {name} passes no gradient and {its} {parameters} get none"
    if len(z) == 1:
        return f"{who} {are} off: {passes}. Whether {'it is' if one else 'they are'} dead, more examples would tell."
    return f"{who} {are} dead: {passes}."


def _saturated(it: _Case) -> str:
    l, units = it.found.layer, list(it.found.units)
    g, z, slopes = it.problem.layers[l - 1].activation, it.quantities[f"z{l}"], np.abs(it.quantities[f"g{l}"])
    if g.jacobian and len(units) == 1:
        return f"The softmax of layer {l} has one unit, which gives 1 whatever its z is: its slope is 0 and no gradient passes."
    largest = float(slopes.max() if g.jacobian else slopes[:, units].max())
    little = "little gradient passes" if largest else "no gradient passes"
    steepest = f"at its steepest {rounded(steepest_slope(g))}"
    if g.jacobian:
        most = f"no entry of its ∂a/∂z is larger than {rounded(largest)}" if largest else "all of its ∂a/∂z is 0 in float64"
        return f"The softmax of layer {l} is saturated: for {_examples(len(z))} it gives nearly everything to one unit, so {most} ({steepest}) and {little}."
    where = np.abs(z[:, units])
    low, high = rounded(float(where.min())), rounded(float(where.max()))
    slope = f"{rounded(largest)}{'' if where.size == 1 else ' at most'}" if largest else "0 in float64"
    verb, its = ("is", "its") if len(units) == 1 else ("are", "their")
    at = f"where {its} z lies for {_examples(len(z))} (|z| {'=' if low == high else 'from'} {low}{'' if low == high else f' to {high}'})"
    return f"{_units(it)} {verb} saturated: {g.name.replace('_', ' ')} is flat {at}: its slope is {slope}, {steepest}, so {little}."


def _vanishing(it: _Case) -> str:
    return _moved(it, "shrinks", "less than")


def _exploding(it: _Case) -> str:
    return _moved(it, "grows", "more than")


def _moved(it: _Case, how: str, beyond: str) -> str:
    l, L = it.found.layer, len(it.problem.layers)
    here, last = it.size("dz", l), it.size("dz", L)
    factor = _power(abs(math.log10(here) - math.log10(last)))
    return (
        f"∂ℒ/∂z {how} {factor} times from {rounded(last)} in layer {L} to {rounded(here)} in layer {l} (root mean square): {_cause(it)}. "
        f"It is {beyond} {rounded(THRESHOLDS[it.found.kind].value)} times that of layer {L} in {_layers(it.found.layers)}."
    )


def _cause(it: _Case) -> str:
    """What slopes and what weights did on the way back to the layer: the two factors make up the whole."""
    way = range(it.found.layer, len(it.problem.layers))
    dz, da = ({l: math.log10(it.size(gradient, l)) for l in (*way, way.stop)} for gradient in ("dz", "da"))
    slopes, weights = sum(dz[l] - da[l] for l in way), sum(da[l] - dz[l + 1] for l in way)
    gates = {it.problem.layers[l - 1].activation for l in way}
    g = gates.pop()
    most = f" (a {g.name}'s is {rounded(g.steepest)} at most)" if not gates and not g.jacobian and g.steepest is not None and g.steepest < 1 else ""
    return f"the slopes on the way multiply it by {_power(slopes)}{most}, the weights by {_power(weights)}"


def _power(exponent: float) -> str:
    """10 to this, though it may be beyond float64."""
    return rounded(10**exponent) if abs(exponent) < 300 else f"about 10{superscript(round(exponent))}"


def _zero(it: _Case) -> str:
    """Where ∂ℒ/∂z becomes 0, and by what."""
    k, L = it.found.layer, len(it.problem.layers)
    where = f"∂ℒ/∂z is exactly 0 in {'every layer' if k == L else _layers(it.found.layers)}"
    a, da = it.quantities[f"a{k}"], it.quantities[f"da{k}"]
    if k == L and (a == it.quantities["y"]).all():
        return f"Prediction and target are equal for {_examples(len(a))}, so {where}: there is nothing to learn from this batch."
    if k == L and not da.any():
        return f"∂ℒ/∂a[{L}] is exactly 0 already, since ℒ does not change with these predictions, so {where} and no parameter gets a gradient."
    if da.any():
        g, slopes = it.problem.layers[k - 1].activation, it.quantities[f"g{k}"]
        name = g.name.replace("_", " ")
        shut = not slopes[da != 0].any() if not g.jacobian else not slopes.any()
        why = f"wherever ∂ℒ/∂a[{k}] is not 0 the slope of {name} is 0" if shut else f"the products of ∂ℒ/∂a[{k}] and the slopes of {name} all come to 0"
        return f"No gradient gets past layer {k}: {why}, so {where}."
    if not it.problem.layers[k].weights.any():
        return f"The weights of layer {k + 1} are all 0, so no gradient gets back through them: {where}."
    return f"No gradient gets back through the weights of layer {k + 1}: in every sum all terms are 0 or cancel, so {where}."


def _units(it: _Case) -> str:
    """Unit 2 of layer 1, Units 1 and 3 of layer 2, All four units of layer 1."""
    l, units = it.found.layer, it.found.units
    n = it.problem.structure.sizes[l]
    if len(units) == n:
        return f"The one unit of layer {l}" if n == 1 else f"{'Both' if n == 2 else f'All {_cardinal(n)}'} units of layer {l}"
    return f"{'Unit' if len(units) == 1 else 'Units'} {_list([i + 1 for i in units])} of layer {l}"


def _layers(layers: Sequence[int]) -> str:
    if len(layers) > 2 and layers[-1] - layers[0] == len(layers) - 1:
        return f"layers {layers[0]} to {layers[-1]}"
    return f"{'layer' if len(layers) == 1 else 'layers'} {_list(layers)}"


def _list(numbers: Sequence[int]) -> str:
    """1, 2 and 5; of many the first few and how many more."""
    if len(numbers) > NAMED:
        return f"{', '.join(map(str, numbers[:NAMED]))} and {len(numbers) - NAMED} more"
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last


def _examples(n: int) -> str:
    """Of the whole batch."""
    return "the one example" if n == 1 else "both examples" if n == 2 else f"all {_cardinal(n)} examples"


def _cardinal(n: int) -> str:
    return count(n, "").split()[0]


_SENTENCES: dict[str, Callable[[_Case], str]] = {
    "dead": _dead,
    "saturated": _saturated,
    "vanishing": _vanishing,
    "exploding": _exploding,
    "zero": _zero,
}
