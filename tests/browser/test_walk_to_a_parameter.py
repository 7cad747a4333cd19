"""Walks: chosen by menu, lane or key; the right links in the slides' order, and playback that follows them alone."""

from typing import Any

import httpx
import pytest
from drawn import deep_problem
from pages import OpenPage, go, leave_menu, show, step
from playwright.sync_api import Page

# The slides' own order: S7 to S10 for two layers, S12 for four.
BY_HAND = {
    (1, "W1"): ["da1", "dz1", "dW1"],
    (1, "b1"): ["da1", "dz1", "db1"],
    (1, "Theta1"): ["da1", "dz1", "dW1 db1"],
    (2, "W1"): ["da2", "dz2", "da1", "dz1", "dW1"],
    (2, "b1"): ["da2", "dz2", "da1", "dz1", "db1"],
    (2, "Theta1"): ["da2", "dz2", "da1", "dz1", "dW1 db1"],
    (2, "W2"): ["da2", "dz2", "dW2"],
    (2, "b2"): ["da2", "dz2", "db2"],
    (2, "Theta2"): ["da2", "dz2", "dW2 db2"],
    (4, "Theta4"): ["da4", "dz4", "dW4 db4"],
    (4, "Theta3"): ["da4", "dz4", "da3", "dz3", "dW3 db3"],
    (4, "Theta2"): ["da4", "dz4", "da3", "dz3", "da2", "dz2", "dW2 db2"],
    (4, "Theta1"): ["da4", "dz4", "da3", "dz3", "da2", "dz2", "da1", "dz1", "dW1 db1"],
    (4, "W1"): ["da4", "dz4", "da3", "dz3", "da2", "dz2", "da1", "dz1", "dW1"],
    (4, "b3"): ["da4", "dz4", "da3", "dz3", "db3"],
}
LINKS = "name => [...document.querySelectorAll(`[data-walk='${name}'] .link`)].map(e => e.dataset.ids)"


def by_rule(layers: int, target: str) -> list[str]:
    """From the last layer down to the target's, ∂ℒ/∂a and ∂ℒ/∂z of each; then the parameter, for Θ both."""
    kind, l = target.rstrip("0123456789"), int(target[-1])
    return [f"d{letter}{m}" for m in range(layers, l - 1, -1) for letter in "az"] + [f"dW{l} db{l}" if kind == "Theta" else f"d{target}"]


def choose(page: Page, target: str) -> None:
    page.select_option(".walk-menu", target)
    leave_menu(page)


def visited(page: Page, key: str) -> list[int]:
    """The steps that a key stops at, until it goes no further."""
    seen = [step(page)]
    while True:
        page.keyboard.press(key)
        if step(page) == seen[-1]:
            return seen[1:]
        seen.append(step(page))


@pytest.mark.parametrize("layers", range(1, 9))
def test_every_walk_of_any_number_of_layers(open_page: OpenPage, client: httpx.Client, layers: int) -> None:
    """Each target of the menu lists its links; → stops at exactly those steps, ← goes back along them; Escape leaves."""
    problem = deep_problem(layers)
    index = {item["id"]: item["index"] + 1 for item in client.post("/api/v1/trace", json=problem).json()["steps"]}
    page = open_page("/?preset=two-layer")
    show(page, problem)
    options = [option.get_attribute("value") for option in page.locator(".walk-menu option").all()]
    targets = [f"{kind}{l}" for l in range(1, layers + 1) for kind in ("W", "b", "Theta")]
    assert options == ["", *targets]
    for target in targets:
        choose(page, target)
        expected = BY_HAND.get((layers, target), by_rule(layers, target))
        assert page.evaluate(LINKS, target) == expected == by_rule(layers, target)
        using = page.locator("[data-walk] .using").count()
        assert using == len(expected) - 1
    for target in {1: ["W1"], 2: ["Theta1", "b2"], 4: ["Theta1", "W3"], 8: ["Theta1"]}.get(layers, [f"Theta{layers}"]):
        page.keyboard.press("Escape")
        page.keyboard.press("Home")
        choose(page, target)
        stops = [index[id] for link in by_rule(layers, target) for id in link.split()]
        assert visited(page, "ArrowRight") == stops
        assert visited(page, "ArrowLeft")[: len(stops) - 1] == stops[-2::-1]
    page.keyboard.press("Escape")
    assert page.locator("[data-view=walk]").is_hidden()
    assert page.locator(".walking").count() == 0


