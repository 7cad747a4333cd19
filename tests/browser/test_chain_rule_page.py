"""The page about the chain rule in a real Chromium: it shows what the server says, moves with θ, and needs nothing from elsewhere."""

import json
from typing import Any

import httpx
import pytest
from pages import OpenPage, intercept, painted, serious, until
from playwright.sync_api import Page, Route, expect

CALL = "/api/v1/chain-rule"
SLOPES = ("product", "outer", "inner")


def numbers(page: Page) -> dict[str, float]:
    """The three slopes as the page shows them, in full."""
    return {name: float(page.get_attribute(f"[data-slope={name}] .num", "data-value") or "nan") for name in SLOPES}


def settled(page: Page, theta: float | None = None) -> None:
    """Until the page shows the answer to what is asked."""
    page.wait_for_selector("html[data-stale=false]")
    if theta is not None:
        page.wait_for_selector(f'[data-panel=inner] [data-number=x][data-value="{theta:g}"]')
    painted(page)


def slide(page: Page, theta: float) -> None:
    page.locator(".slider").evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }", str(theta))
    settled(page, theta)


def drawn(page: Page, panel: str) -> list[dict[str, Any]]:
    """Name and place on the screen of every shape that Plotly drew."""
    return page.evaluate(
        """panel => { const chart = document.querySelector(`[data-panel=${panel}] .chart`);
        return [...chart.querySelectorAll('.shapelayer path')].map((e, k) => ({ name: chart.layout.shapes[k].name, path: e.getAttribute('d'),
            stroke: getComputedStyle(e).stroke, fill: getComputedStyle(e).fill })); }""",
        panel,
    )


@pytest.mark.parametrize(("outer", "inner", "theta"), [("square", "sigmoid", 0.5), ("log_loss", "sigmoid", -1.2), ("sine", "affine", 0.8)])
def test_it_shows_what_the_server_says(open_page: OpenPage, client: httpx.Client, outer: str, inner: str, theta: float) -> None:
    """Slopes, values and the check, from the first paint on and without a request for data."""
    said = client.get(CALL, params={"outer": outer, "inner": inner, "theta": theta}).json()
    page = open_page(f"/chain-rule?outer={outer}&inner={inner}&theta={theta}")
    assert page.evaluate("performance.getEntriesByType('resource').filter(e => e.name.includes('/api/')).length") == 0
    assert numbers(page) == {name: said["slopes"][name] for name in SLOPES}
    assert numbers(page)["product"] == numbers(page)["outer"] * numbers(page)["inner"]
    panels = {"inner": ("theta", "a", "inner"), "outer": ("a", "f", "outer"), "composite": ("theta", "f", "product")}
    for panel, (x, y, slope) in panels.items():
        shown = [float(page.get_attribute(f"[data-panel={panel}] [data-number={name}]", "data-value") or "nan") for name in ("x", "y", "slope")]
        assert shown == [said[x], said[y], said["slopes"][slope]]
    assert page.get_attribute(".check", "data-verdict") == "agrees"
    assert page.locator(".check .mark").text_content() == "✓"
    assert float(page.get_attribute(".check .quotient", "data-value") or "nan") == said["check"]["quotient"]
    assert (page.input_value("[data-part=outer]"), page.input_value("[data-part=inner]")) == (outer, inner)


def test_moving_the_slider_moves_everything(open_page: OpenPage, client: httpx.Client) -> None:
    """Numbers are the server's for that θ, and every tangent is drawn elsewhere."""
    page = open_page("/chain-rule")
    before = {panel: drawn(page, panel) for panel in ("inner", "outer", "composite")}
    slide(page, -1.37)
    assert numbers(page) == {name: client.get(CALL, params={"theta": -1.37}).json()["slopes"][name] for name in SLOPES}
    for panel, shapes in before.items():
        assert [shape["name"] for shape in shapes] == ["guide", "gradient+", "gradient+", "now"]
        assert all(old["path"] != new["path"] for old, new in zip(shapes, drawn(page, panel), strict=True))
    page.wait_for_url("**?outer=square&inner=sigmoid&theta=-1.37")


