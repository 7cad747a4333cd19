"""create_app(): wiring only."""

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette_compress import add_compress_type

from . import __version__, paths
from .routes import assets, catalog, chain_rule, datasets, exports, figures, gradient_check, health, imports, pages, tables, trace, training, walks
from .routes import paths as weight_paths
from .routes.compressing import Compress
from .routes.ending import EndQuietly
from .routes.errors import HANDLERS
from .routes.lifespan import lifespan
from .routes.methods import HeadAsGet
from .settings import Settings
from .wire.formats import NDJSON

API = "/api/v1"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, ready for an ASGI server."""
    settings = settings or Settings.from_environment()
    app = FastAPI(
        title="Backprop Visualiser",
        version=__version__,
        description="A feed-forward network forwards and backwards, one derivation step at a time.",
        lifespan=lifespan,
        docs_url=None,  # they load from a content delivery network
        redoc_url=None,
        root_path=settings.root_path,
        strict_content_type=False,
    )
    static = f"/static/{assets.tree_hash(paths.assets('static'))}"
    app.state.settings, app.state.static, app.state.maths_font = settings, static, None
    app.state.chart_library = None
    for family in (trace, training, figures, gradient_check, weight_paths, walks, chain_rule, imports, tables, exports, datasets, catalog):
        app.include_router(family.router, prefix=API)
    app.include_router(health.router)
    app.include_router(assets.font_router(static))
    app.include_router(assets.chart_router(static))
    app.include_router(pages.router)
    app.mount(static, assets.ImmutableFiles(directory=paths.assets("static")), name="static")
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    add_compress_type(NDJSON)
    app.add_middleware(Compress)
    if settings.cors_origins:
        origins = [origin.strip() for origin in settings.cors_origins.split(",")]
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["Content-Type", "Last-Event-ID", "If-None-Match", "Cache-Control"],
            expose_headers=["ETag", "Retry-After", "Content-Disposition"],
        )
    app.add_middleware(HeadAsGet)
    app.add_middleware(EndQuietly)
    return app
