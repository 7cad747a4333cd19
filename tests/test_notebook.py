"""The visualiser in a notebook: what `show` returns draws itself as a frame of the embedded page."""

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from documents import TWO_LAYER

from app.engine.document import read_problem
from app.engine.errors import ProblemError
from app.notebook import show
from app.wire.links import read


class Frame(HTMLParser):
    """The attributes of the one element in a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        assert tag == "iframe"
        self.attributes = dict(attrs)


def test_a_presets_name():
    frame = Frame(show("two-layer", step=8, target="W1")._repr_html_()).attributes
    assert frame["src"] == "http://127.0.0.1:8000/embed?preset=two-layer#step=8&target=W1"
    assert (frame["width"], frame["height"]) == ("100%", "480")
    assert frame["title"]


def test_how_it_is_shown():
    embed = show("xor", base="https://lecture.example/maths/", show="stage", controls=False, theme="dark", width=640, height=360)
    address = urlsplit(Frame(embed._repr_html_()).attributes["src"])
    assert (address.netloc, address.path) == ("lecture.example", "/maths/embed")
    assert parse_qs(address.query) == {"preset": ["xor"], "show": ["stage"], "controls": ["off"], "theme": ["dark"]}
    assert (embed.width, embed.height) == (640, 360)


@pytest.mark.parametrize("kind", [dict, read_problem])
def test_a_problem_of_ones_own(kind):
    """Plain data with numpy's arrays in it, or the engine's Problem: its numbers are in the link."""
    document = {**TWO_LAYER, "inputs": np.array([[0.05, -0.0]]), "targets": np.array([[1.0, 3.0], [2.0, 4.0]]).T[:1]}
    _, problem = read(show(kind(document)).address.partition("#")[2])
    again = read_problem(problem)
    assert all(value.tobytes() == again.givens()[name].tobytes() for name, value in read_problem(document).givens().items())


def test_quotes_stay_inside():
    assert Frame(show("xor", base='http://x"><script>', width='"><script>')._repr_html_()).attributes["width"] == '"><script>'


@pytest.mark.parametrize("problem", ["nope", {}, {**TWO_LAYER, "inputs": [[1]]}, {"layers": [{"units": 10**9, "activation": "tanh"}], "inputs": [[1]]}])
def test_what_makes_no_sense_is_said_at_once(problem):
    with pytest.raises(ProblemError):
        show(problem)
