"""The page in a frame of somebody else's document: whole at any size, driven by messages, and nothing else of ours can be framed."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from documents import TWO_LAYER
from pages import OpenPage, numbers, serious, shown, step
from playwright.sync_api import Browser, Frame, Page, expect

from app.notebook import show
from app.wire.links import read, write

OWN = {"layers": [{"weights": [[1.5, -2]], "bias": [0.25], "activation": "tanh"}], "inputs": [[0.5, -0.0]], "targets": [[1]]}

HEARS = "<!doctype html><title>Slides</title><script>const heard = []; addEventListener('message', ({data}) => heard.push(data))</script>"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder and its address on a server that is another origin."""
    folder = tmp_path_factory.mktemp("slides")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield folder, f"http://localhost:{other.server_port}"
        other.shutdown()


Slides = Callable[..., Page]


@pytest.fixture
def slides(browser: Browser, elsewhere: tuple[Path, str]) -> Iterator[Slides]:
    """Opens a page of another origin with these lines of HTML in it."""
    folder, address = elsewhere
    contexts = []

    def slides(html: str, **options: Any) -> Page:
        (folder / "slides.html").write_text(HEARS + html)
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{address}/slides.html")
        return page

    yield slides
    for context in contexts:
        context.close()


def framed(page: Page) -> Frame:
    frame = page.frames[1]
    frame.wait_for_selector("html[data-ready=true]")
    return frame


def say(page: Page, **message: Any) -> None:
    page.evaluate("message => frames[0].postMessage({backprop: 1, ...message}, '*')", message)


def heard(page: Page, event: str, then: str = "true") -> dict[str, Any]:
    """The latest report of this kind for which the expression `then` (of `it`) holds, as soon as there is one."""
    found = f"heard.findLast(it => it.backprop === 1 && it.event === '{event}' && ({then}))"
    page.wait_for_function(found)
    return dict(page.evaluate(found))


def test_another_origin_drives_it_by_messages(slides: Slides, server: str, client: httpx.Client) -> None:
    """A preset's frame as `app.notebook` gives it: go, play, pause, theme, load; reports of each, and of what was refused."""
    page = slides(show("two-layer", base=server, step=7)._repr_html_(), reduced_motion="reduce")
    frame = framed(page)
    trace = client.get("/api/v1/trace?preset=two-layer").json()
    told = {"step": 7, "steps": 18, "id": "dz2", "title": trace["steps"][6]["title"], "loss": trace["end"]["loss"]}
    assert heard(page, "ready") == {"backprop": 1, "event": "ready", **told}

    say(page, do="go", step=10)
    assert heard(page, "step", "it.step === 10")["id"] == "da1"
    assert frame.get_attribute("html", "data-step") == "10"
    say(page, do="go", step=999)
    assert heard(page, "step", "it.step === 18")["id"] == trace["steps"][17]["id"]

    say(page, do="theme", theme="dark")
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")

    say(page, do="load", problem=OWN, step=3)
    loaded = heard(page, "loaded")
    answer = client.post("/api/v1/trace", json=OWN).json()
    assert (loaded["step"], loaded["steps"], loaded["id"], loaded["loss"]) == (3, len(answer["steps"]), "loss", answer["end"]["loss"])
    assert frame.locator('[data-view=stage] [role=button][data-quantity=W1][data-entry="0,0"]').get_attribute("data-value") == "1.5"

    say(page, do="play")
    heard(page, "step", "it.step === 4")
    say(page, do="pause")
    expect(frame.get_by_role("button", name="Play", exact=True)).to_be_visible()

    before = frame.get_attribute("html", "data-step")
    for problem, words in (({"layers": [], "inputs": [[1]]}, "layers"), ([1], "expected a problem")):
        say(page, do="load", problem=problem)
        assert words in heard(page, "fault", f"it.detail.includes('{words}')")["detail"]
    say(page, do="fly")
    heard(page, "fault", "it.detail.includes('go, play')")
    page.evaluate("frames[0].postMessage('hello', '*'); frames[0].postMessage({do: 'go', step: 1}, '*')")
    frame.evaluate("postMessage({backprop: 1, do: 'go', step: 1}, '*')")  # itself, not the document around it
    say(page, do="theme", theme="light")
    expect(frame.locator("html")).to_have_attribute("data-theme", "light")
    assert frame.get_attribute("html", "data-step") == before
    assert not [it for it in page.evaluate("heard") if set(it) - {"backprop", "event", "step", "steps", "id", "title", "loss", "detail"}]


# Counted in the frame: looked at from here, the motion may be over.
PENDED = """() => { window.pended = 0; const count = () => { pended = Math.max(pended, document.querySelectorAll('[data-view=stage] .cell.pending').length); };
    new MutationObserver(count).observe(document.documentElement, { attributeFilter: ['data-step', 'class'], subtree: true }); }"""


