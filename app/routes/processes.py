"""Processes beside the server: started out of Ctrl-C's way, and ended with it, whatever happens."""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.process import BaseProcess
from typing import Any

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")  # what libraries under numpy go by


def spawn(target: Callable[..., None], *arguments: Any, one_thread: bool = False) -> BaseProcess:
    """A new process that runs `target`, which begins with `settle`; perhaps with one thread for large products too."""
    process = get_context("spawn").Process(target=target, args=arguments, daemon=True)
    with _without_interrupts(), _environment(dict.fromkeys(THREADS, "1") if one_thread else {}):
        process.start()
    return process


def settle() -> None:
    """What every such process does first: leave Ctrl-C to the server, and end when the server does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def end(process: BaseProcess) -> None:
    """Kill it, in the middle of its work if need be."""
    process.kill()
    threading.Thread(target=process.join, daemon=True).start()  # or it would stay as a zombie


def _follow_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """A process started in here has these variables too: they are read before any code of ours runs."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


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
