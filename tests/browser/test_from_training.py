"""The step page beside the Train page: an update that comes from there, the way back to a training that waits, the way there with a network of one's own."""

import json
from itertools import pairwise
from typing import Any

import httpx
import numpy as np
import pytest
from changing import agrees, number, problem_of, put, rested
from pages import OpenPage, until
from playwright.sync_api import Page, expect

from app.wire import links

WAITS = "sessionStorage.setItem('backprop-training', '{\"format\":1,\"title\":\"Digits\",\"epoch\":12,\"updates\":300}\\n{}')"


def an_update(sizes: tuple[int, ...], batch: int) -> dict[str, Any]:
    """One of many that Adam makes: weights, their state and inputs with all their digits, a class for every example."""
    rng = np.random.default_rng(5)
    layers = []
    state: dict[str, Any] = {"t": 300}
    for l, (into, out) in enumerate(pairwise(sizes), start=1):
        name = "softmax" if l == len(sizes) - 1 else "relu"
        weights, bias = (rng.normal(size=(out, into)) / into).tolist(), rng.normal(size=out).tolist()
        layers.append({"units": out, "weights": weights, "bias": bias, "activation": {"name": name}})
        for slot in "mv":
            state |= {f"W{l}_{slot}": (rng.random((out, into)) * 1e-5).tolist(), f"b{l}_{slot}": (rng.random(out) * 1e-5).tolist()}
    layers[0]["weights"][0][0] = -0.0
    return {
        "layers": layers,
        "loss": {"name": "cross_entropy", "scale": 1, "over_outputs": "sum", "over_batch": "mean", "clip": 0},
        "inputs": (rng.integers(0, 17, (batch, sizes[0])) / 16).tolist(),
        "targets": rng.integers(0, sizes[-1], batch).tolist(),
        "initializer": {"name": "he_normal", "seed": 7},
        "optimizer": {"name": "adam", "learning_rate": 0.01, "update_biases": True, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
        "optimizer_state": state,
    }


def opened(page: Page, address: str) -> str:
    """What is asked for when it opens, its very characters."""
    with page.expect_request("**/api/v1/trace?*") as asked:
        page.goto(address) if address else page.reload()
    page.wait_for_selector("html[data-ready=true]")
    return asked.value.post_data or ""


@pytest.mark.parametrize(("sizes", "batch"), [((2, 3, 2), 4), ((64, 32, 10), 32)])
def test_an_update_comes_with_all_its_digits_and_a_reload_keeps_it(
    open_page: OpenPage, client: httpx.Client, server: str, sizes: tuple[int, ...], batch: int
) -> None:
    """Class indices, the optimizer's state, −0: as they were, the large one in a link of about 100,000 characters."""
    problem = an_update(sizes, batch)
    sent = links.write({}, problem)
    page = open_page("/")
    page.evaluate(WAITS)
    asked = opened(page, f"{server}/?#{sent}&from=train")
    assert json.loads(asked) == problem and asked.count("-0.0,") == 1
    name = page.locator("[data-part=preset] option:checked")
    expect(name).to_have_text("Update 301 · Digits (epoch 13)")
    expect(page).to_have_title("Update 301 · Digits (epoch 13) · Backprop Visualiser")
    back = page.get_by_role("link", name="← Training")
    expect(back).to_have_attribute("title", "Go on with the training: Update 301 · Digits (epoch 13)")
    assert back.evaluate("e => e.href") == f"{server}/train#back"
    for width in (390, 1024, 1440):  # beside the way back there is one on, with the network that is here
        page.set_viewport_size({"width": width, "height": 900})
        expect(page.get_by_role("link", name="Train", exact=True)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    until(page, lambda: page.evaluate("history.state !== null"))  # the address is written
    assert json.loads(opened(page, "")) == problem
    expect(name).to_have_text("Update 301 · Digits (epoch 13)")
    if batch == 4:
        rested(page)
        assert agrees(page, client, problem) == 21


def test_without_a_training_there_is_no_way_back(open_page: OpenPage, server: str) -> None:
    page = open_page("/")
    expect(page.get_by_role("link", name="← Training")).to_have_count(0)
    opened(page, f"{server}/?#{links.write({}, an_update((2, 2), 1))}&from=train")
    expect(page.locator("[data-part=preset] option:checked")).to_have_text("A network from a link")
    page.evaluate("sessionStorage.setItem('backprop-training', '{')")
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    expect(page.get_by_role("link", name="← Training")).to_have_count(0)


def test_train_takes_along_what_is_here(open_page: OpenPage, client: httpx.Client) -> None:
    """A preset with one weight changed: the Train page is given every number of it."""
    page = open_page("/?preset=iris")
    page.route("**/train", lambda route: route.fulfill(content_type="text/html", body="<!doctype html><title>Train</title><link rel=icon href=data:,>"))
    number(page, "W1", "0,1").focus()
    page.keyboard.press("F2")
    page.locator(".edit-field input").fill("1/3")
    page.keyboard.press("Enter")
    rested(page)
    page.get_by_role("link", name="Train", exact=True).click()
    expect(page).to_have_title("Train")
    _, got = links.read(page.url.partition("#")[2])
    problem = problem_of(client, "iris")
    put(problem, "W1", (0, 1), 1 / 3)
    assert got is not None
    for field in ("inputs", "targets"):
        assert got[field] == problem[field]
    assert [layer["weights"] for layer in got["layers"]] == [layer["weights"] for layer in problem["layers"]]
