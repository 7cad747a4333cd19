"""GET /api/v1/catalog, the presets and the scenarios."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from ..engine.document import describe
from ..wire import scenarios
from ..wire.catalog import catalog
from ..wire.faults import RequestError
from ..wire.openapi import faults
from ..wire.presets import preset, summaries

router = APIRouter(tags=["catalog"])


@router.get("/catalog", summary="What there is to choose from")
async def get_catalog(request: Request) -> dict[str, Any]:
    """Activations, losses, initializers, optimizers, data sets, presets, scenarios and limits, with parameters, defaults, ranges and LaTeX."""
    return catalog(request.app.state.settings)


@router.get("/presets", summary="The prepared networks")
async def list_presets() -> dict[str, Any]:
    """Name, title and description of each."""
    return {"presets": summaries()}


@router.get("/presets/{name}", summary="One prepared network", responses=faults(404, 422))
async def get_preset(name: Annotated[str, Path(max_length=100, examples=["two-layer"])]) -> dict[str, Any]:
    """With its problem, ready to send to /trace."""
    found = preset(name)
    if found is None:
        raise RequestError(404, f"no preset is called {describe(name)}")
    return {key: value for key, value in found.items() if key != "order"}


@router.get("/scenarios", summary="The prepared trainings")
async def list_scenarios() -> dict[str, Any]:
    """Name, title and description of each."""
    return {"scenarios": scenarios.summaries()}


@router.get("/scenarios/{name}", summary="One prepared training, or two to compare", responses=faults(404, 422))
async def get_scenario(name: Annotated[str, Path(max_length=100, examples=["spirals"])]) -> dict[str, Any]:
    """With its runs, each ready to send to /train; `watch` names the chart that makes the point."""
    found = scenarios.scenario(name)
    if found is None:
        raise RequestError(404, f"no scenario is called {describe(name)}; there are {', '.join(scenarios.scenarios())}")
    return {key: value for key, value in found.items() if key != "order"}
