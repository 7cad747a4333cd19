"""A number is changed where it stands, and everything that follows from it is there."""

import math
import time

import httpx
import pytest
from changing import agrees, flights, number, problem_of, put, rested, value
from pages import OpenPage, intercept, serious, step, until
from playwright.sync_api import Locator, Page, Route, expect

FIELD = ".edit-field input"
STEP = 10  # ∂ℒ/∂a[1]: matrices of ∂ℒ/∂z[2] and W[2]


def test_by_double_click_f2_typing_and_from_the_card(open_page: OpenPage, client: httpx.Client) -> None:
    """Inputs, targets, weights and biases; every number then is the API's for the problem with that number in it. The step stays, so does the focus."""
    page = open_page(f"/?preset=two-layer#step={STEP}")
    problem = problem_of(client, "two-layer")
    for quantity, entry, typed, is_now in [
        ("W1", (0, 1), "0,5", 0.5),
        ("a0", (0, 0), "1/2", 0.5),
        ("y", (0, 1), "-2e-3", -0.002),
        ("b2", (1,), "−.75", -0.75),
    ]:
        cell = number(page, quantity, ",".join(map(str, entry)))
        put(problem, quantity, entry, is_now)
        if quantity == "W1":
            cell.dblclick(force=True)
            expect(page.locator(FIELD)).to_be_focused()
            page.keyboard.type(typed)
        elif quantity == "a0":
            cell.focus()
            page.keyboard.press("F2")
            page.keyboard.type(typed)
        elif quantity == "y":
            cell.focus()
            page.keyboard.type(typed)
        else:
            cell.click(force=True)
            page.locator(".entry-card [data-tool=change]").click()
            page.keyboard.type(typed)
        assert agrees(page, client, problem) > 25
        page.keyboard.press("Enter")
        expect(page.locator(FIELD)).to_be_hidden()
        expect(cell).to_be_focused()
        assert agrees(page, client, problem) > 25 and step(page) == STEP


def test_in_a_matrix(open_page: OpenPage, client: httpx.Client) -> None:
    """The number in the matrix stays the same element, so the focus comes back to it and the card does not jump."""
    page = open_page(f"/?preset=two-layer#step={STEP}")
    problem = problem_of(client, "two-layer")
    cell = number(page, "W2", "1,0", "inspector")
    cell.dblclick()
    page.keyboard.type("3")
    put(problem, "W2", (1, 0), 3)
    page.keyboard.press("Enter")
    expect(cell).to_be_focused()
    expect(cell).to_have_text("3.000")
    agrees(page, client, problem)
    page.keyboard.press("F2")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    agrees(page, client, problem)


def test_arrow_keys_walk_a_grid(open_page: OpenPage) -> None:
    """A hundredth, ten times that with Shift, a tenth with Alt; the field shows what the trace has."""
    page = open_page("/?preset=two-layer")
    number(page, "W1", "0,1").focus()
    page.keyboard.press("F2")
    for keys, is_now in [
        ("ArrowUp", 0.21),
        ("Shift+ArrowUp", 0.3),
        ("Alt+ArrowDown", 0.299),
        ("ArrowDown", 0.29),
        ("Shift+ArrowDown", 0.2),
        ("Shift+ArrowDown", 0.1),
        ("Shift+ArrowDown", 0.0),
    ]:
        page.keyboard.press(keys)
        assert float(page.input_value(FIELD)) == is_now == value(page, "W1", "0,1"), keys


