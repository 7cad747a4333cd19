"""What a cache needs: a tag for what is always the same, and whether the client has it already."""

import hashlib

from fastapi import Request

from .. import __version__

CACHE_SECONDS = 60


def tag_of(*said: object) -> str:
    """The strong ETag of what these, and this version, decide."""
    return f'"{hashlib.sha256("|".join(map(str, (__version__, *said))).encode()).hexdigest()[:16]}"'


def known(tag: str, request: Request) -> bool:
    """Whether If-None-Match names the tag; weak or strong is the same here (RFC 9110, 13.1.2)."""
    named = ",".join(request.headers.getlist("if-none-match")).split(",")
    return any(item.strip().removeprefix("W/") in (tag, "*") for item in named)
