"""The documents: the step page and the page about the API."""

from functools import lru_cache
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from .. import __version__, paths
from ..engine.activations import ACTIVATIONS
from ..wire.formats import JSON
from ..wire.frames import View
from ..wire.openapi import EXAMPLE
from ..wire.presets import DEFAULT, preset, presets, summaries

router = APIRouter(include_in_schema=False)
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": STRICT, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@lru_cache(maxsize=1)
def templates() -> Environment:
    """Jinja2 over the templates folder; an undefined name is an error."""
    folder = paths.assets("templates")
    return Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@router.get("/", response_class=HTMLResponse)
async def index(request: Request) -> HTMLResponse:
    """The step page, with the whole trace of its preset inside: nothing more is fetched before the first step."""
    wanted = request.query_params.get("preset", DEFAULT)
    name = wanted if preset(wanted) else DEFAULT
    chunks = await request.app.state.compute.trace(orjson.dumps({"preset": name}), View(request.app.state.settings.max_values), JSON)
    chosen = preset(name) or {}
    boot = {
        "preset": name,
        "presets": [{key: item.get(key) for key in ("name", "title", "description", "source", "view")} for item in presets().values()],
        "unknown_preset": wanted if wanted != name else None,
        "local_derivatives": [],
        "glyphs": {name: kind.glyph for name, kind in ACTIVATIONS.items()},
        "api": f"{request.scope.get('root_path', '')}/api/v1",
    }
    return _page(request, "index.html", boot=_data(orjson.dumps(boot)), trace=_data(b"".join(chunks)), modules=_modules(), preset=chosen, presets=summaries())


@router.get("/docs", response_class=HTMLResponse)
async def docs(request: Request) -> HTMLResponse:
    """The API for people, made from the OpenAPI document."""
    example = "{\n" + ",\n".join(f'  "{name}": {orjson.dumps(value).decode()}' for name, value in EXAMPLE.items()) + "\n}"
    return _page(request, "docs.html", api=request.app.openapi(), presets=summaries(), base=str(request.base_url).rstrip("/"), example=example)


def _page(request: Request, template: str, **context: Any) -> HTMLResponse:
    root = request.scope.get("root_path", "")
    html = templates().get_template(template).render(static=root + request.app.state.static, root=root, version=__version__, **context)
    return HTMLResponse(html, headers=HEADERS)


def _data(json: bytes) -> Markup:
    """JSON that can stand inside a script element of type application/json."""
    return Markup(json.decode().replace("</", "<\\/").replace("<!--", "<\\u0021--"))


@lru_cache(maxsize=1)
def _modules() -> list[str]:
    """Every script of the page, to be loaded at once rather than import by import."""
    folder = paths.assets("static")
    return sorted(str(file.relative_to(folder)) for file in (folder / "js").rglob("*.js"))
