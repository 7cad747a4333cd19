"""Losses ℒ = scale · reduce_batch(reduce_outputs(term(a, y))) and their gradients ∂ℒ/∂a, side by side.

`term` and `slope` take a and y, (N, n), and return (N, n); the reductions belong to ℒ, so every gradient
already contains scale, 1/n and 1/N where they are declared. Formulas are plain text with {a} and {y}.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from .parameters import parameter
from .steps import Array

REDUCTIONS = ("sum", "mean")
_ONE = np.array(1.0)  # an array: numpy takes twice as long over a Python number


class Formula(NamedTuple):
    """A formula in LaTeX with {a}, {y} and the loss's parameters to be put in, and the constant it is multiplied with."""

    text: str
    coefficient: float = 1.0
    bare: bool = True  # may stand behind a factor without brackets

    def plain(self) -> str:
        """In symbols, whatever the parameters are."""
        text = self.text.format(a="a", y="y", delta=r"\delta")
        return text if self.coefficient == 1 else f"{self.coefficient:g}\\," + (text if self.bare else f"({text})")


@dataclass(frozen=True, kw_only=True)
class Loss:
    """What every loss offers."""

    scale: float = parameter(1.0)
    over_outputs: str = parameter("sum", choices=REDUCTIONS)
    over_batch: str = parameter("mean", choices=REDUCTIONS)

    name: ClassVar[str]
    formula: ClassVar[str]
    slope_formula: ClassVar[str]
    symbols: ClassVar[tuple[Formula, Formula]]  # of a term and of its slope
    latex: ClassVar[str]
    slope_latex: ClassVar[str]
    targets: ClassVar[str] = "real"  # "real", "probability" (each in [0, 1]) or "class" (probabilities, or class indices)

    def __init_subclass__(cls) -> None:
        if "symbols" in vars(cls):
            cls.latex, cls.slope_latex = (formula.plain() for formula in cls.symbols)

    def formulas(self) -> tuple[Formula, Formula]:
        """`symbols` as they are with these parameters."""
        return self.symbols

    def texts(self) -> tuple[str, str]:
        """`formula` and `slope_formula` as they are with these parameters."""
        return self.formula, self.slope_formula

    def term(self, a: Array, y: Array) -> Array:
        """The loss of every single output before reduction, (N, n)."""
        raise NotImplementedError

    def slope(self, a: Array, y: Array) -> Array:
        """∂term/∂a, (N, n)."""
        raise NotImplementedError

    def factor(self, shape: tuple[int, ...]) -> float:
        """What the reductions and the scale multiply every term with; `shape` is (N, n)."""
        examples, outputs = shape
        return self.scale / ((examples if self.over_batch == "mean" else 1) * (outputs if self.over_outputs == "mean" else 1))

    def value(self, a: Array, y: Array) -> Array:
        """ℒ, a 0-d array."""
        return np.asarray(self.factor(a.shape) * self.term(a, y).sum())

    def gradient(self, a: Array, y: Array, factor: float | Array | None = None) -> Array:
        """∂ℒ/∂a, (N, n); who asks often may know the factor already."""
        gradient = self.slope(a, y)
        gradient *= self.factor(a.shape) if factor is None else factor
        return gradient


@dataclass(frozen=True, kw_only=True)
class SquaredError(Loss):
    scale: float = parameter(0.5)
    name, formula, slope_formula = "squared_error", "({a} − {y})^2", "2 · ({a} − {y})"
    symbols = Formula("({a} - {y})^2"), Formula("{a} - {y}", coefficient=2.0, bare=False)

    def term(self, a: Array, y: Array) -> Array:
        r = a - y
        return r * r

    def slope(self, a: Array, y: Array) -> Array:
        r = a - y
        r += r
        return r


@dataclass(frozen=True, kw_only=True)
class AbsoluteError(Loss):
    name, formula, slope_formula = "absolute_error", "|{a} − {y}|", "sign({a} − {y})"
    symbols = Formula("|{a} - {y}|"), Formula(r"\operatorname{{sign}}({a} - {y})")

    def term(self, a: Array, y: Array) -> Array:
        return np.abs(a - y)

    def slope(self, a: Array, y: Array) -> Array:
        return np.sign(a - y)


