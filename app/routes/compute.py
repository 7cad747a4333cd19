"""Where computing happens: small jobs in a thread beside the event loop, heavy ones in worker processes.

A thread shares the interpreter lock with the event loop, so it gets only what takes a few milliseconds;
a trace of a million numbers in a process of its own leaves everybody else's small one alone.
"""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

import anyio
import anyio.to_thread

from ..settings import Settings
from ..wire.faults import RequestError
from ..wire.formats import NDJSON
from ..wire.frames import View
from ..wire.jobs import TooHeavy, trace_job
from .outgoing import Outgoing
from .workers import WorkerError, Workers

T = TypeVar("T")
Answer = list[bytes] | RequestError
Left = Callable[[], Coroutine[Any, Any, None]]  # returns when the client has hung up
LARGE_BODY = 100_000  # bytes of JSON that take more than a few milliseconds to read


class Compute:
    """Runs jobs off the event loop, at most `settings.concurrent` at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running = 0
        self.outgoing = Outgoing(settings.max_outstanding)
        self.threads = anyio.CapacityLimiter(2)  # more would only share the interpreter lock
        self.workers = Workers(settings.processes or os.cpu_count() or 1)

    async def trace(self, body: bytes, view: View, kind: str, left: Left | None = None) -> list[bytes]:
        """The chunks of a trace's answer."""
        return await self.run(partial(trace_job, body, self.settings.limits, view, kind), len(body), left)

    async def run(self, job: Callable[..., Answer], size: int, left: Left | None = None) -> list[bytes]:
        """What a job of `wire.jobs` answers to a body of so many bytes; RequestError when the request makes no sense or the server is at its limit.

        A heavy one is ended as soon as `left` returns: the next must not wait for what nobody reads.
        """
        if self.running >= self.settings.concurrent:
            raise RequestError(503, "too many computations at once; try again in a moment", retry_after=1)
        self.running += 1
        try:
            answer = await self._run(job, left, small=size <= LARGE_BODY)
        finally:
            self.running -= 1
        if isinstance(answer, RequestError):
            raise answer
        return answer

    async def _run(self, job: Callable[..., Answer], left: Left | None, *, small: bool) -> Answer:
        if small:
            try:
                return await anyio.to_thread.run_sync(partial(job, at_most=self.settings.inline_values), limiter=self.threads)
            except TooHeavy:
                pass
        try:
            answer: Answer = await (unless(left, self.workers.run(job)) if left else self.workers.run(job))
        except WorkerError:
            logging.getLogger("backprop").warning("a worker process died in the middle of a job")
            return RequestError(503, "the computation was ended by the operating system; try again, perhaps smaller", retry_after=1)
        return answer

    async def warm_up(self) -> None:
        """Start worker processes before the first heavy request needs one."""
        body = b'{"layers":[{"units":1,"activation":"identity"}],"inputs":[[1]]}'
        job = partial(trace_job, body, self.settings.limits, View(), NDJSON)
        await asyncio.gather(*[self.workers.run(job) for _ in range(2)])

    def close(self) -> None:
        """End the worker processes: nobody waits for their answers any more."""
        self.workers.close()


async def unless(left: Left, work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns; where `left` returns first, RequestError for an answer that nobody reads."""
    doing, leaving = asyncio.create_task(work), asyncio.create_task(left())
    try:
        await asyncio.wait((doing, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise RequestError(503, "the client has hung up")
        return await doing
    finally:
        doing.cancel()
        leaving.cancel()