def test_a_step_on_is_animated_as_the_key_does(slides: Slides, server: str) -> None:
    page = slides(f'<iframe src="{server}/embed" width="640" height="360"></iframe>', reduced_motion="no-preference")
    frame = framed(page)
    frame.evaluate(PENDED)
    say(page, do="go", step=1)
    heard(page, "step", "it.step === 1")
    assert frame.evaluate("pended > 0")
    say(page, do="go", step=5)
    heard(page, "step", "it.step === 5")
    assert frame.locator("[data-view=stage] .cell.pending").count() == 0


def test_nothing_else_can_be_framed(slides: Slides, server: str, client: httpx.Client) -> None:
    documents = ["/", "/?preset=xor", "/docs", "/chain-rule"]
    page = slides("".join(f'<iframe src="{server}{path}"></iframe>' for path in [*documents, "/embed"]))
    page.frames[-1].wait_for_selector("html[data-ready=true]")
    assert [urlsplit(frame.url).scheme for frame in page.frames[1:]] == ["chrome-error"] * len(documents) + ["http"]
    policies = {path: client.get(path).headers["content-security-policy"] for path in [*documents, "/embed"]}
    assert all(policies[path].endswith("frame-ancestors 'none'") for path in documents)
    assert policies["/embed"] == policies["/"].replace("frame-ancestors 'none'", "frame-ancestors * file: vscode-webview:")


@pytest.mark.parametrize(("size", "theme"), [((320, 240), "dark"), ((640, 360), "light"), ((800, 450), "dark"), ((1280, 720), "light")])
def test_all_is_in_sight_whatever_the_size(open_page: OpenPage, size: tuple[int, int], theme: str) -> None:
    """The two-layer network is whole from 640 × 360 on, its letters no smaller than 9 px anywhere, and axe is content."""
    page = open_page(f"/embed?preset=two-layer&theme={theme}#step=10", viewport={"width": size[0], "height": size[1]})
    assert step(page) == 10 and "da1" in shown(page)
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == list(size)
    tall = page.evaluate("Math.min(...[...document.querySelectorAll('.scene .cell .number:not(.delta)')].map(e => e.getBoundingClientRect().height))")
    assert tall >= 9
    if size[0] >= 640:
        stage = page.evaluate("(e => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight])(document.querySelector('.scroll'))")
        assert max(stage) <= 1
        assert page.locator("[data-view=inspector] .chain math").is_visible()
    for selector in (".transport", ".transport [aria-label=Play]", "a.out"):
        box = page.locator(selector).bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    assert step(page) == 11
    assert serious(page) == []


def test_as_much_as_is_asked_for(open_page: OpenPage) -> None:
    page = open_page("/embed?preset=xor&show=stage&controls=off&theme=light", color_scheme="dark", viewport={"width": 640, "height": 360})
    assert page.locator("[data-view=inspector], [data-view=walk], [data-view=transport]").count() == 0
    assert page.get_attribute("html", "data-theme") == "light"
    page.keyboard.press("PageDown")
    assert step(page) == 1
    page = open_page("/embed?show=nonsense&controls=nonsense&theme=nonsense", color_scheme="dark", viewport={"width": 640, "height": 360})
    assert page.locator("[data-view=inspector], [data-view=transport]").count() == 2
    assert page.get_attribute("html", "data-theme") == "dark"


def test_a_link_opens_and_leads_to_the_same_on_the_step_page(open_page: OpenPage) -> None:
    view = {"step": 6, "target": "W1", "pin": {"quantity": "W1", "entry": [0, 1]}}
    page = open_page(f"/embed#{write(view, TWO_LAYER | {'inputs': [[0.25, -0.0]]})}", viewport={"width": 800, "height": 450})
    assert step(page) == 6
    page.keyboard.press("PageDown")
    expect(page.locator("a.out")).to_have_attribute("href", re.compile("step=7"))
    assert page.get_attribute("a.out", "rel") == "noopener"
    told, problem = read(urlsplit(page.get_attribute("a.out", "href") or "").fragment)
    assert told == {**view, "step": 7}
    assert problem is not None and json.dumps(problem["inputs"]) == "[[0.25, -0.0]]"
    with page.context.expect_page() as opened:
        page.click("a.out")
    opened.value.wait_for_selector("html[data-ready=true]")
    assert urlsplit(opened.value.url).path == "/"
    assert (step(opened.value), numbers(opened.value)[0]) == (7, numbers(page)[0])


def test_a_damaged_link_says_so_and_opens_the_preset(open_page: OpenPage) -> None:
    page = open_page("/embed?preset=xor#step=3&p=AAAA", viewport={"width": 640, "height": 360})
    expect(page.locator(".banner")).to_contain_text("This link is damaged")
    assert step(page) == 0 and len(shown(page)) > 0
