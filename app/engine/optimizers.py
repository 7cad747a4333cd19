"""Optimizers: one update θ → θ_new from its gradient and the optimizer's state, in PyTorch's forms and defaults.

`apply(theta, gradient, *state, t)` changes θ and the state, arrays shaped like θ, where they are, and works in the gradient's memory;
`update` leaves them as they are and returns new ones.
`slots` names the state (`m`, `v`); `t` counts this update from 1 and is an operand only where `counts` is true.
Formulas are plain text: {w} is θ, {g} its gradient, {m} and {v} the state before the update, {t} the count.
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .parameters import parameter
from .steps import Array


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """What every optimizer offers."""

    learning_rate: float = parameter(0.001, minimum=0)
    update_biases: bool = parameter(True)

    name: ClassVar[str]
    slots: ClassVar[tuple[str, ...]] = ()
    counts: ClassVar[bool] = False
    squares: ClassVar[tuple[str, ...]] = ()  # the slots made of squares, which are never negative
    formula: ClassVar[str]
    latex: ClassVar[str]
    meaning: ClassVar[tuple[str, ...]] = ()  # what else `latex` needs, as equations
    signs: ClassVar[dict[str, str]] = {"learning_rate": r"\eta"}  # of the parameters, as `latex` has them

    def update(self, theta: Array, gradient: Array, *state: Array) -> tuple[Array, ...]:
        """θ_new, then the new state in the order of `slots`."""
        slots = len(self.slots)
        theta, gradient, *new = (array.copy() for array in (theta, gradient, *state[:slots]))
        self.apply(theta, gradient, *new, *state[slots:])
        return theta, *new

    def apply(self, theta: Array, gradient: Array, *state: Array) -> None:
        """The same in place; the gradient is used up."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class SGD(Optimizer):
    name, formula = "sgd", "{w} − {learning_rate} · {g}"
    latex = r"\theta - \eta\, g"

    def apply(self, theta: Array, gradient: Array, *state: Array) -> None:
        gradient *= self.learning_rate
        theta -= gradient


@dataclass(frozen=True, kw_only=True)
class Momentum(Optimizer):
    momentum: float = parameter(0.9, minimum=0)
    name, slots, formula = "momentum", ("v",), "{w} − {learning_rate} · ({momentum} · {v} + {g})"
    latex = r"\theta - \eta\,(\mu v + g)"
    signs = Optimizer.signs | {"momentum": r"\mu"}

    def apply(self, theta: Array, gradient: Array, *state: Array) -> None:
        (v,) = state
        v *= self.momentum
        v += gradient
        theta -= self.learning_rate * v


@dataclass(frozen=True, kw_only=True)
class Nesterov(Optimizer):
    momentum: float = parameter(0.9, minimum=0)
    name, slots, formula = "nesterov", ("v",), "{w} − {learning_rate} · ({g} + {momentum} · ({momentum} · {v} + {g}))"
    latex = r"\theta - \eta\,(g + \mu\,(\mu v + g))"
    signs = Optimizer.signs | {"momentum": r"\mu"}

    def apply(self, theta: Array, gradient: Array, *state: Array) -> None:
        (v,) = state
        v *= self.momentum
        v += gradient
        theta -= self.learning_rate * (gradient + self.momentum * v)


@dataclass(frozen=True, kw_only=True)
class RMSprop(Optimizer):
    learning_rate: float = parameter(0.01, minimum=0)
    alpha: float = parameter(0.99, minimum=0, maximum=1)
    epsilon: float = parameter(1e-8, minimum=0)
    name, slots, squares = "rmsprop", ("v",), ("v",)
    formula = "{w} − {learning_rate} · {g} / (sqrt({alpha} · {v} + (1 − {alpha}) · {g}^2) + {epsilon})"
    latex = r"\theta - \eta\,\frac{g}{\sqrt{\alpha v + (1 - \alpha)\, g^2} + \varepsilon}"
    signs = Optimizer.signs | {"alpha": r"\alpha", "epsilon": r"\varepsilon"}

    def apply(self, theta: Array, gradient: Array, *state: Array) -> None:
        (v,) = state
        v *= self.alpha
        v += (1 - self.alpha) * gradient * gradient
        theta -= self.learning_rate * gradient / (np.sqrt(v) + self.epsilon)


