"""Scalar functions to put one inside the other: the activations but softmax, and a few plain ones that lectures use.

`latex` has {x} where the argument stands, `slope_latex` may also use {y}, the function's own value there.
`window` is what a picture shows of the argument. Outside `domain` the value is NaN or infinite, and so is the slope;
`breaks` are points inside the window where the curve falls apart.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .activations import ACTIVATIONS, Activation
from .steps import Array

Map = Callable[[Array], Array]
_WIDE = (-4.0, 4.0)


@dataclass(frozen=True)
class Scalar:
    """y = f(x) with its slope; both take and return arrays of any shape."""

    name: str
    title: str
    latex: str
    slope_latex: str
    value: Map
    slope: Map
    window: tuple[float, float] = _WIDE
    domain: str = ""  # in words, where it is not every number: "above 0"
    breaks: tuple[float, ...] = ()

    @np.errstate(all="ignore")
    def at(self, x: float) -> tuple[float, float]:
        """Value and slope at one number."""
        here = np.array([x])
        return float(self.value(here)[0]), float(self.slope(here)[0])


def _activation(kind: type[Activation], latex: str = "", slope_latex: str = "") -> Scalar:
    """An activation with the defaults of its parameters; those that have some give their LaTeX with the defaults put in."""
    g = kind()

    def value(x: Array) -> Array:
        return g.value(x.reshape(1, -1)).reshape(x.shape)

    def slope(x: Array) -> Array:
        z = x.reshape(1, -1)
        return g.derivative(z, g.value(z)).reshape(x.shape)

    return Scalar(kind.name, kind.name.replace("_", " "), latex or _placed(kind.latex), slope_latex or _placed(kind.slope_latex), value, slope)


def _placed(latex: str) -> str:
    """z and a of an activation's LaTeX as {x} and {y}: letters that stand alone, not those of a command."""
    return re.sub(r"(?<![A-Za-z\\])[za](?![A-Za-z])", lambda letter: "{x}" if letter[0] == "z" else "{y}", latex)


def _where_positive(slope: Map) -> Map:
    """The slope of a logarithm: nothing where the logarithm is nothing."""
    return lambda x: np.where(x >= 0, slope(np.abs(x)), np.nan)


def _log_loss(x: Array) -> Array:
    return -np.log(x)


_SPECIAL = {
    "leaky_relu": (r"\max(0, {x}) + 0.01 \min(0, {x})", r"[\,{x} > 0\,] + 0.01\,[\,{x} \le 0\,]"),
    "elu": (r"\max(0, {x}) + e^{\min(0, {x})} - 1", r"[\,{x} > 0\,] + e^{{x}}\,[\,{x} \le 0\,]"),
    "softplus": (r"\ln(1 + e^{{x}})", r"\sigma({x})"),
}

SCALARS: dict[str, Scalar] = {
    scalar.name: scalar
    for scalar in (
        Scalar("affine", "affine 2x + 1", r"2\,{x} + 1", r"2", lambda x: 2 * x + 1, lambda x: np.full_like(x, 2.0), (-3.0, 3.0)),
        Scalar("square", "square x²", r"{x}^2", r"2\,{x}", np.square, lambda x: 2 * x, (-2.0, 2.0)),
        Scalar("cube", "cube x³", r"{x}^3", r"3\,{x}^2", lambda x: x * x * x, lambda x: 3 * x * x, (-2.0, 2.0)),
        Scalar("sine", "sine", r"\sin {x}", r"\cos {x}", np.sin, np.cos, (-6.5, 6.5)),
        Scalar("exponential", "exponential eˣ", r"e^{{x}}", r"e^{{x}}", np.exp, np.exp, (-3.0, 3.0)),
        Scalar("logarithm", "logarithm ln x", r"\ln {x}", r"\frac{1}{{x}}", np.log, _where_positive(np.reciprocal), (-0.5, 4.0), "above 0"),
        Scalar("reciprocal", "reciprocal 1/x", r"\frac{1}{{x}}", r"-\frac{1}{{x}^2}", np.reciprocal, lambda x: -1 / (x * x), _WIDE, "other than 0", (0.0,)),
        Scalar("absolute", "absolute value |x|", r"|{x}|", r"\operatorname{sign} {x}", np.abs, np.sign, (-3.0, 3.0)),
        Scalar("squared_error", "squared error, target 1", r"\tfrac{1}{2}({x} - 1)^2", r"{x} - 1", lambda x: (x - 1) ** 2 / 2, lambda x: x - 1, (-1.0, 3.0)),
        Scalar("log_loss", "log loss, target 1", r"-\ln {x}", r"-\frac{1}{{x}}", _log_loss, _where_positive(lambda x: -1 / x), (-0.25, 2.0), "above 0"),
        *(_activation(kind, *_SPECIAL.get(name, ())) for name, kind in ACTIVATIONS.items() if not kind.jacobian),
    )
}
