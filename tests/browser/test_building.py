"""Building: layers, units and functions changed on the stage and in the panel; what still fits is kept, what cannot be is said where it was typed."""

from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from pages import OpenPage, leave_menu, numbers, painted, quantities, serious, step
from playwright.sync_api import Locator, Page, expect

SIGMOID = {"activation": "sigmoid"}


def build(page: Page) -> tuple[Locator, Locator]:
    """The panel and the handles, open, and the network in the room that they leave it."""
    page.keyboard.press("b")
    page.wait_for_selector("[data-view=builder] .part")
    page.wait_for_selector("[data-view=handles] button")
    painted(page)
    return page.locator("[data-view=builder]"), page.locator("[data-view=handles]")


def answered(page: Page, act: Callable[[], object]) -> None:
    """Something is done, and what it asked for has come."""
    with page.expect_response(lambda response: "/trace" in response.url):
        act()
    page.wait_for_selector("html[data-stale=false]")


def shape(page: Page) -> str:
    return (page.locator(".fact").first.text_content() or "").partition(" ·")[0]


def given(page: Page, id: str) -> Any:
    """A parameter, as the stage has it."""
    entries = {tuple(map(int, entry.split(","))): float(value) for quantity, entry, value in numbers(page) if quantity == id and value is not None}
    found = np.empty(tuple(np.max(list(entries), axis=0) + 1))
    for entry, value in entries.items():
        found[entry] = value
    return found


def drawn(client: httpx.Client, *sizes: int) -> dict[str, Any]:
    """The weights that a network of these sizes begins with."""
    problem = {"layers": [{"units": n, **SIGMOID} for n in sizes[1:]], "inputs": [[0] * sizes[0]]}
    return {name: np.array(data) for name, data in quantities(client.post("/api/v1/trace", json=problem).json()).items() if name[0] == "W"}


def check_built(page: Page, client: httpx.Client) -> None:
    """A 2-3-2-1 made of the 2-2-2: its own numbers where they still fit, drawn ones elsewhere, and everything that follows as the API says."""
    before = {name: np.array(data) for name, data in quantities(client.get("/api/v1/trace?preset=two-layer").json()).items()}
    new, last = drawn(client, 2, 3, 2, 1), drawn(client, 2, 2, 2, 2)
    weights = {
        "W1": np.vstack([before["W1"], new["W1"][2:]]),
        "W2": np.hstack([before["W2"], new["W2"][:, 2:]]),
        "W3": last["W3"][:1],  # drawn for two units, of which one went
    }
    biases = {"b1": [0.35, 0.35, 0], "b2": [0.6, 0.6], "b3": [0]}
    assert shape(page) == "2 → 3 → 2 → 1"
    layers = [{"weights": weights[f"W{l}"].tolist(), "bias": biases[f"b{l}"], **SIGMOID} for l in (1, 2, 3)]
    problem = {"layers": layers, "inputs": [[0.05, 0.1]], "targets": [[0.01]], "loss": "squared_error", "optimizer": {"name": "sgd", "learning_rate": 0.5}}
    expected = quantities(client.post("/api/v1/trace", json=problem).json())
    page.keyboard.press("End")
    for id in ("a0", "y", "z1", "a2", "a3", "dz1", "dW1", "db3"):
        np.testing.assert_allclose(given(page, id), np.array(expected[id]), rtol=1e-12, err_msg=id)
    page.keyboard.press("Home")
    for id in (*weights, *biases):
        np.testing.assert_array_equal(given(page, id), np.array(expected[id]), id)


