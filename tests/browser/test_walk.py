"""Every step of three presets forwards and backwards: each number on the page is the API's, and nothing shows before its step."""

import httpx
import pytest
from pages import OpenPage, at, go, numbers, quantities, step


@pytest.mark.parametrize("preset", ["two-layer", "four-layer", "xor", "iris", "dead-relu"])
def test_every_number_is_the_apis_and_none_is_early(open_page: OpenPage, client: httpx.Client, preset: str) -> None:
    """Forwards: equal to the last bit. Backwards: the same numbers as on the way there."""
    trace = client.get("/api/v1/trace", params={"preset": preset}).json()
    truth, steps = quantities(trace), trace["steps"]
    page = open_page(f"/?preset={preset}")
    assert int(page.get_attribute("html", "data-steps") or 0) == len(steps)
    on_the_way, compared = [], 0
    for k in range(len(steps) + 1):
        assert step(page) == k
        known = set(trace["start"]["quantities"]) | {name for item in steps[:k] for name in item["values"]}
        rows = numbers(page)
        on_the_way.append(sorted(row for row in rows if row[2] is not None))
        assert {row[0] for row in rows if row[2] is not None} <= known
        if k:
            assert steps[k - 1]["id"] in {row[0] for row in rows if row[2] is not None}
        for name, entry, value in rows:
            if value is not None:
                compared += 1
                assert float(value) == at(truth[name], entry)
        page.keyboard.press("ArrowRight")
    assert compared > 100
    for k in range(len(steps) - 1, -1, -1):
        page.keyboard.press("ArrowLeft")
        assert sorted(row for row in numbers(page) if row[2] is not None) == on_the_way[k]


def test_the_loss_is_the_published_one(open_page: OpenPage) -> None:
    """ℒ = 0.298371109 on the two-layer preset, in four significant digits on ℒ itself."""
    page = open_page("/?preset=two-layer")
    go(page, 5)
    loss = page.locator("[data-view=stage] [data-quantity=loss]")
    assert abs(float(loss.get_attribute("data-value") or 0) - 0.298371109) < 5e-10
    assert loss.locator(".number:not(.delta)").text_content() == "0.2984"


def test_not_computed_yet_is_never_shown_as_zero(open_page: OpenPage) -> None:
    """A gradient that is not known shows a dot, and no value attribute."""
    page = open_page("/?preset=two-layer")
    gradient = page.locator('[data-view=stage] .half[data-quantity=dz1][data-entry="0,0"]')
    assert gradient.locator(".number:not(.delta)").text_content() == "·"
    assert gradient.get_attribute("data-value") is None


@pytest.mark.parametrize(("preset", "steps"), [("digits", 18), ("wide-and-deep", 98), ("vanishing", 66)])
def test_larger_networks_can_be_walked_too(open_page: OpenPage, preset: str, steps: int) -> None:
    """To the end by keys, back to the start, without a fault; the current layer is in view."""
    page = open_page(f"/?preset={preset}")
    assert int(page.get_attribute("html", "data-steps") or 0) == steps
    go(page, steps)
    assert step(page) == steps
    page.keyboard.press("Home")
    assert step(page) == 0
    entry = page.locator("[data-view=forward-lane] button").first
    assert entry.bounding_box()["x"] >= 0  # type: ignore[index]


def test_after_the_last_update_the_new_parameters_become_the_current_ones(open_page: OpenPage, client: httpx.Client) -> None:
    """Apply and go again: the next trace starts from the updated weights, as the API computes it from them."""
    page = open_page("/?preset=two-layer")
    page.keyboard.press("End")
    updated = {(name, entry): value for name, entry, value in numbers(page) if name.endswith("_new")}
    page.get_by_role("button", name="Apply and go again").click()
    page.wait_for_selector('html[data-step="0"][data-stale=false]')
    now = {(f"{name}_new", entry): value for name, entry, value in numbers(page) if (f"{name}_new", entry) in updated}
    assert now == updated
    first = client.get("/api/v1/trace", params={"preset": "two-layer"}).json()
    problem = first["start"]["problem"]
    truth = quantities(first)
    for l, layer in enumerate(problem["layers"], 1):
        layer["weights"], layer["bias"] = truth[f"W{l}_new"], truth[f"b{l}_new"]
    second = client.post("/api/v1/trace", json=problem).json()
    page.keyboard.press("End")
    loss = page.get_attribute("[data-view=stage] [data-quantity=loss]", "data-value")
    assert float(loss or 0) == second["end"]["loss"] < first["end"]["loss"]
