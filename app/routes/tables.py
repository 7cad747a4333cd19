"""POST /api/v1/table."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from ..wire.formats import JSON
from ..wire.openapi_files import OCTETS, TABLE_REQUEST, TABLE_RESPONSES, TEXTS
from ..wire.tables import Choices, table_job
from .bodies import has_left, is_json, read_file
from .compute import Compute
from .outgoing import whole_or_in_pieces

router = APIRouter(tags=["files"])

Targets = Annotated[list[str] | None, Query(description="names of columns; the last unless given, none for an empty one", examples=[["species"]])]
Inputs = Annotated[list[str] | None, Query(description="names of columns; all that are no targets unless given; an empty one: only look at the columns")]
Labels = Annotated[list[str] | None, Query(description="columns whose numbers are names of classes")]
Header = Annotated[bool | None, Query(description="whether the first row names the columns; found out unless given")]
Delimiter = Annotated[Literal[",", ";", "|", "tab"] | None, Query(description="found out unless given")]


@router.post("/table", summary="A table of your own, as inputs and targets", responses=TABLE_RESPONSES, openapi_extra=TABLE_REQUEST)
async def table(
    request: Request, targets: Targets = None, inputs: Inputs = None, labels: Labels = None, header: Header = None, delimiter: Delimiter = None
) -> Response:
    """CSV with any common delimiter, decimal sign and encoding, or JSON. Numbers and labels are told apart; every fault has its line."""
    settings = request.app.state.settings
    body, kind = await read_file(request, settings.max_body, TEXTS[0], *TEXTS[1:], OCTETS)
    choices = Choices(_names(targets), _names(inputs), tuple(labels or ()), header, delimiter)
    said = True if is_json(kind) else None if kind in (OCTETS, "text/plain") else False
    compute: Compute = request.app.state.compute
    job = partial(table_job, body, settings.limits, settings.max_sent_values, choices, said)
    chunks = await compute.run(job, len(body), left=partial(has_left, request))
    return whole_or_in_pieces(chunks, compute.outgoing, JSON, {"Cache-Control": "no-store"})


def _names(given: list[str] | None) -> list[str] | None:
    """A list that holds nothing but an empty name is an empty one: a query has no other way to say so."""
    return [] if given == [""] else given
