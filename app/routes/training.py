"""POST /api/v1/train."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from ..wire.faults import RequestError
from ..wire.formats import JSON, SSE
from ..wire.frames import View
from ..wire.openapi_training import TRAIN_REQUEST, TRAIN_RESPONSES
from ..wire.run import Event
from ..wire.training import Bounds, training_job
from .bodies import has_left, read_json_body
from .compute import Compute, unless
from .outgoing import whole_or_in_pieces
from .trace import InConvention, MaxValues, Words, asked_kind, asked_view
from .training_process import error_event
from .trainings import Training, Trainings

router = APIRouter(tags=["training"])
NOT_KEPT = {"Cache-Control": "no-store"}
AS_IT_COMES = {**NOT_KEPT, "X-Accel-Buffering": "no"}  # a proxy is not to gather events
ENDING = "the server is shutting down; the training can go on later from the position, parameters and optimizer_state of a report (include asks for them)"


@router.post("/train", summary="A network trained, as it happens", responses=TRAIN_RESPONSES, openapi_extra=TRAIN_REQUEST)
async def train(request: Request, max_values: MaxValues = None, convention: InConvention = "row", words: Words = "") -> Response:
    """Loss, accuracy, gradients, parameters and pictures while epochs go by, as JSON, NDJSON or server-sent events (by `Accept`); it stops with its client."""
    settings = request.app.state.settings
    kind = asked_kind(request)
    view = asked_view(request, max_values, convention)._replace(words=words)
    body = await read_json_body(request, settings.max_body)
    if kind == JSON:
        return whole_or_in_pieces(await whole_answer(request, body, view), request.app.state.compute.outgoing, JSON, NOT_KEPT)
    training = _entered(request)
    try:
        return Live(training, await _begun(request, training, body, view, collected=False), kind)
    except BaseException:
        training.leave()
        raise


async def whole_answer(request: Request, body: bytes, view: View) -> list[bytes]:
    """All events of the training that a body asks for, as one document."""
    training = _entered(request)
    try:
        start = await _begun(request, training, body, view, collected=True)
        return await unless(partial(has_left, request), _collected(training, start))
    finally:
        training.leave()


def _entered(request: Request) -> Training:
    trainings: Trainings = request.app.state.trainings
    return trainings.enter(request.client.host if request.client else "")


async def _begun(request: Request, training: Training, body: bytes, view: View, *, collected: bool) -> Event:
    """The first event."""
    settings, left = request.app.state.settings, partial(has_left, request)
    compute: Compute = request.app.state.compute
    bounds = Bounds(settings.max_training_step, settings.max_training_work, settings.max_sent_values)
    (order,) = await compute.run(partial(training_job, body, settings.limits, bounds, view, collected), len(body), left)
    return _sound(await unless(left, training.begin(order)))


async def _collected(training: Training, start: Event) -> list[bytes]:
    """All events as one document."""
    chunks = [b'{"start":', start.data, b',"progress":[']
    while (event := _sound(await training.next())).kind != "end":
        chunks += [event.data, b","]
    return [*chunks[: -1 if chunks[-1] == b"," else None], b'],"end":', event.data, b"}"]


def _sound(event: Event) -> Event:
    """The event, where it is none that breaks the training off: RequestError."""
    if event.kind == "error":
        problem = orjson.loads(event.data)
        raise RequestError(problem["status"], problem["detail"], retry_after=1)
    return event


class Live(StreamingResponse):
    """Events as they happen, each when the one before it has been written; the training ends with them, or when nobody reads them any more."""

    def __init__(self, training: Training, start: Event, kind: str) -> None:
        self.training = training
        super().__init__(self._chunks(start), media_type=kind, headers=AS_IT_COMES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            await send(message)
            begun = True

        try:
            await super().__call__(scope, receive, watched)
        except asyncio.CancelledError:  # the server ends, and says so where it still can
            if not begun:
                raise
            await send({"type": "http.response.body", "body": self._written(error_event(503, ENDING)), "more_body": False})
        finally:
            self.training.leave()

    async def _chunks(self, event: Event) -> AsyncIterator[bytes]:
        yield self._written(event)
        while event.kind not in ("end", "error"):
            event = await self.training.next()
            yield self._written(event)

    def _written(self, event: Event) -> bytes:
        return b"event: %b\ndata: %b\n\n" % (event.kind.encode(), event.data) if self.media_type == SSE else event.data + b"\n"
