"""What a lecturer does: watch the spirals being learnt, stop, step through that very update, come back and go on; nothing is lost, to the last bit."""

import json
from typing import Any

import httpx
import numpy as np
from pages import OpenPage, at, painted, until
from playwright.sync_api import Page, expect

SHOWN = """() => Object.fromEntries([...document.querySelectorAll('[data-view=network] [data-quantity][data-entry]')]
    .map(it => [`${it.dataset.quantity} ${it.dataset.entry}`, Number(it.dataset.value)]))"""
CURVE = "() => { const { x, y } = document.querySelector('[data-view=loss] .js-plotly-plot').data[0]; return [[...x], [...y]]; }"
NEW = """() => [...document.querySelectorAll('[data-view=stage] [data-quantity$=_new]')].map(it => [it.dataset.quantity, it.dataset.entry, it.dataset.value])"""
BATCHES = 20  # of an epoch


def readings(page: Page) -> dict[str, str]:
    found = page.eval_on_selector_all("[data-reading]:not([hidden])", "all => all.map(it => [it.dataset.reading, it.querySelector('.num').dataset.value])")
    return dict(found)


def updates(page: Page) -> int:
    """How many there were, of a training that stands: “1,234 + 5/20” epochs."""
    epochs, _, batches = page.locator("[data-reading=epoch] .num").inner_text().replace(",", "").partition(" + ")
    return int(epochs) * BATCHES + int(batches.partition("/")[0] or 0)


def play_until(page: Page, epochs: float) -> None:
    """Play, and pause once there were so many."""
    page.keyboard.press("Space")
    until(page, lambda: float(readings(page)["epoch"]) >= epochs)
    page.keyboard.press("Space")
    expect(page.locator("html")).to_have_attribute("data-playing", "false")
    painted(page)


def trained(client: httpx.Client, updates: int, **more: Any) -> dict[str, Any]:
    """The end of the default scenario after so many updates, by the API alone."""
    train = client.get("/api/v1/scenarios/spirals").json()["runs"][0]["train"]
    return dict(client.post("/api/v1/train", json=train | {"max_updates": updates, "report_every": train["epochs"]} | more).json()["end"])


def agree(shown: dict[str, float], end: dict[str, Any]) -> None:
    """Every number on the page is the very number of the API."""
    assert len(shown) == 8 * 2 + 8 + 8 * 8 + 8 + 8 + 1
    for name, value in shown.items():
        quantity, entry = name.split(" ")
        assert value == at(end["parameters"][quantity]["data"], entry), name


def test_play_pause_step_through_and_resume(open_page: OpenPage, client: httpx.Client) -> None:
    page = open_page("/train")
    before = readings(page)
    play_until(page, 40)
    shown, said, (epochs, losses), done = page.evaluate(SHOWN), readings(page), page.evaluate(CURVE), updates(page)
    assert float(said["accuracy"]) > float(before["accuracy"]) + 0.1 and losses[-1] < losses[0] and len(epochs) > 2
    with page.expect_request("**/api/v1/trace?*") as asked:
        page.get_by_role("button", name="Step through this update").click()
    page.wait_for_selector("html[data-ready=true]")

    problem, end = json.loads(asked.value.post_data or ""), trained(client, done)
    agree(shown, end)
    for l, layer in enumerate(problem["layers"], 1):
        assert layer["weights"] == end["parameters"][f"W{l}"]["data"] and layer["bias"] == end["parameters"][f"b{l}"]["data"]
    data = client.get("/api/v1/datasets/spirals", params={"noise": 0.05}).json()
    assert problem["inputs"] == [data["inputs"][row] for row in end["next_batch"]] and len(problem["inputs"]) == 10
    assert problem["targets"] == [[data["targets"][row]] for row in end["next_batch"]]
    expect(page.locator("[data-part=preset] option:checked")).to_have_text(f"Update {done + 1} · Two spirals (epoch {end['epoch'] + 1})")

    page.keyboard.press("End")
    after = trained(client, 1, position=end["position"], parameters=end["parameters"])
    new = page.evaluate(NEW)
    assert len(new) == len(shown)
    for quantity, entry, value in new:
        np.testing.assert_allclose(float(value), at(after["parameters"][quantity.removesuffix("_new")]["data"], entry), rtol=1e-13)

    page.get_by_role("link", name="← Training").click()
    page.wait_for_selector("html[data-ready=true][data-playing]")
    assert (page.evaluate(SHOWN), readings(page), page.evaluate(CURVE)) == (shown, said, [epochs, losses])
    play_until(page, float(said["epoch"]) + 10)
    (more, _), shown = page.evaluate(CURVE), page.evaluate(SHOWN)
    assert more[: len(epochs) // 2] == epochs[: len(epochs) // 2] and more[-1] > epochs[-1]
    agree(shown, trained(client, updates(page)))