def test_signs_have_their_colours_in_both_themes(open_page: OpenPage) -> None:
    """Falling slopes are green, rising ones purple, the point is amber; in the dark too, at once when the theme changes."""
    page = open_page("/chain-rule?outer=log_loss&inner=sigmoid&theta=0.5")
    for token_theme in ("light", "dark"):
        expect(page.locator("html")).to_have_attribute("data-theme", token_theme)
        painted(page)
        token = "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
        assert drawn(page, "inner")[2]["stroke"] == page.evaluate(token, "--grad-pos")
        assert drawn(page, "outer")[2]["stroke"] == page.evaluate(token, "--grad-neg")
        assert drawn(page, "outer")[3]["fill"] == page.evaluate(token, "--now") == "rgb(242, 183, 5)"
        page.keyboard.press("d")
    assert page.evaluate("localStorage.getItem('backprop.theme')") == "light"


def test_the_remembered_theme_wins(open_page: OpenPage) -> None:
    page = open_page("/chain-rule", color_scheme="light")
    page.keyboard.press("d")
    page.reload()
    page.wait_for_selector("html[data-ready=true]")
    assert page.get_attribute("html", "data-theme") == "dark"


def test_keys_and_typing(open_page: OpenPage) -> None:
    """Arrows, Shift for fine steps, PageDown for large ones; numbers as people type them; what is no number is told beside the field."""
    page = open_page("/chain-rule")
    for key, theta in [("ArrowRight", 0.55), ("ArrowLeft", 0.5), ("Shift+ArrowRight", 0.51), ("PageDown", 1.0), ("PageUp", 0.5)]:
        page.keyboard.press(key)
        settled(page, theta)
    page.locator(".slider").focus()
    page.keyboard.press("ArrowUp")
    settled(page, 0.55)
    field = page.locator("[data-part=typed]")
    for text, theta in [("1/4", 0.25), ("-0,75", -0.75), ("−2", -2), ("9", 9)]:
        field.fill(text)
        settled(page, theta)
        assert field.input_value() == text
    for text in ("x", "101", ""):
        field.fill(text)
        assert field.get_attribute("aria-invalid") == "true"
        assert "−100 to 100" in (page.locator("#complaint").text_content() or "")
    field.press("Tab")
    assert (field.input_value(), field.get_attribute("aria-invalid")) == ("9", "false")
    settled(page, 9)


def test_choosing_functions(open_page: OpenPage, client: httpx.Client) -> None:
    """Numbers, formulas and the slider's range follow; a link opens the same."""
    page = open_page("/chain-rule")
    page.select_option("[data-part=outer]", "log_loss")
    page.select_option("[data-part=inner]", "affine")
    page.wait_for_selector('.slider[max="3"]')
    settled(page)
    said = client.get(CALL, params={"outer": "log_loss", "inner": "affine"}).json()
    assert numbers(page) == {name: said["slopes"][name] for name in SLOPES}
    assert "ln" in (page.locator("[data-panel=outer] .definition").text_content() or "")
    page.wait_for_url("**?outer=log_loss&inner=affine&*")
    page.goto(page.url)
    page.wait_for_selector("html[data-ready=true]")
    assert numbers(page) == {name: said["slopes"][name] for name in SLOPES}


def test_kinks_and_poles_are_told(open_page: OpenPage) -> None:
    """Instead of the quotient, without moving anything else; where there is no point, none is drawn."""
    page = open_page("/chain-rule?outer=relu&inner=affine&theta=-0.4")
    top = page.locator(".panels").bounding_box()
    slide(page, -0.5)
    assert page.get_attribute(".check", "data-verdict") == "kink"
    assert "From the left the slope is 0, from the right 2" in (page.locator(".check .note").text_content() or "")
    assert page.locator(".panels").bounding_box() == top
    page.select_option("[data-part=outer]", "logarithm")
    page.wait_for_selector('[data-slope=product] .num:text("∞")')
    settled(page)
    assert page.get_attribute(".check", "data-verdict") == "silent"
    assert "above 0" in (page.locator(".check .note").text_content() or "")
    assert drawn(page, "outer") == []
    assert len(drawn(page, "inner")) == 4


def test_a_screen_reader_hears_the_product_once_it_rests(open_page: OpenPage) -> None:
    page = open_page("/chain-rule")
    spoken = page.locator(".equation [role=status]")
    assert spoken.text_content() == ""
    slide(page, 1.0)
    slide(page, -0.5)
    expect(spoken).to_contain_text("At θ = −0.5, a is 0.378 and f is 0.143. Outer slope 0.755 times inner slope 0.235 is 0.177.")
    assert "slope 0.2350" in (page.get_attribute("[data-panel=inner] .chart", "aria-label") or "")


