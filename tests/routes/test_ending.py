"""How a server ends: at once, quietly, and with everything it started."""

import json
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest
from documents import TWO_LAYER, wide
from serving import computed, group, interrupt, serving, until, workers

TRACE = "/api/v1/trace"
LARGE = json.dumps(wide(512, 512, 10, examples=128, inputs=784))
LONG = json.dumps(wide(*[900] * 4, examples=400, inputs=900))
LINUX = pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks into /proc")


def slow_reader(url, accept="text/event-stream", body=LARGE):
    """A client that asks for much and reads next to nothing."""
    address = urlsplit(url)
    connection = socket.create_connection((address.hostname, address.port), timeout=30)
    request = f"POST {TRACE}?max_values=1000000 HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(request.encode() + body.encode())
    assert connection.recv(20).startswith(b"HTTP/1.1 200")
    return connection


def quiet(server):
    """Nothing on the server's output but its own words."""
    said = server.said
    assert "Traceback" not in said, said
    assert "Exception" not in said, said
    assert "leaked" not in said, said


def gone(leader, seconds=10.0):
    """The processes of a group that are still there after a while."""
    deadline = time.monotonic() + seconds
    while (left := group(leader)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@pytest.mark.alone
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_ctrl_c_with_an_open_stream(workers, accept):
    with serving("--workers", workers) as server, slow_reader(server.url, accept):
        assert interrupt(server) < max(2, server.took)  # on a busy machine all takes longer
        assert server.process.returncode in (0, 130)
        assert gone(server.process.pid) == []
        quiet(server)


@pytest.mark.alone
def test_ctrl_c_when_idle():
    with serving() as server:
        httpx.post(server.url + TRACE, json=TWO_LAYER)
        assert interrupt(server) < max(2, server.took)
        quiet(server)


@LINUX
@pytest.mark.alone
def test_ctrl_c_in_the_middle_of_a_long_computation():
    """Nobody waits for a trace whose reader is about to be cut off."""
    with serving(environment={"BACKPROP_PROCESSES": "1"}) as server:
        httpx.post(server.url + TRACE, content=LARGE, timeout=60)
        before = computed(workers(server))
        with ThreadPoolExecutor() as pool:
            asked = pool.submit(httpx.post, f"{server.url}{TRACE}?quantities=W1,W2,W3,W4", content=LONG, timeout=60)
            assert until(lambda: computed(workers(server)) > before + 0.2)
            assert interrupt(server) < max(2, server.took)
            answer = asked.result()
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert gone(server.process.pid) == []
        quiet(server)


@LINUX
def test_ctrl_c_while_starting():
    """Worker processes that are only just being started do not answer Ctrl-C with tracebacks."""
    with serving() as server:
        interrupt(server)
        assert gone(server.process.pid) == []
        quiet(server)


@LINUX
@pytest.mark.parametrize("workers", ["1", "2"])
def test_nothing_outlives_a_server_that_was_killed(workers):
    with serving("--workers", workers) as server:
        httpx.post(server.url + TRACE, content=LARGE, timeout=60)
        assert len(group(server.process.pid)) > 1
        server.process.kill()
        server.process.wait()
        assert gone(server.process.pid) == []


@LINUX
def test_term_ends_everything_too():
    with serving("--workers", "2") as server, slow_reader(server.url):
        server.process.terminate()
        server.process.wait(10)
        assert gone(server.process.pid) == []
        quiet(server)


def test_two_workers_say_the_same():
    with serving("--workers", "2") as server:
        answers = set()
        for _ in range(12):
            answers.add(httpx.post(server.url + TRACE, json={"preset": "vanishing"}).content)
        assert len(answers) == 1
