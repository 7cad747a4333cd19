"""Large answers on their way: cut small, and counted until they are sent or nobody reads them any more."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ..wire.faults import RequestError

PIECE = 65_536


class Outgoing:
    """How many bytes of answers wait for their readers, and how many may."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.waiting = 0

    def add(self, length: int) -> None:
        """Count an answer in. RequestError when that is too much, unless it would be the only one."""
        if self.waiting and self.waiting + length > self.most:
            raise RequestError(503, "too many large answers wait to be read; try again in a moment", retry_after=5)
        self.waiting += length


class InPieces(StreamingResponse):
    """An answer of known length, counted in `outgoing` as long as it waits for its reader."""

    def __init__(self, chunks: list[bytes], outgoing: Outgoing, media_type: str, headers: Mapping[str, str]) -> None:
        self.outgoing, self.length = outgoing, sum(map(len, chunks))
        super().__init__(_pieces(chunks), media_type=media_type, headers={**headers, "Content-Length": str(self.length)})
        outgoing.add(self.length)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.outgoing.waiting -= self.length


def whole_or_in_pieces(chunks: list[bytes], outgoing: Outgoing, media_type: str, headers: Mapping[str, str]) -> Response:
    """A small answer as it is, a large one counted."""
    if sum(map(len, chunks)) <= PIECE:
        return Response(b"".join(chunks), media_type=media_type, headers=headers)
    return InPieces(chunks, outgoing, media_type, headers)


async def _pieces(chunks: list[bytes]) -> AsyncIterator[bytes]:
    """Chunks cut small, with a turn for everybody else after each: compressing them is done on the event loop."""
    for chunk in chunks:
        for start in range(0, len(chunk), PIECE):
            yield chunk[start : start + PIECE]
            await asyncio.sleep(0)
