"""GET /api/v1/datasets."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from ..engine.datasets import DATASETS
from ..engine.document import describe
from ..wire.datasets import dataset_job, listing
from ..wire.faults import RequestError
from ..wire.formats import JSON
from ..wire.openapi import NOT_MODIFIED
from ..wire.openapi_datasets import DATASET_RESPONSES, DATASETS_RESPONSES, NOISE, SEED, SIZE
from .bodies import has_left
from .caching import CACHE_SECONDS, known, tag_of
from .compute import Compute
from .outgoing import whole_or_in_pieces

router = APIRouter(tags=["data sets"])


@router.get("/datasets", summary="The data sets there are", responses=DATASETS_RESPONSES)
async def list_datasets() -> dict[str, Any]:
    """What each is about, how wide it is, and how large and how noisy it can be."""
    return {"datasets": listing()}


@router.get("/datasets/{name}", summary="One data set, as numbers", responses=DATASET_RESPONSES | NOT_MODIFIED)
async def get_dataset(
    request: Request,
    name: Annotated[str, Path(max_length=100, examples=["spirals"])],
    size: Annotated[int | None, Query(description="how many examples; its own default otherwise", json_schema_extra=SIZE)] = None,
    noise: Annotated[float | None, Query(description="standard deviation, where it is drawn", json_schema_extra=NOISE)] = None,
    seed: Annotated[int, Query(description="of what is drawn or chosen, and of the order", json_schema_extra=SEED)] = 0,
) -> Response:
    """The same name, size, noise and seed are the same numbers. Inputs and targets can be sent to /trace and /train as they are, with a network that fits."""
    if name not in DATASETS:
        raise RequestError(404, f"no data set is called {describe(name)}; there are {', '.join(DATASETS)}")
    compute: Compute = request.app.state.compute
    tag = tag_of("dataset", name, size, noise, seed)
    headers = {"Cache-Control": f"public, max-age={CACHE_SECONDS}", "ETag": f"W/{tag}"}
    if not DATASETS[name].faults(size, noise, seed) and known(tag, request):
        return Response(status_code=304, headers=headers)
    chunks = await compute.run(partial(dataset_job, name, size, noise, seed), 0, left=partial(has_left, request))
    return whole_or_in_pieces(chunks, compute.outgoing, JSON, headers)
