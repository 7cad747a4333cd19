"""POST and GET /api/v1/trace."""

from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query, Request, Response

from ..engine.document import describe
from ..engine.errors import Fault
from ..explain.conventions import Convention
from ..wire import presets
from ..wire.faults import RequestError
from ..wire.formats import FORMATS, negotiate
from ..wire.frames import View
from ..wire.openapi import NOT_MODIFIED, TRACE_REQUEST, TRACE_RESPONSES
from .bodies import has_left, read_json_body
from .caching import CACHE_SECONDS, known, tag_of
from .compute import Compute
from .outgoing import whole_or_in_pieces

router = APIRouter(tags=["trace"])

MaxValues = Annotated[int | None, Query(ge=0, description="arrays larger than this come as a thumbnail")]
Quantities = Annotated[str, Query(max_length=4000, description="ids of quantities to send in full, separated by commas")]
Budget = Annotated[int | None, Query(ge=0, description="about so many numbers in full in all: what is given, then the smallest; the rest as small thumbnails")]
Example = Annotated[int | None, Query(ge=0, description="of what comes as a thumbnail, this example in full beside it")]
Words = Annotated[str, Query(max_length=100, description="start.words of an earlier trace: where it is the same, only numbers are sent")]
FromStep = Annotated[int, Query(ge=0, description="leave out the steps before this one")]
InConvention = Annotated[Convention, Query(description="examples and vectors are rows, z = a Wᵀ + b, or columns, z = W a + b; rules and values stay")]
LastEventId = Annotated[str | None, Header(description="go on after this step (server-sent events)")]


@router.post("/trace", summary="A network forwards and backwards, step by step", responses=TRACE_RESPONSES, openapi_extra=TRACE_REQUEST)
async def trace(
    request: Request,
    max_values: MaxValues = None,
    quantities: Quantities = "",
    budget: Budget = None,
    example: Example = None,
    from_step: FromStep = 0,
    convention: InConvention = "row",
    words: Words = "",
    last_event_id: LastEventId = None,
) -> Response:
    """Every z, a and gradient with the equation that made it, as JSON, NDJSON or server-sent events (by `Accept`)."""
    kind = asked_kind(request)
    view = _view(request, max_values, quantities, from_step, convention, last_event_id)._replace(budget=budget, example=example, words=words)
    body = await read_json_body(request, request.app.state.settings.max_body)
    return await _answer(request, body, view, kind, {"Cache-Control": "no-store"})


@router.get("/trace", summary="The trace of a preset", responses=TRACE_RESPONSES | NOT_MODIFIED)
async def trace_of_preset(
    request: Request,
    preset: Annotated[str, Query(max_length=100, description="a preset's name", examples=["two-layer"])],
    max_values: MaxValues = None,
    quantities: Quantities = "",
    budget: Budget = None,
    example: Example = None,
    from_step: FromStep = 0,
    convention: InConvention = "row",
    last_event_id: LastEventId = None,
) -> Response:
    """The same for a preset, for EventSource and for caches."""
    kind = asked_kind(request)
    view = _view(request, max_values, quantities, from_step, convention, last_event_id)._replace(budget=budget, example=example)
    found = presets.preset(preset)
    tag = tag_of(found, kind, view.max_values, sorted(view.quantities), budget, example, view.from_step, convention)
    caching = f"public, max-age={CACHE_SECONDS}" if last_event_id is None else "no-store"
    headers = {"Cache-Control": caching, "ETag": f"W/{tag}", "Vary": "Accept, Last-Event-ID"}
    if found and known(tag, request):
        return Response(status_code=304, headers=headers)
    return await _answer(request, orjson.dumps({"preset": preset}), view, kind, headers)


def asked_kind(request: Request) -> str:
    """The media type that a request prefers. 406 where it takes none of ours."""
    kind = negotiate(", ".join(request.headers.getlist("accept")))
    if kind is None:
        raise RequestError(406, f"can answer with {', '.join(FORMATS)}")
    return kind


def asked_view(request: Request, max_values: int | None, convention: Convention) -> View:
    """How large an array may be to be sent whole. 422 where that is more than may be asked for."""
    settings = request.app.state.settings
    if max_values is not None and max_values > settings.max_values_cap:
        fault = Fault("/max_values", f"expected at most {settings.max_values_cap}, got {max_values}")
        raise RequestError(422, f"max_values: {fault.detail}", (fault,))
    return View(settings.max_values if max_values is None else max_values, most=settings.max_sent_values, convention=convention)


def _view(request: Request, max_values: int | None, quantities: str, from_step: int, convention: Convention, last_event_id: str | None) -> View:
    view = asked_view(request, max_values, convention)
    if last_event_id:
        if not last_event_id.isascii() or not last_event_id.isdecimal() or len(last_event_id) > 9:
            fault = Fault("/Last-Event-ID", f"expected the index of a step, got {describe(last_event_id)}")
            raise RequestError(400, f"Last-Event-ID: {fault.detail}", (fault,))
        from_step = int(last_event_id) + 1
    wanted = frozenset(name.strip() for name in quantities.split(",") if name.strip())
    return view._replace(quantities=wanted, from_step=from_step)


async def _answer(request: Request, body: bytes, view: View, kind: str, headers: dict[str, str]) -> Response:
    compute: Compute = request.app.state.compute
    chunks = await compute.trace(body, view, kind, left=partial(has_left, request))
    return whole_or_in_pieces(chunks, compute.outgoing, kind, headers)
