"""The Train page in a real Chromium: it shows what the API says, plays and stops without losing a digit, and tells what goes wrong."""

import json
import re
from typing import Any

import httpx
import pytest
from pages import OpenPage, at, intercept, painted, serious, until
from playwright.sync_api import Page, expect

from app.wire import links

NUMBERS = """() => [...document.querySelectorAll('.run:first-child [data-view=network] [data-quantity]')]
    .map(e => [e.dataset.quantity, e.dataset.entry, e.dataset.value])"""
MADE = """() => [...document.querySelectorAll('[data-view=stage] [data-quantity$=_new]')]
    .map(e => [`${e.dataset.quantity} ${e.dataset.entry}`, +e.dataset.value])"""
# The epoch that is told and all that is painted, when it has had some frames' time; no epoch where another one came meanwhile.
PAINTED = """async () => { const epoch = () => document.querySelector('[data-reading=epoch] .num').dataset.value, before = epoch();
    for (let k = 0; k < 8; k += 1) await new Promise(requestAnimationFrame);
    return [epoch() === before ? before : null, [...document.querySelectorAll('canvas')].map(it => it.toDataURL())]; }"""
# The epochs of both runs in every frame until the first has come so far.
ABREAST = """async far => { const epochs = () => [...document.querySelectorAll('[data-reading=epoch] .num')].map(e => +e.dataset.value), seen = [];
    do { await new Promise(requestAnimationFrame); seen.push(epochs()); } while (seen.at(-1)[0] < far);
    return seen; }"""
MIDDLE = "e => { const box = e.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }"
REFUSED = ("422",)
LOST = ("Failed to load resource", "net::ERR", "ERR_")


def settled(page: Page) -> None:
    """Until nothing is asked any more and all of it is painted; what a key has just asked for is told with the next frame."""
    painted(page)
    page.wait_for_selector("html[data-playing=false][data-stale=false]")
    painted(page)


def reading(page: Page, name: str, run: int = 0) -> float:
    return float(page.locator(f"[data-reading={name}] .num").nth(run).get_attribute("data-value") or "nan")


def where(page: Page) -> tuple[int, int]:
    """Epochs completed, and batches of this one done."""
    epoch, _, batch = (page.locator("[data-reading=epoch] .num").first.text_content() or "").replace(",", "").partition(" + ")
    return int(epoch), int(batch.partition("/")[0] or 0)


def parameters(page: Page) -> dict[tuple[str, str], float]:
    """Every weight and bias that the network shows."""
    return {(quantity, entry): float(value) for quantity, entry, value in page.evaluate(NUMBERS)}


def trained(client: httpx.Client, scenario: str, **more: Any) -> dict[str, Any]:
    """What the API says of a scenario's first run, asked in one go; epochs are no limit, as for the page, which goes on."""
    train = client.get(f"/api/v1/scenarios/{scenario}").json()["runs"][0]["train"]
    return dict(client.post("/api/v1/train", json={**train, "epochs": 100_000, **more}).json())


def same(page: Page, end: dict[str, Any]) -> None:
    """The page stands where the API's training ended, to the last digit."""
    shown = parameters(page)
    assert shown == {key: at(end["parameters"][key[0]]["data"], key[1]) for key in shown} and shown
    assert (reading(page, "epoch"), reading(page, "loss")) == (end["epoch"], end["loss"])


def choose(page: Page, setting: str, text: str, run: int = 0) -> None:
    field = page.locator(f"[data-setting={setting}] input").nth(run)
    field.fill(text)
    field.press("Enter")
    field.blur()


