"""What all tests share: the server that those of routes, of the page and of speed ask, and the machine, which those that measure time have to themselves."""

import fcntl
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import settings
from serving import ROOT, Server, serving

settings.register_profile("any machine", deadline=None)  # a busy one is no fault of what is tested
settings.load_profile("any machine")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Of parallel workers only one runs a test while that test is marked `alone`: it waits for the tests of the others to end, and they wait for it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    with Path(__file__).open() as door, (ROOT / "pyproject.toml").open() as room:  # any two files; what counts is the locks on them
        fcntl.flock(door, fcntl.LOCK_EX)  # in turn, or a test that wants the room for itself might wait for ever
        fcntl.flock(room, fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        return (yield)


@pytest.fixture(scope="session")
def running() -> Iterator[Server]:
    """A real server process, the same for the whole session."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def server(running: Server) -> str:
    """The address of a real server."""
    return running.url


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[httpx.Client]:
    """An HTTP client of that server."""
    sooner_than_the_server = httpx.Limits(keepalive_expiry=2)  # or it might hang up on a connection about to be used again
    with httpx.Client(base_url=server, timeout=60, limits=sooner_than_the_server) as connected:
        yield connected
