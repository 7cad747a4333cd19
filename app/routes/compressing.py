"""What is compressed on its way out."""

from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware


class Compress(CompressMiddleware):
    """All that is worth it but trainings: their events go out as they are made, and compressing those of fifty would be most of the event loop's work."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        live = scope["type"] == "http" and scope["path"].endswith("/train") and scope["method"] == "POST"
        await (self.app if live else super().__call__)(scope, receive, send)
