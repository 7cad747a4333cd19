"""Measured data: text files beside this one that a person can check, and how they are read.

`iris.csv` is as R. A. Fisher printed it. `digits.txt` has an image a line: the digit, then eight rows of eight grey values 0 … 16, written 0 … g.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..steps import Array

HERE = Path(__file__).parent
SPECIES = ("setosa", "versicolor", "virginica")
GREY = 16  # the darkest


@cache
def iris() -> tuple[Array, NDArray[np.int64]]:
    """Every flower in file order: four columns in centimetres (150, 4), and its species' place in `SPECIES` (150)."""
    rows = [line.split(",") for line in (HERE / "iris.csv").read_text(encoding="ascii").splitlines()[1:]]
    return np.array([row[:4] for row in rows], dtype=np.float64), np.array([SPECIES.index(row[4]) for row in rows])


@cache
def digits() -> tuple[Array, NDArray[np.int64]]:
    """Every image in file order: grey values 0 … 16 by rows (1797, 64), and the digit (1797)."""
    lines = [line.replace(" ", "") for line in (HERE / "digits.txt").read_text(encoding="ascii").splitlines()]
    grey = [[int(sign, GREY + 1) for sign in line[1:]] for line in lines]
    return np.array(grey, dtype=np.float64), np.array([int(line[0]) for line in lines])
