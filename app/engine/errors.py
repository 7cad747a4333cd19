"""What can go wrong, and whose fault it is.

    BackpropError
    └── ProblemError      the caller's: the problem makes no sense; carries every fault found
        └── LimitError    the caller's: the problem makes sense but is larger than this server allows
"""

from collections.abc import Sequence
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong: where (a JSON pointer, RFC 6901) and what was expected and what came."""

    pointer: str
    detail: str


class BackpropError(Exception):
    """Root of every error this package raises on purpose."""


class ProblemError(BackpropError):
    """A problem that makes no sense. `faults` holds all of them, in the order they were found: field by field, not as the document has them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.pointer or '/'}: {fault.detail}" for fault in self.faults))


class LimitError(ProblemError):
    """A problem larger than the limits in force."""
