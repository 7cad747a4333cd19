"""What every reader of weights gives: arrays by name, each read only when it is wanted."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ...engine.arrays import pointer_to
from ...engine.errors import Fault
from ...engine.steps import Array
from ..faults import RequestError, in_words

FLOATS = ("float64", "float32", "float16", "bfloat16")


class Tensor(NamedTuple):
    """One array of a file. `where` leads to it in the file; `values` gives it in float64, of this shape, or raises Refused."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    where: tuple[str | int, ...]
    values: Callable[[], Array]


class Refused(Exception):
    """A file that cannot be taken, and everything that is known to be wrong with it."""

    def __init__(self, faults: Sequence[Fault] | str) -> None:
        self.faults = (Fault("", faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__(*self.faults)

    @classmethod
    def at(cls, where: Sequence[str | int], detail: str) -> "Refused":
        """Refused for one thing in one place."""
        return cls((Fault(pointer_to(*where), detail),))

    def answer(self, most: int = 100) -> RequestError:
        """As the answer to a request: what concerns the file as a whole is a sentence of its own."""
        first = self.faults[0]
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        place = f"{in_words(first.pointer)}: " if first.pointer else ""
        return RequestError(422, f"{place}{first.detail}{more}", self.faults[:most])


def decoded(raw: bytes, dtype: str, order: str = "<") -> Array:
    """The numbers of a float dtype as float64, exactly; `order` is that of their bytes, < or >."""
    if dtype == "bfloat16":  # the upper half of a float32
        bits = np.frombuffer(raw, f"{order}u2").astype(np.uint32) << np.uint32(16)
        return bits.view(np.float32).astype(np.float64)
    return np.frombuffer(raw, f"{order}f{int(dtype.removeprefix('float')) // 8}").astype(np.float64)


def short(name: str) -> str:
    """A name as a sentence can hold it."""
    return name if len(name) <= 60 else name[:60] + "…"


def times(shape: Sequence[int]) -> str:
    """A shape for people."""
    return f"{shape[0]} numbers" if len(shape) == 1 else " × ".join(map(str, shape)) or "a single number"
