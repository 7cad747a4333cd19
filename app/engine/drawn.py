"""Points that are drawn: where they would lie without noise. Each takes the number of points and a generator, and returns (inputs, targets).

Classes are as even as the number allows. Along a curve the points are spread evenly and at random within their share, so few points show its shape too.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .steps import Array

Data = tuple[Array, NDArray[Any]]  # inputs (N, n_0), and N class indices or (N, 1) numbers

BLOBS = 3
RADIUS = 2.0  # so that coordinates have a standard deviation near 1, which is what networks train well on
TURNS = 1.5  # of each spiral
SLOPE, OFFSET = (0.6, -0.3), 0.1  # of the plane


def xor(size: int, rng: np.random.Generator) -> Data:
    """The corners (±1, ±1) in turn; 1 where the signs differ."""
    corner = np.arange(size) % 4
    p, q = corner // 2, corner % 2
    return np.stack([2.0 * p - 1, 2.0 * q - 1], axis=1), p ^ q


def circle(size: int, rng: np.random.Generator) -> Data:
    """A ring from radius 1.5 to 2 (class 0) around a disc of radius 1 (class 1), both evenly filled."""
    inside = np.arange(size) % 2
    low, high = np.where(inside, 0.0, 1.5), np.where(inside, 1.0, RADIUS)
    radius = np.sqrt(low**2 + (high**2 - low**2) * rng.random(size))
    return radius[:, None] * _direction(2 * np.pi * _along(size, rng)), inside


def moons(size: int, rng: np.random.Generator) -> Data:
    """Two half circles that reach into each other: the upper one is class 0, the lower one class 1."""
    lower = np.arange(size) % 2
    upper_half = _direction(np.pi * _along(size, rng))
    return np.where(lower[:, None], [1.0, 0.5] - upper_half, upper_half) - [0.5, 0.25], lower


def spirals(size: int, rng: np.random.Generator) -> Data:
    """Two arms from near the centre out to radius 2, half a turn apart."""
    arm = np.arange(size) % 2
    t = np.sqrt(0.01 + 0.99 * _along(size, rng))  # the root: points at even distances along the arm
    return RADIUS * t[:, None] * _direction(2 * np.pi * TURNS * t + np.pi * arm), arm


def gaussians(size: int, rng: np.random.Generator) -> Data:
    """Three centres around the origin, each the middle of a class."""
    blob = np.arange(size) % BLOBS
    return 1.2 * _direction(2 * np.pi * blob / BLOBS + np.pi / 2), blob


def sine(size: int, rng: np.random.Generator) -> Data:
    """y = sin(πx) for x from −2 to 2."""
    x = 4 * _along(size, rng)[:, None] - 2
    return x, np.sin(np.pi * x)


def plane(size: int, rng: np.random.Generator) -> Data:
    """y = 0.6 x₁ − 0.3 x₂ + 0.1 over the square from −1 to 1."""
    x = rng.uniform(-1, 1, (size, 2))
    return x, x @ np.array(SLOPE)[:, None] + OFFSET


def _along(size: int, rng: np.random.Generator) -> Array:
    """Places from 0 to 1 in ascending order, one at random in each of `size` equal shares."""
    return (np.arange(size) + rng.random(size)) / size


def _direction(angle: Array) -> Array:
    """Unit vectors (N, 2) at these angles (N)."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)
