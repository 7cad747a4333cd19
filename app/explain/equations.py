"""The equation of every operation in LaTeX, row-vector convention: z^[l] = a^[l-1] W^[l]ᵀ + b^[l]."""

import math
from collections.abc import Callable
from fractions import Fraction

from ..engine.losses import Loss
from ..engine.problem import Structure
from ..engine.steps import Definition, EinsumRule
from .symbols import latex, slope, vector

GLYPHS = {"sigmoid": r"\sigma", "tanh": r"\tanh"}


def equation(d: Definition, of: Structure) -> str:
    """The equation that defines this step's quantity."""
    return _EQUATIONS[d.operation](d, of)


def local(d: Definition) -> tuple[str, str] | None:
    """The local derivative of a backward step and what it is, both in LaTeX; None for other steps."""
    l = d.layer
    return {
        "activation_gradient": (slope(f"a{l}", f"z{l}"), r"g'(" + vector("z", l) + ")"),
        "weight_gradient": (slope(f"z{l}", f"W{l}"), vector("a", l - 1)),
        "bias_gradient": (slope(f"z{l}", f"b{l}"), "1"),
        "input_gradient": (slope(f"z{l}", f"a{l - 1}"), vector("W", l)),
    }.get(d.operation)


def chain(d: Definition) -> str:
    """A backward step as (NOT EASY, already known) × (easy): the split that makes it bearable."""
    easy = local(d)
    assert d.upstream is not None and easy is not None
    known = rf"\underbrace{{{latex(d.upstream)}}}_{{\text{{NOT EASY}}}}"
    return rf"{latex(d.id)} = {known}\;\;\underbrace{{{easy[0]}}}_{{\text{{easy}}}}"


def activation_glyph(name: str) -> str:
    """g by its name: σ, tanh, relu …"""
    return GLYPHS.get(name, rf"\operatorname{{{name.replace('_', ' ')}}}")


def number(x: float) -> str:
    """A constant as people write it: ½ rather than 0.5, 0.01 as it is."""
    exact = Fraction(x).limit_denominator(20)
    if exact.denominator > 1 and abs(float(exact) - x) < 1e-15 * abs(x) and exact.denominator not in (10, 20):
        return rf"\tfrac{{{exact.numerator}}}{{{exact.denominator}}}"
    return f"{x:g}" if abs(x) < 1e5 and (x == 0 or abs(x) >= 1e-4) else _power_of_ten(x)


def _power_of_ten(x: float) -> str:
    mantissa, exponent = f"{x:e}".split("e")
    head = f"{float(mantissa):g}"
    return (rf"{head} \cdot " if head != "1" else "") + rf"10^{{{int(exponent)}}}"


def _linear(d: Definition, of: Structure) -> str:
    l = d.layer
    rest = rf" + {vector('b', l)}" if of.biases[l - 1] else ""
    return rf"{vector('z', l)} = {vector('a', l - 1)}\,\mathbf{{W}}^{{[{l}]\mathsf{{T}}}}{rest}"


def _activation(d: Definition, of: Structure) -> str:
    g = of.activations[d.layer - 1]
    if g.name == "identity":
        return rf"{vector('a', d.layer)} = {vector('z', d.layer)}"
    return rf"{vector('a', d.layer)} = {activation_glyph(g.name)}({vector('z', d.layer)})"


def _factors(loss: Loss, of: Structure, coefficient: float = 1.0) -> str:
    """scale, 1/n_L and 1/N in front of a sum or a gradient."""
    scale = loss.scale * coefficient
    front = number(scale) if math.isfinite(scale) else rf"{number(coefficient)} \cdot {number(loss.scale)}"  # twice the largest float is ∞
    over = [n for n, how in ((of.examples, loss.over_batch), (of.sizes[-1], loss.over_outputs)) if how == "mean" and n > 1]
    return (front if scale != 1 else "") + "".join(rf"\,\tfrac{{1}}{{{n}}}" for n in over)