@dataclass(frozen=True, kw_only=True)
class Adagrad(Optimizer):
    learning_rate: float = parameter(0.01, minimum=0)
    epsilon: float = parameter(1e-10, minimum=0)
    name, slots, squares, formula = "adagrad", ("v",), ("v",), "{w} − {learning_rate} · {g} / (sqrt({v} + {g}^2) + {epsilon})"
    latex = r"\theta - \eta\,\frac{g}{\sqrt{v + g^2} + \varepsilon}"
    signs = Optimizer.signs | {"epsilon": r"\varepsilon"}

    def apply(self, theta: Array, gradient: Array, *state: Array) -> None:
        (v,) = state
        v += gradient * gradient
        theta -= self.learning_rate * gradient / (np.sqrt(v) + self.epsilon)


@dataclass(frozen=True, kw_only=True)
class Adam(Optimizer):
    """Kingma & Ba, arXiv:1412.6980, with bias correction."""

    beta1: float = parameter(0.9, minimum=0, below=1)
    beta2: float = parameter(0.999, minimum=0, below=1)
    epsilon: float = parameter(1e-8, minimum=0)
    name, slots, squares, counts = "adam", ("m", "v"), ("v",), True
    formula = (
        "{w} − {learning_rate} · (({beta1} · {m} + (1 − {beta1}) · {g}) / (1 − {beta1}^{t}))"
        " / (sqrt(({beta2} · {v} + (1 − {beta2}) · {g}^2) / (1 − {beta2}^{t})) + {epsilon})"
    )
    latex = r"\theta - \eta\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}"
    meaning = (r"\hat m = \frac{\beta_1 m + (1 - \beta_1)\, g}{1 - \beta_1^t}", r"\hat v = \frac{\beta_2 v + (1 - \beta_2)\, g^2}{1 - \beta_2^t}")
    signs = Optimizer.signs | {"beta1": r"\beta_1", "beta2": r"\beta_2", "epsilon": r"\varepsilon"}

    def apply(self, theta: Array, gradient: Array, *state: Array) -> None:
        m, v, t = state
        step = self.learning_rate / (1 - self.beta1 ** float(t))  # the corrections of the bias, out of the arrays
        root = 1 / math.sqrt(1 - self.beta2 ** float(t))
        m *= self.beta1
        m += (1 - self.beta1) * gradient
        square = np.multiply(gradient, gradient, gradient)
        square *= 1 - self.beta2
        v *= self.beta2
        v += square
        spread = np.sqrt(v, square)
        spread *= root
        spread += self.epsilon
        change = np.divide(m, spread, spread)
        change *= step
        theta -= change


@dataclass(frozen=True, kw_only=True)
class AdamW(Adam):
    """Loshchilov & Hutter, arXiv:1711.05101: weight decay apart from the gradient."""

    weight_decay: float = parameter(0.01, minimum=0)
    name = "adamw"
    formula = "(1 − {learning_rate} · {weight_decay}) · " + Adam.formula
    latex = r"(1 - \eta\lambda)\,\theta - \eta\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}"
    signs = Adam.signs | {"weight_decay": r"\lambda"}

    def apply(self, theta: Array, gradient: Array, *state: Array) -> None:
        theta *= 1 - self.learning_rate * self.weight_decay
        super().apply(theta, gradient, *state)


OPTIMIZERS: dict[str, type[Optimizer]] = {kind.name: kind for kind in (SGD, Momentum, Nesterov, RMSprop, Adagrad, Adam, AdamW)}
