"""Errors as application/problem+json (RFC 9457)."""

from typing import Any

from ..engine.errors import Fault, ProblemError

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    413: "Body too large",
    415: "Unsupported media type",
    422: "Invalid problem",
    429: "Too many requests",
    500: "Server error",
    503: "Server is busy",
}

MOST = 1000  # faults listed in an answer: a body of nothing but unknown fields must not get one many times its size


class RequestError(Exception):
    """A request that cannot be answered: the status, and what is wrong with it."""

    def __init__(self, status: int, detail: str, faults: tuple[Fault, ...] = (), retry_after: int | None = None) -> None:
        super().__init__(status, detail, faults, retry_after)  # all of them: an exception is unpickled from its arguments
        self.status, self.detail, self.faults, self.retry_after = status, detail, faults, retry_after

    def __str__(self) -> str:
        return self.detail


def of_problem(error: ProblemError) -> RequestError:
    """A problem's faults as the answer to a request."""
    first = error.faults[0]
    more = f" (and {len(error.faults) - 1} more)" if len(error.faults) > 1 else ""
    return RequestError(422, f"{in_words(first.pointer)}: {first.detail}{more}", error.faults[:MOST])


def in_words(pointer: str) -> str:
    """/layers/1/weights as people write it: layers[1].weights."""
    words = ""
    for part in pointer.split("/")[1:]:
        words += f"[{part}]" if part.isdecimal() else f"{'.' if words else ''}{part.replace('~1', '/').replace('~0', '~')}"
    return words or "the problem"


def document(status: int, detail: str, faults: tuple[Fault, ...] = ()) -> dict[str, Any]:
    """The body of an error answer."""
    return {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "errors": [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults],
    }
