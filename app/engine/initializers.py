"""Initializers: weights (units out, units in) from a seeded generator. Biases start at 0.

Glorot & Bengio (2010) for xavier, He et al. (2015) for he; normals are not truncated.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .arrays import describe
from .parameters import parameter
from .steps import Array

SEEDS = 2**64  # from 0 on: of weights, of data sets


def seed_complaint(seed: object) -> str | None:
    """What is wrong with a seed, if anything."""
    fits = isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed < SEEDS
    return None if fits else f"expected a whole number from 0 to 2^64 − 1, got {describe(seed)}"


@dataclass(frozen=True, kw_only=True)
class Initializer:
    """What every initializer offers. `seed` makes the weights repeatable."""

    seed: int = 0
    name: ClassVar[str]
    formula: ClassVar[str]

    def draw(self, shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
        """Weights of the given (out, in) shape."""
        raise NotImplementedError

    def weights(self, layer: int, shape: tuple[int, int]) -> Array:
        """The weights of layer `layer` (from 1). Each layer has its own stream, so editing one does not re-roll the others."""
        return self.draw(shape, rng=np.random.default_rng([self.seed, layer]))


@dataclass(frozen=True, kw_only=True)
class XavierUniform(Initializer):
    name, formula = "xavier_uniform", "U(−r, r), r = sqrt(6 / (in + out))"

    def draw(self, shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
        r = np.sqrt(6 / sum(shape))
        return rng.uniform(-r, r, shape)


@dataclass(frozen=True, kw_only=True)
class XavierNormal(Initializer):
    name, formula = "xavier_normal", "N(0, s²), s = sqrt(2 / (in + out))"

    def draw(self, shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
        return rng.normal(0, np.sqrt(2 / sum(shape)), shape)


@dataclass(frozen=True, kw_only=True)
class HeUniform(Initializer):
    name, formula = "he_uniform", "U(−r, r), r = sqrt(6 / in)"

    def draw(self, shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
        r = np.sqrt(6 / shape[1])
        return rng.uniform(-r, r, shape)


@dataclass(frozen=True, kw_only=True)
class HeNormal(Initializer):
    name, formula = "he_normal", "N(0, s²), s = sqrt(2 / in)"

    def draw(self, shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
        return rng.normal(0, np.sqrt(2 / shape[1]), shape)


@dataclass(frozen=True, kw_only=True)
class Uniform(Initializer):
    low: float = parameter(-1.0, minimum=-1e100, maximum=1e100)
    high: float = parameter(1.0, minimum=-1e100, maximum=1e100)
    name, formula = "uniform", "U(low, high)"

    def draw(self, shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
        return self.low + (self.high - self.low) * rng.random(shape)


@dataclass(frozen=True, kw_only=True)
class Normal(Initializer):
    mean: float = parameter(0.0, minimum=-1e100, maximum=1e100)
    std: float = parameter(1.0, minimum=0, maximum=1e100)
    name, formula = "normal", "N(mean, std²)"

    def draw(self, shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
        return rng.normal(self.mean, self.std, shape)


@dataclass(frozen=True, kw_only=True)
class Zeros(Initializer):
    name, formula = "zeros", "0"

    def draw(self, shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
        return np.zeros(shape)


@dataclass(frozen=True, kw_only=True)
class Constant(Initializer):
    value: float = parameter(0.1)
    name, formula = "constant", "value"

    def draw(self, shape: tuple[int, int], *, rng: np.random.Generator) -> Array:
        return np.full(shape, self.value)


INITIALIZERS: dict[str, type[Initializer]] = {
    kind.name: kind
    for kind in (XavierUniform, XavierNormal, HeUniform, HeNormal, Uniform, Normal, Zeros, Constant)
}
