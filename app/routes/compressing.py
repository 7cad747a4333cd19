"""What is compressed on its way out."""

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware

from ..wire.formats import JSON, negotiate


class Compress(CompressMiddleware):
    """All that is worth it but streams of trainings: events go out as they are made, and compressing those of fifty would be most of the loop's work."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        trains = scope["type"] == "http" and scope["method"] == "POST" and scope["path"].endswith("/train")
        live = trains and negotiate(", ".join(Headers(scope=scope).getlist("accept"))) != JSON
        await (self.app if live else super().__call__)(scope, receive, send)
