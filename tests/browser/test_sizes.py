"""Wide and deep networks in Chromium: every number reachable by mouse and keys, little sent unasked, the rest once somebody looks; zoom."""

from typing import Any

import httpx
import numpy as np
import pytest
from pages import OpenPage, arrays, go, painted, show, until
from playwright.sync_api import Page, expect

BIG: dict[str, Any] = {
    "layers": [{"units": 128, "activation": "relu"}, {"units": 64, "activation": "tanh"}, {"units": 10, "activation": "softmax"}],
    "loss": "cross_entropy",
    "inputs": [[max(0.0, (k * 37 + n * 11) % 97 / 97 - 0.3) for k in range(784)] for n in range(128)],
    "targets": [n % 10 for n in range(128)],
    "initializer": {"name": "he_normal", "seed": 1},
}
WIDE: dict[str, Any] = {
    "layers": [{"units": 30, "activation": "tanh"}, {"units": 30, "activation": "sigmoid", "bias": False}, {"units": 3, "activation": "softmax"}],
    "loss": "cross_entropy",
    "inputs": [[((7 * k + 3 * n) % 11 - 5) / 5 for k in range(30)] for n in range(4)],
    "targets": [0, 1, 2, 0],
    "initializer": {"name": "xavier_normal", "seed": 3},
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
}
# Points at cells all over every plate and reads what the canvas then says; with the pixels' own size, so that no cell is left out where they are few.
POINTED = """most => [...document.querySelectorAll('canvas.strip:not(.unknown)')].flatMap(canvas => {
    const box = canvas.getBoundingClientRect(), found = [];
    const [rows, columns] = [canvas.height, canvas.width], step = Math.max(1, Math.floor(rows * columns / most));
    for (let k = 0; k < rows * columns; k += step) {
        const [row, column] = [Math.floor(k / columns), k % columns];
        const at = { clientX: box.left + box.width * (column + 0.5) / columns, clientY: box.top + box.height * (row + 0.5) / rows };
        canvas.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, ...at }));
        found.push([canvas.dataset.quantity, canvas.dataset.entry, canvas.dataset.value ?? null]);
    }
    return found; })"""


def entry_of(text: str) -> tuple[int, ...]:
    return tuple(int(i) for i in text.split(","))


def focused(page: Page) -> tuple[str, str, float]:
    """The number that has the focus: quantity, entry and value."""
    data = page.evaluate("({ ...document.activeElement.dataset })")
    return data["quantity"], data["entry"], float(data["value"])


@pytest.mark.parametrize(("problem", "example"), [("digits", 2), ("digits", -1), ("wide", 3)])
def test_every_plate_shows_the_numbers_of_the_trace(open_page: OpenPage, client: httpx.Client, problem: str, example: int) -> None:
    """Strips, matrices, images, biases and targets: whatever is pointed at is the API's number, and all quantities are there."""
    page = open_page("/?preset=digits" if problem == "digits" else "/")
    asked = {"preset": "digits"} if problem == "digits" else WIDE
    if problem == "wide":
        show(page, WIDE)
    whole = arrays(client.post("/api/v1/trace", json=asked).json())
    page.keyboard.press("End")
    page.select_option("[data-part=example]", str(example))
    found = page.evaluate(POINTED, 40)
    for quantity, entry, value in found:
        assert float(value) == whole[quantity][entry_of(entry)], (quantity, entry)
        if quantity[-1].isdigit() and quantity.removeprefix("d")[0] in "az" and example >= 0:
            assert entry_of(entry)[0] == example
    ids = {quantity.removesuffix("_new") for quantity, _, _ in found}
    layers = range(1, 3 if problem == "digits" else 4)
    expected = {f"{d}{letter}{l}" for d in ("", "d") for letter in "zaWb" for l in layers} | {"a0", "da0", "y"}
    assert ids == (expected - {"b2", "db2"} if problem == "wide" else expected)
    page.keyboard.press("Home")
    assert page.locator("canvas.strip[data-strip=z1]").get_attribute("data-value") is None
    assert "not computed yet" in (page.locator("canvas.strip[data-strip=z1]").get_attribute("aria-label") or "")


