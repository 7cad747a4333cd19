"""Frames of the page while ∂ℒ/∂a flows back through 10 layers of 16 units ÷ frames of an empty page, in turn. `python -m tests.bench.frames [rounds]`."""

import json
import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from serving import serving

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
AIM = 1.25
FRAMES = """(ms) => new Promise(done => { const times = []; const tick = now => { times.push(now);
    now - times[0] < ms ? requestAnimationFrame(tick) : done(times.slice(1).map((t, k) => t - times[k])); }; requestAnimationFrame(tick); })"""
DEEP = {
    "layers": [{"units": 16, "activation": "tanh"} for _ in range(10)],
    "inputs": [[(k % 7 - 3) / 3 for k in range(16)]],
    "targets": [[0.5] * 16],
    "initializer": {"name": "xavier_normal", "seed": 3},
}


def p95(intervals: list[float]) -> float:
    """The interval that 95 of 100 frames stay below, ms."""
    return statistics.quantiles(intervals, n=20)[-1]


def animate(page: Page, step: int) -> list[float]:
    """Frame intervals while one input-gradient step runs."""
    page.evaluate("k => { const r = document.querySelector('.scrubber input'); r.value = k; r.dispatchEvent(new Event('input')); }", step)
    page.wait_for_timeout(700)  # scrolling to the layer is no part of the animation
    page.keyboard.press("ArrowRight")
    assert "back through the weights" in (page.locator("[data-view=inspector] h2").text_content() or "")
    return list(page.evaluate(FRAMES, 1400))


def main(rounds: int) -> None:
    with serving() as server, sync_playwright() as playwright:
        path = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.route("**/api/v1/trace*", lambda route: route.continue_(post_data=json.dumps(DEEP)))
        page.goto(server.url)
        page.wait_for_selector("html[data-ready=true]")
        page.select_option("[data-part=preset]", "xor")
        page.wait_for_selector('.fact:has-text("16 → 16")')
        steps = page.evaluate("[...document.querySelectorAll('[data-view=backward-lane] button')].map(b => b.title)")
        assert any(title.startswith("∂ℒ/∂a[9]") for title in steps)
        empty = browser.new_page(viewport={"width": 1440, "height": 900})
        empty.goto(f"{server.url}/healthz")
        ratios, drops, counts = [], [], []
        all_ours: list[float] = []
        all_theirs: list[float] = []
        for k in range(rounds):
            page.bring_to_front()
            ours = animate(page, 25 + 4 * (k % 9))  # after 21 forward steps and da10 come dz dW db da of layer 10, 9 …
            empty.bring_to_front()
            theirs = list(empty.evaluate(FRAMES, 1400))
            ratios.append(p95(ours) / p95(theirs))
            usual = statistics.median(theirs)
            drops.append(sum(max(0, round(interval / usual) - 1) for interval in ours))
            counts.append(len(ours))
            all_ours += ours
            all_theirs += theirs
        browser.close()
    median = statistics.median(ratios)
    verdict = "" if median <= AIM else "  MISSED"
    print("Frames while ∂ℒ/∂a flows back through 10 layers × 16 units ÷ frames of an empty page, p95 of the intervals, median of rounds")
    print(f"p95 {p95(all_ours):.1f} ms ÷ {p95(all_theirs):.1f} ms = {median:.2f} ({min(ratios):.2f} to {max(ratios):.2f})  aim ≤ {AIM}{verdict}")
    print(f"dropped frames: {sum(drops)} of {sum(counts) + sum(drops)} ({100 * sum(drops) / (sum(counts) + sum(drops)):.1f} %)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
