"""The frozen Step and what it is made of.

A step defines one quantity from earlier ones. Its `rule` says how in a form that other programs can evaluate:
either an einsum over named quantities (plus an optional bias) or a named function with a plain-text formula.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class EinsumRule(NamedTuple):
    """value = np.einsum(einsum, *operands) + add. A specification: the engine computes with matmul and ufuncs."""

    einsum: str
    operands: tuple[str, ...]
    add: str | None = None


class FunctionRule(NamedTuple):
    """value = function(*operands); `formula` is plain text with operand ids in braces, `parameters` its constants."""

    function: str
    operands: tuple[str, ...]
    parameters: tuple[tuple[str, float | str | bool], ...]
    formula: str


Rule = EinsumRule | FunctionRule


class Definition(NamedTuple):
    """How one quantity is defined: everything about a step but its numbers. The same for every problem of one structure."""

    id: str
    operation: str
    phase: str  # forward, loss, backward or update
    layer: int  # the layer whose formula is used; L for the loss and its gradient
    rule: Rule
    inputs: tuple[str, ...]  # what `function` is called with
    results: tuple[str, ...]  # what it returns: `id` first, then any local derivative or optimizer state
    function: Callable[..., tuple[Array, ...]]
    upstream: str | None = None  # NOT EASY: the gradient already known
    local: str | None = None  # easy: the quantity that is the local derivative; None where it is 1


class Step(NamedTuple):
    """A definition carried out: `values` holds the quantity `definition.id` first."""

    definition: Definition
    values: dict[str, Array]
