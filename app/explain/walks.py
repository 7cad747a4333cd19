"""Walks: how backpropagation gets from ∂ℒ/∂a^[L] to the gradient of one parameter, and how many local derivatives that takes.

Θ^[l] stands for W^[l] or b^[l]: both are reached by the same walk. The order is nowhere but in the definitions, in what each builds upon.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

from ..engine.activations import Identity
from ..engine.losses import SquaredError
from ..engine.passes import program
from ..engine.problem import Structure
from .conventions import Convention
from .equations import Local, local
from .formulas import formula
from .mathml import convert
from .symbols import latex, slope

COUNTED = 8  # layers up to which the local derivatives are counted for everybody to see
_TARGET = re.compile(r"(W|b|Theta)([1-9]\d{0,3})", re.ASCII)


class Link(NamedTuple):
    """One gradient of a walk and the local derivative that leads to it from the one before."""

    id: str
    after: str | None  # the gradient that it builds upon; None for the first
    using: str | None  # the quantity that is the local derivative; None where it has none of its own
    easy: Local | None  # None for the first


class Walk(NamedTuple):
    """From ∂ℒ/∂a^[L] to ∂ℒ/∂target."""

    target: str
    links: tuple[Link, ...]


def chain_of(layers: int) -> Structure:
    """A network of so many layers, every one with a bias; of which sizes is all the same to a walk."""
    return Structure((1,) * (layers + 1), (Identity(),) * layers, (True,) * layers, SquaredError(), None, 1)


def targets(layers: int) -> list[str]:
    """Θ of every layer, the last first: each walk is the one before it and one layer more."""
    return [f"Theta{l}" for l in range(layers, 0, -1)]


def walk(of: Structure, target: str, convention: Convention = "row") -> Walk:
    """The walk to W2, b2 or Theta2. ValueError for what has no gradient in this network."""
    match, links = _TARGET.fullmatch(target), _links(of, convention)
    last = links.get(f"d{match[1].replace('Theta', 'W')}{match[2]}") if match else None
    if match is None or last is None:
        raise ValueError(f"no walk leads to {target!r}")
    way = [Link(f"d{target}", last.after, None, _either(int(match[2]))) if match[1] == "Theta" else last]
    while way[0].after:
        way.insert(0, links[way[0].after])
    return Walk(target, tuple(way))


@lru_cache(maxsize=128)
def _links(of: Structure, convention: Convention) -> dict[str, Link]:
    return {d.id: Link(d.id, d.upstream, d.local, local(d, convention)) for d in program(of).backward}


def _either(l: int) -> Local:
    """∂z/∂Θ, a shorthand as ∂z/∂W is: the same in both conventions."""
    symbol = slope(f"z{l}", f"Theta{l}")
    return Local(symbol, symbol, symbol)


def written(it: Walk) -> str:
    """The walk as on the slides: … ⟶ … using … ⟶ … using …"""
    return r" \longrightarrow ".join(map(_written, it.links))


@lru_cache(maxsize=1024)
def _written(link: Link) -> str:
    return latex(link.id) + (rf" \text{{ using }} \underbrace{{{link.easy.written}}}_{{\text{{easy}}}}" if link.easy else "")


def told(it: Walk) -> dict[str, Any]:
    """A walk as plain data, ready to be sent."""
    text = written(it)
    return {
        "target": it.target,
        "ids": [link.id for link in it.links],
        "links": [_told(link) for link in it.links],
        "latex": text,
        "mathml": convert(text, display=True),  # long and seldom asked for: not kept
        "local_derivatives": len(_derivatives(it)),
    }


@lru_cache(maxsize=1024)
def _told(link: Link) -> dict[str, Any]:
    said: dict[str, Any] = {"id": link.id, "symbol": formula(latex(link.id)), "using": None}
    if link.easy:
        transposed = {"written": formula(link.easy.written)} if link.easy.written != link.easy.symbol else {}
        said["using"] = {"id": link.using, **formula(link.easy.symbol), "label": "easy", **transposed}
    return said


def _derivatives(it: Walk) -> list[str]:
    return [link.easy.symbol for link in it.links if link.easy]


@lru_cache(maxsize=128)
def count(layers: int) -> dict[str, int]:
    """The local derivatives that all Θ of a network take: each once, or each walk from scratch."""
    of = chain_of(layers)
    taken = [_derivatives(walk(of, target)) for target in targets(layers)]
    return {"layers": layers, "with_reuse": len(set().union(*taken)), "from_scratch": sum(map(len, taken))}


def counts() -> list[dict[str, int]]:
    """For one layer, two layers, … side by side."""
    return [count(layers) for layers in range(1, COUNTED + 1)]
