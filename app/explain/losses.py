"""ℒ and ∂ℒ/∂a in LaTeX, with the scale and the reductions in front."""

import math

from ..engine.losses import Formula
from ..engine.problem import Structure
from .conventions import Convention, indices
from .numbers import number


def loss_equation(of: Structure, convention: Convention) -> str:
    """What ℒ is."""
    assert of.loss is not None
    sums = (r"\sum_n " if of.examples > 1 else "") + (r"\sum_i " if of.sizes[-1] > 1 else "")
    return _product(of, of.loss.formulas()[0], sums, convention)


def slope_equation(of: Structure, convention: Convention) -> str:
    """What the gradient with respect to one prediction is."""
    assert of.loss is not None
    return _product(of, of.loss.formulas()[1], "", convention)


def prediction(of: Structure, convention: Convention) -> str:
    """a with the indices that there are: none for the one output of one example."""
    return rf"a{_index(of, convention)}^{{[{len(of.activations)}]}}"


def _index(of: Structure, convention: Convention) -> str:
    index = indices("n" if of.examples > 1 else "", "i" if of.sizes[-1] > 1 else "", convention)
    return f"_{{{index}}}" if index else ""


def _product(of: Structure, formula: Formula, sums: str, convention: Convention) -> str:
    assert of.loss is not None
    constants = {name: number(getattr(of.loss, name)) for name in ("clip", "delta") if hasattr(of.loss, name)}
    text = formula.text.format(a=prediction(of, convention), y=f"y{_index(of, convention)}", **constants)
    front = _factors(of, formula.coefficient)
    if (front or sums) and not formula.bare:
        text = rf"\left({text}\right)"
    return front + (r"\," if front and front != "-" else "") + sums + text


def _factors(of: Structure, coefficient: float) -> str:
    """scale, 1/n_L and 1/N as one product; nothing where it is 1, a mere sign where it is −1."""
    assert of.loss is not None
    scale = of.loss.scale * coefficient
    constants = [scale] if math.isfinite(scale) else [coefficient, of.loss.scale]  # twice the largest float is ∞
    means = [n for n, how in ((of.examples, of.loss.over_batch), (of.sizes[-1], of.loss.over_outputs)) if how == "mean" and n > 1]
    sign = "-" if constants == [-1.0] else ""
    written = [number(c) for c in constants if abs(c) != 1] + [rf"\tfrac{{1}}{{{n}}}" for n in means]
    return sign + r" \cdot ".join(written)