def test_how_it_ends(open_page: OpenPage, client: httpx.Client) -> None:
    """Enter, Tab and a click elsewhere keep the number; Esc brings back the one before, however far the new one had come, and nothing else."""
    page = open_page("/?preset=two-layer")
    problem = problem_of(client, "two-layer")
    cell = number(page, "W1", "0,0")

    def typed(text: str) -> None:
        cell.focus()
        page.keyboard.press("F2")
        page.keyboard.type(text)

    typed("0.7")
    page.keyboard.press("Tab")
    assert page.locator(FIELD).is_hidden() and page.evaluate("document.activeElement.dataset.quantity") not in ("W1", None)
    assert value(page, "W1", "0,0") == 0.7
    typed("0.8")
    page.locator(".brand").click()
    expect(page.locator(FIELD)).to_be_hidden()
    put(problem, "W1", (0, 0), 0.8)
    agrees(page, client, problem)
    typed("99")
    agrees(page, client, {**problem, "edits": [{"quantity": "W1", "entry": [0, 0], "value": 99}]})
    page.keyboard.press("Escape")
    agrees(page, client, problem)
    held: list[Route] = []
    intercept(page, "**/api/v1/trace?*", lambda route: held.append(route))
    typed("55")
    until(page, lambda: held)
    page.keyboard.press("Escape")
    assert len(held) == 1 and page.get_attribute("html", "data-stale") == "false"
    page.unroute_all()
    agrees(page, client, problem)
    page.keyboard.press("Control+z")
    assert value(page, "W1", "0,0") == 0.7
    page.keyboard.press("Control+z")
    assert value(page, "W1", "0,0") == 0.15 and page.locator("[data-part=undo]").is_hidden()


def test_what_is_refused_says_why_beside_the_field_and_loses_nothing(open_page: OpenPage, client: httpx.Client) -> None:
    """A target beyond the log loss's domain, and text that is no number: the last good trace stays, what was typed stays, Enter leaves it to be mended."""
    page = open_page("/?preset=xor#step=9", allowed=("422",))
    problem = problem_of(client, "xor")
    note, cell = page.locator(".edit-note"), number(page, "y", "0,0")
    cell.dblclick(force=True)
    page.keyboard.type("1.5")
    expect(note).to_have_text("expected a probability from 0 to 1 for binary_cross_entropy, got 1.5")
    put(problem, "y", (0, 0), 1)  # what was typed until then
    agrees(page, client, problem)
    page.keyboard.press("Enter")
    expect(page.locator(FIELD)).to_be_focused()
    assert page.input_value(FIELD) == "1.5" and page.get_attribute(FIELD, "aria-invalid") == "true"
    page.keyboard.press("Backspace")
    page.keyboard.type("x")
    expect(note).to_contain_text("A number: 0.5")
    agrees(page, client, problem)
    page.keyboard.press("Escape")
    expect(page.locator(FIELD)).to_be_hidden()
    agrees(page, client, problem_of(client, "xor"))
    assert page.locator(".banner").is_hidden() and page.locator("[data-part=undo]").is_hidden()


def test_only_what_is_given_opens(open_page: OpenPage) -> None:
    """No field for what follows from other numbers, and none for a weight that an update has replaced."""
    page = open_page("/?preset=two-layer#step=18")
    for quantity, entry in [("z1", "0,0"), ("dz2", "0,1"), ("loss", ""), ("W1_new", "0,0")]:
        number(page, quantity, entry).dblclick(force=True)
        number(page, quantity, entry).focus()
        page.keyboard.press("F2")
        assert page.locator(FIELD).is_hidden(), quantity


def dragged(page: Page, quantity: str, entry: str, dx: int, dy: int = 0, keys: str = "") -> None:
    box = number(page, quantity, entry).locator("text, :scope").last.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if keys:
        page.keyboard.down(keys)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=6)
    rested(page)


def test_dragged(open_page: OpenPage, client: httpx.Client) -> None:
    """The number follows, stays pointed at with its tooltip, and is not pinned at the end; one drag is one change."""
    page = open_page(f"/?preset=two-layer#step={STEP}")
    problem = problem_of(client, "two-layer")
    dragged(page, "b1", "0", 30, -30)
    put(problem, "b1", (0,), 0.55)
    expect(page.locator(".tooltip")).to_contain_text("0.55")
    assert "looked" in (number(page, "b1", "0").get_attribute("class") or "")
    agrees(page, client, problem)
    page.mouse.up()
    assert page.get_attribute(".entry-card", "data-pinned") == "false" and page.locator("[aria-pressed=true][data-quantity=b1]").count() == 0
    dragged(page, "a0", "0,1", -15, keys="Shift")
    page.mouse.up()
    page.keyboard.up("Shift")
    put(problem, "a0", (0, 1), -0.4)
    agrees(page, client, problem)
    page.keyboard.press("Control+z")
    assert value(page, "a0", "0,1") == 0.1 and value(page, "b1", "0") == 0.55
    dragged(page, "a0", "0,1", 2)  # no drag yet
    page.mouse.up()
    assert value(page, "a0", "0,1") == 0.1 and page.get_attribute(".entry-card", "data-pinned") == "true", "a click that wanders is a click"


