"""The address holds what is shown: opened again, elsewhere or after a reload, it is the same; what cannot be read says so."""

import json
import re
from typing import Any

import httpx
import numpy as np
import pytest
from changing import agrees, number, problem_of, put, resolved, rested, value
from pages import OpenPage, go, show, step, until
from playwright.sync_api import Page, expect


def changed(page: Page, client: httpx.Client, quantity: str, entry: str, typed: str) -> str:
    """Puts a number in place; the problem as the server then understands it, to the character."""
    number(page, quantity, entry).focus()
    page.keyboard.press("F2")
    with page.expect_request("**/api/v1/trace?*") as asked:
        page.locator(".edit-field input").fill(typed)
    page.keyboard.press("Enter")
    rested(page)
    return resolved(client, asked.value)


def written(page: Page, pattern: str) -> str:
    """The address without its host, once it begins like this: it follows when nothing has happened for half a second."""
    page.wait_for_url(re.compile(f"https?://[^/]+/{pattern}"))
    return page.url.split("/", 3)[3]


@pytest.mark.parametrize(
    ("preset", "edits"),
    [("two-layer", [("W1", "0,1", "1/3"), ("y", "0,0", "-2e-17")]), ("iris", [("a0", "0,2", "4.7"), ("y", "0,1", "0.25")])],
)
def test_an_edit_in_an_address_opens_as_the_same_problem(
    open_page: OpenPage, client: httpx.Client, server: str, preset: str, edits: list[tuple[str, str, str]]
) -> None:
    """In another browser: the same characters of the problem, the same step, pin, walk, symbols and Δ."""
    page = open_page(f"/?preset={preset}#step=12")
    problem = ""
    for edit in edits:
        problem = changed(page, client, *edit)
    number(page, "W1", "0,1").click(force=True)
    page.keyboard.press("w")
    page.keyboard.press("r")
    rested(page)
    address = written(page, re.escape(f"?preset={preset}#step=12&target=W1&pin=W1,0,1&convention=column&p="))
    other = open_page("/")
    with other.expect_request("**/api/v1/trace?*") as asked:
        other.goto(f"{server}/{address}")
    other.wait_for_selector("html[data-ready=true]")
    assert resolved(client, asked.value) == problem
    assert step(other) == 12 and other.get_attribute(".entry-card", "data-pinned") == "true"
    assert other.input_value(".walk-menu") == "W1"
    shown = "[data-part=preset] option:checked"
    assert other.locator(shown).text_content() == page.locator(shown).text_content()
    other.wait_for_timeout(700)  # it would be written anew by now
    assert other.url == f"{server}/{address}"


def test_a_preset_has_a_short_address_and_a_reload_keeps_an_edit(open_page: OpenPage, client: httpx.Client) -> None:
    page = open_page("/?preset=two-layer")
    go(page, 8)
    written(page, r"\?preset=two-layer#step=8$")
    changed(page, client, "b1", "1", "0,125")
    written(page, r"\?preset=two-layer#step=8&p=.")
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    problem = problem_of(client, "two-layer")
    put(problem, "b1", (1,), 0.125)
    agrees(page, client, problem)
    assert step(page) == 8
    page.keyboard.press("Control+z")
    agrees(page, client, problem_of(client, "two-layer"))
    written(page, r"\?preset=two-layer#step=8$")


def test_back_and_forward(open_page: OpenPage, client: httpx.Client) -> None:
    """From another preset back to the edited one, at its step; and on again."""
    page = open_page("/?preset=two-layer")
    go(page, 3)
    changed(page, client, "W1", "0,1", "0.9")
    written(page, r"\?preset=two-layer#step=3&p=.")
    page.select_option("[data-part=preset]", "xor")
    expect(page.locator(".fact").first).to_contain_text("2 → 3 → 1")
    page.evaluate("document.activeElement.blur()")
    go(page, 2)
    written(page, r"\?preset=xor#step=2$")
    page.go_back()
    expect(page.locator(".fact").first).to_contain_text("2 → 2 → 2")
    assert value(page, "W1", "0,1") == 0.9 and step(page) == 3
    page.go_forward()
    expect(page.locator(".fact").first).to_contain_text("2 → 3 → 1")
    agrees(page, client, problem_of(client, "xor"))
    assert step(page) == 2


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("#p=AAAA", "cannot be read"),
        ("#step=4&p=q1YqLkksKi%", "stray %"),
        ("#step=x", "step=x"),
        ("?preset=xor#step=2&p=!!!", "damaged"),
    ],
)
def test_a_damaged_link_says_so_and_the_page_works(open_page: OpenPage, address: str, says: str) -> None:
    page = open_page(f"/{address}")
    expect(page.locator(".banner")).to_contain_text(says)
    expect(page.locator(".banner")).to_contain_text("XOR" if "xor" in address else "Two-layer network")
    before = step(page)
    go(page, 1)
    assert step(page) == before + 1


def test_a_link_whose_problem_is_refused_says_why(open_page: OpenPage, client: httpx.Client) -> None:
    """The server's words, and the default network."""
    page = open_page("/?preset=xor", allowed=("422",))
    good = changed(page, client, "W1", "0,0", "1")
    bad: dict[str, Any] = json.loads(good)
    bad["layers"][0]["bias"] = [1]
    packed = page.evaluate(
        """async text => {
            const bytes = new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer());
            return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
        }""",
        json.dumps(bad),
    )
    other = open_page(f"/?preset=xor#step=3&p={packed}", allowed=("422",))
    expect(other.locator(".banner")).to_contain_text("layers[0].bias")
    assert value(other, "W1", "0,0") == -0.69
    assert other.get_attribute("html", "data-stale") == "false"


def test_what_is_too_long_for_an_address_leaves_it_short_and_survives_a_reload(open_page: OpenPage) -> None:
    rng = np.random.default_rng(1)
    layers = [{"weights": rng.normal(size=(50, 50)).tolist(), "bias": rng.normal(size=50).tolist(), "activation": "tanh"} for _ in range(4)]
    page = open_page("/")
    show(page, {"layers": layers, "inputs": rng.normal(size=(1, 50)).tolist(), "targets": rng.normal(size=(1, 50)).tolist()})
    strip = page.locator("canvas[data-strip=a0]")
    strip.hover()
    strip.dblclick()
    page.locator(".edit-field input").fill("7")
    page.keyboard.press("Enter")
    rested(page)
    until(page, lambda: page.evaluate("history.state?.request?.edits?.length"))  # the browser keeps it
    assert len(page.url.split("/", 3)[3]) < 60
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    page.locator("canvas[data-strip=a0]").hover()
    expect(page.locator("canvas[data-strip=a0]")).to_have_attribute("data-value", "7")