def test_a_plate_is_one_tab_stop_with_a_cursor_inside(open_page: OpenPage, client: httpx.Client) -> None:
    """Arrows, Home and End move the number that is meant; Enter pins it, Esc lets go; at its edge an arrow leads on; PageDown steps."""
    whole = arrays(client.get("/api/v1/trace", params={"preset": "digits"}).json())
    page = open_page("/?preset=digits#step=10")
    matrix = page.locator("canvas.strip[data-strip=W1]")
    matrix.focus()
    assert focused(page) == ("W1", "0,0", whole["W1"][0, 0])
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert focused(page) == ("W1", "1,2", whole["W1"][1, 2])
    assert matrix.get_attribute("role") == "button"
    assert matrix.get_attribute("aria-label") == "weight from unit 3 to unit 2, layer 1: −0.006000"
    assert whole["W1"][1, 2] == -0.006
    expect(page.locator(".plates .mark.looked")).to_have_count(1)
    expect(page.locator(".entry-card .entry-name")).to_contain_text("2, 3")
    page.keyboard.press("End")
    assert focused(page)[1] == "1,63"
    page.keyboard.press("Home")
    assert focused(page)[1] == "1,0"
    page.keyboard.press("Enter")
    assert matrix.get_attribute("aria-pressed") == "true"
    page.keyboard.press("PageDown")
    assert page.get_attribute("html", "data-step") == "11"
    assert focused(page)[:2] == ("W1", "1,0")
    page.keyboard.press("Escape")
    assert matrix.get_attribute("aria-pressed") is None
    page.locator("canvas.strip[data-strip=z1]").focus()
    page.keyboard.press("End")
    assert focused(page) == ("z1", "0,23", whole["z1"][0, 23])
    page.keyboard.press("ArrowRight")
    assert focused(page)[0] in ("dz1", "a1"), "the next number to the right"
    page.locator("canvas.strip[data-strip=a1]").focus()
    page.keyboard.press("ArrowDown")
    marks = page.locator(".plates .mark")
    kinds = sorted(str(kind) for kind in marks.evaluate_all("all => all.map(mark => mark.getAttribute('class'))"))
    assert {"mark looked", "mark operand", "mark feeds"} <= set(kinds)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")


def test_large_quantities_are_fetched_when_they_are_looked_at(open_page: OpenPage, client: httpx.Client) -> None:
    """784-128-64-10, 128 examples: the first picture takes no more than 320 kB and shows one example truly; a matrix comes once it is pointed at."""
    page = open_page("/?preset=two-layer")
    show(page, BIG)
    sent = page.evaluate("performance.getEntriesByType('resource').filter(it => it.name.includes('/api/v1/trace')).map(it => it.encodedBodySize)")
    assert len(sent) == 1
    assert 60_000 < sent[0] <= 320_000
    go(page, 20)
    whole = arrays(client.post("/api/v1/trace", params={"max_values": 200_000}, json=BIG).json())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/trace" in request.url else None)
    strip = page.locator("canvas.strip[data-strip=z1]")
    assert float(strip.get_attribute("data-value") or "") == whole["z1"][0, 0]
    matrix = page.locator("canvas.strip[data-strip=dW1]")
    assert matrix.get_attribute("data-value") is None
    expect(page.locator(".plates .size", has_text="∂W · means")).to_have_count(2)
    box = matrix.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.37, box["y"] + box["height"] * 0.61)
    page.wait_for_selector("canvas.strip[data-strip=dW1][data-value]")
    quantity, entry, value = matrix.evaluate("e => [e.dataset.quantity, e.dataset.entry, e.dataset.value]")
    assert float(value) == whole[quantity][entry_of(entry)]
    assert page.locator("[data-expansion=dW1] [data-term]").count() >= 4
    expect(page.locator(".plates .size", has_text="∂W · means")).to_have_count(1)
    assert len(asked) == 1
    assert "quantities=dW1" in asked[0]
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.select_option("[data-part=example]", "77")
    page.wait_for_selector("canvas.strip[data-strip=z1][data-value]")
    found = page.evaluate(POINTED, 5)
    for quantity, entry, value in found:
        if value is not None:
            assert float(value) == whole[quantity][entry_of(entry)], (quantity, entry)
    assert {(quantity, entry_of(entry)[0]) for quantity, entry, value in found if quantity == "z1" and value} == {("z1", 77)}