@dataclass(frozen=True, kw_only=True)
class Huber(Loss):
    delta: float = parameter(1.0, above=0)
    name = "huber"
    formula = "½ · min(|{a} − {y}|, {delta})^2 + {delta} · max(0, |{a} − {y}| − {delta})"
    slope_formula = "max(−{delta}, min({delta}, {a} − {y}))"
    symbols = (
        Formula(r"\tfrac{{1}}{{2}} \min(|{a} - {y}|, {delta})^2 + {delta} \cdot \max(0, |{a} - {y}| - {delta})", bare=False),
        Formula(r"\max(-{delta}, \min({delta}, {a} - {y}))"),
    )

    def term(self, a: Array, y: Array) -> Array:
        r = np.abs(a - y)
        near = np.minimum(r, self.delta)
        return 0.5 * near * near + self.delta * (r - near)

    def slope(self, a: Array, y: Array) -> Array:
        return np.clip(a - y, -self.delta, self.delta)


@dataclass(frozen=True, kw_only=True)
class LogLoss(Loss):
    """Losses with a logarithm of the prediction. `clip` keeps it inside [clip, 1 − clip], in the value and in its derivative."""

    clip: float = parameter(0.0, minimum=0, below=0.5)

    def texts(self) -> tuple[str, str]:
        if not self.clip:
            return super().texts()
        inside = self.formula.replace("{a}", "max({clip}, min(1 − {clip}, {a}))")
        return inside, f"[{{clip}} ≤ {{a}} ≤ 1 − {{clip}}] · ({self.slope_formula})"

    def formulas(self) -> tuple[Formula, Formula]:
        if not self.clip:
            return self.symbols
        term, slope = self.symbols
        inside = term.text.replace("{a}", r"\operatorname{{clip}}_{{[{clip},\,1 - {clip}]}}({a})")
        return term._replace(text=inside), Formula(rf"[\,{{clip}} \le {{a}} \le 1 - {{clip}}\,]\left({slope.text}\right)", slope.coefficient)

    def _inside(self, a: Array) -> Array:
        return np.clip(a, self.clip, 1 - self.clip) if self.clip else a

    def slope(self, a: Array, y: Array) -> Array:
        if not self.clip:
            return self._slope(a, y)
        held = (a < self.clip) | (a > 1 - self.clip)  # by the clip: ℒ does not move there
        return np.where(held, 0.0, self._slope(self._inside(a), y))

    def _slope(self, a: Array, y: Array) -> Array:
        """∂term/∂a where nothing is clipped."""
        raise NotImplementedError


def _times_log(weight: Array, x: Array) -> Array:
    """weight · ln x with 0 · ln 0 = 0: a term that does not count is exactly 0, whatever x is."""
    return np.where(weight == 0, 0.0, weight * np.log(x))


def _over(weight: Array, x: Array) -> Array:
    """weight / x, exactly 0 where the weight is 0."""
    quotient: Array = weight / x
    flat = quotient.ravel("K")
    if math.isnan(flat.dot(flat)):  # something is 0 / 0, or x is no number; else a weight of 0 has given 0 by itself
        np.copyto(quotient, 0.0, where=weight == 0)
    return quotient


@dataclass(frozen=True, kw_only=True)
class BinaryCrossEntropy(LogLoss):
    name, formula, slope_formula = "binary_cross_entropy", "−({y} · ln({a}) + (1 − {y}) · ln(1 − {a}))", "−{y} / {a} + (1 − {y}) / (1 − {a})"
    symbols = (
        Formula(r"-{y} \ln {a} - (1 - {y}) \ln(1 - {a})", bare=False),
        Formula(r"-\frac{{{y}}}{{{a}}} + \frac{{1 - {y}}}{{1 - {a}}}", bare=False),
    )
    targets = "probability"

    def term(self, a: Array, y: Array) -> Array:
        inside = self._inside(a)
        return -_times_log(y, inside) - _times_log(1 - y, 1 - inside)

    def _slope(self, a: Array, y: Array) -> Array:
        slope = _over(_ONE - y, _ONE - a)
        slope -= _over(y, a)
        return slope


@dataclass(frozen=True, kw_only=True)
class CrossEntropy(LogLoss):
    name, formula, slope_formula = "cross_entropy", "−{y} · ln({a})", "−{y} / {a}"
    symbols = Formula(r"-{y} \ln {a}", bare=False), Formula(r"-\frac{{{y}}}{{{a}}}", bare=False)
    targets = "class"

    def term(self, a: Array, y: Array) -> Array:
        return -_times_log(y, self._inside(a))

    def _slope(self, a: Array, y: Array) -> Array:
        return _over(-y, a)


LOSSES: dict[str, type[Loss]] = {kind.name: kind for kind in (SquaredError, AbsoluteError, Huber, BinaryCrossEntropy, CrossEntropy)}
