"""The application with one more route, which answers with bytes that are already there: what a request costs without our work."""

from fastapi import FastAPI, Request, Response

from app.main import create_app

BODIES: list[bytes] = []


def create() -> FastAPI:
    """A factory for uvicorn. PUT /ready-made stores an answer, POST /ready-made reads a request's body and gives it."""
    app = create_app()

    @app.put("/ready-made", include_in_schema=False)
    async def store(request: Request) -> Response:
        BODIES[:] = [await request.body()]
        return Response(status_code=204)

    @app.post("/ready-made", include_in_schema=False)
    async def give(request: Request) -> Response:
        await request.body()
        return Response(BODIES[0], media_type="application/json", headers={"Cache-Control": "no-store"})

    return app
