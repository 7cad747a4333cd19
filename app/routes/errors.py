"""Every error as application/problem+json."""

from collections.abc import Awaitable, Callable

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ..engine.document import pointer_to
from ..engine.errors import Fault
from ..wire.faults import MEDIA_TYPE, RequestError, document
from .methods import allowed


def _respond(status: int, detail: str, faults: tuple[Fault, ...] = (), headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(document(status, detail, faults)), status, headers, MEDIA_TYPE)


async def _request_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {"Vary": "Accept"} if error.status == 406 else None
    return _respond(error.status, error.detail, error.faults, headers)


async def _query_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = tuple(Fault(pointer_to(*item["loc"][1:]), item["msg"]) for item in error.errors())
    return _respond(422, "; ".join(f"{fault.pointer[1:]}: {fault.detail}" for fault in faults), faults)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {}) | ({"Allow": allowed(request)} if error.status_code == 405 else {})
    return _respond(error.status_code, str(error.detail), headers=headers)


async def _our_fault(request: Request, error: Exception) -> Response:
    return _respond(500, "this is the server's fault, and it has been logged")


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    RequestError: _request_error,
    RequestValidationError: _query_error,
    HTTPException: _http_error,
    Exception: _our_fault,
}
