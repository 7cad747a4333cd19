"""Numbers changed on the page, and what the API says of the problem that then is."""

import json
from typing import Any

import httpx
from pages import at, quantities
from playwright.sync_api import Locator, Page, Request

EVERYWHERE = """() => [...document.querySelectorAll('[data-view=stage] [data-value], [data-view=inspector] button[data-value]')]
    .filter(e => e.dataset.quantity).map(e => [e.dataset.quantity, e.dataset.entry, e.dataset.value])"""


def problem_of(client: httpx.Client, preset: str) -> dict[str, Any]:
    return dict(client.get(f"/api/v1/presets/{preset}").json()["problem"])


def put(problem: dict[str, Any], quantity: str, entry: tuple[int, ...], value: float) -> None:
    """The number in its place in a problem that is written out, as a person would do it."""
    kind = {"a0": "inputs", "y": "targets", "W": "weights", "b": "bias"}
    place: Any = problem[kind[quantity]] if quantity in kind else problem["layers"][int(quantity[1:]) - 1][kind[quantity[0]]]
    for index in entry[:-1]:
        place = place[index]
    place[entry[-1]] = value


def agrees(page: Page, client: httpx.Client, problem: dict[str, Any]) -> int:
    """Every number on the stage and in the matrices is the API's for this problem, to the last bit. How many there are."""
    rested(page)
    truth = quantities(client.post("/api/v1/trace", json=problem).json())
    found = page.evaluate(EVERYWHERE)
    assert [(q, e, v) for q, e, v in found if float(v) != at(truth[q], e)] == []
    return len(found)


def rested(page: Page) -> None:
    """Nothing is on its way any more."""
    page.wait_for_selector("html[data-stale=false]")


def number(page: Page, quantity: str, entry: str, view: str = "stage") -> Locator:
    return page.locator(f'[data-view={view}] [data-quantity="{quantity}"][data-entry="{entry}"]:is([role=button], button)').first


def value(page: Page, quantity: str, entry: str) -> float:
    rested(page)
    return float(number(page, quantity, entry).get_attribute("data-value") or "nan")


FLIGHTS = """() => {
    const flights = performance.getEntriesByType('resource').filter(it => it.name.includes('/trace?')).sort((a, b) => a.startTime - b.startTime);
    const beside = it => flights.filter(other => other.startTime <= it.startTime && it.startTime < other.responseEnd).length;
    return [flights.length, Math.max(...flights.map(beside))];
}"""


def flights(page: Page) -> tuple[int, int]:
    """How many traces were asked for, and the most in flight at once."""
    asked, most = page.evaluate(FLIGHTS)
    return asked, most


def resolved(client: httpx.Client, request: Request) -> str:
    """`problem` in the start of the trace that a page asks for, its very characters."""
    lines = client.post("/api/v1/trace", content=request.post_data or "", headers={"Content-Type": "application/json", "Accept": "application/x-ndjson"}).text
    begins = lines.index('"problem":') + len('"problem":')
    _, length = json.JSONDecoder().raw_decode(lines[begins:])
    return lines[begins : begins + length]
