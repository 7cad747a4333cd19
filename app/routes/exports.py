"""POST /api/v1/export/{kind}."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ..engine.document import describe
from ..explain.conventions import Convention
from ..wire.exports import KINDS, export_job
from ..wire.faults import RequestError
from ..wire.openapi_exports import EXPORT_REQUEST, EXPORT_RESPONSES
from .bodies import has_left, read_json_body
from .compute import Compute
from .outgoing import whole_or_in_pieces

router = APIRouter(tags=["export"])

OfKind = Annotated[str, Path(description="what to write", examples=["numpy"], json_schema_extra={"enum": list(KINDS)})]
InConvention = Annotated[Convention, Query(description="rows or columns in a worked solution; scripts have rows")]


@router.post("/export/{kind}", summary="A problem as a file", responses=EXPORT_RESPONSES, openapi_extra=EXPORT_REQUEST, response_class=Response)
async def export(request: Request, kind: OfKind, convention: InConvention = "row") -> Response:
    """A script that computes every step by itself and prints each quantity as `name value`, a worked solution, or the problem with every weight in it."""
    if kind not in KINDS:
        raise RequestError(404, f"no export is called {describe(kind)}; there are {', '.join(KINDS)}")
    settings = request.app.state.settings
    body = await read_json_body(request, settings.max_body)
    compute: Compute = request.app.state.compute
    job = partial(export_job, body, settings.limits, kind, convention, settings.max_sent_values)
    name, *chunks = await compute.run(job, len(body), left=partial(has_left, request))
    headers = {"Content-Disposition": f'attachment; filename="{name.decode()}"', "Cache-Control": "no-store"}
    return whole_or_in_pieces(chunks, compute.outgoing, KINDS[kind].media_type, headers)