def test_undo_redo_and_what_has_changed(open_page: OpenPage, client: httpx.Client) -> None:
    """By keys and by buttons, to the last bit; Δ on every number that changed is what the API says before and after."""
    page = open_page(f"/?preset=two-layer#step={STEP}")
    problem = problem_of(client, "two-layer")
    before = client.post("/api/v1/trace", json=problem).json()
    cell = number(page, "W2", "0,0")
    cell.focus()
    page.keyboard.type("0.6")
    page.keyboard.press("Enter")
    put(problem, "W2", (0, 0), 0.6)
    page.keyboard.press("c")
    after = client.post("/api/v1/trace", json=problem).json()
    change = after["steps"][2]["values"]["z2"]["data"][0][0] - before["steps"][2]["values"]["z2"]["data"][0][0]
    note = number(page, "z2", "0,0").locator(".delta")
    agrees(page, client, problem)  # until the last key's answer is there, Δ is what an earlier one has changed
    expect(note).to_be_visible()
    assert math.isclose(float((note.text_content() or "").removeprefix("Δ")), change, rel_tol=0.05)
    assert number(page, "z1", "0,0").locator(".delta").text_content() == ""
    for quantity, told in [("W2", True), ("z1", False)]:
        assert ("changed by" in (number(page, quantity, "0,0").get_attribute("aria-label") or "")) is told
    page.keyboard.press("Control+z")
    agrees(page, client, problem_of(client, "two-layer"))
    page.keyboard.press("Control+Shift+z")
    agrees(page, client, problem)
    page.locator("[data-part=undo]").click()
    agrees(page, client, problem_of(client, "two-layer"))
    page.locator("[data-part=redo]").click()
    agrees(page, client, problem)
    assert step(page) == STEP and page.locator("[data-part=redo]").is_hidden()


AT_FIRST = """() => new MutationObserver(() => { window.atFirst ??= getComputedStyle(document.querySelector('.stage [data-quantity=W1] .number')).opacity; })
    .observe(document.documentElement, { attributeFilter: ['data-stale'] })"""  # in the page: looked at from here, a moment has passed


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_old_numbers_look_stale_when_an_answer_is_slow(open_page: OpenPage, motion: str) -> None:
    """They fade after a moment, so what comes at once does not flicker."""
    page = open_page("/?preset=two-layer", reduced_motion=motion)
    held: list[Route] = []
    intercept(page, "**/api/v1/trace?*", lambda route: held.append(route))
    page.evaluate(AT_FIRST)
    number(page, "W1", "0,0").focus()
    page.keyboard.type("2")
    page.wait_for_selector("html[data-stale=true]")
    assert page.evaluate("window.atFirst") == "1"
    expect(page.locator(".stage [data-quantity=W1] .number").first).to_have_css("opacity", "0.45")
    until(page, lambda: held)
    held[0].continue_()
    rested(page)
    assert value(page, "W1", "0,0") == 2


# At least so long, and at least 250 values: where frames are few it takes its time.
BUSY = """seconds => new Promise(async done => {
    const field = document.querySelector('.edit-field input'), until = performance.now() + seconds * 1000, frame = () => new Promise(requestAnimationFrame);
    let k = 0, last;
    while (performance.now() < until || k < 250) {
        for (let many = 0; many < 5; many += 1) { field.value = last = String((k++ % 997) / 100); field.dispatchEvent(new Event('input', { bubbles: true })); }
        await (k % 3 ? frame() : new Promise(resolve => setTimeout(resolve, k % 7)));
    }
    done([k, last]);
})"""


