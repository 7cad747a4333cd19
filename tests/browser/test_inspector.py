"""The inspector says what the API says, and expands the number that is pointed at."""

import httpx
import pytest
from pages import OpenPage, at, go, quantities
from playwright.sync_api import Page

EXPANSION = """() => { const e = document.querySelector('[data-expansion]');
    return e && { id: e.dataset.expansion, entry: e.dataset.entry, total: Number(e.dataset.total),
                  sum: [...e.querySelectorAll('[data-term]')].reduce((s, t) => s + Number(t.dataset.term), 0),
                  text: e.textContent }; }"""

MATRICES = """() => [...document.querySelectorAll('[data-view=inspector] .matrices [data-quantity]')]
    .map(e => [e.dataset.quantity, e.dataset.entry, e.dataset.value])"""


def hover(page: Page, quantity: str, entry: str) -> None:
    """Point at a number of the network."""
    page.locator(f'[data-view=stage] [role=button][data-quantity={quantity}][data-entry="{entry}"]').hover(force=True)


@pytest.mark.parametrize("preset", ["two-layer", "xor", "iris", "digits"])
def test_the_terms_of_every_step_sum_to_its_entry(open_page: OpenPage, client: httpx.Client, preset: str) -> None:
    """For each step the first entry is expanded, folded terms included, to 1e-12 of the API's number."""
    truth = quantities(client.get("/api/v1/trace", params={"preset": preset}).json())
    page = open_page(f"/?preset={preset}")
    for _ in range(int(page.get_attribute("html", "data-steps") or 0)):
        page.keyboard.press("PageDown")
        found = page.evaluate(EXPANSION)
        value = at(truth[found["id"]], found["entry"])
        assert found["total"] == value
        assert found["sum"] == pytest.approx(value, rel=1e-12, abs=1e-14)


def test_pointing_at_a_number_expands_that_entry(open_page: OpenPage) -> None:
    """Hover; click pins it through the next steps; Escape lets go."""
    page = open_page("/?preset=two-layer")
    go(page, 10)
    hover(page, "da1", "0,1")
    found = page.evaluate(EXPANSION)
    assert (found["id"], found["entry"]) == ("da1", "0,1")
    assert found["text"] == "0.1385 · 0.4500 + (−0.03810) · 0.5500 = 0.04137"
    assert page.locator("[data-view=stage] .operand").count() >= 4
    page.locator('[data-view=stage] [role=button][data-quantity=da1][data-entry="0,1"]').click(force=True)
    page.keyboard.press("PageDown")
    assert page.evaluate(EXPANSION)["id"] == "da1"
    page.keyboard.press("Escape")
    assert page.evaluate(EXPANSION)["id"] == "dz1"


def test_numbers_can_be_reached_by_keyboard(open_page: OpenPage) -> None:
    """Tab goes from column to column, arrows from number to number without stepping, Enter pins, Escape leaves."""
    page = open_page("/?preset=two-layer")
    go(page, 2)
    page.locator('[data-view=stage] [data-quantity=a0][data-entry="0,0"]').focus()
    page.keyboard.press("ArrowDown")
    focused = "document.activeElement.dataset.quantity + document.activeElement.dataset.entry"
    before = page.evaluate(focused)
    assert before != "a00,0"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) != before
    assert page.get_attribute("html", "data-step") == "2"
    page.locator('[data-view=stage] [data-quantity=a1][data-entry="0,0"]').focus()
    page.keyboard.press("Enter")
    assert page.locator('[aria-pressed=true][data-quantity=a1][data-entry="0,0"]').count() >= 1
    page.keyboard.press("Escape")
    assert page.locator("[data-view=stage] [aria-pressed=true]").count() == 0


def test_matrices_carry_their_numbers_and_live_shapes(open_page: OpenPage, client: httpx.Client) -> None:
    """∂ℒ/∂W in a batch: a transposed operand, shapes under each factor, every number the API's."""
    truth = quantities(client.get("/api/v1/trace", params={"preset": "xor"}).json())
    page = open_page("/?preset=xor")
    go(page, 8)
    shapes = page.locator("[data-view=inspector] .matrices .shape").all_text_contents()
    assert shapes == ["1×4", "4×3", "1×3"]
    rows = page.evaluate(MATRICES)
    assert len(rows) >= 19
    for name, entry, value in rows:
        assert float(value) == at(truth[name], entry)


def test_the_chain_names_what_is_not_easy(open_page: OpenPage) -> None:
    """Backward steps show NOT EASY × easy; forward steps have no chain."""
    page = open_page("/?preset=two-layer")
    go(page, 3)
    assert page.locator("[data-view=inspector] .chain").count() == 0
    go(page, 7)
    chain = page.locator("[data-view=inspector] .chain math").first
    assert "NOT\u00a0EASY" in (chain.text_content() or "")
    assert "easy" in (chain.text_content() or "")