def test_it_learns_pauses_and_goes_on_as_if_nothing_had_happened(open_page: OpenPage, client: httpx.Client) -> None:
    """Batch by batch, epoch by epoch, played and paused anywhere: the numbers are those of one uninterrupted training."""
    page = open_page("/train?scenario=xor")
    expect(page.locator("h1")).to_have_text("Train")
    settled(page)
    expect(page.locator("[data-part=spoken]")).to_have_text(f"0 epochs, loss {reading(page, 'loss'):.4f}. ")
    same(page, trained(client, "xor", max_updates=0)["end"])
    expect(page.locator("[data-view=loss] .note")).to_have_text("over epochs; dashed: of what is held out")
    before = reading(page, "accuracy")
    page.keyboard.press("ArrowRight")
    until(page, lambda: where(page) == (0, 1))
    settled(page)
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector("[data-reading=epoch] .num[data-value='1']")
    settled(page)
    assert where(page) == (1, 0)
    page.keyboard.press("Space")
    until(page, lambda: reading(page, "epoch") >= 6)
    page.keyboard.press("Space")
    settled(page)
    page.select_option("[data-part=speed]", label="full speed")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    until(page, lambda: reading(page, "epoch") >= 120)
    expect(page.locator(".pace")).not_to_be_empty()  # a pace is told from the second report on
    page.keyboard.press("Space")
    settled(page)
    epoch, batch = where(page)
    per_epoch = trained(client, "xor", max_updates=0)["start"]["training"]["updates_per_epoch"]
    same(page, trained(client, "xor", max_updates=epoch * per_epoch + batch)["end"])
    assert reading(page, "accuracy") > before
    page.keyboard.press("Home")
    page.wait_for_selector("[data-reading=epoch] .num[data-value='0']")
    settled(page)
    same(page, trained(client, "xor", max_updates=0)["end"])


def test_one_epoch_is_one_whatever_changes_meanwhile(open_page: OpenPage) -> None:
    page = open_page("/train?scenario=xor")
    settled(page)
    page.select_option("[data-part=speed]", index=0)  # the slowest: there is time to change something
    page.keyboard.press("Shift+ArrowRight")
    choose(page, "learning_rate", "0.07")
    page.wait_for_selector("[data-setting=learning_rate][data-value='0.07']")
    page.wait_for_selector("[data-reading=epoch] .num[data-value='1']")
    settled(page)
    assert where(page) == (1, 0)


def test_settings_change_while_it_plays_and_a_refusal_loses_nothing(open_page: OpenPage) -> None:
    page = open_page("/train?scenario=xor", allowed=REFUSED)
    page.keyboard.press("Space")
    choose(page, "learning_rate", "0,07")
    page.wait_for_selector("[data-setting=learning_rate][data-value='0.07']")
    page.get_by_role("button", name="Twice the learning rate").click()
    page.wait_for_selector("[data-setting=learning_rate][data-value='0.14']")
    choose(page, "batch_size", "5000")
    refusal = page.locator("[data-setting=batch_size] .refusal")
    expect(refusal).to_contain_text("the number of examples to train on")
    assert page.locator("[data-setting=batch_size] input").input_value() == "5000"
    epoch = reading(page, "epoch")
    until(page, lambda: reading(page, "epoch") > epoch + 3)  # it goes on as before
    choose(page, "batch_size", "x")
    expect(refusal).to_contain_text("A number")
    choose(page, "batch_size", "25")
    page.wait_for_selector("[data-setting=batch_size][data-value='25']")
    expect(refusal).to_be_empty()
    assert reading(page, "epoch") > epoch and page.get_attribute("html", "data-playing") == "true"
    page.keyboard.press("Space")
    settled(page)
    loss = reading(page, "loss")
    page.get_by_role("button", name="Data").click()
    noise = page.locator("#data [data-pointer='/dataset/noise']")
    noise.fill("7")
    expect(page.locator("#data .refusal").first).to_contain_text("expected a number from 0 to 1")
    assert reading(page, "loss") == loss
    size = page.locator("#data [data-pointer='/dataset/size']")
    size.fill("100000")
    noise.focus()
    expect(page.locator("#data .refusal").nth(1)).to_contain_text("4000")
    assert size.input_value() == "100000"  # it stays as it was typed
    noise.fill("0.5")
    page.wait_for_selector("[data-reading=epoch] .num[data-value='0']")
    page.keyboard.press("Escape")
    expect(page.locator("#data")).to_be_hidden()
    choose(page, "learning_rate", "-1")
    expect(page.locator("[data-setting=learning_rate] .refusal")).to_contain_text("at least 0")
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("[data-setting=learning_rate] input")).to_have_value("0.14")  # nothing says any more that −1 was refused


