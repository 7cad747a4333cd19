"""GET /api/v1/walks."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ..engine.limits import LAYERS
from ..explain.conventions import Convention
from ..wire.formats import JSON
from ..wire.openapi_walks import TARGET_PATTERN, WALKS_RESPONSES
from ..wire.walks import walks_job
from .bodies import has_left
from .caching import CACHE_SECONDS
from .compute import Compute
from .outgoing import whole_or_in_pieces

router = APIRouter(tags=["walks"])

Target = Annotated[
    str | None,
    Query(description="a parameter or, for both at once, Theta; left out: all Θ", examples=["W1"], json_schema_extra={"pattern": TARGET_PATTERN}),
]


@router.get("/walks", summary="From the loss to each parameter, and how many local derivatives that takes", responses=WALKS_RESPONSES)
async def walks(
    request: Request,
    layers: Annotated[int, Query(ge=1, le=LAYERS, description="of the network", examples=[4])],
    target: Target = None,
    convention: Annotated[Convention, Query(description="with columns a vector's derivative by a vector is transposed")] = "row",
) -> Response:
    """∂ℒ/∂a of the last layer, then what follows from what, by which easy derivative: the chain as it is written out for any number of layers."""
    compute: Compute = request.app.state.compute
    chunks = await compute.run(partial(walks_job, layers, target, convention), 0, left=partial(has_left, request))
    return whole_or_in_pieces(chunks, compute.outgoing, JSON, {"Cache-Control": f"public, max-age={CACHE_SECONDS}"})
