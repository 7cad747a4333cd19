"""Request methods: HEAD for whatever has GET, and what a 405 says is allowed."""

from fastapi import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send


class HeadAsGet:
    """Answers HEAD like GET (RFC 9110, 9.3.2); the server underneath leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


def allowed(request: Request) -> str:
    """The methods of every route with this path: each route knows its own only."""
    routes = request.app.router.routes
    methods = [method for method in ("GET", "POST") if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)]
    return ", ".join([*methods, "HEAD"] if "GET" in methods else methods)
