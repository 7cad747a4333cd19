"""Static files under a hash of the whole tree, so that they can be cached for ever; the maths font and the chart library."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from .. import chart_library
from ..wire.faults import RequestError

FOREVER = "public, max-age=31536000, immutable"


def tree_hash(folder: Path) -> str:
    """A hash of every file's path and content."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


class ImmutableFiles(StaticFiles):
    """Files whose address changes with their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        response.headers["Cache-Control"] = FOREVER
        for validator in ("ETag", "Last-Modified"):  # of what never changes; with ninety files they are 10 kB of every first visit
            del response.headers[validator]
        return response


def full_maths_font() -> Path:
    """STIX Two Math (SIL Open Font License), found inside the installed ziamath without importing it."""
    spec = find_spec("ziamath")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("ziamath, which carries the maths font, is not installed")
    return Path(spec.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def font_router(prefix: str) -> APIRouter:
    """The maths font beside the style sheets."""
    router = APIRouter()

    @router.get(f"{prefix}/fonts/maths", include_in_schema=False)
    async def maths_font(request: Request) -> Response:
        subset: Path | None = request.app.state.maths_font
        if subset is not None and subset.is_file():  # a cache may be cleared while we run
            return FileResponse(subset, media_type="font/woff2", headers={"Cache-Control": FOREVER})
        try:
            return FileResponse(full_maths_font(), media_type="font/ttf", headers={"Cache-Control": "no-cache"})
        except FileNotFoundError as error:
            raise RequestError(404, str(error)) from error

    return router


def chart_router(prefix: str) -> APIRouter:
    """plotly.js beside the style sheets: compressed once and sent as it is, never compressed again on its way."""
    router = APIRouter()

    @router.get(f"{prefix}/{chart_library.address()}", include_in_schema=False)
    async def chart_script(request: Request) -> Response:
        compressed: Path | None = request.app.state.chart_library
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if compressed is not None and compressed.is_file() and _takes_gzip(request):
            return FileResponse(compressed, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})
        return FileResponse(chart_library.script(), media_type="text/javascript", headers=headers)

    return router


def _takes_gzip(request: Request) -> bool:
    for item in ",".join(request.headers.getlist("accept-encoding")).lower().replace(" ", "").split(","):
        coding, _, quality = item.partition(";q=")
        if coding == "gzip":
            return not quality or quality.strip("0.") != ""
    return False
