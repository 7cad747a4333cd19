"""A training whose server is lost: it is said, waited for, and gone on with as if nothing had happened."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pages import at, painted, until
from playwright.sync_api import Browser, Page, expect
from serving import free_port, serving

SHOWN = """run => [...document.querySelectorAll(`.run:nth-child(${run + 1}) [data-view=network] [data-quantity][data-entry]`)]
    .map(e => [e.dataset.quantity, e.dataset.entry, Number(e.dataset.value)])"""
CURVE = "run => { const { x, y } = document.querySelector('[data-view=loss] .js-plotly-plot').data[run]; return [[...x], [...y]]; }"
SCENARIO = "momentum"  # two runs that keep step


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may talk to servers which come and go."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def epoch(page: Page, run: int = 0) -> int:
    return int(page.locator("[data-reading=epoch] .num").nth(run).get_attribute("data-value") or -1)


def paused(page: Page) -> None:
    """Let it stand, with all of it painted."""
    page.keyboard.press("Space")
    page.wait_for_selector("html[data-playing=false][data-stale=false]")
    painted(page)


def as_trained_in_one_go(page: Page, client: httpx.Client) -> None:
    """Every number shown and every point of the curves is that of a training that nothing interrupted."""
    for run, asked in enumerate(client.get(f"/api/v1/scenarios/{SCENARIO}").json()["runs"]):
        more = {"epochs": epoch(page, run), "report_every": 1}
        told: dict[str, Any] = client.post("/api/v1/train", json=asked["train"] | more, params={"max_values": 0}).json()
        ended = client.post("/api/v1/train", json=asked["train"] | {"epochs": epoch(page, run)}).json()["end"]
        shown = page.evaluate(SHOWN, run)
        assert len(shown) == 3  # two weights and a bias
        for quantity, entry, value in shown:
            assert value == at(ended["parameters"][quantity]["data"], entry), (quantity, entry)
        epochs, losses = page.evaluate(CURVE, run)
        assert epochs == list(range(epoch(page, run) + 1)), "each once, none left out"
        assert losses == [told["start"]["loss"], *(report["loss"] for report in told["progress"])]


def test_a_killed_server_is_waited_for_and_nothing_is_lost(page: Page, client: httpx.Client) -> None:
    """Killed while two runs play, started again on the same port: they go on by themselves. Who pauses meanwhile stays paused."""
    port, banner = free_port(), page.locator(".banner")
    with serving(port=port) as server:
        page.goto(f"{server.url}/train?scenario={SCENARIO}")
        page.wait_for_selector("html[data-ready=true]")
        page.select_option("[data-part=speed]", label="30 epochs/s")  # every epoch is told of
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Space")
        until(page, lambda: epoch(page) >= 4)
        server.process.kill()
        expect(banner).to_contain_text("The server cannot be reached. Trying again; nothing is lost.")
        expect(banner.get_by_role("button")).to_be_hidden()
        expect(page.locator("html")).to_have_attribute("data-playing", "true")
        for _ in range(2):  # another scenario does not come, and the menu says which it still is
            page.select_option("[data-part=scenario]", "xor")
            expect(page.locator("[data-part=scenario]")).to_have_value(SCENARIO)
        page.evaluate("document.activeElement.blur()")
        expect(banner).to_contain_text("Trying again; nothing is lost.")
        stood = epoch(page)
    with serving(port=port) as server:
        until(page, lambda: min(epoch(page), epoch(page, 1)) >= stood + 4)
        expect(banner).to_be_hidden()
        paused(page)
        as_trained_in_one_go(page, client)

        page.keyboard.press("Space")
        stood = epoch(page)
        until(page, lambda: epoch(page) > stood)
        server.process.kill()
        expect(banner).to_be_visible()
        paused(page)
        expect(banner).to_be_hidden()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(1500)
        assert asked == [] and page.get_attribute("html", "data-playing") == "false"
        as_trained_in_one_go(page, client)
