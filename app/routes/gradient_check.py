"""POST /api/v1/gradient-check."""

from functools import partial

from fastapi import APIRouter, Request, Response

from ..wire.checks import check_job
from ..wire.formats import JSON
from ..wire.openapi_checks import CHECK_REQUEST, CHECK_RESPONSES
from .bodies import has_left, read_json_body
from .compute import Compute
from .outgoing import whole_or_in_pieces

router = APIRouter(tags=["gradient check"])


@router.post("/gradient-check", summary="Every gradient against central differences", responses=CHECK_RESPONSES, openapi_extra=CHECK_REQUEST)
async def gradient_check(request: Request) -> Response:
    """Backpropagation against (ℒ(v + ε) − ℒ(v − ε)) / 2ε, entry by entry, and perhaps one number followed from ε = 0.1 down to 10⁻¹²."""
    settings = request.app.state.settings
    body = await read_json_body(request, settings.max_body)
    compute: Compute = request.app.state.compute
    chunks = await compute.run(partial(check_job, body, settings.limits), len(body), left=partial(has_left, request))
    return whole_or_in_pieces(chunks, compute.outgoing, JSON, {"Cache-Control": "no-store"})
