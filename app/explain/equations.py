"""The equation of every operation in LaTeX, row-vector convention: z^[l] = a^[l-1] W^[l]ᵀ + b^[l]."""

from collections.abc import Callable

from ..engine.problem import Structure
from ..engine.steps import Definition, EinsumRule
from .losses import loss_equation, prediction, slope_equation
from .numbers import number
from .symbols import latex, slope, vector

LOSS, SPACE = latex("loss"), r", \quad "
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
    words = name.replace("_", r"\,")
    return GLYPHS.get(name, rf"\operatorname{{{words}}}")


def _fraction(of: str, by: str) -> str:
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


def _linear(d: Definition, of: Structure) -> str:
    l = d.layer
    rest = rf" + {vector('b', l)}" if of.biases[l - 1] else ""
    return rf"{vector('z', l)} = {vector('a', l - 1)}\,\mathbf{{W}}^{{[{l}]\mathsf{{T}}}}{rest}"


def _activation(d: Definition, of: Structure) -> str:
    g = of.activations[d.layer - 1]
    if g.name == "identity":
        return rf"{vector('a', d.layer)} = {vector('z', d.layer)}"
    return rf"{vector('a', d.layer)} = {activation_glyph(g.name)}({vector('z', d.layer)})"


def _loss(d: Definition, of: Structure) -> str:
    return rf"\mathcal{{L}} = {loss_equation(of)}"


def _loss_gradient(d: Definition, of: Structure) -> str:
    return rf"\frac{{\partial \mathcal{{L}}}}{{\partial {prediction(of)}}} = {slope_equation(of)}"


def _activation_gradient(d: Definition, of: Structure) -> str:
    l, g = d.layer, of.activations[d.layer - 1]
    if g.jacobian and of.examples > 1:
        a, z = rf"\mathbf{{a}}_n^{{[{l}]}}", rf"\mathbf{{z}}_n^{{[{l}]}}"
        return rf"{_fraction(LOSS, z)} = {_fraction(LOSS, a)}\,{_fraction(a, z)}"
    if g.jacobian:
        return rf"{latex(d.id)} = {latex(f'da{l}')}\,{slope(f'a{l}', f'z{l}')}"
    return rf"{latex(d.id)} = {latex(f'da{l}')} \odot {activation_glyph(g.name)}'({vector('z', l)})"


def _weight_gradient(d: Definition, of: Structure) -> str:
    return rf"{latex(d.id)} = \left({latex(f'dz{d.layer}')}\right)^{{\mathsf{{T}}}} {vector('a', d.layer - 1)}"


def _bias_gradient(d: Definition, of: Structure) -> str:
    if of.examples > 1:
        z = rf"\mathbf{{z}}_n^{{[{d.layer}]}}"
        return rf"{latex(d.id)} = \sum_n {_fraction(LOSS, z)}"
    return rf"{latex(d.id)} = {latex(f'dz{d.layer}')}"


def _input_gradient(d: Definition, of: Structure) -> str:
    return rf"{latex(d.id)} = {latex(f'dz{d.layer}')}\,{vector('W', d.layer)}"


def _parameter_update(d: Definition, of: Structure) -> str:
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
