"""Activations a = g(z) with their local derivatives ∂a/∂z, value and derivative side by side.

`value(z)` and `derivative(z, a)` take and return (N, n); softmax's derivative is the Jacobian (N, n, n).
Forms and parameter defaults are PyTorch's; at a kink the derivative is the left one (relu′(0) = 0).
`formula` is plain text in which a page can put a number for {z}; `latex` and `slope_latex` say the same in symbols.

`evaluate` and `pull` are for training: they write into arrays that are there, and compute once what value and derivative share.
"""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from .parameters import parameter
from .special import erfc
from .steps import Array

_ZERO, _ONE, _LARGEST = np.array(0.0), np.array(1.0), np.array(np.finfo(np.float64).max)  # arrays: numpy takes twice as long over a Python number
_FAR = 1e100  # gelu and silu have long reached their limits here; beyond, z³ overflows and ∞ · 0 is NaN


@dataclass(frozen=True)
class Activation:
    """What every activation offers; elementwise ones differentiate to an array like z."""

    name: ClassVar[str]
    glyph: ClassVar[str]
    formula: ClassVar[str]
    latex: ClassVar[str]
    slope_latex: ClassVar[str]
    jacobian: ClassVar[bool] = False
    effort: ClassVar[int] = 0  # what a value, and again a slope, costs more than others', in numbers computed (measured)
    steepest: ClassVar[float | None] = None  # the slope where it is not flat, for those that flatten out; elu's is that of its straight side

    def value(self, z: Array) -> Array:
        """a = g(z), (N, n)."""
        raise NotImplementedError

    def derivative(self, z: Array, a: Array) -> Array:
        """∂a/∂z: (N, n), or (N, n, n) where `jacobian` is true; `a` is value(z)."""
        raise NotImplementedError

    def evaluate(self, z: Array, a: Array) -> Array:
        """Write g(z) into `a`; what `pull` needs of the slope comes back, perhaps in place of z, which is used up."""
        a[...] = self.value(z)
        return self.derivative(z, a)

    def pull(self, da: Array, a: Array, slope: Array, dz: Array) -> None:
        """Write ∂ℒ/∂z into `dz`: ∂ℒ/∂a pulled back through g."""
        np.multiply(da, slope, dz)


@dataclass(frozen=True)
class Identity(Activation):
    name, glyph, formula = "identity", "id", "{z}"
    latex, slope_latex = r"z", r"1"

    def value(self, z: Array) -> Array:
        return z.copy()

    def derivative(self, z: Array, a: Array) -> Array:
        return np.ones_like(z)

    def evaluate(self, z: Array, a: Array) -> Array:
        a[...] = z
        return _ONE


@dataclass(frozen=True)
class Sigmoid(Activation):
    name, glyph, formula = "sigmoid", "σ", "1 / (1 + exp(−{z}))"
    latex, slope_latex = r"\frac{1}{1 + e^{-z}}", r"a\,(1 - a)"
    steepest = 0.25  # at z = 0

    def value(self, z: Array) -> Array:
        e = np.exp(-z)
        self._value(e, e)
        return e

    def derivative(self, z: Array, a: Array) -> Array:
        e = np.exp(-z)
        self._slope(e, a)
        return e

    def evaluate(self, z: Array, a: Array) -> Array:
        e = np.exp(np.negative(z, z), z)
        self._value(e, a)
        self._slope(e, a)
        return e

    def _value(self, e: Array, a: Array) -> None:
        np.add(e, _ONE, a)
        np.reciprocal(a, a)

    def _slope(self, e: Array, a: Array) -> None:
        """e^{−z} becomes a (1 − a) with all digits of 1 − a, which is e^{−z} a; where e^{−z} overflows, a is 0."""
        np.minimum(e, _LARGEST, out=e)
        e *= a
        e *= a


@dataclass(frozen=True)
class Tanh(Activation):
    name, glyph, formula = "tanh", "tanh", "tanh({z})"
    latex, slope_latex = r"\tanh z", r"1 - a^2"
    steepest = 1.0  # at z = 0

    def value(self, z: Array) -> Array:
        return np.tanh(z)

    def derivative(self, z: Array, a: Array) -> Array:
        return self._slope(z, np.empty_like(z))

    def evaluate(self, z: Array, a: Array) -> Array:
        np.tanh(z, a)
        return self._slope(z, z)

    def _slope(self, z: Array, out: Array) -> Array:
        """1 / cosh² z: 1 − a² would lose its digits where |a| is nearly 1."""
        np.cosh(z, out)
        out *= out
        np.reciprocal(out, out)
        return out


@dataclass(frozen=True)
class ReLU(Activation):
    name, glyph, formula = "relu", "relu", "max(0, {z})"
    latex, slope_latex = r"\max(0, z)", r"[\,z > 0\,]"

    def value(self, z: Array) -> Array:
        value: Array = np.maximum(z, _ZERO)
        return value

    def derivative(self, z: Array, a: Array) -> Array:
        return np.sign(a)  # which keeps NaN

    def evaluate(self, z: Array, a: Array) -> Array:
        np.maximum(z, _ZERO, out=a)
        np.sign(a, z)
        return z


@dataclass(frozen=True)
class LeakyReLU(Activation):
    slope: float = parameter(0.01)
    name, glyph, formula = "leaky_relu", "leaky", "max(0, {z}) + {slope} · min(0, {z})"
    latex, slope_latex = r"\max(0, z) + s \min(0, z)", r"[\,z > 0\,] + s\,[\,z \le 0\,]"

    def value(self, z: Array) -> Array:
        return np.where(z > 0, z, self.slope * z)

    def derivative(self, z: Array, a: Array) -> Array:
        return np.where(z > 0, 1.0, np.where(np.isnan(z), np.nan, self.slope))


