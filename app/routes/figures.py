"""POST /api/v1/figures/{kind}."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from ..engine.document import describe
from ..engine.errors import Fault
from ..wire.charts import KINDS
from ..wire.charts.job import TO_TRAIN, figure_job
from ..wire.faults import RequestError
from ..wire.formats import JSON
from ..wire.frames import View
from ..wire.openapi_figures import FIGURE_REQUEST, FIGURE_RESPONSES
from .bodies import has_left, read_json_body
from .compute import Compute
from .outgoing import whole_or_in_pieces
from .training import whole_answer

router = APIRouter(tags=["training"])

OfKind = Annotated[str, Path(description="what to draw", examples=["loss"], json_schema_extra={"enum": list(KINDS)})]
InTheme = Annotated[Literal["light", "dark"], Query(description="colours")]


@router.post("/figures/{kind}", summary="A training as a figure of Plotly's", responses=FIGURE_RESPONSES, openapi_extra=FIGURE_REQUEST)
async def figures(request: Request, kind: OfKind, theme: InTheme = "light") -> Response:
    """Data and layout, for `plotly.graph_objects.Figure` or `Plotly.newPlot`: of an answer of /train, or of a request of /train, which is carried out first."""
    if kind not in KINDS:
        raise RequestError(404, f"no figure is called {describe(kind)}; there are {', '.join(KINDS)}")
    settings = request.app.state.settings
    compute: Compute = request.app.state.compute
    body = await read_json_body(request, settings.max_body)
    found, drawn = await _drawn(request, body, kind, theme)
    if found == TO_TRAIN:
        view = View(settings.max_values, KINDS[kind].quantities, most=settings.max_sent_values)
        answer = await whole_answer(request, drawn, view)
        try:
            _, drawn = await _drawn(request, b"".join(answer), kind, theme)
        except RequestError as error:
            if not error.faults:
                raise
            fault = Fault("", f"what comes of this training cannot be drawn: {error.detail}")  # by no pointer into an answer that nobody has sent
            raise RequestError(error.status, fault.detail, (fault,)) from error
    return whole_or_in_pieces([drawn], compute.outgoing, JSON, {"Cache-Control": "no-store"})


async def _drawn(request: Request, body: bytes, kind: str, theme: str) -> list[bytes]:
    compute: Compute = request.app.state.compute
    return await compute.run(partial(figure_job, body, kind, theme), len(body), left=partial(has_left, request))
