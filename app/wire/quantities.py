"""A quantity as it is sent: shape, axes, numbers, and a thumbnail where there are too many of them."""

import math
from typing import Any

import numpy as np

from ..engine.magnitude import magnitude as magnitude
from ..engine.steps import Array

THUMBNAIL = 64  # rows and columns at most
_AXES = {"a": ("example", "unit"), "z": ("example", "unit"), "y": ("example", "unit"), "W": ("unit", "input"), "b": ("unit",), "g": ("example", "unit")}


def axes(name: str, dimensions: int) -> tuple[str, ...]:
    """What the axes of a quantity stand for."""
    if dimensions == 0:
        return ()
    if dimensions == 3:
        return ("example", "output", "unit")
    return _AXES[name.removeprefix("d")[0]]


def encode(name: str, value: Array, *, size: tuple[float, float] | None = None) -> dict[str, Any]:
    """The whole quantity for orjson; NaN and ±∞ are null and listed."""
    return encode_along(axes(name, value.ndim), value, size)


def encode_along(names: tuple[str, ...], value: Array, size: tuple[float, float] | None = None) -> dict[str, Any]:
    """The same for an array with axes of its own."""
    norm, largest = size or magnitude(value)
    data = float(value) if value.ndim == 0 else np.ascontiguousarray(value)
    q: dict[str, Any] = {"shape": value.shape, "axes": names, "data": data, "norm": norm, "max_abs": largest}
    return q | _non_finite(value, largest)


def encode_small(
    name: str, value: Array, *, size: tuple[float, float] | None = None, side: int = THUMBNAIL, halved: bool = False, example: int | None = None
) -> dict[str, Any]:
    """The quantity for orjson with null `data` and a `thumbnail`; where it has examples, one of them in full if asked for."""
    norm, largest = size or magnitude(value)
    names = axes(name, value.ndim)
    q: dict[str, Any] = {"shape": value.shape, "axes": names, "data": None, "thumbnail": thumbnail(value, side, halved), "norm": norm, "max_abs": largest}
    if example is not None and names[0] == "example" and example < len(value):
        row = np.ascontiguousarray(value[example])
        q["example"] = {"index": example, "data": row} | _non_finite(row, largest)
    return q


def _non_finite(value: Array, largest: float) -> dict[str, Any]:
    """Where NaN and ±∞ are, which JSON has not."""
    if math.isfinite(largest):
        return {}
    flat = value.ravel()
    return {"non_finite": [(int(k), _name(float(flat[k]))) for k in np.flatnonzero(~np.isfinite(flat))]}


def _name(x: float) -> str:
    return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"


@np.errstate(all="ignore")  # the mean of ∞ and −∞ is NaN, no warning
def thumbnail(value: Array, side: int = THUMBNAIL, halved: bool = False) -> Array:
    """Block means of an array, at most `side` × `side`, to four digits; a stack of Jacobians is averaged over the batch first."""
    small = value.mean(axis=0) if value.ndim == 3 else value
    for axis in range(small.ndim):
        n = small.shape[axis]
        most = min(side, -(-n // 2)) if halved else side
        if n > most:
            starts = np.arange(most) * n // most
            counts = np.diff(np.append(starts, n))
            total = np.add.reduceat(small, starts, axis=axis)
            small = total / (counts[:, None] if axis == 0 and small.ndim == 2 else counts)
    return np.ascontiguousarray(rounded(small))


def rounded(x: Array) -> Array:
    """Four significant digits: a thumbnail is a picture, and digits are most of what is sent."""
    scale = 10.0 ** np.clip(3 - np.floor(np.log10(np.abs(x))), -300, 300)
    return np.where((x == 0) | ~np.isfinite(x), x, np.rint(x * scale) / scale)