def _indexed(formula: str, L: int, batch: bool) -> str:
    """A loss formula in a and y with their indices: a_{ni}^{[L]}, y_{ni}."""
    index = "ni" if batch else "i"
    out, k = "", 0
    while k < len(formula):
        if formula[k] == "\\":  # a command's letters are no variables
            end = k + 1
            while end < len(formula) and formula[end].isalpha():
                end += 1
            out, k = out + formula[k:end] + " ", end
            continue
        out += {"a": rf"a_{{{index}}}^{{[{L}]}}", "y": rf"y_{{{index}}}"}.get(formula[k], formula[k])
        k += 1
    return out


def _loss(d: Definition, of: Structure) -> str:
    assert of.loss is not None
    batch = of.examples > 1
    sums = (r"\sum_n " if batch else "") + (r"\sum_i " if of.sizes[-1] > 1 else "")
    term = _indexed(of.loss.latex, d.layer, batch)
    needs_brackets = " - " in of.loss.latex and sums and of.loss.name == "binary_cross_entropy"
    term = rf"\left({term}\right)" if needs_brackets or (term.startswith("-") and (sums or _factors(of.loss, of))) else term
    return rf"\mathcal{{L}} = {_factors(of.loss, of)}{sums}{term}"


def _loss_gradient(d: Definition, of: Structure) -> str:
    assert of.loss is not None
    batch = of.examples > 1
    front = _factors(of.loss, of, of.loss.slope_coefficient)
    body = _indexed(of.loss.slope_latex, d.layer, batch)
    body = rf"\left({body}\right)" if front and body.startswith("-") else body
    if of.loss.slope_latex == "(a - y)" and not front:
        body = body[1:-1]
    index = "ni" if batch else "i"
    return rf"\frac{{\partial \mathcal{{L}}}}{{\partial a_{{{index}}}^{{[{d.layer}]}}}} = {front}{body}"


def _activation_gradient(d: Definition, of: Structure) -> str:
    l, g = d.layer, of.activations[d.layer - 1]
    if g.jacobian:
        return rf"{latex(d.id)} = {latex(f'da{l}')}\,{slope(f'a{l}', f'z{l}')}"
    prime = {"sigmoid": r"\sigma'", "tanh": r"\tanh'"}.get(g.name, rf"\operatorname{{{g.name.replace('_', ' ')}}}'")
    return rf"{latex(d.id)} = {latex(f'da{l}')} \odot {prime}({vector('z', l)})"


def _weight_gradient(d: Definition, of: Structure) -> str:
    return rf"{latex(d.id)} = \left({latex(f'dz{d.layer}')}\right)^{{\mathsf{{T}}}} {vector('a', d.layer - 1)}"


def _bias_gradient(d: Definition, of: Structure) -> str:
    if of.examples > 1:
        return rf"{latex(d.id)} = \sum_n \frac{{\partial \mathcal{{L}}}}{{\partial \mathbf{{z}}_n^{{[{d.layer}]}}}}"
    return rf"{latex(d.id)} = {latex(f'dz{d.layer}')}"


def _input_gradient(d: Definition, of: Structure) -> str:
    return rf"{latex(d.id)} = {latex(f'dz{d.layer}')}\,{vector('W', d.layer)}"


def _parameter_update(d: Definition, of: Structure) -> str:
    by = of.optimizer
    assert by is not None and not isinstance(d.rule, EinsumRule)
    theta, gradient = d.rule.operands[:2]
    if by.name == "sgd":
        rate = number(by.learning_rate)
        return rf"{latex(d.id)} = {latex(theta)} - {rate}\,{latex(gradient)}"
    return rf"{latex(d.id)} = {by.latex}, \quad \theta = {latex(theta)},\; g = {latex(gradient)}"


_EQUATIONS: dict[str, Callable[[Definition, Structure], str]] = {
    "linear": _linear,
    "activation": _activation,
    "loss": _loss,
    "loss_gradient": _loss_gradient,
    "activation_gradient": _activation_gradient,
    "weight_gradient": _weight_gradient,
    "bias_gradient": _bias_gradient,
    "input_gradient": _input_gradient,
    "parameter_update": _parameter_update,
}
