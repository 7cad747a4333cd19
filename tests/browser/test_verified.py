"""That a number is right: badges on every gradient, one number moved by ±ε, the sum over its paths; what is noteworthy, and how large gradients are."""

import itertools
import math
from typing import Any

import httpx
import pytest
from pages import OpenPage, at, go, quantities, step, until
from playwright.sync_api import Page, expect

PRESETS = ["two-layer", "one-neuron", "four-layer", "xor", "iris", "digits", "vanishing", "dead-relu", "wide-and-deep"]
PATHS = "() => [...document.querySelectorAll('.entry-card [data-path]')].map(e => [e.dataset.product, e.querySelector('.way').textContent])"
BADGES = "() => [...document.querySelectorAll('[data-view=backward-lane] .entry .badge')].map(e => [e.closest('.entry').title, e.dataset.verdict, e.title])"
ON_PATH = "() => [...document.querySelectorAll('[data-view=stage] .cell.on-path')].map(e => e.dataset.quantity + ' ' + e.dataset.entry)"


def pin(page: Page, quantity: str, entry: str) -> None:
    page.locator(f'[data-view=stage] [role=button][data-quantity={quantity}][data-entry="{entry}"]').first.click(force=True)


def read(text: str | None) -> float:
    """A number as the page writes it."""
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
    return float((text or "").strip().replace("·10", "e").translate(digits))


@pytest.mark.parametrize("preset", PRESETS)
def test_every_gradient_of_every_preset_is_verified(open_page: OpenPage, client: httpx.Client, preset: str) -> None:
    """At the end each gradient of the lane wears a badge: never ✗, a kink only where the API found one; and its words say how far off it is at most."""
    told = client.post("/api/v1/gradient-check", json={"preset": preset}).json()["quantities"]
    page = open_page(f"/?preset={preset}")
    page.keyboard.press("End")
    page.wait_for_selector("[data-view=backward-lane] .badge[data-verdict]")
    found = page.evaluate(BADGES)
    titles = {item["title"]: item["id"] for item in client.get("/api/v1/trace", params={"preset": preset}).json()["steps"]}
    assert {titles[title] for title, _, _ in found} == set(told)
    for title, verdict, words in found:
        agreement = told[titles[title]]
        assert verdict == ("kink" if agreement["kinks"] else "ok"), (title, words)
        assert "agrees with central differences" in words
    page.locator("[data-view=backward-lane] .entry.gradient").first.click()
    assert page.locator("[data-view=inspector] .kicker-row .badge[data-verdict=ok]").count() == 1


def test_no_badge_before_its_gradient(open_page: OpenPage) -> None:
    """Nothing is verified that is not computed yet."""
    page = open_page("/?preset=two-layer")
    go(page, 7)
    expect(page.locator("[data-view=backward-lane] .badge[data-verdict]")).to_have_count(2)  # ∂ℒ/∂a and ∂ℒ/∂z of layer 2
    page.keyboard.press("Home")
    assert page.locator(".badge[data-verdict]:visible").count() == 0


def test_one_number_moved_by_epsilon_by_keyboard_alone(open_page: OpenPage, client: httpx.Client) -> None:
    """V on a focused weight: both losses, quotient and gradient are the API's; ← and → on the slider change ε, and no step is taken."""
    page = open_page("/?preset=two-layer")
    go(page, 14)  # all gradients, no update yet
    page.locator('[data-view=stage] [data-quantity=z1][tabindex="0"]').first.focus()
    page.keyboard.press("ArrowLeft")
    place = page.evaluate("[document.activeElement.dataset.quantity, document.activeElement.dataset.entry]")
    quantity = place[0].removeprefix("d")
    assert quantity in ("W1", "b1")
    page.keyboard.press("v")
    table = page.locator(".entry-card dl.probe dd")
    target = {"quantity": quantity, "entry": [int(k) for k in place[1].split(",")]}

    def probe(epsilon: float) -> dict[str, Any]:
        body = {"preset": "two-layer", "quantities": [], "probe": {**target, "epsilon": epsilon}}
        return dict(client.post("/api/v1/gradient-check", json=body).json()["probe"])

    def shown() -> list[float]:
        return [float(text.replace("−", "-")) for text in table.evaluate_all("all => all.map(e => e.title)")]

    sweep = probe(1e-4)["sweep"]
    seen = []
    for move in ("", "ArrowRight", "ArrowRight", "ArrowLeft"):
        if move:
            slider = page.locator("[data-part=epsilon]")
            slider.focus()
            before = slider.input_value()
            page.keyboard.press(move)
            assert page.locator("[data-part=epsilon]").input_value() != before
        epsilon = read((page.locator("label.epsilon span").text_content() or "").removeprefix("ε = "))
        exact = min((it["epsilon"] for it in sweep), key=lambda stop: abs(stop - epsilon))
        told = probe(exact)
        expected = pytest.approx([told[name] for name in ("loss_plus", "loss_minus", "quotient", "gradient", "difference")], rel=1e-9, abs=1e-12)
        until(page, lambda expected=expected: shown() == expected)  # type: ignore[misc]
        seen.append(shown()[2])
    assert len(set(seen)) == 3 and seen[1] == seen[3]
    assert step(page) == 14