@dataclass(frozen=True)
class ELU(Activation):
    alpha: float = parameter(1.0)
    name, glyph, formula = "elu", "elu", "max(0, {z}) + {alpha} · (exp(min(0, {z})) − 1)"
    latex, slope_latex = r"\max(0, z) + \alpha\,(e^{\min(0, z)} - 1)", r"[\,z > 0\,] + \alpha e^{z}\,[\,z \le 0\,]"
    steepest = 1.0

    def value(self, z: Array) -> Array:
        return np.where(z > 0, z, self.alpha * np.expm1(np.minimum(z, 0.0)))

    def derivative(self, z: Array, a: Array) -> Array:
        return np.where(z > 0, 1.0, self.alpha * np.exp(np.minimum(z, 0.0)))


@dataclass(frozen=True)
class GELU(Activation):
    approximate: str = parameter("none", choices=("none", "tanh"))
    name, glyph = "gelu", "gelu"
    latex, slope_latex = r"z\,\Phi(z)", r"\Phi(z) + z\,\varphi(z)"
    steepest = 1.129  # at z = √2
    effort = 30  # the error function

    @property
    def formula(self) -> str:  # type: ignore[override]  # the form depends on the parameter
        if self.approximate == "tanh":
            return "0.5 · {z} · (1 + tanh(sqrt(2 / π) · ({z} + 0.044715 · {z}^3)))"
        return "0.5 · {z} · erfc(−{z} / sqrt(2))"

    def _inner(self, z: Array) -> tuple[Array, Array]:
        """tanh(u) and du/dz of the tanh approximation, Hendrycks & Gimpel, arXiv:1606.08415."""
        c = np.sqrt(2 / np.pi)
        return np.tanh(c * (z + 0.044715 * z**3)), c * (1 + 3 * 0.044715 * z * z)

    def value(self, z: Array) -> Array:
        z = np.maximum(z, -_FAR)
        if self.approximate == "tanh":
            return 0.5 * z * (1 + self._inner(z)[0])
        return 0.5 * z * erfc(-z / np.sqrt(2))

    def derivative(self, z: Array, a: Array) -> Array:
        z = np.clip(z, -_FAR, _FAR)
        if self.approximate == "tanh":
            t, du = self._inner(z)
            slope: Array = 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * du
            return slope
        density = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
        slope_at_z: Array = 0.5 * erfc(-z / np.sqrt(2)) + z * density
        return slope_at_z


@dataclass(frozen=True)
class SiLU(Activation):
    name, glyph, formula = "silu", "silu", "{z} / (1 + exp(−{z}))"
    latex, slope_latex = r"z\,\sigma(z)", r"\sigma(z)\,(1 + z\,(1 - \sigma(z)))"
    steepest = 1.1  # at z ≈ 2.4

    def value(self, z: Array) -> Array:
        z = np.maximum(z, -_FAR)
        return z * _sigmoid.value(z)

    def derivative(self, z: Array, a: Array) -> Array:
        z = np.clip(z, -_FAR, _FAR)
        s = _sigmoid.value(z)
        return s + z * _sigmoid.derivative(z, s)


@dataclass(frozen=True)
class Softplus(Activation):
    beta: float = parameter(1.0, above=0)
    name, glyph, formula = "softplus", "softplus", "ln(1 + exp({beta} · {z})) / {beta}"
    latex, slope_latex = r"\tfrac{1}{\beta} \ln(1 + e^{\beta z})", r"\sigma(\beta z)"
    steepest = 1.0  # as z grows

    def value(self, z: Array) -> Array:
        value: Array = np.logaddexp(0.0, self.beta * z) / self.beta
        return value

    def derivative(self, z: Array, a: Array) -> Array:
        return _sigmoid.value(self.beta * z)


@dataclass(frozen=True)
class Softmax(Activation):
    name, glyph, formula = "softmax", "softmax", "exp({z}) / Σ_j exp({z}_j)"
    latex, slope_latex = r"\frac{e^{z_i}}{\sum_j e^{z_j}}", r"a_k\,(\delta_{ki} - a_i)"
    steepest = 0.25  # a_k (1 − a_k) at a_k = ½
    jacobian = True

    def value(self, z: Array) -> Array:
        a = np.empty_like(z)
        self.evaluate(z, a)
        return a

    def derivative(self, z: Array, a: Array) -> Array:
        g = -a[:, :, None] * a[:, None, :]
        units = np.arange(a.shape[1])
        g[:, units, units] += a
        return g

    def evaluate(self, z: Array, a: Array) -> Array:
        np.subtract(z, np.maximum.reduce(z, axis=1, keepdims=True), a)  # exp of numbers up to 0 can't overflow
        np.exp(a, a)
        a /= a.dot(_ones(a.shape[1]))
        return a

    def pull(self, da: Array, a: Array, slope: Array, dz: Array) -> None:
        """Through the Jacobian without making it: Σ_k da_k a_k (δ_ki − a_i) = a_i (da_i − Σ_k da_k a_k)."""
        np.multiply(da, a, dz)
        np.multiply(a, da - dz.dot(_ones(a.shape[1])), dz)


@cache
def _ones(n: int) -> Array:
    """(n, 1): a product with it sums rows, in a third of the time."""
    return np.ones((n, 1))


_sigmoid = Sigmoid()

ACTIVATIONS: dict[str, type[Activation]] = {
    kind.name: kind
    for kind in (Identity, Sigmoid, Tanh, ReLU, LeakyReLU, ELU, GELU, SiLU, Softplus, Softmax)
}