def test_answers_come_in_order_and_only_the_newest_waits(open_page: OpenPage) -> None:
    """The first answer is held back: of twenty moves meanwhile one is asked, and it is what the page ends with."""
    held: list[Route] = []
    asked: list[str] = []
    page = open_page("/chain-rule")

    def hold(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            held.append(route)
        else:
            route.continue_()

    intercept(page, f"**{CALL}*", hold)
    for k in range(20):
        page.locator(".slider").evaluate("(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }", str(k / 10))
    until(page, lambda: held)
    page.wait_for_timeout(200)
    assert len(asked) == 1 and page.get_attribute("html", "data-stale") == "true"
    held[0].continue_()
    settled(page, 1.9)
    assert [url.rpartition("theta=")[2] for url in asked] == ["0", "1.9"]


def test_a_lost_server_is_said_and_found_again(open_page: OpenPage) -> None:
    page = open_page("/chain-rule", allowed=("Failed to load resource", "net::ERR"), fresh=True)  # or the browser may have the answer from an earlier test
    intercept(page, f"**{CALL}*", lambda route: route.abort())
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".banner:not([hidden])")
    assert "nothing is lost" in (page.locator(".banner").text_content() or "")
    page.unroute(f"**{CALL}*")
    settled(page, 0.55)
    assert page.locator(".banner").is_hidden()


def test_a_bad_link_is_named(open_page: OpenPage) -> None:
    page = open_page("/chain-rule?outer=nope&theta=1e9")
    said = page.locator(".banner").text_content() or ""
    assert "nope" in said and "from -100 to 100" in said
    assert page.input_value("[data-part=outer]") == "square"
    page.get_by_role("button", name="Dismiss").click()
    assert page.locator(".banner").is_hidden()


def test_without_the_chart_library_the_numbers_still_stand(open_page: OpenPage) -> None:
    """Said in the banner; θ moves all the same."""
    page = open_page("/docs", allowed=("Failed to load resource", "net::ERR"), fresh=True)
    page.route("**/plotly-*", lambda route: route.abort())
    page.goto(page.url.replace("/docs", "/chain-rule"))
    page.wait_for_selector("html[data-ready=true]")
    assert "chart library" in (page.locator(".banner").text_content() or "")
    slide(page, 1.0)
    assert numbers(page)["inner"] == pytest.approx(0.19661193324148185)


@pytest.mark.parametrize(("scheme", "size"), [("light", (1440, 900)), ("dark", (1024, 768)), ("dark", (390, 844))])
def test_axe_finds_nothing_serious(open_page: OpenPage, scheme: str, size: tuple[int, int]) -> None:
    page = open_page("/chain-rule?outer=relu&inner=affine&theta=-0.5", color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
    assert serious(page) == []
    slide(page, 1.0)
    page.locator("[data-part=typed]").fill("x")
    assert serious(page) == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (1024, 768), (820, 1180), (390, 844), (360, 640)])
@pytest.mark.parametrize("query", ["", "?outer=leaky_relu&inner=silu&theta=-3.5", "?outer=exponential&inner=exponential&theta=2.2"])
def test_it_fits(open_page: OpenPage, width: int, height: int, query: str) -> None:
    """Never wider than the window, on a large screen not higher either; large letters on a projector; no number is cut."""
    page = open_page(f"/chain-rule{query}", viewport={"width": width, "height": height})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width > 760:
        assert page.evaluate("document.documentElement.scrollHeight") <= height
        assert min(box["height"] for box in (page.locator(".chart").nth(k).bounding_box() or {} for k in range(3))) > 150
        assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.slope .num')).fontSize)") >= 24
    cut = "[...document.querySelectorAll('.slope .num, .kind, .steepness')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim())"
    assert page.evaluate(cut) == []


def test_the_way_back_and_the_policy(open_page: OpenPage) -> None:
    """Links to the other pages; inline scripts are refused, nothing of Plotly's own chrome is there."""
    page = open_page("/chain-rule", allowed=("Content Security Policy",))
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.broken = true' }))")
    assert page.evaluate("window.broken") is None
    assert page.locator(".modebar, .plotlyjsicon, .js-plotly-plot a").count() == 0
    assert page.get_by_role("link", name="Train", exact=True).get_attribute("href") == "/train"
    page.get_by_role("link", name="Network", exact=True).click()
    page.wait_for_selector("html[data-ready=true][data-steps]")
    assert json.loads(page.locator("#trace").text_content() or "{}")["end"]["steps"] == 18
    page.get_by_role("link", name="Chain rule").click()
    page.wait_for_selector("[data-slope=product]")
