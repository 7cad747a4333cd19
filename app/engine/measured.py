"""Examples chosen from facts. Each function takes the number of examples and a generator, and returns (inputs, targets), as those of `drawn` do."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import facts
from .drawn import Data


def iris(size: int, rng: np.random.Generator) -> Data:
    """Columns in standard units of all 150 flowers: (x − mean) / standard deviation."""
    flowers, species = facts.iris()
    rows = _chosen(species, size, rng)
    return ((flowers - flowers.mean(axis=0)) / flowers.std(axis=0))[rows], species[rows]


def digits(size: int, rng: np.random.Generator) -> Data:
    """Grey values from 0 to 1."""
    images, labels = facts.digits()
    rows = _chosen(labels, size, rng)
    return images[rows] / facts.GREY, labels[rows]


def _chosen(labels: NDArray[Any], size: int, rng: np.random.Generator) -> NDArray[Any]:
    """Row numbers of so many examples, of every class as many as of the others while there are enough."""
    order = rng.permutation(len(labels))
    turn = np.empty(len(labels), dtype=int)  # how many of its class come before it
    for label in np.unique(labels):
        of_it = np.flatnonzero(labels[order] == label)
        turn[of_it] = np.arange(len(of_it))
    return order[np.argsort(turn, kind="stable")[:size]]
