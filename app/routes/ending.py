"""How a server ends: with the process that started it, and without a traceback where it has to cut somebody off."""

import asyncio
import os
import signal
import threading
from multiprocessing import parent_process

import orjson
from fastapi import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..wire.faults import MEDIA_TYPE, document


def end_with_parent() -> None:
    """Where this server is one of several (`--workers`): end, as on SIGTERM, when the process that started it is gone."""
    parent = parent_process()
    if parent is None:
        return

    def follow() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, daemon=True).start()


class EndQuietly:
    """Takes the cancellation with which a server ends what outlasts its grace: an answer not begun is 503, one begun breaks off.

    And uvloop's complaint about a closed connection: of requests that a client has sent one after the other without waiting,
    uvicorn tells only the last that it has left.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except RuntimeError as error:
            if "handler is closed" not in str(error):
                raise
        except asyncio.CancelledError:
            if scope["type"] == "http" and not begun:
                body = orjson.dumps(document(503, "the server is shutting down"))
                await Response(body, 503, {"Retry-After": "5"}, MEDIA_TYPE)(scope, receive, send)
