"""From a keystroke or a pointer's move to the frame that shows the new numbers ÷ one frame of an empty page, in turn. `python -m tests.bench.edit [rounds]`."""

import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from serving import serving

from tests.bench.hover import EMPTY, FLAGS, p95

AIM = 1.0  # p95 from the hand to the page's new numbers is less than the time of one frame
# `done` is when every view has the new numbers and layout is made, `answer` from the request to its last byte, `views` from there to `done`;
# `shown` is when a frame with the numbers has been drawn.
EDIT = """kind => new Promise(async finished => {
    const frame = () => new Promise(requestAnimationFrame), loss = document.querySelector('[data-quantity=loss]');
    const target = document.querySelector('[data-view=stage] [data-quantity=W1][data-value]') ?? document.querySelector('canvas[data-strip=a0]');
    const box = target.getBoundingClientRect();
    const at = { bubbles: true, button: 0, pointerId: 1, pointerType: 'mouse', clientX: box.left + box.width / 2, clientY: box.top + box.height * 0.4 };
    const capture = Element.prototype.setPointerCapture;
    Element.prototype.setPointerCapture = () => {}; // this pointer is made here
    const send = (type, more = {}) => target.dispatchEvent(new PointerEvent(type, { ...at, ...more }));
    send('pointermove');
    if (kind === 'drag') send('pointerdown');
    else target.dispatchEvent(new MouseEvent('dblclick', at));
    const act = {
        drag: k => send('pointermove', { clientX: at.clientX + 30 + 3 * k }),
        type: k => {
            const field = document.querySelector('.edit-field input');
            field.value = String(0.3 + k / 100);
            field.dispatchEvent(new Event('input', { bubbles: true }));
        },
    }[kind];
    const found = { done: [], shown: [], answer: [], views: [] };
    let landed;
    const seen = new MutationObserver(() => landed());
    seen.observe(loss, { attributes: true, attributeFilter: ['data-value'] });
    for (let k = 1; k <= 34; k += 1) {
        await frame();
        performance.clearResourceTimings();
        const began = performance.now();
        const there = new Promise(resolve => { landed = resolve; });
        act(k);
        await there;
        document.body.getBoundingClientRect();
        const done = performance.now();
        await frame();
        await frame();
        const shown = performance.now();
        const [net] = performance.getEntriesByType('resource').filter(entry => entry.name.includes('/trace')).slice(-1);
        if (k < 5) continue; // the first ones warm up
        found.done.push(done - began);
        found.shown.push(shown - began);
        found.answer.push(net.responseEnd - net.startTime);
        found.views.push(done - net.responseEnd);
    }
    seen.disconnect();
    document.dispatchEvent(new PointerEvent('pointerup', at));
    document.activeElement.blur();
    Element.prototype.setPointerCapture = capture;
    finished(found);
})"""


def measured(page: Page, empty: Page, rounds: int) -> tuple[dict[str, list[float]], list[float]]:
    """Times of each edit, and the frames of an empty page between."""
    times: dict[str, list[float]] = {"done": [], "shown": [], "answer": [], "views": []}
    frames: list[float] = []
    for k in range(rounds):
        page.bring_to_front()
        for name, found in page.evaluate(EDIT, ("drag", "type")[k % 2]).items():
            times[name] += found
        empty.bring_to_front()
        frames += empty.evaluate(EMPTY)
    return times, frames


def main(rounds: int) -> None:
    print("From a keystroke or a pointer's move until every view has the new numbers, layout included ÷ a frame of an empty page")
    with serving() as server, sync_playwright() as playwright:
        path = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        empty = browser.new_page(viewport={"width": 1440, "height": 900})
        empty.goto(f"{server.url}/healthz")
        for preset, step in (("two-layer", 10), ("four-layer", 20), ("digits", 6)):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
            page.goto(f"{server.url}/?preset={preset}#step={step}")
            page.wait_for_selector("html[data-ready=true]")
            times, frames = measured(page, empty, rounds)
            page.close()
            frame = statistics.median(frames)
            ratio = p95(times["done"]) / frame
            verdict = "" if ratio <= AIM else "  MISSED"
            parts = ", ".join(f"{name} {statistics.median(times[name]):.1f}" for name in ("answer", "views", "shown"))
            middle, most = statistics.median(times["done"]), p95(times["done"])
            print(f"{preset:10} p50 {middle:.1f} ms, p95 {most:.1f} ms ÷ frame {frame:.1f} ms = {ratio:.2f}  aim ≤ {AIM:g}{verdict}")
            print(f"{'':10} medians, ms: {parts}  ({len(times['done'])} edits)")
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
