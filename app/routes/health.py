"""GET /healthz and /readyz: for whatever keeps the server running."""

from fastapi import APIRouter, Request, Response

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="The process is alive")
async def healthz() -> dict[str, str]:
    """Answers as long as the event loop turns."""
    return {"status": "ok"}


@router.get("/readyz", summary="Ready for work", responses={503: {"description": "Busy: all places are taken"}})
async def readyz(request: Request, response: Response) -> dict[str, str]:
    """503 while all places for computations are taken."""
    busy = request.app.state.compute.running >= request.app.state.settings.concurrent
    response.status_code = 503 if busy else 200
    return {"status": "busy" if busy else "ok"}
