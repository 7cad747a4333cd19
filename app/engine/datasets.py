"""Data sets: drawn from a seed, or measured and shipped as facts. The same name, size, noise and seed are the same numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeGuard

import numpy as np

from . import drawn, facts, measured
from .arrays import describe
from .drawn import Data
from .errors import Fault, ProblemError
from .initializers import seed_complaint
from .steps import Array

DECIMALS = 4  # of every number: readable, and the same where another processor rounds a sine differently
STREAM = (0, 2)  # after the seed: apart from the streams of weights, epochs and the split

Draw = Callable[[int, np.random.Generator], Data]


class Size(NamedTuple):
    """How many examples there may be."""

    default: int
    minimum: int
    maximum: int


DRAWN = Size(250, 4, 4000)


class Noise(NamedTuple):
    """The standard deviation of what is added: to the inputs where classes are told apart, else to the targets."""

    default: float
    minimum: float
    maximum: float


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """One data set. `draw` gives it without noise; `image` is (rows, columns) where the inputs are a picture."""

    name: str
    title: str
    description: str
    source: str | None = None
    input_names: tuple[str, ...] = ("x₁", "x₂")
    class_names: tuple[str, ...] = ()  # none: a regression
    image: tuple[int, int] | None = None
    size: Size = DRAWN
    noise: Noise | None = None
    draw: Draw

    @property
    def task(self) -> Literal["classification", "regression"]:
        return "classification" if self.class_names else "regression"

    @property
    def outputs(self) -> int:
        """Units of a last layer that fits: one for a number or for two classes, else one a class."""
        return len(self.class_names) if len(self.class_names) > 2 else 1

    def make(self, size: int | None = None, noise: float | None = None, seed: int = 0) -> Data:
        """Inputs (N, n_0), and targets: N class indices, or (N, 1) numbers. Rows are in random order. None is the default; raises ProblemError."""
        faults = self.faults(size, noise, seed)
        if faults:
            raise ProblemError(faults)
        rng = np.random.default_rng([seed, *STREAM])
        inputs, targets = self.draw(self.size.default if size is None else size, rng)
        if self.noise:
            moved = inputs if self.class_names else targets
            moved += (self.noise.default if noise is None else noise) * rng.standard_normal(moved.shape)
        order = rng.permutation(len(inputs))
        return _rounded(inputs[order]), targets[order] if self.class_names else _rounded(targets[order])

    def settled(self, size: int | None = None, noise: float | None = None, seed: int = 0) -> dict[str, int | float | None]:
        """What `make` goes by, with every default."""
        standing = (self.noise.default if noise is None else noise) if self.noise else None
        return {"size": self.size.default if size is None else size, "noise": standing, "seed": seed}

    def faults(self, size: object = None, noise: object = None, seed: object = 0) -> list[Fault]:
        """What is wrong with these; null is the default of size and noise."""
        found = []
        if size is not None and not (_whole(size) and self.size.minimum <= size <= self.size.maximum):
            found.append(Fault("/size", f"expected a whole number from {self.size.minimum} to {self.size.maximum} for {self.name}, got {describe(size)}"))
        if noise is not None and self.noise is None:
            found.append(Fault("/noise", f"expected none: {self.name} is measured; got {describe(noise)}"))
        elif noise is not None and self.noise and not (_number(noise) and self.noise.minimum <= noise <= self.noise.maximum):
            found.append(Fault("/noise", f"expected a number from {self.noise.minimum:g} to {self.noise.maximum:g} for {self.name}, got {describe(noise)}"))
        wrong = seed_complaint(seed)
        if wrong:
            found.append(Fault("/seed", wrong))
        return found


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _rounded(values: Array) -> Array:
    return np.round(values, DECIMALS) + 0.0  # no −0


DATASETS: dict[str, DataSet] = {
    it.name: it
    for it in (
        DataSet(
            name="xor",
            title="XOR",
            description="Four clouds at the corners of a square; those opposite each other belong together, so no straight line parts the two classes.",
            class_names=("same sign", "different sign"),
            noise=Noise(0.25, 0, 1),
            draw=drawn.xor,
        ),
        DataSet(
            name="circle",
            title="Circle",
            description="A disc inside a ring with a gap between them.",
            class_names=("ring", "disc"),
            noise=Noise(0.1, 0, 1),
            draw=drawn.circle,
        ),
        DataSet(
            name="moons",
            title="Two moons",
            description="Two half circles that reach into each other.",
            class_names=("upper", "lower"),
            noise=Noise(0.1, 0, 1),
            draw=drawn.moons,
        ),
        DataSet(
            name="spirals",
            title="Two spirals",
            description="Two arms wound around each other: hard for a small network, and worth watching.",
            source="The task is K. J. Lang and M. J. Witbrock's, “Learning to tell two spirals apart” (1988), with fewer turns.",
            class_names=("first arm", "second arm"),
            noise=Noise(0.05, 0, 0.5),
            draw=drawn.spirals,
        ),
        DataSet(
            name="gaussians",
            title="Three clouds",
            description="Three normal distributions side by side; noise is their standard deviation.",
            class_names=("top", "left", "right"),
            noise=Noise(0.35, 0, 1),
            draw=drawn.gaussians,
        ),
        DataSet(
            name="sine",
            title="Noisy sine",
            description="Two periods of y = sin(πx) with noise on y: a curve to fit.",
            input_names=("x",),
            noise=Noise(0.1, 0, 1),
            draw=drawn.sine,
        ),
        DataSet(
            name="plane",
            title="Plane",
            description="y = 0.6 x₁ − 0.3 x₂ + 0.1 with noise on y: a single linear unit finds these three numbers.",
            noise=Noise(0.05, 0, 1),
            draw=drawn.plane,
        ),
        DataSet(
            name="iris",
            title="Iris flowers",
            description="150 flowers of three species by four lengths, each column in standard units: less its mean, divided by its standard deviation.",
            source="R. A. Fisher, “The use of multiple measurements in taxonomic problems”, Annals of Eugenics 7 (1936), pages 179–188.",
            input_names=("sepal length", "sepal width", "petal length", "petal width"),
            class_names=facts.SPECIES,
            size=Size(150, 3, 150),
            draw=measured.iris,
        ),
        DataSet(
            name="digits",
            title="Handwritten digits",
            description="1,797 images of 8 × 8 grey values from 0 to 1, written by 13 people.",
            source="E. Alpaydin and C. Kaynak, “Optical Recognition of Handwritten Digits”, UCI Machine Learning Repository (1998), "
            "doi:10.24432/C50P49, CC BY 4.0; its test set, grey values divided by 16.",
            input_names=tuple(f"row {row}, column {column}" for row in range(1, 9) for column in range(1, 9)),
            class_names=tuple("0123456789"),
            image=(8, 8),
            size=Size(1797, 10, 1797),
            draw=measured.digits,
        ),
    )
}
