"""What the page asks beside the trace may come late, or not at all: never for another problem or number, and never in the way."""

import json
from collections.abc import Callable

import pytest
from pages import OpenPage, go, intercept, step, until
from playwright.sync_api import Page, Route, expect

PROBLEM = {"type": "about:blank", "title": "Busy", "status": 503, "detail": "too many computations at once; try again in a moment"}


def hold(page: Page, kind: str, when: Callable[[str], bool] = lambda body: True) -> list[Route]:
    """Keeps requests of a kind back."""
    held: list[Route] = []
    intercept(page, f"**/api/v1/{kind}", lambda route: held.append(route) if when(route.request.post_data or "") else route.continue_())
    return held


def released(page: Page, held: list[Route], at: int) -> None:
    """Lets the one at this place go, once it has been asked, and waits until the page has had its answer."""
    until(page, lambda: len(held) > at)
    for route in held[at : at + 1]:
        with page.expect_response(route.request.url):
            route.continue_()
    page.wait_for_timeout(150)


def choose(page: Page, preset: str, fact: str) -> None:
    page.select_option("[data-part=preset]", preset)
    page.wait_for_selector(f'.fact:has-text("{fact}")')
    page.evaluate("document.activeElement.blur()")


def test_a_check_of_another_problem_is_dropped(open_page: OpenPage) -> None:
    """Badges come with the answer for the problem that is shown, not before."""
    page = open_page("/?preset=two-layer")
    held = hold(page, "gradient-check")
    go(page, 8)
    choose(page, "xor", "2 → 3 → 1")
    go(page, 8)
    until(page, lambda: len(held) == 2)
    released(page, held, 0)
    assert page.locator(".badge[data-verdict]").count() == 0
    released(page, held, 1)
    expect(page.locator("[data-view=backward-lane] .badge[data-verdict=ok]")).to_have_count(3)


def test_paths_and_a_probe_of_another_problem_are_dropped(open_page: OpenPage) -> None:
    """They are for a pin that is gone."""
    page = open_page("/?preset=two-layer")
    paths, probes = hold(page, "paths"), hold(page, "gradient-check", lambda body: "probe" in body)
    weight = page.locator('[data-view=stage] [role=button][data-quantity=W1][data-entry="0,1"]').first
    weight.click(force=True)
    page.keyboard.press("p")
    page.keyboard.press("v")
    until(page, lambda: paths and probes)
    choose(page, "xor", "2 → 3 → 1")
    released(page, paths, 0)
    released(page, probes, 0)
    page.unroute_all()
    page.locator('[data-view=stage] [role=button][data-quantity=W1][data-entry="2,0"]').first.click(force=True)
    assert page.locator(".entry-card [data-path], .entry-card .probe").count() == 0
    page.keyboard.press("p")
    expect(page.locator(".entry-card [data-path]")).to_have_count(4)


@pytest.mark.parametrize(("key", "kind", "sign"), [("p", "paths", "[data-path]"), ("v", "gradient-check", ".probe")])
def test_an_answer_for_a_number_let_go_is_not_shown_for_the_next(open_page: OpenPage, key: str, kind: str, sign: str) -> None:
    """Asked for one weight, let go, another pinned: the first answer arrives only now, and the second question has none yet."""
    page = open_page("/?preset=two-layer")
    held = hold(page, kind)
    first, second = (page.locator(f'[data-view=stage] [role=button][data-quantity=W1][data-entry="{entry}"]').first for entry in ("0,1", "1,0"))
    first.click(force=True)
    page.keyboard.press(key)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    second.click(force=True)
    released(page, held, 0)
    page.keyboard.press(key)
    assert page.locator(f".entry-card {sign}").count() == 0
    released(page, held, 1)
    expect(page.locator(f".entry-card {sign}").first).to_be_visible()


@pytest.mark.parametrize(("key", "kind"), [("p", "paths"), ("v", "gradient-check")])
@pytest.mark.parametrize("status", [503, 422])
def test_a_refusal_is_said_and_the_page_goes_on(open_page: OpenPage, key: str, kind: str, status: int) -> None:
    """The server's words stand in the banner; steps, pins and the question asked again work."""
    page = open_page("/?preset=two-layer", allowed=(str(status),))
    body = json.dumps(PROBLEM | {"status": status})
    intercept(page, f"**/api/v1/{kind}", lambda route: route.fulfill(status=status, content_type="application/problem+json", body=body))
    page.locator('[data-view=stage] [role=button][data-quantity=W1][data-entry="0,1"]').first.click(force=True)
    page.keyboard.press(key)
    expect(page.locator(".banner")).to_contain_text("too many computations")
    assert page.get_attribute("html", "data-stale") == "false"
    go(page, 8)
    assert step(page) == 8
    page.unroute_all()
    page.keyboard.press(key)
    page.keyboard.press(key)
    expect(page.locator(".entry-card").locator("[data-path], .probe").first).to_be_visible()


def test_what_cannot_be_verified_says_so(open_page: OpenPage) -> None:
    """A check that nobody asked for is no fault when it is refused: its words are where the badge would be."""
    page = open_page("/?preset=two-layer", allowed=("422",))
    body = json.dumps(PROBLEM | {"status": 422, "detail": "too large to check"})
    intercept(page, "**/api/v1/gradient-check", lambda route: route.fulfill(status=422, content_type="application/problem+json", body=body))
    go(page, 8)
    expect(page.locator("[data-view=inspector] .badge[data-verdict=unknown]")).to_contain_text("too large to check")
    assert page.locator(".banner").is_hidden()
    assert page.locator(".badge[data-verdict=ok]").count() == 0
