"""The page around the network: keys, lanes, presets, states, presenting, phones, accessibility, size."""

import json

import httpx
import pytest
from pages import OpenPage, go, intercept, painted, serious, shown, step, until
from playwright.sync_api import Route, expect


@pytest.mark.parametrize(
    ("preset", "scheme"),
    [("two-layer", "light"), ("two-layer", "dark"), ("iris", "dark"), ("digits", "light"), ("wide-and-deep", "light")],  # axe takes its time on large pages
)
def test_axe_finds_nothing_serious(open_page: OpenPage, preset: str, scheme: str) -> None:
    """At the start, in the middle of the backward pass, and with a number pinned at the end."""
    page = open_page(f"/?preset={preset}", color_scheme=scheme)
    assert serious(page) == []
    go(page, 10)
    assert serious(page) == []
    page.keyboard.press("End")
    page.locator("[data-view=inspector] button[data-quantity]").first.click()
    assert serious(page) == []


@pytest.mark.parametrize(("address", "act"), [("/", "f"), ("/", "?"), ("/docs", None)])
def test_axe_finds_nothing_serious_elsewhere(open_page: OpenPage, address: str, act: str | None) -> None:
    """Presenting, the dialog of keys, the page about the API."""
    page = open_page(address)
    if act:
        go(page, 8)
        page.keyboard.press(act)
        expect(page.locator({"f": ".presenting", "?": "dialog.help[open]"}[act])).to_be_visible()
        painted(page)
    assert serious(page) == []
    if address == "/docs":
        page = open_page(address, viewport={"width": 360, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_keys(open_page: OpenPage) -> None:
    """Every key of the list does what it says."""
    page = open_page("/?preset=two-layer")
    total = int(page.get_attribute("html", "data-steps") or 0)
    steps = [("ArrowRight", 1), ("PageDown", 2), ("ArrowLeft", 1), ("PageUp", 0), ("End", total), ("Home", 0)]
    phases = [("]", 1), ("]", 5), ("[", 1), ("]", 5), ("]", 6)]
    for key, expected in steps + phases:
        page.keyboard.press(key)
        assert step(page) == expected, key
    for key, speed in [("+", "2"), ("+", "4"), ("-", "2")]:
        page.keyboard.press(key)
        assert page.input_value(".speed") == speed
    before = page.get_attribute("html", "data-theme")
    page.keyboard.press("d")
    assert page.get_attribute("html", "data-theme") != before
    page.keyboard.press("n")
    assert page.locator("[data-view=stage].no-numbers").count() == 1
    page.keyboard.press("n")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.locator("#single-keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("n")
    assert page.locator("[data-view=stage].no-numbers").count() == 0


def test_every_lane_entry_goes_to_its_step(open_page: OpenPage, client: httpx.Client) -> None:
    """Each button of both lanes, named after its step. Θ is no step: it starts a walk."""
    ids = {item["title"]: item["index"] + 1 for item in client.get("/api/v1/trace", params={"preset": "two-layer"}).json()["steps"]}
    page = open_page("/?preset=two-layer")
    for lane in ("forward-lane", "backward-lane"):
        buttons = page.locator(f"[data-view={lane}] button:not(.theta)")
        assert buttons.count() >= 6
        for k in range(buttons.count()):
            buttons.nth(k).click()
            name = (buttons.nth(k).get_attribute("aria-label") or "").removeprefix("Go to ")
            assert step(page) == ids.get(name, 0)
            assert buttons.nth(k).get_attribute("aria-current") == "step"


def test_the_scrubber_goes_anywhere_and_says_where(open_page: OpenPage) -> None:
    """A native range with a spoken value."""
    page = open_page("/?preset=two-layer")
    page.locator(".scrubber input").fill("9")
    assert step(page) == 9
    assert "∂ℒ/∂b[2]" in (page.get_attribute(".scrubber input", "aria-valuetext") or "")


def test_choosing_a_preset_and_going_back(open_page: OpenPage) -> None:
    """The menu opens a network and the browser's back button the one before."""
    page = open_page("/?preset=two-layer")
    page.select_option("[data-part=preset]", "xor")
    page.wait_for_selector('.fact:has-text("2 → 3 → 1")')
    page.wait_for_url("**/?preset=xor")
    assert page.locator("[data-part=example] option").count() == 5
    page.go_back()
    page.wait_for_selector('.fact:has-text("2 → 2 → 2")')


def test_an_example_of_the_batch_can_be_chosen(open_page: OpenPage) -> None:
    """The stage shows the chosen row; all of them as strips."""
    page = open_page("/?preset=xor")
    page.select_option("[data-part=example]", "2")
    assert page.locator('[data-view=stage] [data-quantity=a0][data-entry="2,0"]').count() == 1
    page.select_option("[data-part=example]", "-1")
    assert page.locator("[data-view=stage] canvas.strip").count() >= 6


def test_an_unknown_preset_is_named(open_page: OpenPage) -> None:
    """The default opens and the banner says why."""
    page = open_page("/?preset=nope<b>")
    assert "nope<b>" in (page.locator(".banner").text_content() or "")
    assert page.get_attribute("html", "data-steps") == "18"


def test_a_lost_server_is_said_and_found_again(open_page: OpenPage) -> None:
    """Requests fail, the banner says so, nothing is lost; when the server is back the page goes on by itself."""
    page = open_page("/?preset=two-layer", allowed=("Failed to load resource", "net::ERR"))
    go(page, 7)
    intercept(page, "**/api/v1/trace*", lambda route: route.abort())
    page.select_option("[data-part=preset]", "xor")
    page.wait_for_selector(".banner:not([hidden])")
    assert "cannot be reached" in (page.locator(".banner").text_content() or "")
    assert (step(page), page.get_attribute("html", "data-stale")) == (7, "true")
    assert "dz2" in shown(page)
    page.unroute("**/api/v1/trace*")
    page.wait_for_selector('.fact:has-text("2 → 3 → 1")')
    assert page.locator(".banner").is_hidden()


def test_a_refused_problem_keeps_the_last_good_trace(open_page: OpenPage) -> None:
    """The server's own words name the fault; the numbers stay."""
    page = open_page("/?preset=two-layer", allowed=("422",))
    intercept(page, "**/api/v1/trace*", lambda route: route.continue_(post_data=json.dumps({"layers": [{"units": 2, "activation": "nope"}], "inputs": [[1]]})))
    page.select_option("[data-part=preset]", "xor")
    page.wait_for_selector(".banner:not([hidden])")
    assert "layers[0].activation" in (page.locator(".banner").text_content() or "")
    assert (page.get_attribute("html", "data-steps"), page.get_attribute("html", "data-stale")) == ("18", "false")


def test_a_late_answer_never_overwrites_a_newer_one(open_page: OpenPage) -> None:
    """The first of two requests is held back until the second is on the screen."""
    held: list[Route] = []
    page = open_page("/?preset=two-layer")
    intercept(page, "**/api/v1/trace*", lambda route: held.append(route) if "iris" in (route.request.post_data or "") else route.continue_())
    page.select_option("[data-part=preset]", "iris")
    until(page, lambda: held)
    page.select_option("[data-part=preset]", "xor")
    page.wait_for_selector('.fact:has-text("2 → 3 → 1")')
    for route in held:
        route.continue_()
    page.wait_for_timeout(400)
    assert page.locator('.fact:has-text("2 → 3 → 1")').count() == 1
    assert page.title().startswith("XOR")


def test_non_finite_numbers_are_shown_and_explained(open_page: OpenPage) -> None:
    """∞ on the stage, the step where it began says why."""
    page = open_page("/?preset=two-layer")
    saturated = {"layers": [{"weights": [[1000.0]], "activation": "sigmoid"}], "inputs": [[1.0]], "targets": [[0.0]], "loss": "binary_cross_entropy"}
    intercept(page, "**/api/v1/trace*", lambda route: route.continue_(post_data=json.dumps(saturated)))
    page.select_option("[data-part=preset]", "xor")
    page.wait_for_selector('.fact:has-text("1 → 1")')
    go(page, 3)
    loss = page.locator("[data-view=stage] [data-quantity=loss]")
    assert (loss.get_attribute("data-value"), loss.locator(".number:not(.delta)").text_content()) == ("Infinity", "∞")
    assert "clip" in (page.locator("[data-view=inspector] .note").text_content() or "")
    go(page, 2)
    assert page.locator('[data-view=stage] .half[data-quantity=dz1]').get_attribute("data-value") == "NaN"


SMALLEST = """() => { const world = document.querySelector('.world');
    const scale = world.getBoundingClientRect().width / world.offsetWidth;
    return Math.min(...[...document.querySelectorAll('[data-view] text, [data-view] .entry, [data-view] .float, .head h2, .formula math, .counter')]
        .filter(e => e.checkVisibility() && e.textContent.trim() && e.getBoundingClientRect().width)
        .map(e => parseFloat(getComputedStyle(e).fontSize) * (e.closest('.world') ? scale : 1))); }"""


def test_presenting_is_large_and_whole(open_page: OpenPage) -> None:
    """At 1280 × 720: chrome hidden, the whole two-layer network in view, text at least 24 px."""
    page = open_page("/?preset=two-layer", viewport={"width": 1280, "height": 720})
    go(page, 10)
    page.keyboard.press("f")
    painted(page)
    assert page.locator("header").is_hidden()
    assert page.evaluate(SMALLEST) >= 23.9
    fits = "() => { const s = document.querySelector('.scroll'); return [s.scrollWidth - s.clientWidth, s.scrollHeight - s.clientHeight]; }"
    assert max(page.evaluate(fits)) <= 1
    page.keyboard.press("Escape")
    assert page.locator("header").is_visible()


@pytest.mark.parametrize("width", [360, 390])
def test_a_phone_stacks_and_swipes(open_page: OpenPage, width: int) -> None:
    """No sideways scrolling of the page; a swipe on the equation steps; the timeline stays at hand."""
    page = open_page("/?preset=two-layer", viewport={"width": width, "height": 780}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    swipe = """([from, to]) => { const e = document.querySelector('.inspector');
        const touch = x => new Touch({ identifier: 1, target: e, clientX: x, clientY: 600 });
        e.dispatchEvent(new TouchEvent('touchstart', { touches: [touch(from)], changedTouches: [touch(from)], bubbles: true }));
        e.dispatchEvent(new TouchEvent('touchend', { touches: [], changedTouches: [touch(to)], bubbles: true })); }"""
    page.evaluate(swipe, [300, 100])
    assert step(page) == 1
    page.evaluate(swipe, [100, 300])
    assert step(page) == 0
    assert page.locator(".transport .play").is_visible()


def test_first_paint_is_whole_and_small(open_page: OpenPage, server: str) -> None:
    """No request for data before the first step, and less than 320 kB over the wire, the maths font included."""
    page = open_page("/docs", fresh=True).context.new_page()
    sizes: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")  # not switched off: then a preloaded font may come twice
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server + "/")
    page.wait_for_selector("html[data-ready=true]")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/api/" in url]
    assert 200_000 < sum(sizes) < 320_000


def test_the_document_forbids_inline_code(client: httpx.Client) -> None:
    """The content security policy of the step page is strict, and the page keeps to it (any breach is a console error)."""
    policy = client.get("/").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_a_strip_can_be_pointed_at(open_page: OpenPage, client: httpx.Client) -> None:
    """A number inside a heat strip: the inspector expands the entry under the pointer."""
    trace = client.get("/api/v1/trace", params={"preset": "digits"}).json()
    page = open_page("/?preset=digits")
    go(page, 2)
    box = page.locator("canvas.strip[data-strip=a1]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * (7 + 0.5) / 24)
    found = page.locator("[data-expansion=a1][data-entry='0,7']")
    assert float(found.get_attribute("data-total") or 0) == trace["steps"][1]["values"]["a1"]["data"][0][7]


def test_copy_gives_every_digit(open_page: OpenPage) -> None:
    """Copying while a number is looked at takes its full precision, over plain http too."""
    page = open_page("/?preset=two-layer")
    go(page, 5)
    page.locator("[data-view=stage] [data-quantity=loss]").hover()
    copied = """() => { const data = new DataTransfer();
        document.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
        return data.getData('text/plain'); }"""
    assert page.evaluate(copied) == page.get_attribute("[data-view=stage] [data-quantity=loss]", "data-value")


def test_print_is_a_worked_solution(open_page: OpenPage) -> None:
    """One block a step with its equation; nothing of it is there on the screen."""
    page = open_page("/?preset=two-layer")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".print .block").count() == 18
    assert page.locator(".print .block math").first.is_visible()
    assert page.locator("[data-view=stage]").is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".print .block").count() == 0


def test_a_link_opens_at_its_step(open_page: OpenPage) -> None:
    """#step=8 is eight steps in; beyond the end is the end."""
    assert step(open_page("/?preset=two-layer#step=8")) == 8
    assert step(open_page("/?preset=two-layer#step=999")) == 18


def test_a_changed_step_in_the_address_is_followed(open_page: OpenPage) -> None:
    """Without another trace; and the address follows the cursor."""
    page = open_page("/?preset=two-layer")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("location.hash = 'step=9'")
    page.wait_for_selector('html[data-step="9"]')
    go(page, 2)
    page.wait_for_url("**?preset=two-layer#step=11")
    assert not [url for url in asked if "/api/v1/trace" in url]


def test_what_happens_now_is_amber(open_page: OpenPage) -> None:
    """The current arrow of the lane too, and nothing that is merely not finite."""
    page = open_page("/?preset=two-layer")
    go(page, 10)
    amber = "rgb(242, 183, 5)"
    assert page.evaluate("getComputedStyle(document.querySelector('.arrow.backward.now')).stroke") == amber
    colours = "[...document.querySelectorAll('[data-view=stage] .cell:not(.now) .ring')].map(e => getComputedStyle(e).stroke)"
    assert amber not in page.evaluate(colours)


def test_edges_keep_what_they_carried(open_page: OpenPage, client: httpx.Client) -> None:
    """At ∂ℒ/∂a^[1] each edge of layer 2 has the colour of its contribution's sign."""
    truth = client.get("/api/v1/trace", params={"preset": "two-layer"}).json()
    dz2 = next(item for item in truth["steps"] if item["id"] == "dz2")["values"]["dz2"]["data"][0]
    page = open_page("/?preset=two-layer")
    go(page, 10)
    negative = sum(2 for value in dz2 if value < 0)  # every weight of this layer is positive
    assert page.locator(".edge.carries-gradient.carries-neg").count() == negative == 2
    assert page.locator(".edge.carries-gradient.carries-pos").count() == 2


@pytest.mark.parametrize("preset", ["iris", "digits", "wide-and-deep", "vanishing"])
@pytest.mark.parametrize("width", [360, 390, 1024])
def test_nothing_sticks_out_sideways(open_page: OpenPage, preset: str, width: int) -> None:
    """The document is never wider or, on a large screen, higher than its window."""
    page = open_page(f"/?preset={preset}#step=10", viewport={"width": width, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width > 760:
        assert page.evaluate("document.documentElement.scrollHeight") <= 768


def test_focus_survives_a_step(open_page: OpenPage) -> None:
    """A number of a matrix that is still there keeps the focus, otherwise its view does; never the document."""
    page = open_page("/?preset=two-layer")
    go(page, 9)
    page.locator("[data-view=inspector] button[data-quantity]").first.focus()
    page.keyboard.press("PageDown")
    assert page.evaluate("document.activeElement !== document.body && !!document.activeElement.closest('[data-view=inspector]')")


def test_divergence_is_said_on_every_later_step(open_page: OpenPage) -> None:
    """And there is a way back to the step where it began."""
    page = open_page("/?preset=two-layer")
    huge = {"layers": [{"weights": [[1e200]], "activation": "identity"}] * 2, "inputs": [[1e200]], "targets": [[0]], "optimizer": "sgd"}
    intercept(page, "**/api/v1/trace*", lambda route: route.continue_(post_data=json.dumps(huge)))
    page.select_option("[data-part=preset]", "xor")
    page.wait_for_selector('.fact:has-text("1 → 1 → 1")')
    page.keyboard.press("End")
    note = page.locator("[data-view=inspector] .note")
    assert "since step 1" in (note.text_content() or "")
    assert page.get_by_role("button", name="Apply and go again").count() == 0
    note.get_by_role("button").click()
    assert step(page) == 1
