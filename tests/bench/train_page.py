"""The Train page while a 2-4-2-1 network learns from 250 points with everything drawn: epochs a second, and its frames ÷ those of an empty page.

In turn, `python -m tests.bench.train_page [rounds]`.
"""

import base64
import json
import shutil
import statistics
import sys
import zlib
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from serving import serving

from tests.bench.frames import FLAGS, FRAMES, p95

AIM, PACE = 1.5, 440
SECONDS = 3000  # ms of each turn
SMALL = {
    "dataset": {"name": "spirals", "size": 250},
    "layers": [{"units": 4, "activation": "tanh"}, {"units": 2, "activation": "tanh"}, {"units": 1, "activation": "tanh"}],
    "loss": "squared_error",
    "optimizer": {"name": "sgd", "learning_rate": 0.03},
    "batch_size": 10,
    "epochs": 1_000_000,
}


def address(training: dict[str, object]) -> str:
    """The page with a training of one's own."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(json.dumps(training).encode()) + deflate.flush()
    return "/train#p=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def epochs(page: Page) -> int:
    return int(page.get_attribute("[data-reading=epoch] .num", "data-value") or 0)


def main(rounds: int) -> None:
    with serving() as server, sync_playwright() as playwright:
        path = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.url + address(SMALL))
        page.wait_for_selector("html[data-ready=true]")
        empty = browser.new_page(viewport={"width": 1440, "height": 900})
        empty.goto(f"{server.url}/healthz")
        ratios, paces, drops, counts = [], [], [], []
        all_ours: list[float] = []
        all_theirs: list[float] = []
        for _ in range(rounds):
            page.bring_to_front()
            page.keyboard.press("Space")
            page.wait_for_timeout(500)  # to get under way
            before = epochs(page)
            ours = list(page.evaluate(FRAMES, SECONDS))
            paces.append(1000 * (epochs(page) - before) / sum(ours))
            page.keyboard.press("Space")
            empty.bring_to_front()
            theirs = list(empty.evaluate(FRAMES, SECONDS))
            ratios.append(p95(ours) / p95(theirs))
            usual = statistics.median(theirs)
            drops.append(sum(max(0, round(interval / usual) - 1) for interval in ours))
            counts.append(len(ours))
            all_ours += ours
            all_theirs += theirs
        browser.close()
    frames, pace = statistics.median(ratios), statistics.median(paces)
    print("The Train page, 2-4-2-1 on 250 points, batch 10, surface, network and charts drawn; medians of rounds")
    print(f"epochs a second shown: {pace:.0f} ({min(paces):.0f} to {max(paces):.0f})  aim ≥ {PACE}{'' if pace >= PACE else '  MISSED'}")
    spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
    print(f"frames, p95: {p95(all_ours):.1f} ms ÷ {p95(all_theirs):.1f} ms = {frames:.2f} {spread}  aim ≤ {AIM}{'' if frames <= AIM else '  MISSED'}")
    print(f"dropped frames: {sum(drops)} of {sum(counts) + sum(drops)} ({100 * sum(drops) / (sum(counts) + sum(drops)):.1f} %)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
