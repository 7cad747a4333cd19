"""Taking things away from the page: pictures that need nothing of it, equations, numbers with all their digits, scripts that run."""

import base64
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages import OpenPage, go, intercept, leave_menu, numbers, serious
from playwright.sync_api import Page, Route, expect

SVG, HTML, MATHS = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/1998/Math/MathML}"
PIXELS = """async ([address, places]) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return {size: [image.width, image.height], at: places.map(([x, y]) => [...context.getImageData(x * image.width, y * image.height, 1, 1).data])};
}"""
SELECTED = "(({value, selectionStart, selectionEnd}) => value.slice(selectionStart, selectionEnd))(document.activeElement)"


def press(page: Page, name: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).first.click()


def saved(page: Page, name: str, folder: Path) -> Path:
    """The file that a button saves, under the name it is given."""
    with page.expect_download() as download:
        press(page, name)
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def pixels(page: Page, file: Path, places: list[tuple[float, float]]) -> dict[str, Any]:
    """A picture's size, and its colours at places given as shares of it."""
    kind = {".png": "image/png", ".svg": "image/svg+xml"}[file.suffix]
    address = page.evaluate("([bytes, kind]) => `data:${kind};base64,${bytes}`", [base64.b64encode(file.read_bytes()).decode(), kind])
    return dict(page.evaluate(PIXELS, [address, places]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_network_as_a_picture(open_page: OpenPage, tmp_path: Path, scheme: str) -> None:
    """Every number, formula and colour is inside; nothing refers to the page; PNG is the same at twice the size."""
    page = open_page("/?preset=two-layer", color_scheme=scheme)
    go(page, 10)
    page.click("[data-part=export]")
    file, picture = saved(page, "SVG", tmp_path), saved(page, "PNG", tmp_path)
    assert (file.name, picture.name) == ("backprop-two-layer-step-10.svg", "backprop-two-layer-step-10.png")
    text = file.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    shown = page.evaluate("[...document.querySelectorAll('.scene text')].map(e => e.textContent).filter(t => t)")
    assert [words for it in root.iter(f"{SVG}text") if (words := "".join(it.itertext()))] == shown and "+0.04137" in shown
    formulas = page.locator(".world math").count()
    assert len(list(root.iter(f"{MATHS}math"))) == formulas > 15
    assert "".join(next(root.iter(f"{HTML}div")).itertext()).startswith("forward")
    assert "src:url(\"data:font/woff2;base64," in text and "var(" not in text and " class=" not in text and "data-" not in text
    width, height = (int(root.attrib[name]) for name in ("width", "height"))
    places = [(0.002, 0.002), ((width - 20 - 56) / width, 0.39)]  # paper; inside the disc of the loss, beside its letters
    drawn = pixels(page, picture, places)
    assert drawn["size"] == [2 * width, 2 * height]
    assert drawn["at"] == pixels(page, file, places)["at"]
    paper = {"light": [251, 250, 247, 255], "dark": [15, 19, 27, 255]}[scheme]
    assert drawn["at"][0] == paper


def test_strips_are_images_inside_the_picture_and_deep_networks_are_whole(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/?preset=digits")
    go(page, 8)
    page.click("[data-part=export]")
    root = ET.fromstring(saved(page, "SVG", tmp_path).read_text(encoding="utf-8"))
    strips = page.evaluate("[...document.querySelectorAll('canvas.strip')].map(e => e.toDataURL())")
    assert [it.attrib["href"] for it in root.iter(f"{SVG}image")] == strips and len(set(strips)) > 5
    press(page, "Close")
    page.select_option("[data-part=preset]", "wide-and-deep")
    page.wait_for_selector("html[data-stale=false]")
    expect(page.locator("[data-part=facts]")).to_contain_text("12 layers")
    in_view = page.locator("canvas.edges").count()
    page.click("[data-part=export]")
    root = ET.fromstring(saved(page, "SVG", tmp_path).read_text(encoding="utf-8"))
    edges = page.evaluate("[...document.querySelectorAll('canvas.edges')].map(e => e.toDataURL())")
    assert [it.attrib["href"] for it in root.iter(f"{SVG}image")] == edges and len(set(edges)) == 12 > in_view  # all, not only those near the view
    inked = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((x, k) => k % 4 === 3 && x > 0).length / c.width / c.height"
    assert min(page.locator("canvas.edges").evaluate_all(f"all => all.map({inked})")) > 0.05


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_equation_and_numbers_are_copied_also_without_a_clipboard(open_page: OpenPage, client, tmp_path: Path, size: tuple[int, int]) -> None:
    """Over plain http there is no clipboard: the text stands there, selected. axe finds nothing serious."""
    page = open_page("/?preset=two-layer", viewport={"width": size[0], "height": size[1]})
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.click("[data-part=export]")
    assert page.get_by_role("button", name="Copy MathML").is_disabled()  # nothing has happened yet
    page.keyboard.press("Escape")
    go(page, 10)
    page.locator("[data-part=export]").focus()
    page.keyboard.press("Enter")
    trace = client.post("/api/v1/trace", json={"preset": "two-layer"}).json()
    step = trace["steps"][9]
    for name, wanted in (("Copy LaTeX", step["equation"]["latex"]), ("Copy MathML", step["equation"]["mathml"])):
        press(page, name)
        box = page.get_by_role("textbox", name="What to copy")
        assert box.input_value() == wanted
        assert page.evaluate(SELECTED) == wanted
    quantity = page.get_by_role("combobox", name="Quantity")
    assert quantity.input_value() == "da1"
    known = quantity.locator("option").evaluate_all("all => all.map(o => o.value)")
    assert "dW2" in known and "dW1" not in known and "W1_new" not in known  # nothing that has not happened yet
    quantity.select_option("dW2")
    press(page, "Copy numpy")
    namespace: dict[str, Any] = {"np": np}
    exec(page.get_by_role("textbox", name="What to copy").input_value(), namespace)
    expected = np.array(trace["steps"][7]["values"]["dW2"]["data"])
    assert (namespace["dW2"] == expected).all()
    assert (np.loadtxt(io.StringIO(saved(page, "Save CSV", tmp_path).read_text()), delimiter=",") == expected).all()
    assert (tmp_path / "dW2.csv").exists()
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_what_is_copied_is_on_the_clipboard_where_there_is_one(open_page: OpenPage) -> None:
    page = open_page("/?preset=two-layer", permissions=["clipboard-read", "clipboard-write"])
    go(page, 1)
    page.click("[data-part=export]")
    page.get_by_role("combobox", name="Quantity").select_option("W1")
    page.get_by_role("dialog").get_by_role("button", name="Copy LaTeX").nth(1).click()
    expect(page.locator("dialog.export [role=status]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "\\begin{bmatrix}\n0.15 & 0.2 \\\\\n0.25 & 0.3\n\\end{bmatrix}"


def test_scripts_and_documents_are_of_the_problem_that_is_shown(open_page: OpenPage, tmp_path: Path) -> None:
    """The numpy script is run and gives the numbers on the page; the others begin as they should; a lost server is said."""
    page = open_page("/?preset=xor", allowed=("ERR_FAILED",))
    page.keyboard.press("End")
    leave_menu(page)
    page.click("[data-part=export]")
    script = saved(page, "numpy script", tmp_path)
    done = subprocess.run([sys.executable, "-I", str(script)], capture_output=True, text=True, encoding="utf-8", timeout=60)
    printed = {name: np.array(json.loads(value)) for name, _, value in (line.partition(" ") for line in done.stdout.splitlines())}
    compared = [(name, entry, value) for name, entry, value in numbers(page) if value is not None]
    for name, entry, value in compared:
        at = tuple(int(i) for i in entry.split(",")) if entry else ()
        assert printed[name][at] == pytest.approx(float(value), abs=1e-12), name
    assert len(compared) > 40
    assert saved(page, "LaTeX worked solution", tmp_path).read_text().startswith(r"\documentclass")
    assert "torch.tensor" in saved(page, "PyTorch script", tmp_path).read_text(encoding="utf-8")
    assert json.loads(saved(page, "JSON", tmp_path).read_text())["layers"]
    intercept(page, "**/export/*", lambda route: route.abort())
    press(page, "JSON")
    expect(page.locator("dialog.export [role=status]")).to_contain_text("cannot be reached")


def test_a_quantity_too_large_to_have_been_sent_is_asked_for(open_page: OpenPage, client, tmp_path: Path) -> None:
    page = open_page("/?preset=two-layer")

    def small(route: Route) -> None:
        address = route.request.url
        route.continue_(url=address if "max_values" in address else f"{address}&max_values=100")

    intercept(page, "**/api/v1/trace*", small)
    page.select_option("[data-part=preset]", "digits")
    expect(page.locator("[data-part=facts]")).to_contain_text("64")
    page.wait_for_selector("html[data-stale=false]")
    leave_menu(page)
    go(page, 8)
    page.click("[data-part=export]")
    for name in ("W1", "dW2"):
        page.get_by_role("combobox", name="Quantity").select_option(name)
        got = np.loadtxt(saved(page, "Save CSV", tmp_path), delimiter=",")
        trace = client.post("/api/v1/trace", json={"preset": "digits"}).json()
        found = trace["start"]["quantities"] | {key: q for step in trace["steps"] for key, q in step["values"].items()}
        assert (got == np.array(found[name]["data"])).all()
