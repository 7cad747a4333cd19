"""What the names of arrays say: their order, their part in a layer, and what is no fully connected layer."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from .tensors import Refused, short

MOST = 2000  # arrays in a file
LONGEST = 200  # characters of a name
_DIGITS = re.compile(r"([0-9]+)")
_KERNEL = ("kernel", "coefs_", "coefs", "coef")
_WEIGHT, _BIAS = ("weights", "weight", *_KERNEL, "w"), ("biases", "bias", "intercepts_", "intercepts", "b")
_PART = re.compile(rf"(?P<before>.*?)(?:(?<=[a-z])(?=[A-Z])|(?<![A-Za-z]))(?P<part>(?i:{'|'.join(_WEIGHT + _BIAS)}))[._/ -]?(?P<number>[0-9]*)")

# Arrays by whose names other kinds of layers are known.
OTHERS = {
    re.compile(pattern, re.IGNORECASE): what
    for pattern, what in {
        r"(^|[._])(embed(ding)?s?\d*|w[tp]e)\.": "an embedding",
        r"weight_[ih]h|bias_[ih]h|(^|\.)(lstm|gru|rnn)\d*\.": "a recurrent layer",
        r"attn|attention|(^|\.)in_proj|(^|\.)[qkv]_proj\.": "attention",
        r"running_(mean|var)$|(^|[._])(bn|ln|(batch|layer|group|instance)?_?norm)\d*\.|moving_(mean|variance)": "a normalization",
        r"(^|[._])conv\d*\.": "a convolution",
        r"lora_": "a low-rank adapter (merge it into the weights first)",
        r"weight_[gv]$|weight_(orig|mask)$|\.parametrizations\.": "weights made of several arrays (make them one first: remove_weight_norm, prune.remove)",
    }.items()
}


class Part(NamedTuple):
    """What an array is in a layer: `layer` is what is left of its name, the same for weights and their bias."""

    layer: str
    weights: bool
    kernel: bool  # weights that are inputs × units wherever they are called so


def sensible(names: Sequence[str]) -> None:
    """Raises Refused for more names than any chain of layers has, or longer ones: what comes after looks closely at each."""
    if len(names) > MOST:
        raise Refused(f"expected at most {MOST} arrays, got {len(names)}")
    if long := [name for name in names if len(name) > LONGEST]:
        raise Refused(f"expected names of at most {LONGEST} characters, got {len(long[0])}: {short(long[0])}")


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key to sort names by as people do: 2.weight before 10.weight."""
    return [(0, int(piece), "") if piece.isdecimal() and len(piece) < 20 else (1, 0, piece) for piece in _DIGITS.split(name)]


def part(name: str) -> Part | None:
    """fc1.weight is the weights of fc1, b2 the bias of 2; None for a name that does not say."""
    match = _PART.fullmatch(name)
    if match is None:
        return None
    before = match["before"].rstrip("._/ -")
    layer = ".".join(piece for piece in (before, match["number"]) if piece)
    word = match["part"].lower()
    return Part(layer, word in _WEIGHT, word in _KERNEL)


def other(name: str) -> str | None:
    """The kind of layer that is not fully connected which a name tells of."""
    return next((what for pattern, what in OTHERS.items() if pattern.search(name)), None)
