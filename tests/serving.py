"""A real server process to test against: started on a free port, ended by its process id."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx

ROOT = Path(__file__).resolve().parent.parent


class Server(NamedTuple):
    """A running server: its address, its process, the file that its output goes to, and the seconds that it took to come up."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    took: float = 0

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(*arguments: str, environment: Mapping[str, str] | None = None, path: str = "", port: int | None = None) -> Iterator[Server]:
    """`python -m app serve` with more arguments and variables, in a process group of its own, answering before the block begins; else on a free port."""
    port = port or free_port()
    command = [sys.executable, "-m", "app", "serve", "--port", str(port), *arguments]
    variables = {key: value for key, value in os.environ.items() if not key.startswith("BACKPROP_")} | dict(environment or {})
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output, stderr=output, start_new_session=True)
        server = Server(f"http://127.0.0.1:{port}{path}", process, log)
        began = time.monotonic()
        try:
            _wait_for(server)
            yield server._replace(took=time.monotonic() - began)
        finally:
            if process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
            if process.poll() is None:
                process.kill()
                process.wait()


def _wait_for(server: Server, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while server.process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{server.url}/healthz", timeout=5).status_code == 200:
                return
        time.sleep(0.05)
    raise RuntimeError(f"no server came up; it said:\n{server.said}")


def interrupt(server: Server) -> float:
    """Ctrl-C, as a terminal sends it: to every process of the group. The seconds until the server has ended."""
    began = time.monotonic()
    os.killpg(server.process.pid, signal.SIGINT)
    server.process.wait(20)
    return time.monotonic() - began


def until(holds: Callable[[], Any], seconds: float = 10) -> Any:
    """Wait until something holds, but not for ever; what it then is."""
    deadline = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


def computed(pids: Iterable[int]) -> float:
    """Seconds of processor time these processes have had (Linux)."""
    ticks = sum(sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) for pid in pids)
    return ticks / os.sysconf("SC_CLK_TCK")


def workers(server: Server) -> list[int]:
    """The processes that compute what is asked of a server (Linux)."""
    return [pid for pid in group(server.process.pid) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def resident(pid: int) -> int:
    """Bytes of memory a process holds now (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def group(leader: int) -> list[int]:
    """The live processes of a process group (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, process_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(process_group) == leader and state != "Z":
                found.append(int(stat.parent.name))
    return found
