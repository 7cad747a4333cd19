"""Bringing things: tables pasted and dropped, examples cell by cell, networks of other programs, saved problems; and sending the result to somebody else."""

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from changing import agrees, number, problem_of, rested, value
from pages import OpenPage, go, serious, step
from playwright.sync_api import Page, Request, expect

WEIGHTS = Path(__file__).parents[1] / "wire" / "weights"
IRIS = """sepal_length;sepal_width;petal_length;petal_width;species
5,1;3,5;1,4;0,2;setosa
7,0;3,2;4,7;1,4;versicolor
6,3;3,3;6,0;2,5;virginica
"""
DROP = """([target, name, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), (byte) => byte.charCodeAt(0))], name));
    const event = (kind) => new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data});
    for (const kind of ['dragover', 'drop']) document.querySelector(target).dispatchEvent(event(kind));
}"""


PASTE = """([field, text]) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    const event = new ClipboardEvent('paste', {bubbles: true, cancelable: true, clipboardData: data});
    if (field.dispatchEvent(event)) document.execCommand('insertText', false, text);
}"""


def paste(page: Page, text: str) -> None:
    """A table into the Data dialog, and what the server says of it."""
    page.click("[data-part=data]")
    field = page.locator("dialog.data textarea")
    field.focus()
    with page.expect_response("**/api/v1/table**"):
        page.evaluate(PASTE, [field.element_handle(), text])


def drop(page: Page, name: str, content: bytes) -> None:
    page.evaluate(DROP, [".stage", name, base64.b64encode(content).decode()])


def asked(page: Page) -> list[dict[str, Any]]:
    """The problems that traces are asked for from now on."""
    bodies: list[dict[str, Any]] = []

    def hear(request: Request) -> None:
        if "/api/v1/trace?" in request.url:
            bodies.append(json.loads(request.post_data or "{}"))

    page.on("request", hear)
    return bodies


def test_a_pasted_table_becomes_examples(open_page: OpenPage, client: httpx.Client) -> None:
    """Decimal commas, a header, labels: the last column is the target, its labels classes, and the first and last layer get the sizes that these need."""
    page = open_page("/?preset=two-layer")
    before = problem_of(client, "two-layer")
    paste(page, IRIS)
    said = page.locator("dialog.data .said")
    expect(said).to_contain_text("3 examples, 4 inputs, 3 classes")
    page.select_option('dialog.data [aria-label="sepal_width is"]', "left out")
    expect(said).to_contain_text("3 examples, 3 inputs, 3 classes")
    assert serious(page) == []
    bodies = asked(page)
    page.get_by_role("button", name="Use these examples").click()
    expect(page.locator("[data-part=facts]")).to_contain_text("3 → 2 → 3")
    (problem,) = bodies
    assert problem["inputs"] == [[5.1, 1.4, 0.2], [7, 4.7, 1.4], [6.3, 6, 2.5]]
    assert problem["targets"] == [0, 1, 2] and problem["loss"] == "cross_entropy"
    go(page, 9)
    assert agrees(page, client, problem) > 40
    for l, name in ((1, "W1"), (2, "W2")):
        for i, row in enumerate(before["layers"][l - 1]["weights"]):
            for j, weight in enumerate(row):
                assert value(page, name, f"{i},{j}") == weight  # what fits is kept
    expect(page.locator(".unit-name", has_text="virginica")).to_be_visible()
    examples = page.locator("[data-part=example] option").all_text_contents()
    assert examples == ["1 of 3 · setosa", "2 of 3 · versicolor", "3 of 3 · virginica", "all 3"]
    page.keyboard.press("Control+z")
    expect(page.locator("[data-part=preset]")).to_have_value("two-layer")
    rested(page)
    assert agrees(page, client, before) > 10


@pytest.mark.parametrize(
    ("text", "words"),
    [("a,b\n1,2\n3\n", "line 3"), ("a,b\n1,\n", "line 2"), ('a,b\n"1,2\n', "line"), ("[1,", "JSON"), ("x\n" + "1\n" * 5000, "4096")],
    ids=["ragged", "missing", "open quote", "cut JSON", "too many rows"],
)
def test_a_table_that_cannot_be_read_says_where(open_page: OpenPage, text: str, words: str) -> None:
    page = open_page("/", allowed=("422", "400"))
    paste(page, text)
    expect(page.locator("dialog.data .said.wrong")).to_contain_text(words)
    expect(page.get_by_role("button", name="Use these examples")).to_be_hidden()
    assert page.input_value("dialog.data textarea") == text


