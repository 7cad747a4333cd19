"""From pointing at a number to the frame that shows its expansion ÷ one frame of an empty page, in turn. `python -m tests.bench.hover [rounds]`."""

import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from serving import serving

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
AIM = 1.0  # p95 of work is less than the time of one frame
# The page does all its work in the event: `work` is that, with style and layout; `shown` is until the next frame begins, so the expansion is drawn.
HOVER = """() => new Promise(async done => {
    const frame = () => new Promise(requestAnimationFrame);
    const seen = () => { const e = document.querySelector('[data-expansion]'); return e && `${e.dataset.expansion} ${e.dataset.entry}`; };
    const strip = document.querySelector('canvas.strip:not(.unknown)[data-strip=a1]');
    const numbers = [...document.querySelectorAll('[data-view=stage] [role=button][data-value]')].filter(e => !/^(a0|y|[Wb]\\d+)$/.test(e.dataset.quantity));
    const work = [], shown = [];
    const measure = async act => {
        await frame();
        const before = seen(), began = performance.now();
        act();
        document.body.getBoundingClientRect();
        const worked = performance.now() - began;
        if (seen() === before) return;
        await frame(); // begins when the frame with the expansion in it has been drawn
        work.push(worked);
        shown.push(performance.now() - began);
    };
    for (const e of numbers.slice(0, 60)) await measure(() => e.dispatchEvent(new PointerEvent('pointerover', { bubbles: true })));
    if (strip) for (let k = 0; k < 60; k += 1) {
        const box = strip.getBoundingClientRect();
        const place = { clientX: box.left + box.width / 2, clientY: box.top + box.height * (((k * 7) % 24) + 0.5) / 24 };
        await measure(() => strip.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, ...place })));
    }
    done({ work, shown });
})"""
EMPTY = """() => new Promise(async done => { const frame = () => new Promise(requestAnimationFrame), times = [];
    let last = await frame();
    for (let k = 0; k < 60; k += 1) { const now = await frame(); times.push(now - last); last = now; }
    done(times); })"""


def p95(times: list[float]) -> float:
    """What 95 of 100 stay below, ms."""
    return statistics.quantiles(times, n=20)[-1]


def measured(page: Page, empty: Page, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Work and time until shown for each number pointed at, and the frames of an empty page between."""
    work: list[float] = []
    shown: list[float] = []
    frames: list[float] = []
    for _ in range(rounds):
        page.bring_to_front()
        found = page.evaluate(HOVER)
        work += found["work"]
        shown += found["shown"]
        empty.bring_to_front()
        frames += empty.evaluate(EMPTY)
    return work, shown, frames


def main(rounds: int) -> None:
    print("Pointing at a number until its expansion is drawn ÷ a frame of an empty page; work: all that the page does for it, layout included")
    with serving() as server, sync_playwright() as playwright:
        path = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        empty = browser.new_page(viewport={"width": 1440, "height": 900})
        empty.goto(f"{server.url}/healthz")
        for preset in ("two-layer", "digits"):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
            page.goto(f"{server.url}/?preset={preset}#step=10")
            page.wait_for_selector("html[data-ready=true]")
            work, shown, frames = measured(page, empty, rounds)
            page.close()
            frame = statistics.median(frames)
            ratio = p95(work) / frame
            verdict = "" if ratio <= AIM else "  MISSED"
            print(f"{preset:10} work p50 {statistics.median(work):.1f} ms, p95 {p95(work):.1f} ms ÷ frame {frame:.1f} ms = {ratio:.2f}  aim ≤ {AIM:g}{verdict}")
            print(f"{'':10} drawn p50 {statistics.median(shown):.1f} ms, p95 {p95(shown):.1f} ms ÷ frame = {p95(shown) / frame:.2f}  ({len(work)} numbers)")
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
