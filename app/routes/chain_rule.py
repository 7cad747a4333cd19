"""GET /api/v1/chain-rule."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ..engine.chain_rule import DEFAULTS
from ..wire.chain_rule import FUNCTION_SCHEMA, THETA_SCHEMA, chain_rule_job, in_one_line, read
from ..wire.faults import RequestError
from ..wire.formats import JSON
from ..wire.openapi import faults
from .compute import Compute

router = APIRouter(tags=["chain rule"])
OBJECT: dict[int | str, dict[str, Any]] = {200: {"description": "f(a(θ)) at one θ", "content": {JSON: {"schema": {"type": "object"}}}}}


@router.get("/chain-rule", summary="f(a(θ)): values, slopes, their product, curves", responses=OBJECT | faults(422, 503))
async def chain_rule(
    request: Request,
    *,
    outer: Annotated[str, Query(description="f, by its name in the catalog", json_schema_extra=FUNCTION_SCHEMA)] = DEFAULTS.outer,
    inner: Annotated[str, Query(description="a, by its name in the catalog", json_schema_extra=FUNCTION_SCHEMA)] = DEFAULTS.inner,
    theta: Annotated[str, Query(description="where to look", default_factory=lambda: str(DEFAULTS.theta), json_schema_extra=THETA_SCHEMA)],
) -> Response:
    """∂f/∂θ = ∂f/∂a · ∂a/∂θ with real numbers, the check against a central difference, tangents, and figures as Plotly's JSON."""
    asked, found = read({"outer": outer, "inner": inner, "theta": theta})
    if found:
        raise RequestError(422, in_one_line(found), tuple(found))
    compute: Compute = request.app.state.compute
    chunks = await compute.run(partial(chain_rule_job, asked), 0)
    return Response(b"".join(chunks), media_type=JSON, headers={"Cache-Control": "no-store"})
