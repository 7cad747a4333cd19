"""Pictures of a training: what the network says over a window of its inputs, and how its numbers are distributed."""

from typing import Any, NamedTuple

import numpy as np

from ..engine.steps import Array
from ..engine.training import Training
from .quantities import encode_along, rounded

MARGIN = 0.1  # of the window on each side of the data
LARGEST = np.finfo(np.float64).max


class Window(NamedTuple):
    """The part of the input space that is shown: the ends of each axis, one for every input."""

    low: Array
    high: Array

    def grid(self, resolution: int) -> Array:
        """Inputs, (resolution ** n_0, n_0): the last input is that of the rows of a picture, the first that of its columns."""
        t = np.linspace(0, 1, resolution)
        along = [low * (1 - t) + high * t for low, high in zip(self.low, self.high, strict=True)]
        return np.stack(np.meshgrid(*along), axis=-1).reshape(-1, len(self.low))


def window_of(inputs: Array) -> Window:
    """All rows of inputs with a margin; never of no width."""
    return Window(*_widened(inputs.min(axis=0), inputs.max(axis=0), 1 + 2 * MARGIN))


@np.errstate(all="ignore")
def _widened(low: Array, high: Array, by: float) -> tuple[Array, Array]:
    """The ends so many times as far apart, in float64 whatever they are; those that are equal are moved apart."""
    middle, half = low / 2 + high / 2, high / 2 - low / 2
    half = np.where(half > 0, by * half, np.maximum(1, np.abs(middle) / 2))
    return np.clip(middle - half, -LARGEST, LARGEST), np.clip(middle + half, -LARGEST, LARGEST)


class Surface:
    """The network's outputs over a window, and perhaps those of every hidden unit, as often as asked."""

    def __init__(self, window: Window, resolution: int, units: int) -> None:
        self.resolution, self.units = resolution, units
        self.grid = window.grid(resolution)
        self.small = window.grid(units) if units else None
        self.ends = {axis: [float(low), float(high)] for axis, low, high in zip("xy", window.low, window.high, strict=False)}

    @np.errstate(all="ignore")
    def of(self, training: Training) -> dict[str, Any]:
        """A quantity by rows (the second input, ascending) and columns (the first), and by outputs where there are more than one."""
        dimensions = self.grid.shape[1]
        out = rounded(training.activations(self.grid)[-1])
        shape = (self.resolution,) * dimensions + ((out.shape[1],) if out.shape[1] > 1 else ())
        names = (("y", "x")[2 - dimensions :]) + (("unit",) if out.shape[1] > 1 else ())
        picture = encode_along(names, out.reshape(shape)) | self.ends
        if self.small is not None:
            hidden = training.activations(self.small)[:-1]
            picture["units"] = {f"a{l}": rounded(np.ascontiguousarray(a.T)).reshape(-1, *(self.units,) * dimensions) for l, a in enumerate(hidden, 1)}
        return picture


@np.errstate(all="ignore")
def histogram(values: Array, bins: int) -> dict[str, Any]:
    """How many of these numbers lie in each of so many bins of equal width from `low` to `high`; what is not finite is left out."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return {"low": None, "high": None, "counts": [0] * bins}
    low, high = finite.min(), finite.max()
    if not high / 2 - low / 2:
        low, high = _widened(low, high, 1)
    place = (finite / 2 - low / 2) / (high / 2 - low / 2) * bins
    return {"low": float(low), "high": float(high), "counts": np.bincount(np.minimum(place.astype(int), bins - 1), minlength=bins)}
