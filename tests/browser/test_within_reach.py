"""Every number explained, for everybody: no serious finding of axe in any view, and what the slides teach in three keys of the start."""

import pytest
from pages import OpenPage, go, serious, step
from playwright.sync_api import Page, expect


def settled(page: Page, selector: str) -> None:
    page.wait_for_selector(selector)
    found = serious(page)
    assert found == [], selector


@pytest.mark.parametrize(("scheme", "size"), [("light", (1440, 900)), ("dark", (1440, 900)), ("light", (390, 844))])
def test_axe_finds_nothing_serious_in_any_view_of_a_number(open_page: OpenPage, scheme: str, size: tuple[int, int]) -> None:
    """A walk and one layer more, all k, paths, ±ε, columns; on a phone and, when wide, presenting with a pin too."""
    page = open_page("/?preset=two-layer", color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
    page.keyboard.press("w")
    go(page, 5)
    settled(page, "[data-walk]")
    page.keyboard.press("l")
    settled(page, ".counts")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    settled(page, ".row.zero")
    page.keyboard.press("p")
    settled(page, "[data-path]")
    page.keyboard.press("v")
    settled(page, ".probe")
    page.keyboard.press("r")
    page.wait_for_selector('[data-part=convention]:text-is("z = W a")', state="attached")
    settled(page, "html[data-stale=false]")
    if size[0] > 1000:
        page.keyboard.press("f")
        settled(page, ".presenting .entry-card")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("preset", ["two-layer", "four-layer"])
def test_what_the_slides_teach_is_three_keys_away(open_page: OpenPage, preset: str) -> None:
    """S7, S10 and S11 from the start, by keyboard alone."""
    layers = {"two-layer": 2, "four-layer": 4}[preset]
    page = open_page(f"/?preset={preset}")
    way = [f"d{letter}{l}" for l in range(layers, 0, -1) for letter in "az"]
    page.keyboard.press("w")  # S7: the order for W[1]
    assert page.evaluate("[...document.querySelectorAll('[data-walk=W1] .link')].map(e => e.dataset.ids)") == [*way, "dW1"]
    page.keyboard.press("w")
    page.keyboard.press("w")  # S10: both at once
    assert page.evaluate("[...document.querySelectorAll('[data-walk=Theta1] .link')].map(e => e.dataset.ids)") == [*way, "dW1 db1"]
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    page.keyboard.press("l")  # S11: one layer more
    assert page.locator("[data-walk]").count() == 2
    assert "continued by one layer" in (page.locator(".shared-words").text_content() or "")


@pytest.mark.parametrize("preset", ["two-layer", "four-layer"])
def test_the_honest_index_form_is_three_keys_away(open_page: OpenPage, preset: str) -> None:
    """S5 for a parameter of layer 1, where z has more than one unit: the walk to it, its end, every k."""
    page = open_page(f"/?preset={preset}")
    for key in ("w", "End", "k"):
        page.keyboard.press(key)
    expect(page.locator(".entry-card [data-expansion=dW1] .row.zero").first).to_be_visible()
    assert page.locator(".entry-card .why").is_visible()
    assert step(page) > 0


def test_a_tap_pins_a_number(open_page: OpenPage) -> None:
    """On a phone: tap, and its sum stands there; tap again, and it is let go."""
    page = open_page("/?preset=two-layer", viewport={"width": 390, "height": 844}, has_touch=True)
    go(page, 10)
    number = page.locator('[data-view=stage] [role=button][data-quantity=da1][data-entry="0,1"]')
    number.scroll_into_view_if_needed()
    number.tap(force=True)
    expect(page.locator(".entry-card")).to_have_attribute("data-pinned", "true")
    assert page.locator(".entry-card [data-expansion]").get_attribute("data-expansion") == "da1"
    number.tap(force=True)
    expect(page.locator(".entry-card")).to_have_attribute("data-pinned", "false")


def test_an_expansion_is_announced_in_words(open_page: OpenPage) -> None:
    """A moment after the focus: the number's name, its products and what they equal."""
    page = open_page("/?preset=two-layer")
    go(page, 10)
    page.locator('[data-view=stage] [role=button][data-quantity=da1][data-entry="0,1"]').focus()
    words = "gradient of a of unit 2, layer 1: 0.1385 times 0.4500, plus minus 0.03810 times 0.5500, equals 0.04137"
    expect(page.locator(".entry-card [role=status]")).to_have_text(words)