def test_an_update_is_stepped_through_and_left_again(open_page: OpenPage, client: httpx.Client) -> None:
    """The Step view has the batch that comes next and these parameters; what it makes of them is what the training makes."""
    page = open_page("/train?scenario=xor")
    page.keyboard.press("Space")
    until(page, lambda: reading(page, "epoch") >= 3)
    page.keyboard.press("s")
    page.wait_for_selector("html[data-ready=true][data-steps]")
    expect(page.locator("[data-part=training]")).to_be_visible()
    page.keyboard.press("End")
    made = dict(page.evaluate(MADE))
    page.locator("[data-part=training]").click()
    page.wait_for_selector("html[data-ready=true][data-playing]")
    kept = parameters(page), where(page), reading(page, "loss")
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    assert (parameters(page), where(page), reading(page, "loss")) == kept
    page.keyboard.press("ArrowRight")
    until(page, lambda: reading(page, "loss") != kept[2])
    settled(page)
    after = parameters(page)
    assert len(made) >= 9
    assert {name: after[(name.split()[0].removesuffix("_new"), name.split()[1])] for name in made} == pytest.approx(made, rel=1e-13)


def test_a_divergence_is_explained_and_mended(open_page: OpenPage) -> None:
    """The run that breaks keeps its last finite numbers; with half the learning rate it goes on from there."""
    page = open_page("/train?scenario=too-large-steps")
    page.select_option("[data-part=speed]", label="300 epochs/s")  # told of often enough to be seen growing
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    broke = page.locator(".broke").nth(1)
    expect(broke).to_be_visible()
    expect(broke).to_contain_text("layer")
    expect(page.locator(".broke").first).to_be_hidden()
    assert page.locator(".run").nth(1).locator("[data-quantity=W1]").first.get_attribute("data-value") not in (None, "", "NaN", "Infinity")
    expect(page.get_by_role("button", name="log")).to_have_attribute("aria-pressed", "true")  # or nothing else was to be seen
    rate = float(page.locator("[data-setting=learning_rate]").nth(1).get_attribute("data-value") or 0)
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="log")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Space")
    page.set_viewport_size({"width": 1024, "height": 640})  # what has no room is scrolled to: neither η nor what can be done is hidden
    painted(page)
    settings, said = page.locator(".settings").nth(1).bounding_box(), broke.bounding_box()
    acts = broke.locator(".acts").bounding_box()
    assert settings and said and acts and settings["y"] + settings["height"] <= said["y"] and acts["y"] + acts["height"] <= said["y"] + said["height"]
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("[data-part=halve]").nth(1).click()
    page.wait_for_selector(f".run:nth-child(2) [data-setting=learning_rate][data-value='{rate / 2:g}']")
    until(page, lambda: reading(page, "loss", 1) < 0.1)  # from the beginning: from numbers of 10^150 it would only diverge again


def test_numbers_that_are_looked_at_go_on_changing(open_page: OpenPage) -> None:
    """By pointer and by keyboard; a unit shows on the surface what it computes; arrows inside the network are no batches."""
    page = open_page("/train?scenario=xor")
    page.keyboard.press("Space")
    page.mouse.move(*page.locator("[data-view=network] [data-quantity=W2]").first.evaluate(MIDDLE))
    number = page.locator(".tooltip .num")
    for _ in range(4):
        now = number.text_content() or ""
        expect(number).not_to_have_text(now)
    page.keyboard.press("Space")
    settled(page)
    page.mouse.move(2, 2)
    page.locator("[data-view=network] [tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    quantity, entry, value = page.evaluate("Object.values({...document.activeElement.dataset})")
    expect(number).to_have_attribute("data-value", value)
    assert float(value) == parameters(page)[(quantity, entry)]
    page.locator("[data-view=network] [data-quantity=b1]").nth(1).focus()
    expect(page.locator("[data-view=surface] h3")).to_have_text("What unit 2 of layer 1 computes")


def test_however_slowly_it_plays_all_pictures_are_as_new_as_the_numbers(open_page: OpenPage) -> None:
    """They take turns, frame by frame, and none is left behind until the next report: to pause changes nothing that is painted."""
    page = open_page("/train?scenario=xor")
    settled(page)
    _, begun = page.evaluate(PAINTED)
    page.select_option("[data-part=speed]", index=0)
    page.evaluate("document.activeElement.blur()")
    for _ in range(9):  # until it is paused before the next epoch is told
        stood = reading(page, "epoch")
        page.keyboard.press("Space")
        until(page, lambda stood=stood: reading(page, "epoch") > stood)  # type: ignore[misc]
        epoch, playing = page.evaluate(PAINTED)
        page.keyboard.press("Space")
        settled(page)
        if epoch is not None and reading(page, "epoch") == float(epoch):
            break
    assert len(begun) == 5 and all(now != then for now, then in zip(playing, begun, strict=True))
    assert page.evaluate(PAINTED) == [epoch, playing]


def test_a_server_at_its_limit_is_said_and_asked_again(open_page: OpenPage) -> None:
    """What is typed meanwhile is taken when there is room; what was asked for while it stands, too."""
    page = open_page("/train?scenario=xor", allowed=(*LOST, "503"))
    settled(page)
    full = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "64 trainings run already"}
    answer = {"status": 503, "content_type": "application/problem+json", "headers": {"Retry-After": "1"}, "body": json.dumps(full)}
    intercept(page, "**/api/v1/train*", lambda route: route.fulfill(**answer))
    page.keyboard.press("ArrowRight")
    expect(page.locator(".banner")).to_contain_text(re.compile(r"64 trainings run already\. Trying again, \d of"))
    choose(page, "learning_rate", "0.07")
    page.keyboard.press("Space")
    page.wait_for_selector("html[data-playing=true]")
    expect(page.locator(".banner")).to_contain_text("nothing is lost")
    assert page.locator("[data-setting=learning_rate] input").input_value() == "0.07" and where(page) == (0, 0)
    page.unroute("**/api/v1/train*")
    until(page, lambda: reading(page, "epoch") >= 1)
    expect(page.locator(".banner")).to_be_hidden()
    assert page.get_attribute("[data-setting=learning_rate]", "data-value") == "0.07"


