"""The server that tests of routes, of the page and of speed share."""

from collections.abc import Iterator

import httpx
import pytest
from serving import Server, serving


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
