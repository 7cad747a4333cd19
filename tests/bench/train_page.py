"""The Train page at full speed with everything drawn: epochs a second of a 2-4-2-1 network, frames ÷ those of an empty page, also in the heaviest cases.

In turn, `python -m tests.bench.train_page [rounds]`.
"""

import base64
import json
import re
import shutil
import statistics
import sys
import zlib
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from serving import serving

from tests.bench.frames import FLAGS, FRAMES, p95

AIM, PACE = 1.5, 440
SECONDS = 3000  # ms of each turn
LONG = 20_000  # epochs: no scenario ends while it is measured, and so many are begun at full speed
SMALL = {
    "dataset": {"name": "spirals", "size": 250},
    "layers": [{"units": 4, "activation": "tanh"}, {"units": 2, "activation": "tanh"}, {"units": 1, "activation": "tanh"}],
    "loss": "squared_error",
    "optimizer": {"name": "sgd", "learning_rate": 0.03},
    "batch_size": 10,
    "epochs": 1_000_000,
}
SCENARIOS = {"digits, 64-24-10": "digits", "vanishing gradients, two runs": "vanishing"}


def address(training: dict[str, object]) -> str:
    """The page with a training of one's own."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(json.dumps(training).encode()) + deflate.flush()
    return "/train#p=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def epochs(page: Page) -> int:
    return int(page.get_attribute("[data-reading=epoch] .num", "data-value") or 0)


def opened(browser: Browser, address: str) -> Page:
    """The page, with a training that lasts."""

    def lengthened(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r'"epochs":\d+', f'"epochs":{LONG}', answer.text()))

    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route("**/train?scenario=*", lengthened)
    page.goto(address)
    page.wait_for_selector("html[data-ready=true]")
    return page


class Frames:
    """Intervals between the frames of a page while it trains, beside those of an empty page in the same round."""

    def __init__(self) -> None:
        self.ours: list[float] = []
        self.ratios: list[float] = []
        self.dropped = 0

    def add(self, ours: list[float], theirs: list[float]) -> None:
        self.ours += ours
        self.ratios.append(p95(ours) / p95(theirs))
        usual = statistics.median(theirs)
        self.dropped += sum(max(0, round(interval / usual) - 1) for interval in ours)

    def line(self, name: str) -> str:
        ratio, all = statistics.median(self.ratios), len(self.ours) + self.dropped
        spread = f"({min(self.ratios):.2f} to {max(self.ratios):.2f})"
        verdict = f"aim ≤ {AIM}{'' if ratio <= AIM else '  MISSED'}"
        dropped = f"dropped: {self.dropped} of {all} ({100 * self.dropped / all:.1f} %)"
        return f"{name:36} p95 {p95(self.ours):5.1f} ms, ÷ empty page {ratio:.2f} {spread}  {verdict:18} {dropped}"


def main(rounds: int) -> None:
    with serving() as server, sync_playwright() as playwright:
        path = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        small = "2-4-2-1 on 250 points, batch 10"
        addresses = {small: address(SMALL)} | {title: f"/train?scenario={name}" for title, name in SCENARIOS.items()}
        pages = {title: opened(browser, server.url + where) for title, where in addresses.items()}
        empty = browser.new_page(viewport={"width": 1440, "height": 900})
        empty.goto(f"{server.url}/healthz")
        found = {title: Frames() for title in pages}
        paces = []
        for _ in range(rounds):
            turns = {}
            for title, page in pages.items():
                page.bring_to_front()
                page.keyboard.press("Space")
                page.wait_for_timeout(500)  # to get under way
                before = epochs(page)
                turns[title] = list(page.evaluate(FRAMES, SECONDS))
                if title == small:
                    paces.append(1000 * (epochs(page) - before) / sum(turns[title]))
                page.keyboard.press("Space")
            empty.bring_to_front()
            theirs = list(empty.evaluate(FRAMES, SECONDS))
            for title, ours in turns.items():
                found[title].add(ours, theirs)
        browser.close()
    pace = statistics.median(paces)
    print("The Train page at full speed, network, surface and charts drawn; medians of rounds")
    print(f"epochs a second shown of {small}: {pace:.0f} ({min(paces):.0f} to {max(paces):.0f})  aim ≥ {PACE}{'' if pace >= PACE else '  MISSED'}")
    print("frames:")
    for title, frames in found.items():
        print(frames.line(title))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
