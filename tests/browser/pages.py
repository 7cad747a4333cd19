"""What tests read off a page."""

import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

OpenPage = Callable[..., Page]

NUMBERS = """() => [...document.querySelectorAll('[data-view=stage] [data-quantity][data-entry]')]
    .map(e => [e.dataset.quantity, e.dataset.entry, e.dataset.value ?? null])"""


def numbers(page: Page) -> list[tuple[str, str, str | None]]:
    """Quantity, entry and value of every number on the stage."""
    return [tuple(row) for row in page.evaluate(NUMBERS)]


def shown(page: Page) -> set[str]:
    """The quantities with a number on the stage."""
    return {quantity for quantity, _, value in numbers(page) if value is not None}


def step(page: Page) -> int:
    """How many steps have happened."""
    return int(page.get_attribute("html", "data-step") or -1)


def go(page: Page, steps: int) -> None:
    """So many steps on."""
    for _ in range(steps):
        page.keyboard.press("PageDown")


def at(data: Any, entry: str) -> float:
    """One entry of nested lists."""
    for index in entry.split(",") if entry else []:
        data = data[int(index)]
    return float(data)


def quantities(trace: dict[str, Any]) -> dict[str, Any]:
    """Every quantity of a trace by id."""
    found = {name: q["data"] for name, q in trace["start"]["quantities"].items()}
    for item in trace["steps"]:
        found |= {name: q["data"] for name, q in item["values"].items()}
    return found


def show(page: Page, problem: dict[str, Any]) -> None:
    """Opens a problem that is no preset: whatever the page asks of the preset in its menu is asked of this problem instead."""

    def instead(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        route.continue_(post_data=json.dumps({**problem, **{name: value for name, value in body.items() if name != "preset"}}))

    page.unroute_all()
    intercept(page, "**/api/v1/*", instead)
    page.select_option("[data-part=preset]", "xor")
    page.wait_for_selector("html[data-stale=false]")
    assert page.locator(".banner").is_hidden(), page.locator(".banner").text_content()
    leave_menu(page)


def until(page: Page, holds: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something to be so. Playwright's own waiting for functions needs eval, which the page forbids."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to be so"
        page.wait_for_timeout(15)


def painted(page: Page) -> None:
    """Until all that waits for the next frame has been laid out and drawn."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def intercept(page: Page, pattern: str, handler: Callable[[Route], object]) -> None:
    """`page.route`, in force when it returns: Chromium tells an open page of it by another way than of keys, so that a key may be there first."""
    page.route(pattern, handler)
    page.route("**/healthz?intercepted", lambda route: route.fulfill(status=204))
    until(page, lambda: page.evaluate("fetch('/healthz?intercepted').then(({ status }) => status)") == 204)


def leave_menu(page: Page) -> None:
    """Gives the focus back to the page: in a menu, arrow keys are the menu's."""
    page.evaluate("document.activeElement.blur()")


def arrays(trace: dict[str, Any]) -> dict[str, Any]:
    """Every quantity of a trace by id, as an array."""
    return {name: np.array(data, dtype=float) for name, data in quantities(trace).items()}


def serious(page: Page) -> list[tuple[str, str]]:
    """Serious and critical findings of axe. What passes it need not describe: on large pages that takes six times as long as looking."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(item["id"], item["nodes"][0]["html"][:120]) for item in found if item["impact"] in ("serious", "critical")]
