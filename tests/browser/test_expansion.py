"""Any number, wherever it stands, is expanded from its rule: the terms are those of the API's numbers, and what it is made of and feeds lights up."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import httpx
import numpy as np
import pytest
from drawn import random_problem
from pages import OpenPage, arrays, at, go, quantities, show
from rules import operands, reckon

# Points at numbers one after the other (in turn by pointer and by focus) and reads what the page says and lights.
POINT = """([from, every]) => {
    const place = e => [e.dataset.quantity, e.dataset.entry];
    const seen = [...document.querySelectorAll('[data-view=stage] [data-quantity][data-entry], .matrices button[data-quantity]')];
    const lit = (view, mark) => [...document.querySelectorAll(`${view} .${mark}[data-quantity]`)].map(place);
    const words = node => node.nodeType === 3 ? node.data : node.title ? `(${node.title})` : node.textContent;
    return { seen: { stage: seen.filter(e => e.closest('[data-view=stage]')).map(place), matrices: seen.filter(e => e.matches('button')).map(place) },
        rows: seen.filter(e => e.dataset.value !== undefined).filter((_, k) => k % every === from % every).map((e, k) => {
            if (k % 2 && e.hasAttribute('tabindex')) e.focus();
            else e.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
            const card = document.querySelector('.entry-card [data-expansion]');
            const formula = card?.querySelector(':scope > p.sum[data-term]');
            return { at: place(e), value: e.dataset.value,
                card: card && { of: [card.dataset.expansion, card.dataset.entry], total: card.dataset.total,
                    terms: [...card.querySelectorAll('[data-term]')].map(t => t.dataset.term),
                    formula: formula ? [...formula.childNodes].slice(0, -1).map(words).join('').replace(/ = $/, '') : null },
                said: document.querySelector('.entry-card .given')?.textContent ?? null,
                looked: lit('[data-view=stage]', 'looked'),
                operand: { stage: lit('[data-view=stage]', 'operand'), matrices: lit('.matrices', 'operand') },
                feeds: { stage: lit('[data-view=stage]', 'feeds'), matrices: lit('.matrices', 'feeds') } };
        }) }; }"""


SEEDS = 7


def entry_of(text: str) -> tuple[int, ...]:
    return tuple(int(k) for k in text.split(",")) if text else ()


def joined(entry: tuple[int, ...]) -> str:
    return ",".join(map(str, entry))


def places(rows: Iterable[Iterable[str]], stage: bool) -> set[tuple[str, str]]:
    """On the stage an updated parameter stands where the old one stood, and is lit as it."""
    return {(name.removesuffix("_new") if stage else name, entry) for name, entry in rows}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_number_is_its_terms_and_lights_its_operands(open_page: OpenPage, client: httpx.Client, catalog: dict[str, Any], seed: int) -> None:
    """Random problems, every step, every ninth number on the stage and in the matrices: totals to the last bit, sums to 1e-12 of Σ|terms|."""
    problem = random_problem(seed, catalog)
    trace = client.post("/api/v1/trace", json=problem).json()
    truth, steps = arrays(trace), {item["id"]: item for item in trace["steps"]}
    shapes = {name: value.shape for name, value in truth.items()}
    parts: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    uses: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for name, item in steps.items():
        for index in np.ndindex(shapes[name]):
            for id, place in operands(item, index, shapes):
                parts[name, joined(index)].add((id, joined(place)))
                uses[id, joined(place)].add((name, joined(index)))
    page = open_page("/?preset=two-layer")
    show(page, problem)
    summed = formulas = 0
    wrong: list[str] = []
    for k in range(len(steps)):
        page.keyboard.press("PageDown")
        found = page.evaluate(POINT, [seed + k, 9])
        for row in found["rows"]:
            name, entry = row["at"]
            where = f"{name}[{entry}] after step {k + 1}"
            assert float(row["value"]) == truth[name][entry_of(entry)], where
            if name in trace["start"]["quantities"]:
                assert row["card"] is None and row["said"], where  # given, not computed
                continue
            card = row["card"]
            assert card["of"] == row["at"] and float(card["total"]) == truth[name][entry_of(entry)], where
            terms = [float(term) for term in card["terms"]]
            assert abs(sum(terms) - float(card["total"])) <= 1e-12 * sum(map(abs, terms)), where
            if card["formula"]:
                formulas += 1
                if "…" not in card["formula"] and name in steps:
                    operand = truth[steps[name]["rule"]["operands"][0]]
                    inside = operand[entry_of(entry)[0]] if operand.ndim == 2 and entry else operand
                    assert reckon(card["formula"], inside) == pytest.approx(float(card["total"]), rel=1e-11, abs=1e-12), where
            else:
                summed += 1
            if name not in steps:
                continue  # a local derivative comes with another step
            made_of, goes_into = parts[name, entry], uses[name, entry]
            for view, seen in found["seen"].items():
                on_stage = view == "stage"
                whole = steps[name]["rule"].get("function") == "softmax" or name == "loss"  # has a test of its own
                for mark, expected in (("operand", made_of), ("feeds", goes_into)):
                    wanted = places(expected, on_stage) & places(seen, on_stage)
                    if mark == "operand" and whole:
                        continue
                    if places(row[mark][view], on_stage) != wanted:
                        wrong.append(f"{mark} of {where} in the {view}: {sorted(places(row[mark][view], on_stage) ^ wanted)}")
    assert not wrong, "\n".join(wrong)
    assert summed > 20 and formulas > 5


WHOLE = [("iris", 4, "a2", {"z2"}), ("two-layer", 5, "loss", {"a2", "y"}), ("xor", 5, "loss", {"a2", "y"})]


@pytest.mark.parametrize(("preset", "steps", "number", "operands"), WHOLE)
def test_softmax_and_the_loss_light_all_they_are_made_of(open_page: OpenPage, preset: str, steps: int, number: str, operands: set[str]) -> None:
    """Softmax divides by the sum over all z of the example; the loss takes every output and target."""
    page = open_page(f"/?preset={preset}")
    go(page, steps)
    page.locator(f"[data-view=stage] [role=button][data-quantity={number}]").first.hover(force=True)
    places = "[...document.querySelectorAll('[data-view=stage] .cell[role=button]' + (MARK))].map(e => e.dataset.quantity + ' ' + e.dataset.entry)"
    there = {place for place in page.evaluate(places.replace("(MARK)", "''")) if place.split()[0] in operands}
    assert set(page.evaluate(places.replace("(MARK)", "'.operand'"))) == there != set()


def test_the_random_problems_have_everything_in_them(catalog: dict[str, Any]) -> None:
    """Every activation, loss and optimizer, softmax, batches, missing biases; boxes and dots."""
    problems = [random_problem(seed, catalog) for seed in range(SEEDS)]
    layers = [layer for problem in problems for layer in problem["layers"]]
    assert {layer["activation"] for layer in layers} == {item["name"] for item in catalog["activations"]}
    assert {problem["loss"]["name"] for problem in problems} == {item["name"] for item in catalog["losses"]}
    assert {problem["optimizer"] for problem in problems} == {item["name"] for item in catalog["optimizers"]}
    assert {False} < {layer["bias"] is False for layer in layers}
    widest = {max(len(layer["weights"]) for layer in problem["layers"]) > 6 for problem in problems}
    assert widest == {True, False} and {len(problem["inputs"]) > 1 for problem in problems} == {True, False}


K_ROWS = """() => { const card = document.querySelector('.entry-card [data-expansion]');
    return { total: card.dataset.total, why: card.querySelector('.why').textContent, formula: card.querySelector('.formula math').outerHTML,
        rows: [...card.querySelectorAll('.row')].map(r => ({ k: r.querySelector('.index').textContent, term: r.dataset.term, zero: r.matches('.zero'),
            grey: getComputedStyle(r).opacity < 1 || getComputedStyle(r).color !== getComputedStyle(r.parentElement).color })) }; }"""


@pytest.mark.parametrize("preset", ["two-layer", "xor", "digits"])
def test_every_k_is_there_and_only_i_survives(open_page: OpenPage, client: httpx.Client, preset: str) -> None:
    """∂ℒ/∂W and ∂ℒ/∂b of every layer, K: a row for each k, k ≠ i truly 0 and greyed, the rest sums to the entry, and the sentence says why."""
    trace = client.get("/api/v1/trace", params={"preset": preset}).json()
    truth = quantities(trace)
    page = open_page(f"/?preset={preset}")
    for item in trace["steps"]:
        if item["operation"] not in ("weight_gradient", "bias_gradient"):
            continue
        page.locator(".scrubber input").fill(str(item["index"] + 1))
        leave = page.locator(f".matrices button[data-quantity={item['id']}]")
        entry = leave.nth(leave.count() - 1).get_attribute("data-entry") or ""
        leave.nth(leave.count() - 1).click()
        page.keyboard.press("k")
        found = page.evaluate(K_ROWS)
        i, units = int(entry.split(",")[0]), trace["start"]["layer_sizes"][item["layer"]]
        assert float(found["total"]) == at(truth[item["id"]], entry)
        zeros = [row for row in found["rows"] if row["zero"]]
        rest = [float(row["term"]) for row in found["rows"] if not row["zero"]]
        assert {row["k"] for row in zeros} == {f"k = {k + 1}" for k in range(units) if k != i} and len(zeros) == units - 1
        assert all(float(row["term"]) == 0 and row["grey"] for row in zeros)
        assert len(rest) == len(truth["a0"])
        assert abs(sum(rest) - float(found["total"])) <= 1e-12 * sum(map(abs, rest))
        assert found["why"] == item["index_form"]["explanation"]
        assert page.locator(".entry-card [aria-pressed=true]").text_content() == "all k"
        page.keyboard.press("Escape")


@pytest.mark.parametrize(("preset", "steps", "n"), [("iris", 7, 3), ("digits", 7, 10)])
def test_the_jacobian_of_softmax_stands_there_whole(open_page: OpenPage, client: httpx.Client, preset: str, steps: int, n: int) -> None:
    """n × n numbers, those off the diagonal too; each is the API's, of the example that is shown."""
    g = client.get("/api/v1/trace", params={"preset": preset}).json()["steps"][steps - 1]["values"]["g2"]["data"]
    page = open_page(f"/?preset={preset}")
    go(page, steps)
    for example in (0, 2):
        page.select_option("[data-part=example]", str(example))
        buttons = page.evaluate("[...document.querySelectorAll('.matrices button[data-quantity=g2]')].map(b => [b.dataset.entry, b.dataset.value])")
        assert len(buttons) == n * n
        assert {entry: float(value) for entry, value in buttons} == {f"{example},{k},{i}": g[example][k][i] for k in range(n) for i in range(n)}
        assert sum(float(value) != 0 for entry, value in buttons if entry.split(",")[1] != entry.split(",")[2]) == n * n - n