def test_edges_of_a_deep_network_are_pictures_that_know_their_numbers(open_page: OpenPage, client: httpx.Client) -> None:
    """Pointing at an edge shows the API's number, a click pins it, typing changes it; while ∂ℒ/∂W happens its gradient is meant; a walk dims the rest."""
    page = open_page("/?preset=wide-and-deep#step=14")
    whole = arrays(client.get("/api/v1/trace", params={"preset": "wide-and-deep", "max_values": 100_000}).json())
    assert page.locator(".scene .edge").count() == 0
    canvas = page.locator("canvas.edges[data-layer='7']")
    ink = """c => { const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height); let sum = 0;
        for (let k = 3; k < data.length; k += 4) sum += data[k]; return sum / c.width / c.height; }"""
    said = "e => [e.dataset.quantity ?? null, e.dataset.entry ?? null, e.dataset.value ?? null]"
    box = canvas.bounding_box()
    assert box
    found = set()
    for across, down in ((0.02, 0.031), (0.5, 0.5), (0.6, 0.3), (0.97, 0.5), (0.5, 0.001)):
        canvas.hover(position={"x": box["width"] * across, "y": box["height"] * down})
        quantity, entry, value = canvas.evaluate(said)
        if quantity is None:
            continue
        assert quantity == "W7" and float(value) == whole["W7"][entry_of(entry)]
        found.add(entry)
        expect(page.locator(".tooltip")).to_contain_text("double-click or drag to change")
        expect(page.locator(".entry-card .entry-name")).to_contain_text(", ".join(str(i + 1) for i in entry_of(entry)))
    assert len(found) >= 3
    place = {"x": box["width"] * 0.6, "y": box["height"] * 0.3}
    canvas.click(position=place)
    entry = str(canvas.get_attribute("data-entry"))
    expect(page.locator(".entry-card[data-pinned=true] .entry-name")).to_contain_text(", ".join(str(i + 1) for i in entry_of(entry)))
    before = canvas.evaluate(ink)
    canvas.dblclick(position=place)
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(canvas).to_have_attribute("data-value", "2")
    assert canvas.get_attribute("data-entry") == entry
    assert canvas.evaluate(ink) != before
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    expect(canvas).to_have_attribute("data-value", str(whole["W7"][entry_of(entry)]))
    plain = canvas.evaluate(ink)
    assert plain == before
    page.evaluate("location.hash = 'step=48&target=W8'")
    expect(page.locator("html")).to_have_attribute("data-step", "48")
    canvas.hover(position=place)
    quantity, entry, value = canvas.evaluate(said)
    assert quantity == "dW7" and float(value) == whole["dW7"][entry_of(entry)]
    page.keyboard.press("PageUp")
    assert 0 < canvas.evaluate(ink) < plain / 3
    assert page.locator("canvas.edges[data-layer='9']").evaluate(ink) > plain / 3


def test_zoom_keeps_the_place_under_the_pointer_and_the_lanes_in_line(open_page: OpenPage) -> None:
    """Ctrl and the wheel enlarge the network around the pointer; what names a column stays above it; Z shows all of it, and Z again is as before."""
    page = open_page("/?preset=wide-and-deep#step=14")
    cell = page.locator("[data-view=stage] .cell[data-quantity=z7]").first
    centre = "e => { const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2, r.width]; }"
    line = """() => { const at = s => { const r = document.querySelector(s).getBoundingClientRect(); return r.left + r.width / 2; };
        return at('[data-view=backward-lane] button[title^="∂ℒ/∂a[7]"]') - at('[data-view=forward-lane] button[title^="a[7]"]'); }"""
    x, y, width = cell.evaluate(centre)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    for _ in range(3):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    until(page, lambda: cell.evaluate(centre)[2] > width * 1.8)
    painted(page)
    now = cell.evaluate(centre)
    assert np.allclose(now[:2], [x, y], atol=3)
    assert abs(page.evaluate(line)) < 1
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert page.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('.scroll'))") <= 1
    page.keyboard.press("z")
    assert cell.evaluate(centre)[2] == pytest.approx(width, rel=1e-3)
