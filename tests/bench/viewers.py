"""Fifty clients that each watch a training: what each gets, and how long another's trace takes meanwhile. `python -m tests.bench.viewers [seconds]`."""

import asyncio
import json
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from urllib.parse import urlsplit

import httpx
import orjson

from app.wire.presets import preset
from tests.serving import serving

VIEWERS = 50
TRAINING = {
    "layers": [{"units": 8, "activation": "tanh"}, {"units": 8, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "loss": "binary_cross_entropy",
    "dataset": {"name": "spirals"},
    "optimizer": {"name": "adam", "learning_rate": 0.01},
    "batch_size": 10,
    "test_fraction": 0.2,
    "epochs": 100_000,
    "surface": {"resolution": 50},
}


async def watch(address: str, seconds: float) -> tuple[int, int]:
    """How many updates and reports one viewer sees in so many seconds."""
    url, body = urlsplit(address), json.dumps(TRAINING).encode()
    reader, writer = await asyncio.open_connection(url.hostname, url.port, limit=1 << 24)
    writer.write(b"POST /api/v1/train HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    reports, last, end = 0, b"", time.monotonic() + seconds
    while time.monotonic() < end:
        line = await asyncio.wait_for(reader.readline(), 30)
        if line.startswith(b'{"event":"progress"'):
            reports, last = reports + 1, line
    writer.close()
    return orjson.loads(last)["updates"] if last else 0, reports


def watch_all(address: str, seconds: float, viewers: int) -> list[tuple[int, int]]:
    """The same for many viewers at once."""

    async def gathered() -> list[tuple[int, int]]:
        return await asyncio.gather(*[watch(address, seconds) for _ in range(viewers)])

    return asyncio.run(gathered())


def trace_times(address: str, seconds: float) -> list[float]:
    """How long traces of the two-layer network take, one after the other with a short rest."""
    found = preset("two-layer")
    assert found is not None
    body, end, times = orjson.dumps(found["problem"]), time.monotonic() + seconds, []
    with httpx.Client(base_url=address, timeout=60) as client:
        while time.monotonic() < end:
            began = time.perf_counter()
            client.post("/api/v1/trace", content=body).raise_for_status()
            times.append(time.perf_counter() - began)
            time.sleep(0.01)
    return times


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main(seconds: float) -> None:
    with serving() as server, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as elsewhere:
        elsewhere.submit(watch_all, server.url, 1.0, 2).result()  # starts the processes that train
        (alone,) = elsewhere.submit(watch_all, server.url, seconds, 1).result()
        quiet = trace_times(server.url, seconds)
        watching = elsewhere.submit(watch_all, server.url, seconds + 1, VIEWERS)
        time.sleep(0.5)
        busy = trace_times(server.url, seconds)
        found = watching.result()
    rates = sorted(updates / (seconds + 1) for updates, _ in found)
    shown = sorted(reports / (seconds + 1) for _, reports in found)
    before, meanwhile = (percentile(times, 0.95) for times in (quiet, busy))
    print(f"{VIEWERS} viewers of 2-8-8-1 on 200 points of the spirals, batches of 10, with a surface of 50 × 50, for {seconds:g} s")
    print(f"  one alone: {alone[0] / seconds:,.0f} updates and {alone[1] / seconds:.0f} reports a second")
    least, most = rates[0], rates[-1]
    print(f"  each of {VIEWERS}: {least:,.0f} to {most:,.0f} updates a second, median {statistics.median(rates):,.0f}; least ÷ most {least / most:.2f}")
    print(f"  reports a second: {shown[0]:.1f} to {shown[-1]:.1f}, median {statistics.median(shown):.1f}")
    print(f"  /trace p95: {meanwhile * 1000:.1f} ms meanwhile ÷ {before * 1000:.1f} ms alone = {meanwhile / before:.1f}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
