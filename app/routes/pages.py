"""The documents: the step page, the same to be embedded, training, the chain rule and the page about the API."""

import re
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.background import BackgroundTask

from .. import __version__, chart_library, paths
from ..engine.activations import ACTIVATIONS
from ..explain.walks import counts
from ..wire import chain_rule, datasets, scenarios
from ..wire.exports import kinds
from ..wire.formats import JSON
from ..wire.frames import View
from ..wire.openapi import EXAMPLE
from ..wire.presets import DEFAULT, preset, presets, summaries

router = APIRouter(include_in_schema=False)
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The only document that others may show in theirs. * means the web's schemes alone: slide decks are often opened as files, notebooks in an editor.
FRAMED = STRICT.replace("frame-ancestors 'none'", "frame-ancestors * file: vscode-webview:")
CHARTS = STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")  # the chart library styles its elements itself
HEADERS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


# Imports as statements; those in JSDoc comments stand inside a comment's line.
IMPORT = re.compile(r"""^(?:import|export)\b[^"';]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


@lru_cache(maxsize=1)
def templates() -> Environment:
    """Jinja2 over the templates folder; an undefined name is an error."""
    folder = paths.assets("templates")
    return Environment(loader=FileSystemLoader(folder), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@router.get("/", response_class=HTMLResponse)
async def index(request: Request) -> HTMLResponse:
    """The step page, with the whole trace of its preset inside: nothing more is fetched before the first step."""
    return _page(request, "index.html", modules=_modules("js/main.js"), presets=summaries(), **await _network(request))


@router.get("/embed", response_class=HTMLResponse)
async def embed(request: Request) -> HTMLResponse:
    """The step page for a frame in somebody else's document: as much of it as `show` and `controls` say."""
    asked = request.query_params
    chosen = {"show": asked.get("show"), "controls": asked.get("controls") != "off", "theme": asked.get("theme")}
    return _page(request, "embed.html", FRAMED, modules=_modules("js/embed.js"), **chosen, **await _network(request))


async def _network(request: Request) -> dict[str, Any]:
    """The preset that the address asks for, and what the page's scripts begin with."""
    wanted = request.query_params.get("preset", DEFAULT)
    name = wanted if preset(wanted) else DEFAULT
    chunks = await request.app.state.compute.trace(orjson.dumps({"preset": name}), View(request.app.state.settings.max_values), JSON)
    boot = {
        "preset": name,
        "presets": [{key: item.get(key) for key in ("name", "title", "description", "source", "view")} for item in presets().values()],
        "unknown_preset": wanted if wanted != name else None,
        "local_derivatives": counts(),
        "exports": kinds(),
        "glyphs": {name: kind.glyph for name, kind in ACTIVATIONS.items()},
        "api": f"{request.scope.get('root_path', '')}/api/v1",
    }
    return {"boot": _data(orjson.dumps(boot)), "trace": _data(b"".join(chunks)), "preset": preset(name) or {}}


@router.get("/chain-rule", response_class=HTMLResponse)
async def chain_rule_page(request: Request) -> HTMLResponse:
    """The chain rule for f(a(θ)), with the answer for the functions and the θ of its address inside."""
    asked, wrong = chain_rule.read(request.query_params)
    boot = {"api": f"{request.scope.get('root_path', '')}/api/v1", "fault": chain_rule.in_one_line(wrong) or None, **chain_rule.catalog_entry()}
    answer = b"".join(await request.app.state.compute.run(partial(chain_rule.chain_rule_job, asked), 0))
    data = {"boot": _data(orjson.dumps(boot)), "answer": _data(answer), "modules": _modules("js/chain_rule.js"), "library": chart_library.address()}
    return _page(request, "chain-rule.html", CHARTS, asked=asked, said=orjson.loads(answer), functions=boot["functions"], **data)


@router.get("/train", response_class=HTMLResponse)
async def train_page(request: Request) -> HTMLResponse:
    """Training, with the scenario that the address asks for inside; its first numbers are asked by the page itself."""
    wanted = request.query_params.get("scenario", scenarios.DEFAULT)
    root = request.scope.get("root_path", "")
    chosen = scenarios.scenario(wanted) or scenarios.scenario(scenarios.DEFAULT) or {}
    boot = {
        "root": root,
        "api": f"{root}/api/v1",
        "most": request.app.state.settings.max_values_cap,
        "scenario": chosen,
        "unknown_scenario": wanted if wanted != chosen["name"] else None,
        "datasets": {it["name"]: it for it in datasets.listing()},
    }
    data = {"boot": _data(orjson.dumps(boot)), "modules": _modules("js/train.js"), "library": chart_library.address()}
    page = _page(request, "train.html", CHARTS, scenario=chosen, scenarios=scenarios.summaries(), **data)
    page.background = BackgroundTask(request.app.state.trainings.spare)  # play is pressed soon
    return page


@router.get("/docs", response_class=HTMLResponse)
async def docs(request: Request) -> HTMLResponse:
    """The API for people, made from the OpenAPI document."""
    example = "{\n" + ",\n".join(f'  "{name}": {orjson.dumps(value).decode()}' for name, value in EXAMPLE.items()) + "\n}"
    return _page(request, "docs.html", api=request.app.openapi(), presets=summaries(), base=str(request.base_url).rstrip("/"), example=example)


def _page(request: Request, template: str, policy: str = STRICT, /, **context: Any) -> HTMLResponse:
    root = request.scope.get("root_path", "")
    html = templates().get_template(template).render(static=root + request.app.state.static, root=root, version=__version__, **context)
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, **HEADERS})


def _data(json: bytes) -> Markup:
    """JSON that can stand inside a script element of type application/json."""
    return Markup(json.decode().replace("</", "<\\/").replace("<!--", "<\\u0021--"))


@lru_cache
def _modules(root: str) -> list[str]:
    """A page's first script and all it imports, directly or not: to be loaded at once rather than import by import."""
    folder, found, waiting = paths.assets("static"), set[Path](), [paths.assets("static") / root]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [(file.parent / name).resolve() for name in IMPORT.findall(file.read_text(encoding="utf-8"))]
    return sorted(str(file.relative_to(folder)) for file in found)
