"""Rows or columns: the same numbers in other symbols; equations, shapes and matrices follow, nothing else moves."""

import contextlib
from typing import Any

import httpx
import numpy as np
import pytest
from pages import OpenPage, arrays, go, intercept, numbers, show, step, until
from playwright.sync_api import Error, Page

MATHS = """() => { const said = selector => [...document.querySelectorAll(selector)].map(e => e.outerHTML);
    return { chain: said('[data-view=inspector] .chain math'), equation: said('[data-view=inspector] .numbers > .formula math') }; }"""
# The line of matrices as a person reads it: sign, numbers in rows, whether a T stands at it, the shape under it.
LINE = """() => [...document.querySelectorAll('.matrices > .operand')].map(o => ({
    sign: o.querySelector('.op')?.textContent ?? '', turned: !!o.querySelector('figcaption > sup'), shape: o.querySelector('.shape').textContent,
    id: o.querySelector('button')?.dataset.quantity, cropped: [...o.querySelectorAll('td')].some(c => !c.querySelector('button')),
    rows: [...o.querySelectorAll('tr')].map(r => [...r.querySelectorAll('button')].map(b => Number(b.dataset.value))) }))"""
PARSED = "text => { const t = document.createElement('template'); t.innerHTML = text; return t.content.firstElementChild.outerHTML; }"


def toggle(page: Page, convention: str) -> None:
    page.keyboard.press("r")
    page.wait_for_selector(f'[data-part=convention]:text-is("{"z = W a" if convention == "column" else "z = a Wᵀ"}")')
    page.wait_for_selector("html[data-stale=false]")


def holds(line: list[dict[str, Any]], id: str, function: bool) -> bool:
    """Whether the shown matrices, multiplied as they stand, give the shown result; False where numbers are left out."""
    for item in line:
        if not item["cropped"]:
            assert f"{len(item['rows'])}×{len(item['rows'][0])}" == item["shape"], (id, item)
    if function or any(item["cropped"] for item in line):
        return False
    value: Any = None
    for item in line:
        matrix = np.array(item["rows"])
        match item["sign"]:
            case "" | "Σₙ":
                value = matrix
            case "·":
                value = value @ matrix
            case "⊙":
                value = value * matrix
            case "+":
                value = value + matrix
            case "=":
                if line[0]["sign"] == "Σₙ":
                    value = value.sum(axis=1 if value.shape[0] == matrix.shape[0] else 0).reshape(matrix.shape)
                np.testing.assert_allclose(value, matrix, rtol=1e-11, atol=1e-13, err_msg=id)
    return True


def untransposed(item: dict[str, Any]) -> list[str]:
    """The shape of the matrix itself: under a transposed one stands that of its transpose."""
    shape = item["shape"].split("×")
    return list(reversed(shape)) if item["turned"] else list(shape)


SMALL_BATCH = {  # nothing of it is left out, and no two sizes are alike
    "layers": [{"units": 4, "activation": "tanh"}, {"units": 3, "activation": "softmax"}],
    "inputs": [[0.3, -1.2], [0.8, 0.1], [-0.7, 0.4], [0.2, 0.9], [1.1, -0.5]],
    "targets": [0, 2, 1, 1, 0],
    "loss": "cross_entropy",
    "initializer": {"name": "normal", "seed": 4},
}


@pytest.mark.parametrize("preset", ["two-layer", "four-layer", "xor", "batch"])
def test_every_equation_and_matrix_follows_the_convention(open_page: OpenPage, client: httpx.Client, preset: str) -> None:
    """Each step in both conventions: the API's MathML, shapes transposed, matrices that multiply to their result, the stage as it was."""
    problem = SMALL_BATCH if preset == "batch" else {"preset": preset}
    told = {c: client.post("/api/v1/trace", params={"convention": c}, json=problem).json() for c in ("row", "column")}
    truth = arrays(told["row"])
    page = open_page("/?preset=two-layer" if preset == "batch" else f"/?preset={preset}")
    if preset == "batch":
        show(page, problem)
    lines: dict[str, list[Any]] = {}
    stages: dict[str, list[Any]] = {}
    multiplied = 0
    for convention in ("row", "column"):
        lines[convention], stages[convention] = [], []
        for k, item in enumerate(told[convention]["steps"]):
            go(page, 1)
            shown = page.evaluate(MATHS)
            assert shown["equation"][0] == page.evaluate(PARSED, item["equation"]["mathml"]), item["id"]
            assert shown["chain"] == ([page.evaluate(PARSED, item["chain"]["mathml"])] if item["chain"] else [])
            line = page.evaluate(LINE)
            multiplied += holds(line, item["id"], "function" in item["rule"])
            lines[convention].append(line)
            stages[convention].append(numbers(page))
            assert step(page) == k + 1
        if convention == "row":
            page.keyboard.press("Home")
            toggle(page, "column")
    assert stages["row"] == stages["column"]
    assert multiplied >= len(told["row"]["steps"]) / 2
    for rows, columns in zip(lines["row"], lines["column"], strict=True):
        plain = {item["id"]: untransposed(item) for item in rows if item["id"]}
        for item in columns:
            if item["id"] and truth[item["id"]].ndim < 3:
                weights = truth[item["id"]].ndim == 2 and item["id"].removeprefix("d")[0] == "W"
                assert untransposed(item) == (plain[item["id"]] if weights else plain[item["id"]][::-1]), item


def test_cursor_pin_and_walk_stay_and_r_again_returns(open_page: OpenPage) -> None:
    """Switching at a pinned number in the middle of a walk changes symbols alone."""
    page = open_page("/?preset=two-layer")
    page.keyboard.press("w")
    go(page, 3)
    page.locator('[data-view=stage] [role=button][data-quantity=da1][data-entry="0,1"]').click(force=True)

    def state() -> tuple[Any, ...]:
        card = page.locator(".entry-card [data-expansion]")
        pin = [card.get_attribute(name) for name in ("data-expansion", "data-entry", "data-total")]
        walk = page.evaluate("[...document.querySelectorAll('[data-walk] .link')].map(e => [e.dataset.ids, e.className])")
        return step(page), pin, page.locator(".entry-card").get_attribute("data-pinned"), walk, card.text_content(), numbers(page)

    before, maths = state(), page.evaluate(MATHS)
    assert before[1][:2] == ["da1", "0,1"] and before[2] == "true"
    toggle(page, "column")
    assert state() == before
    assert page.evaluate(MATHS) != maths
    toggle(page, "row")
    assert (state(), page.evaluate(MATHS)) == (before, maths)


def test_choosing_a_network_then_r_keeps_the_choice(open_page: OpenPage, client: httpx.Client) -> None:
    """R pressed while a newly chosen network is still on its way does not bring the old one back."""
    page = open_page("/?preset=two-layer")
    held: list[Any] = []
    intercept(page, "**/api/v1/trace*", lambda route: held.append(route))
    page.select_option("[data-part=preset]", "xor")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    until(page, lambda: any("convention=column" in route.request.url for route in held))
    for route in held:
        with contextlib.suppress(Error):  # of a request that the page has given up
            route.continue_()
    page.wait_for_selector("html[data-stale=false]")
    assert page.locator('.fact:has-text("2 → 3 → 1")').count() == 1