def test_examples_are_cells_that_can_be_changed(open_page: OpenPage, client: httpx.Client) -> None:
    page = open_page("/?preset=xor")
    problem = problem_of(client, "xor")
    page.click("[data-part=data]")
    page.fill('dialog.data [data-cell="a0 1,0"]', "1/4")
    page.fill('dialog.data [data-cell="y 2,0"]', "0,75")
    problem["inputs"][1][0], problem["targets"][2][0] = 0.25, 0.75
    page.fill('dialog.data [data-cell="a0 0,0"]', "nonsense")
    assert page.get_attribute('dialog.data [data-cell="a0 0,0"]', "aria-invalid") == "true"
    page.get_by_role("button", name="Add an example").click()
    page.wait_for_selector('dialog.data [data-cell="a0 4,0"]')
    page.get_by_role("button", name="Remove example 1").click()
    page.wait_for_selector('dialog.data [data-cell="a0 4,0"]', state="detached")
    page.get_by_role("button", name="Show example 3").click()
    page.keyboard.press("Escape")
    for field in ("inputs", "targets"):
        problem[field] = [*problem[field][1:], problem[field][-1]]
    assert page.input_value("[data-part=example]") == "2"
    go(page, 10)
    assert agrees(page, client, problem) > 20


def test_files_of_every_kind(open_page: OpenPage, client: httpx.Client) -> None:
    """A saved problem opens, a table is asked about, and so is what is no network; what is neither is refused in words."""
    page = open_page("/", allowed=("422", "400"))
    problem = problem_of(client, "xor") | {"loss": "squared_error"}
    drop(page, "mine.json", json.dumps(problem).encode())
    expect(page).to_have_title("mine · Backprop Visualiser")
    go(page, 8)
    assert agrees(page, client, problem) > 20
    drop(page, "table.tsv", b"a\tb\n1\t2\n3\t4\n")
    expect(page.locator("dialog.data .said")).to_contain_text("2 examples, 1 input, 1 target")
    page.keyboard.press("Escape")
    drop(page, "rows.json", json.dumps([{"x": 1, "kind": "red"}, {"x": 2, "kind": "blue"}]).encode())
    expect(page.locator("dialog.data .said")).to_contain_text("2 classes")
    page.keyboard.press("Escape")
    wrong = {"photo.jpg": b"\xff\xd8\xff\xe0 not a network", "model.pt": (WEIGHTS / "whole.pt").read_bytes(), "empty.json": b""}
    for (name, content), words in zip(wrong.items(), ("photo.jpg", "state_dict", "empty.json"), strict=True):
        drop(page, name, content)
        expect(page.locator(".banner p")).to_contain_text(words)
        page.click(".banner button")
    assert agrees(page, client, problem) > 20  # the last good network is still there


def test_from_pytorch_to_a_colleague(open_page: OpenPage, client: httpx.Client, server: str) -> None:
    """A network that torch saved, an example of one's own, a changed weight, a link: the colleague sees the same step of the same numbers."""
    page = open_page("/")
    state = client.post("/api/v1/import", content=(WEIGHTS / "small.pt").read_bytes(), headers={"Content-Type": "application/octet-stream"}).json()
    page.set_input_files("[data-part=file]", WEIGHTS / "small.pt")
    page.select_option('[aria-label="Activation of layer 1"]', "relu")
    page.select_option('[aria-label="Activation of layer 2"]', "softmax")
    assert page.input_value('dialog.import [aria-label="Loss"]') == "cross_entropy"
    page.click("dialog.import summary")
    expect(page.locator("dialog.import")).to_contain_text("weights of layer 2")
    assert serious(page) == []
    page.get_by_role("button", name="Open this network").click()
    page.wait_for_selector("dialog.import", state="hidden")
    rested(page)
    page.click("[data-part=data]")
    for k, typed in enumerate(("1", "-0,5", "3/4")):
        page.fill(f'dialog.data [data-cell="a0 0,{k}"]', typed)
    page.keyboard.press("Escape")
    number(page, "W1", "2,1").dblclick()
    page.keyboard.type("-0.25")
    page.keyboard.press("Enter")
    go(page, 9)
    layers = state["layers"]
    layers[0]["weights"][2][1] = -0.25
    layers[0]["activation"], layers[1]["activation"] = "relu", "softmax"
    optimizer = problem_of(client, "two-layer")["optimizer"]
    problem = {"layers": layers, "loss": "cross_entropy", "inputs": [[1, -0.5, 0.75]], "targets": [0], "optimizer": optimizer}
    assert agrees(page, client, problem) > 20
    page.click("[data-part=share]")
    link = page.locator('dialog.share [aria-label="Link"]')
    link.wait_for()
    address, frame = link.input_value(), page.locator('dialog.share [aria-label="HTML"]').input_value()
    assert address.startswith(server) and frame.startswith(f'<iframe src="{server}/embed')
    assert serious(page) == []
    colleague = open_page(address.removeprefix(server))
    assert step(colleague) == step(page) == 9
    assert agrees(colleague, client, problem) > 20