def tab_to(page: Page, name: str) -> None:
    """Tab on until what has the focus is called so, or is at that place of the problem."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if name in page.evaluate("[document.activeElement.ariaLabel, document.activeElement.dataset.pointer]"):
            return
    pytest.fail(f"no Tab leads to {name}")


def test_on_the_stage_by_mouse_and_all_the_way_back(open_page: OpenPage, client: httpx.Client) -> None:
    page = open_page("/?preset=two-layer#step=4", allowed=("422",))
    panel, handles = build(page)
    assert panel.evaluate("e => e === document.activeElement")
    assert page.locator("[data-view=inspector]").is_hidden()
    for name in ("Add a layer after layer 2", "One unit of layer 3 less", "One unit of layer 1 more"):
        answered(page, handles.get_by_label(name, exact=True).click)
        assert step(page) == 4
    assert handles.get_by_label("One unit of layer 3 less").get_attribute("aria-disabled") == "true"
    assert handles.get_by_label("One unit of layer 3 less").get_attribute("title") == "At least one is needed"
    check_built(page, client)
    page.locator(".scene [data-gate^='2,']").first.click()
    assert page.evaluate("document.activeElement.dataset.pointer") == "/layers/1/activation", "the gate leads to its menu"
    answered(page, lambda: handles.get_by_label("One input more").click())
    assert given(page, "a0").tolist() == [[0.05, 0.1, 0]]
    answered(page, lambda: handles.get_by_label("Remove layer 2").click())
    assert shape(page) == "3 → 3 → 1"
    seen = []
    while page.locator("[data-part=undo]").is_visible():
        answered(page, lambda: page.click("[data-part=undo]"))
        seen.append(shape(page))
    assert seen == [f"{n} → 3 → 2 → 1" for n in (3, 2)] + ["2 → 2 → 2 → 1", "2 → 2 → 2 → 2", "2 → 2 → 2"]
    assert given(page, "W1").tolist() == [[0.15, 0.2], [0.25, 0.3]]
    page.keyboard.press("Escape")
    assert panel.is_hidden() and handles.count() == 0 and page.locator("[data-view=forward-lane] .entry").first.is_visible()


def test_by_keyboard_alone(open_page: OpenPage, client: httpx.Client) -> None:
    page = open_page("/?preset=two-layer")
    page.focus("[data-part=present]")
    panel, handles = build(page)
    tab_to(page, "/layers/0/units")
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    answered(page, lambda: page.keyboard.press("Enter"))
    tab_to(page, "Add a layer after layer 2")
    answered(page, lambda: page.keyboard.press("Enter"))
    tab_to(page, "/layers/2/units")
    answered(page, lambda: page.keyboard.press("ArrowDown"))
    assert page.evaluate("document.activeElement.dataset.pointer") == "/layers/2/units"
    page.keyboard.press("Escape")
    assert panel.is_hidden() and page.evaluate("document.activeElement.dataset.part") == "present", "the focus is where it was"
    check_built(page, client)
    build(page)
    handles.get_by_label("One unit of layer 1 less").focus()
    for n in (2, 1):
        answered(page, lambda: page.keyboard.press("Enter"))
        assert (shape(page), page.evaluate("document.activeElement.ariaLabel")) == (f"2 → {n} → 2 → 1", "One unit of layer 1 less")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Remove layer 1"
    page.keyboard.press("b")
    assert panel.is_hidden() and page.evaluate("document.activeElement.dataset.part") == "present"


def test_what_cannot_be_is_said_beside_its_field_and_mended_by_the_next_change(open_page: OpenPage) -> None:
    page = open_page("/?preset=two-layer#step=9", allowed=("422",))
    panel, _ = build(page)
    before = numbers(page)
    places = ("optimizer/learning_rate", "loss/scale", "layers/0/units", "initializer/seed")
    rate, scale, units, seed = (panel.locator(f"[data-pointer='/{at}']") for at in places)

    def refusals() -> list[str]:
        return panel.locator(".refusal:not(:empty)").all_text_contents()

    answered(page, lambda: rate.fill("-1"))
    assert refusals() == ["expected a number at least 0, got -1"]
    assert rate.evaluate("e => document.getElementById(e.getAttribute('aria-describedby')).textContent") == refusals()[0]
    assert (rate.get_attribute("aria-invalid"), page.locator(".banner").is_visible(), numbers(page) == before) == ("true", False, True)
    answered(page, lambda: scale.fill("1/2,5"))  # the other change is kept with it, until the first is mended
    assert (len(refusals()), rate.input_value(), scale.input_value(), numbers(page) == before) == (1, "-1", "1/2,5", True)
    answered(page, lambda: rate.fill("2e-1"))
    facts = page.locator(".facts").text_content() or ""
    assert refusals() == [] and "0.4 · squared error" in facts and "η 0.2" in facts
    for field, text, words in ((rate, "much", "A number: 0.5, 0,5, 1/2 or 2e-3."), (units, "5000", "A whole number from 1 to 4096.")):
        field.fill(text)
        field.press("Enter")
        assert (refusals(), field.input_value(), field.get_attribute("aria-invalid")) == ([words], text, "true")
        field.fill("0.2" if field is rate else "2")
        field.press("Enter")
        page.wait_for_selector("html[data-stale=false]")
        assert refusals() == []
    seed.fill("1/3")
    answered(page, lambda: seed.press("Enter"))
    assert refusals()[0].startswith("expected a whole number from 0")
    leave_menu(page)
    page.keyboard.press("Control+z")  # the refused change only
    assert (refusals(), seed.input_value(), rate.input_value()) == ([], "0", "0.2")
    answered(page, lambda: panel.locator("[data-pointer='/loss']").select_option("absolute_error"))
    assert panel.locator("[data-pointer='/loss/scale']").input_value() == "1", "the scale that this loss has by itself"
    answered(page, lambda: page.select_option("[data-part=preset]", "iris"))
    answered(page, lambda: panel.locator("[data-pointer='/loss']").select_option("huber"))
    assert len(refusals()) == 1 and refusals()[0].startswith("targets: "), "what is wrong with no field stands above them"


def test_everything_there_is_can_be_chosen(open_page: OpenPage, catalog: dict[str, Any]) -> None:
    page = open_page("/?preset=two-layer")
    panel, _ = build(page)
    for at, kind in (("/layers/0/activation", "activations"), ("/loss", "losses"), ("/optimizer", "optimizers"), ("/initializer", "initializers")):
        menu = panel.locator(f"[data-pointer='{at}']")
        names = [item["name"] for item in catalog[kind]]
        assert menu.locator("option").evaluate_all("all => all.map(e => e.value)") == ([""] if kind == "optimizers" else []) + names
        current = menu.input_value()
        menu.focus()
        for item in [it for it in catalog[kind] if it["name"] != current] + [it for it in catalog[kind] if it["name"] == current]:
            answered(page, lambda menu=menu, item=item: menu.select_option(item["name"]))  # type: ignore[misc]
            assert panel.locator(".refusal:not(:empty)").count() == 0
            assert menu.input_value() == item["name"] and menu.evaluate("e => e === document.activeElement")
            for parameter in item["parameters"]:
                field = panel.locator(f"[data-pointer='{at}/{parameter['name']}']")
                shown = field.is_checked() if parameter["type"] == "boolean" else field.input_value()
                assert shown == parameter["default"] or float(shown) == parameter["default"], (item["name"], parameter)
    answered(page, lambda: panel.locator("[data-pointer='/optimizer']").select_option(""))
    assert "η" not in (page.locator(".facts").text_content() or "")
    answered(page, lambda: panel.locator("[data-pointer='/layers/1/bias']").uncheck())
    assert {quantity for quantity, _, _ in numbers(page)} & {"b1", "b2"} == {"b1"}
    answered(page, lambda: panel.get_by_role("button", name="Reset").click())
    assert given(page, "W1").tolist() == [[0.15, 0.2], [0.25, 0.3]]
    answered(page, lambda: panel.get_by_role("button", name="Re-roll").click())
    assert panel.locator("[data-pointer='/initializer/seed']").input_value() == "1"


OVERLAPS = """() => {
    const all = document.querySelectorAll('.handles button, .handles .num, [data-view=backward-lane] .entry, .scene .cell[role], .strip');
    const boxes = [...all].map((e) => [e, e.getBoundingClientRect()]);
    const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
    const mine = boxes.filter(([e]) => e.closest('.handles'));
    return [mine.length, mine.filter(([e, b]) => e.matches('button') && (Math.min(b.width, b.height) < 23.99)).length,
        mine.flatMap(([e, a]) => boxes.filter(([f, b]) => f !== e && !apart(a, b)).map(([f]) => [e, f].map((it) => it.outerHTML.slice(0, 90))))];
}"""


@pytest.mark.parametrize(("preset", "width", "scheme"), [("two-layer", 1440, "light"), ("wide-and-deep", 390, "dark"), ("digits", 1024, "light")])
def test_handles_are_large_enough_and_touch_nothing(open_page: OpenPage, preset: str, width: int, scheme: str) -> None:
    page = open_page(f"/?preset={preset}", viewport={"width": width, "height": 844}, color_scheme=scheme)
    build(page)
    found, small, overlaps = page.evaluate(OVERLAPS)
    assert found > 10 and (small, overlaps) == (0, [])
    assert serious(page) == []


def test_words_with_numbers_in_them_follow(open_page: OpenPage) -> None:
    """The learning rate stands in the equation and in the sentence: neither stays when it alone is changed."""
    page = open_page("/?preset=two-layer#step=16")
    panel, _ = build(page)
    rate = panel.get_by_label("learning rate")
    rate.fill("0.125")
    answered(page, lambda: rate.press("Enter"))
    page.keyboard.press("Escape")
    inspector = page.locator("[data-view=inspector]")
    expect(inspector.locator(".sentence")).to_contain_text("0.125")
    expect(inspector.locator(".numbers .formula")).to_contain_text("18")  # 1/8
