"""GET /walks: the answer as bytes, or what is wrong with asking for it."""

import orjson

from ..engine.document import describe
from ..engine.errors import Fault
from ..explain.conventions import Convention
from ..explain.walks import chain_of, counts, targets, told, walk
from .faults import RequestError
from .jobs import TooHeavy

LINK = 150  # what one link costs, in numbers of a trace (measured)


def walks_job(layers: int, target: str | None, convention: Convention, at_most: int | None = None) -> list[bytes] | RequestError:
    """The walk to the target, or without one those to all Θ, and the counts. Raises TooHeavy when it costs more than `at_most` numbers of a trace."""
    of = chain_of(layers)
    try:
        found = [walk(of, name, convention) for name in ([target] if target is not None else targets(layers))]
    except ValueError:
        fault = Fault("/target", f"expected W, b or Theta and a layer from 1 to {layers}, got {describe(target)}")
        return RequestError(422, f"target: {fault.detail}", (fault,))
    if at_most is not None and LINK * sum(len(it.links) for it in found) > at_most:
        raise TooHeavy
    return [orjson.dumps({"layers": layers, "convention": convention, "walks": [told(it) for it in found], "counts": counts()})]
