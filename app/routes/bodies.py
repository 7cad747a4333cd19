"""Reading request bodies and answering with bytes."""

from fastapi import Request
from starlette.requests import ClientDisconnect

from ..wire.faults import RequestError

DRAIN = 8  # a body up to so many times the limit is read to its end and thrown away, so that the client gets to see the answer


async def read_json_body(request: Request, limit: int) -> bytes:
    """The body of a JSON request. 415 for another media type, 413 past `limit` bytes, of which no more than the limit is ever held."""
    kind = media_type(request, "application/json")
    if not is_json(kind):
        raise RequestError(415, f"expected application/json, got {kind}")
    return await _body(request, limit)


async def read_file(request: Request, limit: int, *kinds: str) -> tuple[bytes, str]:
    """The body of a request that carries a file, and its media type: JSON or one of `kinds`, of which the first is the default. Errors as above."""
    kind = media_type(request, kinds[0])
    if kind not in kinds and not is_json(kind):
        raise RequestError(415, f"expected {', '.join(kinds)} or application/json, got {kind}")
    return await _body(request, limit), kind


def media_type(request: Request, default: str) -> str:
    """What the body of a request is said to be, without parameters."""
    return request.headers.get("content-type", default).split(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    """Whether a media type is that of JSON."""
    return kind == "application/json" or kind.endswith("+json")


async def _body(request: Request, limit: int) -> bytes:
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RequestError(415, "expected a body without content encoding")
    chunks: list[bytes] = []
    length = 0
    try:
        async for chunk in request.stream():
            length += len(chunk)
            if length <= limit:
                chunks.append(chunk)
            else:
                chunks.clear()
                if length > DRAIN * limit:
                    break
    except ClientDisconnect as error:
        raise RequestError(400, "the body ended before it was whole") from error  # nobody reads this, and nobody logs a traceback
    if length > limit:
        raise RequestError(413, f"expected a body of at most {limit} bytes")
    return b"".join(chunks)


async def has_left(request: Request) -> None:
    """Returns when the client has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
