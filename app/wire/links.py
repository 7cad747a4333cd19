"""What a link holds, in the fragment of an address: step=8&target=W1&…&p=…, where p is the problem, deflated, as base64url.

`static/js/model/permalink.js` is its twin. Bytes of deflate differ between builds of zlib; the JSON inside does not.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote, urlencode

import orjson

from ..engine.arrays import listed
from ..engine.errors import BackpropError
from ..engine.problem import Problem
from .frames import View, sendable

LONG = 100_000  # characters; longer links are cut by many programs that pass them on
LONGEST = 2_000_000  # longer ones are opened by no browser
LARGEST = 20_000_000  # bytes of an inflated problem: a few kB of link can be gigabytes
DEEPEST = 16  # a problem has six levels
_OPTIONS = orjson.OPT_SERIALIZE_NUMPY


class DamagedLink(BackpropError):
    """A link that cannot be read; its message is for people."""


class LongLink(BackpropError):
    """A problem too large for a link; its message is for people."""


class Key(NamedTuple):
    """How one key is written; only what differs from `usual` is."""

    usual: Any
    can: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _switch(usual: bool, off: str, on: str) -> Key:
    return Key(usual, f"{off}|{on}", lambda value: on if value else off, lambda text: text == on)


def _entry(text: str) -> dict[str, Any]:
    quantity, *entry = text.split(",")
    return {"quantity": quantity, "entry": [int(index) for index in entry]}


# A pin is an entry as the API has it: {"quantity": "W1", "entry": [0, 1]}. An example counts from 0, −1 is all of them; in a link from 1, as people see it.
KEYS = {
    "step": Key(0, "[0-9]{1,6}", str, int),
    "target": Key(None, "(W|b|Theta)[1-9][0-9]?", str, str),
    "more": _switch(False, "0", "1"),
    "pin": Key(None, "[A-Za-z][A-Za-z0-9_]{0,15}(,[0-9]{1,7}){0,3}", lambda it: ",".join(map(str, [it["quantity"], *it["entry"]])), _entry),
    "tool": Key("terms", "terms|all-k|paths|check", str, str),
    "convention": Key("row", "row|column", str, str),
    "example": Key(0, "all|[1-9][0-9]{0,6}", lambda n: "all" if n < 0 else str(n + 1), lambda text: -1 if text == "all" else int(text) - 1),
    "numbers": _switch(True, "off", "on"),
    "delta": _switch(False, "off", "on"),
}


def write(view: Mapping[str, Any], problem: Any = None) -> str:
    """The fragment, without #, of a view (see KEYS) and a document for /trace; None: the problem of the address, by its ?preset=.

    Arrays in the document may be numpy's. Raises LongLink where no browser would open it, ValueError for a view that no link can say.
    """
    pairs = [f"{name}={said(name, key.write(view[name]))}" for name, key in KEYS.items() if name in view and view[name] != key.usual]
    fragment = "&".join([*pairs, *([f"p={_packed(problem)}"] if problem is not None else [])])
    if len(fragment) > LONGEST:
        raise LongLink(f"this problem is too large for a link: it would have {len(fragment):,} characters, and browsers open at most {LONGEST:,}")
    return fragment


def said(name: str, text: str) -> str:
    """The text of a key. Raises ValueError for one that the key cannot have."""
    if not re.fullmatch(KEYS[name].can, text):
        raise ValueError(f"a link cannot have the {name} {text!r}")
    return text


def read(fragment: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The view and the problem that a fragment says, keys that are not known left aside. Raises DamagedLink."""
    view: dict[str, Any] = {}
    problem = None
    for pair in fragment.removeprefix("#").split("&"):
        name, _, text = pair.partition("=")
        name, text = _decoded(name), _decoded(text)
        if name == "p":
            problem = _unpacked(text)
        elif name in KEYS:
            try:
                view[name] = KEYS[name].read(said(name, text))
            except ValueError as error:
                raise DamagedLink(f"this link is damaged: “{name}={text[:40]}” is nothing it can say") from error
    return view, problem


def address(page: str, view: Mapping[str, Any], document: Any, problem: Problem, max_values: int, **query: str) -> str:
    """The link that opens on `page` the problem which `document` tells: short for a preset as it is, else with the problem inside."""
    if isinstance(document, Mapping) and document.keys() == {"preset"}:
        query, fragment = {"preset": document["preset"], **query}, write(view)
    else:
        fragment = write(view, kept(problem, document, max_values))
    return page + (f"?{urlencode(query)}" if query else "") + (f"#{fragment}" if fragment else "")


def kept(problem: Problem, document: Any, max_values: int) -> Any:
    """What of a problem goes into a link: all its numbers, so that it shows the same for ever, or, of one too large for that, `document` as it came."""
    sent = sendable(problem, View(max_values))
    whole = sent["inputs"] is not None and all(layer["weights"] is not None for layer in sent["layers"])
    return sent if whole and None not in sent.get("optimizer_state", {}).values() else document


def _decoded(text: str) -> str:
    if re.search("%(?![0-9A-Fa-f]{2})", text):
        raise DamagedLink(f"this link is damaged: “{text[:40]}” has a stray %")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise DamagedLink(f"this link is damaged: “{text[:40]}” has a stray %") from error


def _packed(problem: Any) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(orjson.dumps(problem, default=listed, option=_OPTIONS)) + deflate.flush()
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def _unpacked(text: str) -> dict[str, Any]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        if not re.fullmatch("[A-Za-z0-9_-]+", text):
            raise binascii.Error("not base64url")
        body = inflate.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), LARGEST)
        if inflate.unconsumed_tail:
            raise DamagedLink("this link is damaged, or made to do harm: what it holds is larger than any network that can be opened")
        if not inflate.eof or inflate.unused_data:
            raise zlib.error("cut short, or something follows")
        problem = orjson.loads(body)
    except (binascii.Error, zlib.error, orjson.JSONDecodeError) as error:
        raise DamagedLink("this link is damaged: the network in it cannot be read; it may have been cut on its way") from error
    if not isinstance(problem, dict) or _too_deep(problem, DEEPEST):
        raise DamagedLink("this link is damaged: what it holds is no network")
    return problem


def _too_deep(value: Any, levels: int) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return items is not None and (levels == 0 or any(_too_deep(item, levels - 1) for item in items))
