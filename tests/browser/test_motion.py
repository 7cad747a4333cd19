"""Motion: something moves, the number lands, and a key press never waits for it."""

import pytest
from pages import OpenPage, go, painted, step
from playwright.sync_api import Page, expect

PAINTED = """() => { const c = document.querySelector('canvas.motion');
    if (!c.width || !c.height) return 0;
    return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.reduce((n, v, k) => n + (k % 4 === 3 && v > 0 ? 1 : 0), 0); }"""
STILL = f"({PAINTED})() === 0"
WEIGHT = '[data-view=stage] .label[data-quantity=W2_new][data-entry="0,0"] .number:not(.delta)'
PENDING = "[data-view=stage] .cell.pending"
# Written down in the page, frame by frame: looked at from here, the motion may be over.
WATCH = f"""() => {{ const seen = window.seen = {{ moving: false, waiting: [], ticks: [] }};
    const look = () => {{
        requestAnimationFrame(look);
        if (!seen.moving && ({PAINTED})() > 50) {{
            seen.moving = true;
            const said = it => `${{it.dataset.quantity}} ${{it.querySelector('.number:not(.delta)')?.textContent}}`;
            seen.waiting = [...document.querySelectorAll('{PENDING}')].map(said);
        }}
        const tick = document.querySelector('{WEIGHT}')?.textContent;
        if (tick && !seen.ticks.includes(tick)) seen.ticks.push(tick);
    }};
    look(); }}"""


def until(page: Page, condition: str) -> None:
    """Looks at every frame. (Playwright's own way needs eval, which the page forbids.)"""
    page.evaluate(
        f"""() => new Promise((met, never) => {{ const end = performance.now() + 30_000;
        const look = () => ({condition}) ? met() : performance.now() > end ? never(new Error('in vain')) : requestAnimationFrame(look);
        look(); }})"""
    )


def moving(open_page: OpenPage, preset: str, before: int) -> Page:
    """A page with motion, `before` steps in, that is watched, with the next one just begun."""
    page = open_page(f"/?preset={preset}#step={before}", reduced_motion="no-preference")
    page.evaluate(WATCH)
    page.keyboard.press("ArrowRight")
    return page


@pytest.mark.parametrize(("before", "quantity"), [(0, "z1"), (1, "a1"), (4, "loss"), (5, "da2"), (6, "dz2"), (7, "dW2"), (8, "db2"), (9, "da1")])
def test_every_operation_moves_and_lands(open_page: OpenPage, before: int, quantity: str) -> None:
    """Dots are on the canvas while the receiving number is a question mark; then the number stands there and the canvas is clear."""
    page = moving(open_page, "two-layer", before)
    until(page, "seen.moving")
    page.wait_for_selector(PENDING, state="detached")
    until(page, STILL)
    assert f"{quantity} ?" in page.evaluate("seen.waiting")
    landed = page.locator(f"[data-view=stage] [data-quantity={quantity}] .number:not(.delta)").first.text_content()
    assert landed not in ("?", "·", "")


def test_updated_parameters_tick_to_their_new_values(open_page: OpenPage) -> None:
    """During an update the number on the edge is on its way from the old weight to the new one."""
    page = moving(open_page, "two-layer", 16)
    until(page, "seen.ticks.some(it => 0.3589 < it && it < 0.4)")
    expect(page.locator(WEIGHT)).to_have_text("0.3589")
    until(page, STILL)


def test_keys_never_wait(open_page: OpenPage) -> None:
    """Five presses in the middle of animations are five steps at once; going back ends the motion."""
    page = moving(open_page, "two-layer", 0)
    go(page, 4)
    assert step(page) == 5
    page.keyboard.press("ArrowLeft")
    assert step(page) == 4
    painted(page)
    assert page.evaluate(PAINTED) == 0
    assert page.locator(PENDING).count() == 0


def test_reduced_motion_changes_state_at_once(open_page: OpenPage) -> None:
    """Nothing on the canvas, nothing pending."""
    page = open_page("/?preset=two-layer")
    page.keyboard.press("ArrowRight")
    assert page.locator(PENDING).count() == 0
    assert page.evaluate(PAINTED) == 0


def test_play_runs_to_the_end_and_pause_holds(open_page: OpenPage) -> None:
    """Space plays; at 8× the whole trace takes a few seconds; a pause in between stays where it is."""
    page = open_page("/?preset=two-layer", reduced_motion="no-preference")
    page.select_option(".speed", "8")
    page.keyboard.press("Escape")
    page.locator("[data-view=stage] .scroll").focus()
    page.keyboard.press("Space")
    until(page, "document.documentElement.dataset.step >= 3")
    page.keyboard.press("Space")
    held = step(page)
    page.wait_for_timeout(900)
    assert step(page) == held
    page.keyboard.press("Space")
    page.wait_for_selector(f'html[data-step="{page.get_attribute("html", "data-steps")}"]', timeout=15_000)
    assert page.get_by_role("button", name="Play").count() == 1


@pytest.mark.parametrize(("preset", "before"), [("digits", 9), ("wide-and-deep", 60), ("iris", 8)])
def test_dots_and_strips_move_too(open_page: OpenPage, preset: str, before: int) -> None:
    """The other levels of detail animate their backward steps."""
    page = moving(open_page, preset, before)
    until(page, "seen.moving")