def test_fast_typing_and_dragging_leave_the_last_value_and_nothing_else(open_page: OpenPage, client: httpx.Client) -> None:
    """Hundreds of values a second: one request flies at most, what comes between is never asked, no node and no memory stays behind."""
    page = open_page(f"/?preset=two-layer#step={STEP}")
    problem = problem_of(client, "two-layer")
    page.evaluate("performance.setResourceTimingBufferSize(5000)")
    cdp = page.context.new_cdp_session(page)

    def weight() -> tuple[int, int]:
        page.wait_for_timeout(400)  # until checks have been asked again
        cdp.send("HeapProfiler.collectGarbage")
        cdp.send("Performance.enable")
        metrics = {item["name"]: item["value"] for item in cdp.send("Performance.getMetrics")["metrics"]}
        return int(metrics["Nodes"]), int(metrics["JSHeapUsedSize"])

    cell = number(page, "W1", "0,1")
    cell.dblclick(force=True)
    page.evaluate(BUSY, 0.5)
    nodes, heap = weight()
    events, last = page.evaluate(BUSY, 2)
    by_then, _ = flights(page)
    rested(page)
    assert flights(page)[0] <= by_then + 3  # what had just landed, what was flying, and the last value
    put(problem, "W1", (0, 1), float(last))
    agrees(page, client, problem)
    asked, most = flights(page)
    assert most == 1 and asked < events / 2
    page.keyboard.press("Enter")
    dragged(page, "b1", "0", 3)
    for k in range(60):
        page.mouse.move(600 + 7 * k % 200, 300 + k % 50)
    page.mouse.move(700, 250)
    page.mouse.up()
    put(problem, "b1", (0,), value(page, "b1", "0"))
    agrees(page, client, problem)
    assert flights(page)[1] == 1
    more_nodes, more_heap = weight()
    assert more_nodes < nodes + 300 and more_heap < heap + 3_000_000, (nodes, more_nodes, heap, more_heap)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible_while_changing(open_page: OpenPage, scheme: str) -> None:
    """The field has the number's name; what is wrong belongs to it; axe finds nothing serious, also of Δ."""
    page = open_page("/?preset=two-layer#step=10&delta=on", color_scheme=scheme)
    number(page, "W1", "0,1").focus()
    page.keyboard.type("1x")
    rested(page)
    field = page.get_by_role("textbox", name="weight from unit 2 to unit 1, layer 1")
    expect(field).to_have_accessible_description("A number: 0.5, 0,5, 1/2 or 2e-3.")
    assert serious(page) == []


def tapped_twice(page: Page, cell: Locator) -> None:
    """A tenth of a second apart, by the clock of the events: two taps of Playwright's are as far apart as the machine is slow."""
    cdp, box, began = page.context.new_cdp_session(page), cell.bounding_box(), time.time()
    assert box
    finger = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    for when in (began, began + 0.1):
        cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger], "timestamp": when})
        cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": [], "timestamp": when + 0.03})


def test_on_a_phone(open_page: OpenPage, client: httpx.Client) -> None:
    """Two taps on a number, or one and "change"; the field is on the screen and within it."""
    page = open_page("/?preset=two-layer#step=10", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    problem = problem_of(client, "two-layer")
    cell = number(page, "W2", "0,0")
    cell.scroll_into_view_if_needed()
    tapped_twice(page, cell)
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type("0.9")
    page.keyboard.press("Enter")
    put(problem, "W2", (0, 0), 0.9)
    agrees(page, client, problem)
    cell = number(page, "W2", "1,1")
    cell.tap(force=True)
    page.locator(".entry-card [data-tool=change]").tap()
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.locator(FIELD)).to_be_in_viewport(ratio=1)
    page.keyboard.type("-1")
    put(problem, "W2", (1, 1), -1)
    agrees(page, client, problem)
