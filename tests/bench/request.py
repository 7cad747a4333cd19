"""A whole POST /api/v1/trace ÷ a route of the same server that returns the same bytes ready-made. `python -m tests.bench.request [seconds per row]`."""

import http.client
import os
import socket
import subprocess
import sys
import time

import orjson

from app.wire.presets import preset
from tests.bench.ratios import compare

PRESETS = {"two-layer": 3.0, "four-layer": None}  # and the aim, where there is one
COMMAND = (sys.executable, "-m", "uvicorn", "--factory", "tests.bench.ready_made:create", "--log-level", "warning", "--port")


def connect(port: int, server: subprocess.Popen[bytes]) -> http.client.HTTPConnection:
    """One kept-alive connection, as soon as the server answers."""
    for _ in range(300):
        client = http.client.HTTPConnection("127.0.0.1", port)
        try:
            client.connect()
        except OSError as error:
            if server.poll() is not None:
                raise SystemExit("the server ended") from error
            time.sleep(0.1)
            continue
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client
    raise SystemExit("the server did not answer")


def ask(client: http.client.HTTPConnection, method: str, path: str, body: bytes) -> bytes:
    """One exchange, without compression: its cost would be the same on both sides and hide the rest."""
    client.request(method, path, body, {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"})
    response = client.getresponse()
    content = response.read()
    if response.status >= 300:
        raise SystemExit(f"{method} {path}: {response.status} {content[:300]!r}")
    return content


def main(seconds: float) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    server = subprocess.Popen([*COMMAND, str(port)], env={**os.environ, **threads})
    try:
        client = connect(port, server)
        time.sleep(2)  # worker processes start and the font is subset meanwhile
        print("Whole POST /api/v1/trace ÷ the same bytes ready-made, one kept-alive connection, median of pair ratios (quartiles)")
        for name, aim in PRESETS.items():
            found = preset(name)
            assert found is not None
            body = orjson.dumps(found["problem"])
            answer = ask(client, "POST", "/api/v1/trace", body)
            ask(client, "PUT", "/ready-made", answer)
            assert ask(client, "POST", "/ready-made", body) == answer

            def ours(body: bytes = body) -> bytes:
                return ask(client, "POST", "/api/v1/trace", body)

            def theirs(body: bytes = body) -> bytes:
                return ask(client, "POST", "/ready-made", body)

            print(compare(ours, theirs, seconds=seconds).line(f"{name}, {len(answer) / 1000:.0f} kB", aim), flush=True)
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
