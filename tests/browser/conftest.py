"""A real Chromium, and pages that fail their test on a console error or a request that leaves the machine."""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pages import OpenPage, painted
from playwright.sync_api import Browser, Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # The two popups of the address bar are pages of their own and cost more than ours. The list replaces Playwright's, whose relevant names follow.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,PaintHolding,HttpsUpgrades,MediaRouter,OptimizationHints,NetworkTimeServiceQuerying",
]


expect.set_options(timeout=30_000)  # as all else waits: a busy machine is no fault of the page


@pytest.fixture(scope="module")  # Playwright keeps an event loop running, in which tests elsewhere could not start their own
def browser() -> Iterator[Browser]:
    """Chromium: the system's, else Playwright's own; a loud skip where there is neither, a failure where nothing may be skipped."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or playwright.chromium.executable_path
        if not os.path.exists(path):
            if os.environ.get("BACKPROP_NOTHING_SKIPPED"):
                pytest.fail("no Chromium on this machine")
            pytest.skip("no Chromium on this machine: the page was not tested")
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def left(browser: Browser) -> defaultdict[str, list[Page]]:
    """Pages that earlier tests have left, by their options: a page whose scripts are compiled opens in a fraction of the time of a new one."""
    return defaultdict(list)


@pytest.fixture
def open_page(browser: Browser, server: str, left: defaultdict[str, list[Page]]) -> Iterator[OpenPage]:
    """Opens a preset; by default without motion, so that every step is there at once. `fresh`: with empty caches, and for this test alone."""
    opened, faults = [], []

    def open_page(address: str = "/", *, allowed: tuple[str, ...] = (), fresh: bool = False, **options: Any) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **options}
        kind = str(sorted(options.items()))
        page = left[kind].pop() if left[kind] and not fresh else browser.new_context(**options).new_page()
        listeners: dict[Any, Any] = {
            "console": lambda m: faults.append(m.text) if m.type == "error" and not any(a in m.text for a in allowed) else None,
            "pageerror": lambda error: faults.append(str(error)),
            "request": lambda r: faults.append(f"foreign request {r.url}") if not r.url.startswith((server, "data:", "blob:")) else None,
        }
        for event, listener in listeners.items():
            page.on(event, listener)
        opened.append((page, listeners, None if fresh else left[kind]))
        page.goto(server + address)
        if not address.startswith("/docs"):
            page.wait_for_selector("html[data-ready=true]")
            painted(page)
        return page

    yield open_page
    for page, listeners, idle in opened:
        if idle is None:
            page.context.close()
            continue
        page.unroute_all()
        page.mouse.move(-1, -1)  # where it rests, the next test's page would be pointed at
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.goto("about:blank")
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        idle.append(page)
    assert faults == []


@pytest.fixture
def catalog(client: httpx.Client) -> dict[str, Any]:
    """What there is to choose from."""
    return dict(client.get("/api/v1/catalog").json())