@pytest.mark.parametrize(("preset", "units"), [("two-layer", 0), ("dots", 9), ("strips", 30)])
def test_a_walk_is_lit_and_played_and_the_rest_dims(open_page: OpenPage, client: httpx.Client, preset: str, units: int) -> None:
    """Boxes, dots and strips: its gradients are lit, others are faint; space plays it to its end and stops there."""
    problem = deep_problem(2, units) if units else {"preset": preset}
    index = {item["id"]: item["index"] + 1 for item in client.post("/api/v1/trace", json=problem).json()["steps"]}
    page = open_page("/?preset=two-layer")
    if units:
        show(page, problem)
    page.keyboard.press("End")
    choose(page, "W2")
    faint = "e => { let o = 1; for (; e; e = e.parentElement) o *= getComputedStyle(e).opacity; return o < 0.5; }"
    for id, lit in [("da2", True), ("dz2", True), ("da1", False), ("dz1", False)]:
        cell = page.locator(f"canvas.strip[data-strip={id}]" if units > 24 else f"[data-view=stage] .cell[role=button][data-quantity={id}]").first
        assert cell.evaluate(faint) is not lit, id
    lanes = page.evaluate("[...document.querySelectorAll('[data-view=backward-lane] .entry.on-walk')].length")
    assert lanes == 3  # ∂ℒ/∂a, ∂ℒ/∂z and ∂ℒ/∂W of layer 2
    page.keyboard.press("Home")
    page.select_option(".speed", "8")
    leave_menu(page)
    page.keyboard.press("Space")
    page.wait_for_selector(f'html[data-step="{index["dW2"]}"]')
    page.wait_for_selector(".play[aria-label=Play]")
    page.wait_for_timeout(400)
    assert step(page) == index["dW2"]
    assert "arrived" in (page.locator("[data-view=inspector] .foot").text_content() or "")
    page.locator(".way .link").nth(1).click()
    assert step(page) == index["dz2"]
    assert page.locator(".link[aria-current=step]").get_attribute("data-ids") == "dz2"
    page.locator("[data-view=backward-lane] .theta").first.click()
    assert page.locator("[data-walk=Theta1]").count() == 1


@pytest.mark.parametrize("layers", [2, 4, 8])
def test_one_layer_more(open_page: OpenPage, layers: int) -> None:
    """Θ of a layer and of the one before, side by side: the shared part is marked and true; derivatives counted for L = 1 … 8."""
    page = open_page("/?preset=two-layer")
    show(page, deep_problem(layers))
    for l in {2, layers}:
        choose(page, f"Theta{l}")
        page.keyboard.press("l")
        ways = {name: page.evaluate(LINKS, name) for name in (f"Theta{l}", f"Theta{l - 1}")}
        first, second = by_rule(layers, f"Theta{l}"), by_rule(layers, f"Theta{l - 1}")
        assert ways[f"Theta{l}"] == first
        shared = len(first) - 1
        assert first[:shared] == second[:shared]
        assert ways[f"Theta{l - 1}"] in (second, second[shared:])  # many shared links are written once
        marked = page.evaluate("name => [...document.querySelectorAll(`[data-walk='${name}'] li.shared .link`)].map(e => e.dataset.ids)", f"Theta{l}")
        assert marked == first[:shared]
        added = page.evaluate("name => [...document.querySelectorAll(`[data-walk='${name}'] li.added .link`)].map(e => e.dataset.ids)", f"Theta{l - 1}")
        assert added == second[shared:]
        assert f"{shared} of {len(second)} links" in (page.locator(".shared-words").text_content() or "")
        page.keyboard.press("l")
        assert page.locator("[data-walk]").count() == 1
    page.keyboard.press("l")
    rows: Any = page.evaluate("[...document.querySelectorAll('.counts tr')].map(r => [...r.querySelectorAll('td')].map(c => Number(c.textContent)))")
    assert rows == [list(range(1, 9)), [3 * n - 1 for n in range(1, 9)], [n * (n + 1) for n in range(1, 9)]]
    assert page.locator(".counts td.here").first.text_content() == str(layers)
    page.keyboard.press("Escape")
    assert page.locator("[data-walk]").count() == 0


def test_a_walk_chosen_in_the_menu_can_be_stepped_at_once(open_page: OpenPage) -> None:
    """→ after a choice steps along the walk: it neither chooses another walk nor does nothing."""
    page = open_page("/?preset=two-layer")
    page.locator(".walk-menu").focus()
    page.select_option(".walk-menu", "W1")
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-walk]").get_attribute("data-walk") == "W1"
    assert step(page) == 6


def test_walks_by_keys(open_page: OpenPage) -> None:
    """W goes from target to target and round to the whole trace, Shift W back; L alone shows the last two layers."""
    page = open_page("/?preset=two-layer")
    seen = []
    for _ in range(7):
        page.keyboard.press("w")
        seen.append(page.evaluate("document.querySelector('[data-walk]')?.dataset.walk ?? null"))
    assert seen == ["W1", "b1", "Theta1", "W2", "b2", "Theta2", None]
    page.keyboard.press("Shift+W")
    assert page.locator("[data-walk=Theta2]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    assert page.evaluate("[...document.querySelectorAll('[data-walk]')].map(e => e.dataset.walk)") == ["Theta2", "Theta1"]
    go(page, 1)
    assert step(page) == 6
