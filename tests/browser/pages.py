"""What tests read off a page."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

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