def test_two_runs_keep_step_and_a_problem_of_ones_own_is_trained(open_page: OpenPage, server: str, client: httpx.Client) -> None:
    page = open_page("/train?scenario=vanishing")
    expect(page.locator("[data-view=loss] .note")).to_have_text("over epochs")  # nothing is held out
    assert page.locator(".run").count() == 2 and page.get_attribute("main", "data-watch") == "norms"
    page.keyboard.press("Space")
    seen = page.evaluate(ABREAST, 12)
    page.keyboard.press("Space")
    seen.append(page.evaluate(ABREAST, 0)[0])
    assert all(first == second for first, second in seen) and seen[-1][0] >= 12
    problem = client.get("/api/v1/presets/xor").json()["problem"]
    page.goto(f"{server}/train#{links.write({}, problem)}")
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    assert page.locator("[data-part=scenario] option:checked").text_content() == "A network of your own"
    weights = json.dumps(problem["layers"][0]["weights"])
    assert [parameters(page)[("W1", "0,0")], parameters(page)[("W1", "0,1")]] == json.loads(weights)[0]


@pytest.mark.parametrize(
    ("scenario", "scheme", "size"),
    [("digits", "dark", (1440, 900)), ("vanishing", "light", (1024, 768)), ("too-large-steps", "dark", (390, 844))],
)
def test_it_fits_and_axe_finds_nothing_serious(open_page: OpenPage, scenario: str, scheme: str, size: tuple[int, int]) -> None:
    """At rest, and after a moment of training; never wider than the window."""
    page = open_page(f"/train?scenario={scenario}", color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
    page.keyboard.press("Space")
    page.wait_for_timeout(400)
    page.keyboard.press("Space")
    settled(page)
    assert page.get_attribute("html", "data-theme") == scheme
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    if size[0] > 760:
        assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    assert serious(page) == []
    page.keyboard.press("d")
    page.wait_for_selector(f"html:not([data-theme={scheme}])")


# Of what is written, without indices and exponents: whatever is smaller than for the last row, or sticks out of its panel.
WRITTEN = """() => [...document.querySelectorAll('body *')].flatMap(e => {
    const words = [...e.childNodes].filter(it => it.nodeType === Node.TEXT_NODE).map(it => it.textContent.trim()).join('');
    if (!words || !e.checkVisibility({ visibilityProperty: true }) || e.closest('option, tspan, sup, math, .visually-hidden, script')) return [];
    const [box, panel] = [e.getBoundingClientRect(), e.closest('.panel, .transport')?.getBoundingClientRect()];
    const hidden = getComputedStyle(e).clipPath !== 'none' || box.width < 2;
    const inside = panel && box.left >= panel.left - 1 && box.right <= panel.right + 1 && box.bottom <= panel.bottom + 1;
    return hidden ? [] : [[words, parseFloat(getComputedStyle(e).fontSize), Boolean(inside)]]; })"""


@pytest.mark.parametrize(
    ("scenario", "scheme"),
    [("spirals", "dark"), ("iris", "light"), ("vanishing", "dark"), ("softmax-or-squares", "light")],
)
def test_presenting_is_large_for_one_run_and_for_two(open_page: OpenPage, scenario: str, scheme: str) -> None:
    """At 1280 × 720 nothing that is read is under 24 px, and nothing is cut for it."""
    page = open_page(f"/train?scenario={scenario}", color_scheme=scheme, viewport={"width": 1280, "height": 720})
    page.keyboard.press("f")
    page.keyboard.press("Space")
    until(page, lambda: reading(page, "epoch") >= 1)
    page.keyboard.press("Space")
    settled(page)
    written = page.evaluate(WRITTEN)
    assert {"epoch", "loss", "1 batch"} <= {words for words, _, _ in written}
    assert [(words, size) for words, size, _ in written if size < 24] == []
    assert [words for words, _, inside in written if not inside] == []
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [1280, 720]
    page.keyboard.press("Escape")
    expect(page.locator(".top")).to_be_visible()


SMALL = """() => [...document.querySelectorAll('button, select, input')].filter(e => e.checkVisibility({ visibilityProperty: true }))
    .map(e => [e.getAttribute('aria-label') ?? e.textContent.trim(), e.getBoundingClientRect()])
    .filter(([, { width, height }]) => Math.min(width, height) < 40).map(([name]) => name)"""


@pytest.mark.parametrize(("scenario", "width", "height"), [("vanishing", 390, 844), ("spirals", 360, 640)])
def test_a_phone_has_play_at_hand_and_nothing_too_small_for_a_finger(open_page: OpenPage, scenario: str, width: int, height: int) -> None:
    """Without scrolling: the buttons, and where to look, which is the chart that makes the point or else the surface."""
    page = open_page(f"/train?scenario={scenario}", viewport={"width": width, "height": height}, has_touch=True)
    settled(page)
    assert page.evaluate(SMALL) == []
    page.get_by_role("button", name="Play").tap()
    until(page, lambda: reading(page, "epoch") >= 1)
    watched = "[data-view=norms]" if scenario == "vanishing" else ".surface"
    box, bar = page.locator(watched).first.bounding_box(), page.locator(".transport").bounding_box()
    assert box and bar and box["y"] + 100 < bar["y"] and bar["y"] + bar["height"] <= height
    page.get_by_role("button", name="Pause").tap()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL) == []


