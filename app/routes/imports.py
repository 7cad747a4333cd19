"""POST /api/v1/import."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ..wire.formats import JSON
from ..wire.imports import import_job
from ..wire.openapi_files import IMPORT_REQUEST, IMPORT_RESPONSES, OCTETS
from .bodies import has_left, is_json, read_file
from .compute import Compute
from .outgoing import whole_or_in_pieces

router = APIRouter(tags=["files"])
Activations = Annotated[str, Query(max_length=4000, description="one name for each layer, separated by commas", examples=["relu,softmax"])]


@router.post("/import", summary="Weights that others trained, as the layers of a problem", responses=IMPORT_RESPONSES, openapi_extra=IMPORT_REQUEST)
async def import_file(request: Request, activations: Activations = "") -> Response:
    """A PyTorch state_dict file, safetensors, or JSON; which of them is found out by content. Nothing in a file is ever executed."""
    settings = request.app.state.settings
    body, kind = await read_file(request, settings.max_body, OCTETS)
    compute: Compute = request.app.state.compute
    job = partial(import_job, body, settings.limits, is_json(kind), activations)
    chunks = await compute.run(job, len(body), left=partial(has_left, request))
    return whole_or_in_pieces(chunks, compute.outgoing, JSON, {"Cache-Control": "no-store"})
