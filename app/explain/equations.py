"""The equation of every operation in LaTeX: with rows, as on the slides, z^[l] = a^[l-1] W^[l]ᵀ + b^[l]; with columns z^[l] = W^[l] a^[l-1] + b^[l]."""

from collections.abc import Callable
from typing import NamedTuple

from ..engine.problem import Structure
from ..engine.steps import Definition, EinsumRule
from .conventions import Convention, transposed
from .losses import loss_equation, prediction, slope_equation
from .numbers import number
from .symbols import fraction, latex, slope, vector

LOSS, SPACE = latex("loss"), r", \quad "
GLYPHS = {"sigmoid": r"\sigma", "tanh": r"\tanh"}


class Local(NamedTuple):
    """The easy factor of a backward step, in LaTeX."""

    symbol: str  # the derivative: ∂z/∂a, a Jacobian in both conventions
    written: str  # as it stands in the product: with columns a vector's derivative by a vector is transposed
    value: str  # what it is there


def equation(d: Definition, of: Structure, convention: Convention = "row") -> str:
    """The equation that defines this step's quantity."""
    return _EQUATIONS[d.operation](d, of, convention)


def local(d: Definition, convention: Convention = "row") -> Local | None:
    """The local derivative of a backward step; None for other steps."""
    l, columns = d.layer, convention == "column"
    known = {
        "activation_gradient": (slope(f"a{l}", f"z{l}"), r"g'(" + vector("z", l) + ")"),
        "weight_gradient": (slope(f"z{l}", f"W{l}"), transposed(vector("a", l - 1)) if columns else vector("a", l - 1)),
        "bias_gradient": (slope(f"z{l}", f"b{l}"), "1"),
        "input_gradient": (slope(f"z{l}", f"a{l - 1}"), _transposed_weights(l) if columns else vector("W", l)),
    }.get(d.operation)
    if known is None:
        return None
    symbol, value = known
    return Local(symbol, transposed(symbol) if columns and d.operation != "weight_gradient" else symbol, value)


def chain(d: Definition, convention: Convention = "row") -> str:
    """A backward step as (NOT EASY, already known) × (easy): the split that makes it bearable.

    Columns are multiplied from the left. A vector's derivative by a matrix has no transpose, so ∂ℒ/∂W is written as on the slides.
    """
    by = local(d, convention)
    assert d.upstream is not None and by is not None
    factors = [rf"\underbrace{{{latex(d.upstream)}}}_{{\text{{NOT EASY}}}}", rf"\underbrace{{{by.written}}}_{{\text{{easy}}}}"]
    if by.written != by.symbol:
        factors.reverse()
    return rf"{latex(d.id)} = " + r"\;\;".join(factors)


def activation_glyph(name: str) -> str:
    """g by its name: σ, tanh, relu …"""
    words = name.replace("_", r"\,")
    return GLYPHS.get(name, rf"\operatorname{{{words}}}")


def _transposed_weights(l: int) -> str:
    return rf"\mathbf{{W}}^{{[{l}]\mathsf{{T}}}}"


def _linear(d: Definition, of: Structure, convention: Convention) -> str:
    l = d.layer
    rest = rf" + {vector('b', l)}" if of.biases[l - 1] else ""
    if convention == "column":
        return rf"{vector('z', l)} = {vector('W', l)}\,{vector('a', l - 1)}{rest}"
    return rf"{vector('z', l)} = {vector('a', l - 1)}\,{_transposed_weights(l)}{rest}"


def _activation(d: Definition, of: Structure, convention: Convention) -> str:
    g = of.activations[d.layer - 1]
    if g.name == "identity":
        return rf"{vector('a', d.layer)} = {vector('z', d.layer)}"
    return rf"{vector('a', d.layer)} = {activation_glyph(g.name)}({vector('z', d.layer)})"


def _loss(d: Definition, of: Structure, convention: Convention) -> str:
    return rf"\mathcal{{L}} = {loss_equation(of, convention)}"


def _loss_gradient(d: Definition, of: Structure, convention: Convention) -> str:
    return rf"{fraction(LOSS, prediction(of, convention))} = {slope_equation(of, convention)}"


def _activation_gradient(d: Definition, of: Structure, convention: Convention) -> str:
    l, g = d.layer, of.activations[d.layer - 1]
    if g.jacobian:
        mark = "_n" if of.examples > 1 else ""  # example by example: one product for a whole batch there is not
        a, z = rf"\mathbf{{a}}{mark}^{{[{l}]}}", rf"\mathbf{{z}}{mark}^{{[{l}]}}"
        known, by = fraction(LOSS, a), fraction(a, z)
        return rf"{fraction(LOSS, z)} = " + (rf"{transposed(by)} {known}" if convention == "column" else rf"{known}\,{by}")
    return rf"{latex(d.id)} = {latex(f'da{l}')} \odot {activation_glyph(g.name)}'({vector('z', l)})"


def _weight_gradient(d: Definition, of: Structure, convention: Convention) -> str:
    dz, a = latex(f"dz{d.layer}"), vector("a", d.layer - 1)
    return rf"{latex(d.id)} = " + (rf"{dz} {transposed(a)}" if convention == "column" else rf"{transposed(dz)} {a}")


def _bias_gradient(d: Definition, of: Structure, convention: Convention) -> str:
    if of.examples > 1:
        z = rf"\mathbf{{z}}_n^{{[{d.layer}]}}"
        return rf"{latex(d.id)} = \sum_n {fraction(LOSS, z)}"
    return rf"{latex(d.id)} = {latex(f'dz{d.layer}')}"


def _input_gradient(d: Definition, of: Structure, convention: Convention) -> str:
    dz = latex(f"dz{d.layer}")
    return rf"{latex(d.id)} = " + (rf"{_transposed_weights(d.layer)}\,{dz}" if convention == "column" else rf"{dz}\,{vector('W', d.layer)}")


def _parameter_update(d: Definition, of: Structure, convention: Convention) -> str:
    by = of.optimizer
    assert by is not None and not isinstance(d.rule, EinsumRule)
    theta, gradient, *state = d.rule.operands
    if by.name == "sgd":
        return rf"{latex(d.id)} = {latex(theta)} - {number(by.learning_rate)}\,{latex(gradient)}"
    names = {r"\theta": theta, "g": gradient, **{name.rpartition("_")[2]: name for name in state if name != "t"}}
    known = [rf"{short} = {latex(name)}" for short, name in names.items()]
    constants = [rf"{sign} = {number(getattr(by, name))}" for name, sign in by.signs.items()]
    lines = [rf"{latex(d.id)} = {by.latex}", *([SPACE.join(by.meaning)] if by.meaning else []), SPACE.join(known), SPACE.join(constants)]
    return r"\begin{gathered} " + r" \\ ".join(lines) + r" \end{gathered}"


_EQUATIONS: dict[str, Callable[[Definition, Structure, Convention], str]] = {
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