def test_a_page_that_nobody_sees_lets_the_server_rest(open_page: OpenPage) -> None:
    hidden = """on => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => on });
        document.dispatchEvent(new Event('visibilitychange')); }"""
    page = open_page("/train?scenario=xor")
    page.keyboard.press("Space")
    until(page, lambda: reading(page, "epoch") >= 2)
    with page.expect_event("requestfailed"):  # it was left
        page.evaluate(hidden, True)
    page.evaluate(hidden, False)
    epoch = reading(page, "epoch")
    until(page, lambda: reading(page, "epoch") > epoch + 2)


def test_keys_present_and_ask_for_help(open_page: OpenPage) -> None:
    page = open_page("/train?scenario=xor")
    settled(page)
    first = parameters(page)
    page.keyboard.press("n")
    until(page, lambda: parameters(page) != first)
    page.keyboard.press("l")
    expect(page.get_by_role("button", name="log")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("+")
    page.keyboard.press("f")
    expect(page.locator(".top")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".top")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.select_option("[data-part=scenario]", "iris")
    page.wait_for_url("**/train?scenario=iris")
    expect(page.locator("[data-view=network]")).to_contain_text("setosa")


def test_an_address_that_leads_nowhere_is_said(open_page: OpenPage) -> None:
    page = open_page("/train?scenario=nope")
    expect(page.locator(".banner")).to_contain_text("There is no scenario “nope”")
    assert reading(page, "epoch") == 0
    page = open_page("/train#p=damaged")
    expect(page.locator(".banner")).to_contain_text("This link is damaged")
    assert page.locator("[data-view=network] [data-quantity=W1]").count()
