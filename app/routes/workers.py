"""Worker processes for heavy jobs, each with a pipe of its own.

Not concurrent.futures: there a process that dies while it hands over its answer leaves everybody waiting for ever,
and one in the middle of a job cannot be stopped.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

import anyio
import anyio.to_thread

from .processes import end, settle, spawn


class WorkerError(Exception):
    """A worker process died, or failed in a way that it has logged."""


class NotTaken(WorkerError):
    """A worker process was dead before it had the whole job."""


class Workers:
    """At most `count` processes, started when they are first needed; each does one job at a time."""

    def __init__(self, count: int) -> None:
        self.places = asyncio.Semaphore(count)
        self.threads = anyio.CapacityLimiter(count)  # each waits for one process
        self.all: set[_Worker] = set()
        self.idle: list[_Worker] = []

    async def run(self, job: Callable[[], Any]) -> Any:
        """What `job` returns, computed in another process. Raises WorkerError when that process dies."""
        async with self.places:
            try:
                return await self._run(self._idle() or self._start(), job)
            except NotTaken:
                return await self._run(self._start(), job)

    def close(self) -> None:
        """End all processes, in the middle of their work if need be."""
        for worker in list(self.all):
            self._end(worker)

    async def _run(self, worker: "_Worker", job: Callable[[], Any]) -> Any:
        try:
            answer = await anyio.to_thread.run_sync(worker.do, job, limiter=self.threads, abandon_on_cancel=True)
        except BaseException:  # dead, or cancelled in the middle of a job: of no further use
            self._end(worker)
            raise
        self.idle.append(worker)
        return answer

    def _idle(self) -> "_Worker | None":
        while self.idle:
            worker = self.idle.pop()
            if worker.process.is_alive():
                return worker
            self._end(worker)
        return None

    def _start(self) -> "_Worker":
        worker = _Worker()
        self.all.add(worker)
        return worker

    def _end(self, worker: "_Worker") -> None:
        self.all.discard(worker)
        end(worker.process)


class _Worker:
    """One process and our end of the pipe to it."""

    def __init__(self) -> None:
        self.pipe, theirs = Pipe()
        self.process = spawn(_work, theirs)
        theirs.close()  # or the end of the process would not be the end of the pipe

    def do(self, job: Callable[[], Any]) -> Any:
        try:
            self.pipe.send(job)
        except OSError as error:
            raise NotTaken("a worker process was dead") from error
        try:
            done, answer = self.pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerError("a worker process died") from error
        if not done:
            raise RuntimeError(f"a worker process failed: {answer}")
        return answer


def _work(pipe: Connection) -> None:
    """The life of a worker process: a job, an answer, the next job."""
    settle()
    with contextlib.suppress(EOFError, OSError):  # the server is gone
        while True:
            job = pipe.recv()
            try:
                answer = True, job()
            except Exception as error:
                logging.getLogger("backprop").exception("a job failed")
                answer = False, repr(error)
            pipe.send(answer)
