"""How the page bears size: first picture, key press to paint, frames while steps move ÷ those of an empty page. `python -m tests.bench.sizes [rounds]`."""

import json
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from serving import serving

from tests.bench.frames import FLAGS, FRAMES, p95

FRAMES_AIM, STEP_AIM, FIRST_AIM, BYTES_AIM = 1.25, 2.0, 1.5, 320_000
WIDE: dict[str, Any] = {
    "layers": [{"units": 128, "activation": "relu"}, {"units": 64, "activation": "tanh"}, {"units": 10, "activation": "softmax"}],
    "loss": "cross_entropy",
    "inputs": [[max(0.0, (k * 37 + n * 11) % 97 / 97 - 0.3) for k in range(784)] for n in range(128)],
    "targets": [n % 10 for n in range(128)],
    "initializer": {"name": "he_normal", "seed": 1},
}
DEEP: dict[str, Any] = {
    "layers": [{"units": 16, "activation": "tanh"} for _ in range(64)],
    "inputs": [[(k % 7 - 3) / 3 for k in range(16)]],
    "targets": [[0.5] * 16],
    "initializer": {"name": "xavier_normal", "seed": 3},
}
NETWORKS: dict[str, dict[str, Any] | None] = {"digits": None, "784-128-64-10, batch 128": WIDE, "64 layers × 16": DEEP}

# From choosing a network until the frame after the one in which it is painted, edges and all, has begun, ms.
SHOW = """() => new Promise(done => { const menu = document.querySelector('[data-part=preset]'), began = performance.now();
    const ready = new MutationObserver(() => { if (document.documentElement.dataset.stale !== 'false') return; ready.disconnect();
        const drawn = () => requestAnimationFrame(document.querySelector('.edges, .strip') ? () => done(performance.now() - began) : drawn);
        requestAnimationFrame(drawn); });
    ready.observe(document.documentElement, { attributeFilter: ['data-stale'] });
    menu.value = 'xor'; menu.dispatchEvent(new Event('change', { bubbles: true })); })"""
# One press of a key and the two frames after it: time until they have begun, ms.
PRESS = """() => new Promise(async done => { const frame = () => new Promise(requestAnimationFrame); await frame(); const began = performance.now();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true, cancelable: true }));
    await frame(); await frame(); done(performance.now() - began); })"""
# Bytes of the answer with the trace, as they came over the wire: the document's own, or that of the last question.
SENT = """asked =>
    performance.getEntriesByType(asked ? 'resource' : 'navigation').filter(it => !asked || it.name.includes('/api/v1/trace')).at(-1).encodedBodySize"""
GO = "k => { const r = document.querySelector('.scrubber input'); r.value = k; r.dispatchEvent(new Event('input')); }"


def opened(browser: Browser, url: str, problem: dict[str, Any] | None, motion: str) -> tuple[Page, int, float]:
    """A page that shows the network, bytes of the answer with its trace, and seconds from navigation to the picture."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion=motion)  # type: ignore[arg-type]

    def instead(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        route.continue_(post_data=json.dumps({**(problem or {}), **{name: value for name, value in body.items() if name != "preset"}}))

    if problem:
        page.route("**/api/v1/*", instead)
    page.goto(f"{url}/" if problem else f"{url}/?preset=digits")
    page.wait_for_selector("html[data-ready=true]")
    seconds = page.evaluate("performance.getEntriesByType('navigation')[0].domComplete") / 1000
    if problem:
        seconds += page.evaluate(SHOW) / 1000
    page.evaluate("document.activeElement.blur()")
    return page, page.evaluate(SENT, bool(problem)), seconds


def stepping(page: Page, count: int) -> tuple[list[float], list[float]]:
    """For presses all along the trace the processor time of the page's thread, script, style, layout and paint, and the time until it is drawn, ms."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        return float({it["name"]: it["value"] for it in session.send("Performance.getMetrics")["metrics"]}["TaskDuration"]) * 1000

    work: list[float] = []
    shown: list[float] = []
    steps = int(page.get_attribute("html", "data-steps") or 0)
    for start in range(0, steps - count, max(count, (steps - count) // 4)):
        page.evaluate(GO, start)
        page.wait_for_timeout(600)
        for _ in range(count):
            before = spent()
            shown.append(page.evaluate(PRESS))
            work.append(spent() - before)
    return work, shown


def animated(page: Page, step: int) -> list[float]:
    """Frame intervals while one step moves."""
    page.evaluate(GO, step)
    page.wait_for_timeout(2000)  # scrolling across the network is no part of the animation
    page.keyboard.press("PageDown")
    return list(page.evaluate(FRAMES, 1300))


def said(name: str, value: float, unit: str, aim: float) -> str:
    """One measured value beside its aim."""
    return f"  {name:52} {value:9.2f} {unit:3} aim ≤ {aim:g}" + ("" if value <= aim else "  MISSED")


def main(rounds: int) -> None:
    with serving() as server, sync_playwright() as playwright:
        path = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        empty = browser.new_page(viewport={"width": 1440, "height": 900})
        empty.goto(f"{server.url}/healthz")
        for name, problem in NETWORKS.items():
            print(name)
            firsts = []
            for _ in range(3):
                page, sent, seconds = opened(browser, server.url, problem, "reduce")
                firsts.append(seconds)
                page.close()
            print(said("first picture, median", statistics.median(firsts), "s", FIRST_AIM))
            print(said("sent for it unasked, trace on the wire", sent / 1000, "kB", BYTES_AIM / 1000))
            page, _, _ = opened(browser, server.url, problem, "reduce")
            empty.bring_to_front()
            frame = statistics.median(empty.evaluate(FRAMES, 800))
            page.bring_to_front()
            work, shown = stepping(page, 8)
            page.close()
            print(said(f"key press, processor time p95 ÷ frame ({p95(work):.1f} ms)", p95(work) / frame, "", STEP_AIM))
            print(f"  {'key press to the second frame after, p95':52} {p95(shown):9.2f} ms")
            page, _, _ = opened(browser, server.url, problem, "no-preference")
            steps = int(page.get_attribute("html", "data-steps") or 0)
            ratios, dropped, all_frames = [], 0, 0
            for k in range(rounds):
                page.bring_to_front()
                ours = animated(page, round((steps - 1) * (k + 0.5) / rounds))
                empty.bring_to_front()
                theirs = list(empty.evaluate(FRAMES, 1300))
                ratios.append(p95(ours) / p95(theirs))
                dropped += sum(max(0, round(interval / frame) - 1) for interval in ours)
                all_frames += len(ours)
            page.close()
            print(said(f"frames p95 ÷ empty page ({min(ratios):.2f} to {max(ratios):.2f})", statistics.median(ratios), "", FRAMES_AIM))
            print(f"  {'dropped frames':52} {100 * dropped / (all_frames + dropped):9.1f} %")
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
