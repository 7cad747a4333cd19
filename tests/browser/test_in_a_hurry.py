"""What people do who do not wait: on a phone, with one dialog in another's place, with a drag that is given up."""

import pytest
from changing import number, rested, value
from pages import OpenPage, intercept, painted, serious
from playwright.sync_api import Page, expect

FIELD = ".edit-field input"
DROP = """([name, text]) => {
    const carried = new DataTransfer();
    carried.items.add(new File([text], name));
    for (const kind of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""
TABLE = "x,y,class\n1,2,red\n3,4,blue\n"
WEIGHTS = '{"0.weight": [[1, 2], [3, 4]], "0.bias": [0, 1]}'


def drop(page: Page, name: str, text: str) -> None:
    page.evaluate(DROP, [name, text])


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("width", [390, 1440])
def test_the_field_stands_over_its_number(open_page: OpenPage, width: int) -> None:
    """Also on a phone, where the page scrolls and the network scrolls in it, and where the network gets other room; and the card is about that number."""
    page = open_page("/?preset=xor#step=5", viewport={"width": width, "height": 844}, has_touch=width < 500)
    number(page, "W1", "1,0").dblclick(force=True)
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.locator(".entry-name")).to_have_attribute("aria-label", "weight from unit 1 to unit 2, layer 1 is −1.09")
    scrolled = "[scrollTo(0, 60), document.querySelector('.scroll').scrollBy(25, 0)]"
    resized = "document.querySelector('main').style.gridTemplateColumns = '5fr 3fr'"
    for moved in (scrolled, resized, "0"):
        (x, y), (field_x, field_y) = middle(page, '[data-view=stage] [data-quantity="W1"][data-entry="1,0"][role=button] text'), middle(page, FIELD)
        assert abs(field_x - x) < 12 and abs(field_y - y) < 12
        page.evaluate(moved)
        painted(page)


def test_the_card_says_what_changed(open_page: OpenPage) -> None:
    page = open_page("/?preset=two-layer#step=5")
    number(page, "W1", "0,0").dblclick(force=True)
    page.keyboard.type("0.25")
    page.keyboard.press("Enter")
    rested(page)
    assert page.locator(".entry-name .change").count() == 0
    page.keyboard.press("c")
    expect(page.locator(".entry-name .change")).to_have_text("Δ +0.1000")
    page.keyboard.press("Control+z")
    expect(page.locator(".entry-name .change")).to_have_text("Δ −0.1000")
    page.keyboard.press("f")  # boxes have no room for both: the change takes the number's place
    expect(page.locator('[data-view=stage] [data-quantity="z1"][data-entry="0,0"] text')).to_have_text("Δ−0.0050")


@pytest.mark.parametrize("width", [390, 800, 1024, 1280, 1440])
def test_the_header_has_room(open_page: OpenPage, width: int) -> None:
    """For undo, redo, Δ and the example of a batch beside all else, and for a network's name."""
    page = open_page("/?preset=iris", viewport={"width": width, "height": 720})
    for entry in ("0,0", "0,1"):
        page.locator(f'[data-view=stage] [data-quantity="W1"][data-entry="{entry}"][role=button]').first.focus()
        page.keyboard.type("1")
        page.keyboard.press("Enter")
        rested(page)
    page.keyboard.press("Control+z")
    rested(page)
    boxes = [page.locator(f"[data-part={name}]").bounding_box() for name in ("undo", "redo", "delta", "example", "present")]
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    name = page.locator("[data-part=preset]").bounding_box()
    assert name and name["width"] > 90
    assert page.evaluate("document.querySelector('.top').scrollWidth") <= width


def test_a_file_dropped_on_a_dialog_takes_its_place(open_page: OpenPage) -> None:
    page = open_page("/")
    opened = "[...document.querySelectorAll('dialog[open]')].map((it) => it.classList[1])"
    page.locator("[data-part=share]").click()
    expect(page.locator("dialog.share")).to_be_visible()
    drop(page, "iris.data", TABLE)
    expect(page.locator("dialog.data").get_by_text("2 examples, 2 inputs, 2 classes")).to_be_visible()
    drop(page, "weights.json", WEIGHTS)
    expect(page.locator("dialog.import h2")).to_have_text("weights.json")
    page.wait_for_timeout(50)  # the other one's closing is told late
    assert page.evaluate(opened) == ["import"]
    page.keyboard.press("Escape")
    assert page.evaluate(opened) == []


def test_esc_gives_a_dragged_number_back(open_page: OpenPage) -> None:
    """It follows no more, and letting go of it pins nothing."""
    page = open_page("/")
    x, y = middle(page, '[data-view=stage] [data-quantity="W1"][data-entry="0,0"][role=button] text')
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    expect(number(page, "W1", "0,0")).not_to_have_attribute("data-value", "0.15")
    page.keyboard.press("Escape")
    page.mouse.move(x + 90, y, steps=4)
    assert value(page, "W1", "0,0") == 0.15
    page.mouse.up()
    assert value(page, "W1", "0,0") == 0.15
    assert page.locator("[data-part=undo]").is_hidden() and page.get_attribute(".entry-card", "data-pinned") != "true"


def test_a_server_that_comes_back(open_page: OpenPage) -> None:
    """What could not be fetched is fetched when it is asked for again, a table that was pasted meanwhile is read; no button is there that would do nothing."""
    page = open_page("/?preset=two-layer", allowed=("ERR_FAILED",), fresh=True)
    gone = r"**/{api/v1/*,static/**/views/data.js}"
    intercept(page, gone, lambda route: route.abort())
    page.locator("[data-part=data]").click()
    expect(page.locator(".banner p")).to_contain_text("cannot be fetched")
    page.locator(".banner button").click()
    page.keyboard.press("b")
    expect(page.locator(".banner p")).to_contain_text("cannot be reached")
    number(page, "W1", "0,0").focus()
    page.keyboard.type("0.5")
    expect(page.locator(".banner p")).to_contain_text("Trying again")
    expect(page.locator(".banner button")).to_be_hidden()
    page.keyboard.press("Enter")
    page.unroute(gone)
    assert value(page, "W1", "0,0") == 0.5
    page.locator("[data-part=data]").click()
    table = page.locator("dialog.data textarea")
    expect(table).to_be_visible()
    intercept(page, gone, lambda route: route.abort())
    table.fill(TABLE)
    expect(page.locator("dialog.data .said")).to_contain_text("cannot be reached")
    page.unroute(gone)
    expect(page.locator("dialog.data .said")).to_contain_text("2 examples")
    drop(page, "long.csv", TABLE + "5,6,red\n" * 1000)
    expect(page.locator("dialog.data .said")).to_contain_text("1002 examples")
    expect(table).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    expect(page.locator("[data-view=builder] .part").first).to_be_visible()


def test_the_focus_stays_among_the_examples(open_page: OpenPage) -> None:
    """However they are drawn anew; and what is wrong with a cell is said."""
    page = open_page("/?preset=two-layer")
    page.locator("[data-part=data]").click()
    cell = page.locator('dialog.data [data-cell="a0 0,0"]')
    cell.fill("abc")
    expect(page.locator("dialog.data p.wrong")).to_have_text("A number: 0.5, 0,5, 1/2 or 2e-3.")
    cell.fill("0,5")
    expect(page.locator("dialog.data p.wrong")).to_be_empty()
    for name, then in [("Add an example", "Add an example"), ("Show example 2", "Show example 2"), ("Remove example 2", "Add an example")]:
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")
        rested(page)
        expect(page.get_by_role("button", name=then, exact=True)).to_be_focused()
    assert serious(page) == []
