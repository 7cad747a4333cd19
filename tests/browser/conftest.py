"""A real Chromium, and pages that fail their test on a console error or a request that leaves the machine."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pages import OpenPage
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


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


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[OpenPage]:
    """Opens a preset; by default without motion, so that every step is there at once."""
    contexts, faults = [], []

    def open_page(address: str = "/", *, allowed: tuple[str, ...] = (), **options: Any) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce", **options}
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" and not any(a in m.text for a in allowed) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda r: faults.append(f"foreign request {r.url}") if not r.url.startswith((server, "data:", "blob:")) else None)
        page.goto(server + address)
        if not address.startswith("/docs"):
            page.wait_for_selector("html[data-ready=true]", timeout=15_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def catalog(client: httpx.Client) -> dict[str, Any]:
    """What there is to choose from."""
    return dict(client.get("/api/v1/catalog").json())
