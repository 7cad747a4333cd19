"""create_app(): wiring only."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import anyio.to_thread
import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette_compress import CompressMiddleware, add_compress_type

from . import __version__, paths
from .engine.document import pointer_to
from .engine.errors import Fault
from .maths_font import cached_subset
from .routes import assets, catalog, health, pages, trace
from .routes.compute import Compute
from .routes.ending import EndQuietly, end_with_parent
from .routes.methods import HeadAsGet, allowed
from .settings import Settings
from .wire.faults import MEDIA_TYPE, RequestError, document
from .wire.formats import NDJSON

API = "/api/v1"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, ready for an ASGI server."""
    settings = settings or Settings.from_environment()
    app = FastAPI(
        title="Backprop Visualiser",
        version=__version__,
        description="A feed-forward network forwards and backwards, one derivation step at a time.",
        lifespan=_lifespan,
        docs_url=None,  # they load from a content delivery network
        redoc_url=None,
        root_path=settings.root_path,
        strict_content_type=False,
    )
    static = f"/static/{assets.tree_hash(paths.assets('static'))}"
    app.state.settings, app.state.static, app.state.maths_font = settings, static, None
    for router in (trace.router, catalog.router):
        app.include_router(router, prefix=API)
    app.include_router(health.router)
    app.include_router(assets.font_router(static))
    app.include_router(pages.router)
    app.mount(static, assets.ImmutableFiles(directory=paths.assets("static")), name="static")
    app.add_exception_handler(RequestError, _request_error)
    app.add_exception_handler(RequestValidationError, _query_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _our_fault)
    add_compress_type(NDJSON)
    app.add_middleware(CompressMiddleware)
    if settings.cors_origins:
        origins = [origin.strip() for origin in settings.cors_origins.split(",")]
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["Content-Type", "Last-Event-ID"],
            expose_headers=["ETag", "Retry-After"],
        )
    app.add_middleware(HeadAsGet)
    app.add_middleware(EndQuietly)
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    end_with_parent()
    app.state.compute = Compute(app.state.settings)
    chores = [asyncio.create_task(app.state.compute.warm_up()), asyncio.create_task(_subset_font(app))]
    yield
    for chore in chores:
        chore.cancel()
    await asyncio.gather(*chores, return_exceptions=True)
    app.state.compute.close()


async def _subset_font(app: FastAPI) -> None:
    try:
        app.state.maths_font = await anyio.to_thread.run_sync(cached_subset, assets.full_maths_font(), app.state.settings.cache_dir)
    except Exception:  # the full font is served instead: slower, not broken
        logging.getLogger("backprop").exception("the maths font could not be subset")


def _respond(status: int, detail: str, faults: tuple[Fault, ...] = (), headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(document(status, detail, faults)), status, headers, MEDIA_TYPE)


async def _request_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    return _respond(error.status, error.detail, error.faults, {"Retry-After": str(error.retry_after)} if error.retry_after else None)


async def _query_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = tuple(Fault(pointer_to(*item["loc"][1:]), item["msg"]) for item in error.errors())
    return _respond(422, "; ".join(f"{fault.pointer[1:]}: {fault.detail}" for fault in faults), faults)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {}) | ({"Allow": allowed(request)} if error.status_code == 405 else {})
    return _respond(error.status_code, str(error.detail), headers=headers)


async def _our_fault(request: Request, error: Exception) -> Response:
    return _respond(500, "this is the server's fault, and it has been logged")
