"""Worker processes for heavy jobs, each with a pipe of its own.

Not concurrent.futures: there a process that dies while it hands over its answer leaves everybody waiting for ever,
and one in the middle of a job cannot be stopped.
"""

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from typing import Any

import anyio
import anyio.to_thread


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
        worker.process.kill()
        threading.Thread(target=worker.process.join, daemon=True).start()  # or it would stay as a zombie


class _Worker:
    """One process and our end of the pipe to it."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs,), daemon=True)
        with _without_interrupts():
            self.process.start()
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
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the server
    threading.Thread(target=_follow_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):  # the server is gone
        while True:
            job = pipe.recv()
            try:
                answer = True, job()
            except Exception as error:
                logging.getLogger("backprop").exception("a job failed")
                answer = False, repr(error)
            pipe.send(answer)


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """A process started in here does not see Ctrl-C, not even before it runs any code of ours."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # or starting it, which the first process does, would let interrupts in again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
