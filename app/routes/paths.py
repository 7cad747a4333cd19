"""POST /api/v1/paths."""

from functools import partial

from fastapi import APIRouter, Request, Response

from ..wire.formats import JSON
from ..wire.openapi_paths import PATHS_REQUEST, PATHS_RESPONSES
from ..wire.paths import Most, paths_job
from .bodies import has_left, read_json_body
from .compute import Compute
from .outgoing import whole_or_in_pieces

router = APIRouter(tags=["paths"])


@router.post("/paths", summary="Every path from the loss to one weight or bias", responses=PATHS_RESPONSES, openapi_extra=PATHS_REQUEST)
async def paths(request: Request) -> Response:
    """The product of the local derivatives along each path, largest first; the sum of all of them is the gradient."""
    settings = request.app.state.settings
    body = await read_json_body(request, settings.max_body)
    compute: Compute = request.app.state.compute
    job = partial(paths_job, body, settings.limits, Most(settings.max_paths, settings.max_paths_cap))
    chunks = await compute.run(job, len(body), left=partial(has_left, request))
    return whole_or_in_pieces(chunks, compute.outgoing, JSON, {"Cache-Control": "no-store"})