@pytest.mark.parametrize(
    ("preset", "quantity", "entry", "all_listed"),
    [("two-layer", "W1", "0,1", True), ("two-layer", "b1", "1", True), ("four-layer", "W1", "2,0", True), ("vanishing", "W1", "1,2", False)],
)
def test_the_paths_to_a_weight_sum_to_its_gradient(open_page: OpenPage, client: httpx.Client, preset: str, quantity: str, entry: str, all_listed: bool) -> None:
    """P on a pinned weight or bias: products sum to its gradient; of many the largest, and the remainder is said; a row lights its nodes."""
    truth = quantities(client.get("/api/v1/trace", params={"preset": preset}).json())
    target = {"quantity": quantity, "entry": [int(k) for k in entry.split(",")]}
    told = client.post("/api/v1/paths", json={"preset": preset, "target": target}).json()
    page = open_page(f"/?preset={preset}")
    pin(page, quantity, entry)
    page.keyboard.press("p")
    page.wait_for_selector(".entry-card [data-path]")
    rows = page.evaluate(PATHS)
    gradient = at(truth[f"d{quantity}"], entry)
    products = [float(product) for product, _ in rows]
    assert [abs(x) for x in products] == sorted((abs(x) for x in products), reverse=True)
    rest = 0.0 if all_listed else told["remainder"]
    assert abs(sum(products) + rest - gradient) <= 1e-12 * (sum(map(abs, products)) + abs(rest))
    words = page.locator(".entry-card p.of").first.text_content() or ""
    if all_listed:
        assert page.locator(".entry-card .remainder").count() == 0
        assert f"all {len(rows)} paths" in words
    else:
        assert f"the {told['listed']} largest of {told['count']}" in words
        said = page.locator(".entry-card .remainder")
        assert str(told["left_out"]) in (said.locator(".factors").text_content() or "")
        assert read((said.locator(".equals").text_content() or "").removeprefix("= ")) == pytest.approx(rest, rel=1e-3)
    assert read(page.locator(".entry-card .sum.total strong").text_content()) == pytest.approx(gradient, rel=1e-3)
    go(page, len(truth) * 2)  # to the end: pinned, so the paths stay
    lit = set()
    for k in (0, 1):
        page.locator(f".entry-card [data-path='{k}']").hover()
        here = set(page.evaluate(ON_PATH))
        nodes = {f"{node['quantity']} {','.join(map(str, node['entry']))}" for node in told["paths"][k]["nodes"]}
        bare = {place.replace("_new", "") for place in here}
        assert nodes <= bare | {"loss "}
        lit.add(frozenset(here))
    assert len(lit) == 2
    page.locator("[data-view=inspector] h2").hover()
    assert page.evaluate(ON_PATH) == []


def test_paths_of_a_batch_or_of_one_example(open_page: OpenPage, client: httpx.Client) -> None:
    """All four examples of xor sum to the gradient; one alone to what it adds."""
    page = open_page("/?preset=xor")
    pin(page, "W1", "0,1")
    page.keyboard.press("p")
    for example in (None, 0, None):
        told = client.post("/api/v1/paths", json={"preset": "xor", "target": {"quantity": "W1", "entry": [0, 1]}, "example": example}).json()
        words = "through all 4 examples" if example is None else "through example 1"
        expect(page.locator(".entry-card p.of").first).to_contain_text(words)
        products = [float(product) for product, _ in page.evaluate(PATHS)]
        assert len(products) == told["count"]
        assert abs(sum(products) - told["contribution"]) <= 1e-12 * sum(map(abs, products)) + 1e-18
        page.locator(".entry-card p.of button").click()
    assert told["contribution"] == told["gradient"]


@pytest.mark.parametrize("preset", ["vanishing", "dead-relu"])
def test_what_is_noteworthy_is_said_from_its_step_on(open_page: OpenPage, client: httpx.Client, preset: str) -> None:
    """No flag before its step; from then on a button that leads to the step, whose inspector says the sentence."""
    trace = client.get("/api/v1/trace", params={"preset": preset}).json()
    [flag] = trace["end"]["flags"]
    page = open_page(f"/?preset={preset}")
    page.locator(".scrubber input").fill(str(flag["step"]))
    assert page.locator(".flags").is_hidden()
    page.keyboard.press("PageDown")
    button = page.locator(f".flags button[data-kind={flag['kind']}]")
    assert button.is_visible() and flag["text"] in (button.get_attribute("aria-label") or "")
    page.keyboard.press("End")
    button.click()
    assert step(page) == flag["step"] + 1
    assert flag["text"] in page.locator("[data-view=inspector] .note").all_text_contents()
    page.keyboard.press("Home")
    assert page.locator(".flags").is_hidden()


def test_the_bars_are_the_norms_on_a_log_scale(open_page: OpenPage, client: httpx.Client) -> None:
    """Equal ratios of norms are equal differences of width, the largest is full; what is not computed has no bar."""
    norms: dict[str, Any] = client.get("/api/v1/trace", params={"preset": "vanishing"}).json()["end"]["gradient_norms"]
    page = open_page("/?preset=vanishing")
    bars = "[...document.querySelectorAll('.norms .norm')].map(e => [e.querySelector('.level').style.width, e.title])"
    assert {width for width, _ in page.evaluate(bars)} == {"0%"}
    page.keyboard.press("End")
    shown = [(float(width.rstrip("%")), float(title.split(";")[0].removeprefix("Euclidean norm "))) for width, title in page.evaluate(bars)]
    assert [norm for _, norm in shown] == [norms[f"dz{l}"] for l in range(1, 9)]
    ordered = sorted(shown, key=lambda it: it[1])
    assert all(low[0] < high[0] for low, high in itertools.pairwise(ordered))
    assert ordered[-1][0] == 100
    slopes = {round((high[0] - low[0]) / abs(math.log10(high[1] / low[1])), 2) for low, high in itertools.pairwise(ordered) if low[0] > 4}
    assert slopes == {20.0}  # five decades on the whole bar
