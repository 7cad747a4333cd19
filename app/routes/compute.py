"""Where computing happens: small jobs in a thread beside the event loop, heavy ones in worker processes.

A thread shares the interpreter lock with the event loop, so it gets only what takes a few milliseconds;
a trace of a million numbers in a process of its own leaves everybody else's small one alone.
"""

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection

import anyio
import anyio.to_thread

from ..settings import Settings
from ..wire.faults import RequestError
from ..wire.formats import NDJSON
from ..wire.frames import View
from ..wire.jobs import TooHeavy, trace_job

Answer = list[bytes] | RequestError
LARGE_BODY = 100_000  # bytes of JSON that take more than a few milliseconds to read


def _prepare_worker(lifeline: Connection) -> None:
    """Ctrl-C belongs to the server. A worker ends, whatever it is doing, when the other end of `lifeline` closes or its holder dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def follow() -> None:
        with contextlib.suppress(EOFError, OSError):
            lifeline.recv_bytes()
        os._exit(0)

    threading.Thread(target=follow, daemon=True).start()


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes started in here do not see Ctrl-C, not even before they run any code of ours."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Compute:
    """Runs jobs off the event loop, at most `settings.concurrent` at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.running = 0
        self.threads = anyio.CapacityLimiter(2)  # more would only share the interpreter lock
        self._new_pool()

    def _new_pool(self) -> None:
        context = get_context("spawn")
        workers_end, self.lifeline = context.Pipe(duplex=False)
        workers = self.settings.processes or os.cpu_count() or 1
        self.pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare_worker, initargs=(workers_end,))

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

    async def _run(self, job: Callable[..., Answer], *, small: bool) -> Answer:
        if small:
            try:
                return await anyio.to_thread.run_sync(partial(job, at_most=self.settings.inline_values), limiter=self.threads)
            except TooHeavy:
                pass
        pool = self.pool
        try:
            return await self._in_process(job)
        except BrokenProcessPool:
            logging.getLogger("backprop").exception("a worker process died")
            if self.pool is pool:
                self.lifeline.close()
                self._new_pool()
            return RequestError(503, "the computation was ended by the operating system; try again, perhaps smaller", retry_after=1)

    def _in_process(self, job: Callable[[], Answer]) -> asyncio.Future[Answer]:
        with _without_interrupts():
            return asyncio.get_running_loop().run_in_executor(self.pool, job)

    async def warm_up(self) -> None:
        """Start the worker processes before the first heavy request needs one."""
        body = b'{"layers":[{"units":1,"activation":"identity"}],"inputs":[[1]]}'
        job = partial(trace_job, body, self.settings.limits, View(), NDJSON)
        await asyncio.gather(*[self._in_process(job) for _ in range(2)])

    def close(self) -> None:
        """End the worker processes, in the middle of their work if need be: nobody waits for it any more."""
        self.lifeline.close()
        self.pool.shutdown(cancel_futures=True)
