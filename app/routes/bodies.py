"""Reading request bodies and answering with bytes."""

from fastapi import Request
from starlette.requests import ClientDisconnect

from ..wire.faults import RequestError

DRAIN = 8  # a body up to so many times the limit is read to its end and thrown away, so that the client gets to see the answer


async def read_json_body(request: Request, limit: int) -> bytes:
    """The body of a JSON request. 415 for another media type, 413 past `limit` bytes, of which no more than the limit is ever held."""
    kind = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise RequestError(415, f"expected application/json, got {kind}")
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
