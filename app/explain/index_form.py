"""The honest form of a parameter's gradient: a sum over every k, in which all terms but k = i are zero.

The reduced form ∂ℒ/∂z · ∂z/∂W hides that z is a vector and W a matrix: the local derivative has three indices.
"""

from typing import Any

from ..engine.problem import Structure
from ..engine.steps import Definition
from .conventions import Convention, indices
from .formulas import formula
from .symbols import fraction, latex

IDENTITY = "identity"  # the operand δ of the rule: 1 where k = i, 0 elsewhere
LOSS = latex("loss")


def index_form(d: Definition, of: Structure, convention: Convention) -> dict[str, Any] | None:
    """The sum, what its local derivative is, and a rule that gives zeros their place; None for all but gradients of parameters."""
    if d.operation not in ("weight_gradient", "bias_gradient"):
        return None
    l, batch, weights = d.layer, of.examples > 1, d.operation == "weight_gradient"
    z = _entry("z", indices("n" if batch else "", "k", convention), l)
    a = _entry("a", indices("n" if batch else "", "j", convention), l - 1)
    parameter = _entry("W", "ij", l) if weights else _entry("b", "i", l)
    sums = r"\sum_n \sum_k" if batch else r"\sum_k"
    local = fraction(z, parameter)
    return {
        **formula(rf"{fraction(LOSS, parameter)} = {sums} {fraction(LOSS, z)}\,{local}", display=True),
        "local": formula(rf"{local} = \delta_{{ki}}" + (rf"\,{a}" if weights else ""), display=True),
        "rule": {"einsum": "nk,ki,nj->ij" if weights else "nk,ki->i", "operands": [f"dz{l}", IDENTITY, *([f"a{l - 1}"] * weights)], IDENTITY: of.sizes[l]},
        "explanation": _explanation(of.sizes[l], l, "W_ij is a weight" if weights else "b_i is the bias"),
    }


def _entry(letter: str, index: str, layer: int) -> str:
    return rf"{letter}_{{{index}}}^{{[{layer}]}}"


def _explanation(units: int, layer: int, what: str) -> str:
    if units == 1:
        return f"The sum over k has one term here, for layer {layer} has one unit: {what} of that unit."
    return f"Only k = i survives: {what} of unit i alone, no other z_k contains it, so its other derivatives are 0."
