"""Why the first ∞ or NaN of a trace appeared, and what helps: told from the numbers themselves."""

from collections.abc import Mapping

import numpy as np

from ..engine.problem import Structure
from ..engine.steps import Array, Definition

OUTGREW = "The numbers outgrew float64 here; smaller ones (weights, inputs, learning rate or whatever is large) keep them finite."


def non_finite_note(d: Definition, of: Structure, quantities: Mapping[str, Array]) -> str:
    """`quantities` holds everything up to this step, in which all is finite, and what it computed, in which something is not."""
    if d.operation in ("loss", "loss_gradient"):
        return _logarithm(d, of, quantities) or OUTGREW
    if d.operation == "parameter_update":
        return _root(d, of, quantities) or OUTGREW
    return OUTGREW


@np.errstate(all="ignore")
def _logarithm(d: Definition, of: Structure, quantities: Mapping[str, Array]) -> str | None:
    assert of.loss is not None
    a, y = quantities[f"a{d.layer}"], quantities["y"]
    terms = of.loss.term(a, y) if d.operation == "loss" else of.loss.slope(a, y)
    broken = a[~np.isfinite(terms)]
    if of.loss.targets == "real" or not broken.size:
        return None
    if ((broken < 0) | (broken > 1)).any():
        g = of.activations[-1].name.replace("_", " ")
        return f"A prediction is outside 0 to 1, where the loss has no logarithm: {g} can give any such number. End the network with sigmoid or softmax."
    remedy = "The loss option clip (say 1e-12) or a fused loss in a framework avoids it."
    if ((broken == 0) | (broken == 1)).any():
        return f"A prediction is exactly 0 or 1 in float64, where the logarithm and its slope are infinite. {remedy}"
    return f"A prediction is so near to 0 that 1/a, the slope of the logarithm, outgrows float64. {remedy}"


def _root(d: Definition, of: Structure, quantities: Mapping[str, Array]) -> str | None:
    roots = [quantities[name] for name in d.results[1:] if name.removesuffix("_new").rpartition("_")[2] in (of.optimizer.squares if of.optimizer else ())]
    if getattr(of.optimizer, "epsilon", 1.0) == 0 and any((root[~np.isfinite(quantities[d.id])] == 0).any() for root in roots):
        return "The root in the denominator is 0 here and so is epsilon: a division by 0. An epsilon above 0 (say 1e-8) avoids it."
    return None
