"""Worker processes: one that is dead is replaced, one that has ended leaves no zombie."""

import asyncio
import os
import time
from functools import partial
from pathlib import Path

import pytest

from app.routes.workers import WorkerError, Workers


def test_one_that_dies_as_it_is_taken_is_replaced(monkeypatch):
    """Even where it looked alive: the job goes to another one."""

    async def jobs():
        workers = Workers(1)
        first = await workers.run(os.getpid)
        (worker,) = workers.all
        worker.process.kill()
        worker.process.join()
        monkeypatch.setattr(type(worker.process), "is_alive", lambda self: True)
        second = await workers.run(os.getpid)
        workers.close()
        return first, second

    first, second = asyncio.run(jobs())
    assert first != second


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks into /proc")
def test_no_zombies():
    async def job():
        workers = Workers(1)
        pid = await workers.run(os.getpid)
        with pytest.raises(WorkerError):
            await workers.run(partial(os._exit, 1))
        assert not workers.all
        return pid

    pid = asyncio.run(job())
    deadline = time.monotonic() + 5
    while (there := Path(f"/proc/{pid}").exists()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not there
