"""Which arrays are weights, which bias belongs to which, and what has no place in a chain of fully connected layers."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ...engine.arrays import pointer_to
from ...engine.errors import Fault
from ...engine.limits import LAYERS
from .names import other, part, sensible
from .tensors import FLOATS, Refused, Tensor, short, times

ONLY = "only fully connected layers (units × inputs) can be shown"


class Pair(NamedTuple):
    """Weights (units × inputs, or the other way round) and perhaps the bias (units) that goes with them."""

    name: str
    weights: Tensor
    bias: Tensor | None

    @property
    def biases(self) -> int | None:
        """How many numbers the bias has; it may be written as a column or a row of a matrix."""
        return max(self.bias.shape) if self.bias else None


def pairs(tensors: Sequence[Tensor], most: int) -> tuple[list[Pair], dict[str, str]]:
    """Weights with their biases in the order given, and why what is left out is. `most`: units that a layer may have.

    Raises Refused with a fault for every array that belongs to another kind of layer, or to none.
    """
    sensible([it.name for it in tensors])
    names = Counter(it.name for it in tensors)
    if twice := [name for name, count in names.items() if count > 1]:
        raise Refused(f"expected names that differ; several arrays are called {short(twice[0])}")
    aside = {it.name: why for it in tensors if (why := _harmless(it))}
    kept = [it for it in tensors if it.name not in aside]
    faults = [Fault(pointer_to(*it.where), f"{times(it.shape)}: {why}") for it in kept if (why := _foreign(it, most))]
    if faults:
        raise Refused(faults)
    matrices = {it.name: it for it in kept if not _is_bias(it)}
    if not matrices or len(matrices) > LAYERS:
        raise Refused(f"expected the weights of 1 to {LAYERS} layers, got {len(matrices) or 'none'}")
    biases = _matched(kept, matrices)
    return [Pair(_layer(it.name), it, biases.get(it.name)) for it in matrices.values()], aside


def _matched(kept: Sequence[Tensor], matrices: dict[str, Tensor]) -> dict[str, Tensor]:
    """Biases by the name of their weights: those of the same layer's name, else those right before."""
    by_layer = {(said.layer if (said := part(name)) else name): name for name in matrices}
    found: dict[str, Tensor] = {}
    faults, before = [], ""
    for it in kept:
        if it.name in matrices:
            before = it.name
            continue
        said = part(it.name)
        weights = by_layer.get(said.layer, "") if said else before
        if not weights or weights in found:
            faults.append(Fault(pointer_to(*it.where), f"{times(it.shape)}: a bias without weights; {ONLY}"))
        elif max(it.shape) not in matrices[weights].shape:
            shape = matrices[weights].shape
            expected = " or ".join(map(str, dict.fromkeys(shape)))
            detail = f"expected {expected} numbers, as {short(weights)} is {times(shape)}; got {times(it.shape)}"
            faults.append(Fault(pointer_to(*it.where), detail))
        else:
            found[weights] = it
    if faults:
        raise Refused(faults)
    return found


def _is_bias(it: Tensor) -> bool:
    """A row of numbers; or a matrix of one row or column that is called a bias."""
    said = part(it.name)
    return len(it.shape) == 1 or (said is not None and not said.weights and 1 in it.shape)


def _harmless(it: Tensor) -> str | None:
    """Why an array can be left out without making another network."""
    if it.dtype == "bool" or it.dtype.startswith(("int", "uint")):
        return "whole numbers are no weights" if it.dtype != "bool" else "true and false are no weights"
    return None


def _foreign(it: Tensor, most: int) -> str | None:
    """Why an array has no place here."""
    said, what = part(it.name), other(it.name)
    if what:
        return f"part of {what}; {ONLY}"
    if it.dtype not in FLOATS:
        return f"expected numbers of one of {', '.join(FLOATS)}, got {it.dtype}"
    if 0 in it.shape:
        return "it is empty"
    if len(it.shape) == 0:
        return f"neither weights nor a bias; {ONLY}"
    if len(it.shape) > 2:
        kinds = {3: "a convolution over one dimension, or attention", 4: "a convolution over images", 5: "a convolution over volumes"}
        return f"weights of {kinds.get(len(it.shape), 'another kind of layer')}; {ONLY}"
    if len(it.shape) == 1 and said is not None and said.weights:
        return f"one weight a unit, as a normalization or a PReLU has; {ONLY}"
    if len(it.shape) == 2 and said is not None and not said.weights and 1 not in it.shape:
        return "expected a bias as one row of numbers"
    if max(it.shape) > most:
        return f"expected at most {most} units"
    return None


def _layer(name: str) -> str:
    """What a layer is called: the name of its weights without the word for weights."""
    said = part(name)
    return short(said.layer if said and said.layer else name)
