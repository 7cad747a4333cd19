"""Where computing happens: small jobs in a thread beside the event loop, heavy ones in worker processes.

A thread shares the interpreter lock with the event loop, so it gets only what takes a few milliseconds;
a trace of a million numbers in a process of its own leaves everybody else's small one alone.
"""

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context, parent_process

import anyio
import anyio.to_thread

from ..settings import Settings
from ..wire.faults import RequestError
from ..wire.formats import NDJSON
from ..wire.frames import View
from ..wire.jobs import TooHeavy, trace_job

LARGE_BODY = 100_000  # bytes of JSON that take more than a few milliseconds to read


def _prepare_worker() -> None:
    """Ctrl-C belongs to the server; a worker ends when its pool or its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(0)

    threading.Thread(target=follow, daemon=True).start()


class Compute:
    """Runs jobs off the event loop, at most `settings.concurrent` at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running = 0
        self.threads = anyio.CapacityLimiter(2)  # more would only share the interpreter lock
        self.pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        workers = self.settings.processes or os.cpu_count() or 1
        return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_prepare_worker)

    async def trace(self, body: bytes, view: View, kind: str) -> list[bytes]:
        """The chunks of a trace's answer; RequestError when the request makes no sense or the server is at its limit."""
        if self.running >= self.settings.concurrent:
            raise RequestError(503, "too many computations at once; try again in a moment", retry_after=1)
        self.running += 1
        try:
            answer = await self._run(partial(trace_job, body, self.settings.limits, view, kind), small=len(body) <= LARGE_BODY)
        finally:
            self.running -= 1
        if isinstance(answer, RequestError):
            raise answer
        return answer

    async def _run(self, job: Callable[..., list[bytes] | RequestError], *, small: bool) -> list[bytes] | RequestError:
        if small:
            try:
                return await anyio.to_thread.run_sync(partial(job, at_most=self.settings.inline_values), limiter=self.threads)
            except TooHeavy:
                pass
        pool = self.pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, job)
        except BrokenProcessPool:
            logging.getLogger("backprop").exception("a worker process died")
            if self.pool is pool:
                self.pool = self._new_pool()
            return RequestError(503, "the computation was ended by the operating system; try again, perhaps smaller", retry_after=1)

    async def warm_up(self) -> None:
        """Start the worker processes before the first heavy request needs one."""
        body = b'{"layers":[{"units":1,"activation":"identity"}],"inputs":[[1]]}'
        job = partial(trace_job, body, self.settings.limits, View(), NDJSON)
        await asyncio.gather(*[asyncio.get_running_loop().run_in_executor(self.pool, job) for _ in range(2)])

    def close(self) -> None:
        self.pool.shutdown(wait=False, cancel_futures=True)
