"""A number changed until the new ones are painted: processor time of page and server ÷ a frame of an empty page. `python -m tests.bench.edit [rounds]`."""

import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from serving import Server, serving

from tests.bench.hover import EMPTY, FLAGS, p95

AIM = 1.0  # p95 of work is less than the time of one frame
WARM = 5  # edits before the first that counts
BEGIN = """kind => {
    const target = document.querySelector('[data-view=stage] [data-quantity=W1][data-value]') ?? document.querySelector('canvas[data-strip=a0]');
    const box = target.getBoundingClientRect();
    const at = { bubbles: true, button: 0, pointerId: 1, pointerType: 'mouse', clientX: box.left + box.width / 2, clientY: box.top + box.height * 0.4 };
    const send = (type, more = {}) => target.dispatchEvent(new PointerEvent(type, { ...at, ...more }));
    Element.prototype.setPointerCapture = () => {}; // this pointer is made here
    send('pointermove');
    if (kind === 'drag') send('pointerdown');
    else target.dispatchEvent(new MouseEvent('dblclick', at));
    window.acts = {
        drag: k => send('pointermove', { clientX: at.clientX + 30 + 3 * k }),
        type: k => {
            const field = document.querySelector('.edit-field input');
            field.value = String(0.3 + k / 100);
            field.dispatchEvent(new Event('input', { bubbles: true }));
        },
    };
}"""
# From the event until every view has the numbers and layout is made, of that until the answer's last byte, and until a frame with the numbers has been drawn.
EDIT = """([kind, k]) => new Promise(async finished => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    performance.clearResourceTimings();
    const began = performance.now();
    const there = new Promise(resolve => {
        const seen = new MutationObserver(() => { seen.disconnect(); resolve(); });
        seen.observe(document.querySelector('[data-quantity=loss]'), { attributes: true, attributeFilter: ['data-value'] });
    });
    acts[kind](k);
    await there;
    document.body.getBoundingClientRect();
    const done = performance.now();
    await frame();
    await frame();
    const [net] = performance.getEntriesByType('resource').filter(entry => entry.name.includes('/trace')).slice(-1);
    finished([done - began, net.responseEnd - began, performance.now() - began]);
})"""
END = "() => { document.dispatchEvent(new PointerEvent('pointerup')); document.activeElement.blur(); }"


def spent(server: Server) -> float:
    """Processor time of the server until now, ms (Linux)."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{server.process.pid}/task").glob("*/schedstat")) / 1e6


def measured(page: Page, empty: Page, server: Server, rounds: int) -> dict[str, list[float]]:
    """Times of each edit, and the frames of an empty page between."""
    times: dict[str, list[float]] = {name: [] for name in ("page", "server", "work", "done", "answer", "drawn", "frames")}
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        return float({it["name"]: it["value"] for it in session.send("Performance.getMetrics")["metrics"]}["TaskDuration"]) * 1000

    for turn in range(rounds):
        kind = ("drag", "type")[turn % 2]
        page.bring_to_front()
        page.evaluate(BEGIN, kind)
        for k in range(WARM + 25):
            before = busy(), spent(server)
            done, answer, drawn = page.evaluate(EDIT, [kind, k])
            mine, theirs = busy() - before[0], spent(server) - before[1]
            if k < WARM:
                continue
            for name, time in {"page": mine, "server": theirs, "work": mine + theirs, "done": done, "answer": answer, "drawn": drawn}.items():
                times[name].append(time)
        page.evaluate(END)
        empty.bring_to_front()
        times["frames"] += empty.evaluate(EMPTY)
    return times


def main(rounds: int) -> None:
    print("A number changed until the new ones are painted: processor time of page and server ÷ a frame of an empty page; and by the clock")
    with serving() as server, sync_playwright() as playwright:
        path = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        empty = browser.new_page(viewport={"width": 1440, "height": 900})
        empty.goto(f"{server.url}/healthz")
        for preset, step in (("two-layer", 10), ("four-layer", 20), ("digits", 6)):
            page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
            page.goto(f"{server.url}/?preset={preset}#step={step}")
            page.wait_for_selector("html[data-ready=true]")
            times = measured(page, empty, server, rounds)
            page.close()
            frame = statistics.median(times["frames"])
            middle = {name: statistics.median(found) for name, found in times.items()}
            ratio = p95(times["work"]) / frame
            verdict = "" if ratio <= AIM else "  MISSED"
            print(f"{preset:10} work p50 {middle['work']:.1f} ms, p95 {p95(times['work']):.1f} ms ÷ frame {frame:.1f} ms = {ratio:.2f}  aim ≤ {AIM:g}{verdict}")
            print(f"{'':10} of it server {middle['server']:.1f}, page {middle['page']:.1f} ms ({len(times['work'])} edits)")
            clock = ", ".join(f"{name} p50 {middle[name]:.1f} p95 {p95(times[name]):.1f}" for name in ("answer", "done", "drawn"))
            print(f"{'':10} by the clock, ms: {clock}")
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
