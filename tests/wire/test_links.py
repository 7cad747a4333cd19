"""Links: what both sides write, both sides read; whatever else comes is refused in words."""

import base64
import json
import zlib
from pathlib import Path

import numpy as np
import pytest
from documents import TWO_LAYER, wide
from hypothesis import given
from hypothesis import strategies as st

from app.engine.document import read_problem
from app.wire.links import DEEPEST, DamagedLink, LongLink, kept, read, write
from app.wire.presets import presets

LINKS = json.loads((Path(__file__).parents[1] / "links.json").read_text())


def holding(text: str | bytes) -> str:
    """The fragment of a text as it stands."""
    deflate = zlib.compressobj(wbits=-15)
    body = deflate.compress(text.encode() if isinstance(text, str) else text) + deflate.flush()
    return "p=" + base64.urlsafe_b64encode(body).decode().rstrip("=")


@pytest.mark.parametrize("link", LINKS, ids=[link["name"] for link in LINKS])
def test_links_of_both_sides_say_the_same(link):
    """Those that the page made (`permalink.js`) and those made here."""
    expected = (link["view"], link["problem"])
    for fragment in (link["python"], link["page"], write(*expected)):
        view, problem = read(fragment)
        assert view == expected[0]
        assert problem == expected[1]
        assert "-0.0" not in json.dumps(expected[1]) or "-0.0" in json.dumps(problem)
    assert write(*expected).partition("p=")[0] == link["page"].partition("p=")[0]


def test_only_what_is_not_as_usual_is_said():
    usual = {"step": 8, "target": None, "more": False, "pin": None, "tool": "terms", "convention": "row", "example": 0, "numbers": True, "delta": False}
    assert write(usual) == "step=8"
    unusual = {"delta": True, "pin": {"quantity": "W1", "entry": [0, 1]}, "step": 8, "example": -1}
    assert write(unusual, {}).startswith("step=8&pin=W1,0,1&example=all&delta=on&p=")


@pytest.mark.parametrize("view", [{"step": -1}, {"step": 2.5}, {"target": "W1&p=x"}, {"target": "W0"}, {"pin": {"quantity": "W1", "entry": [-1]}}])
def test_what_no_link_can_say_is_not_written(view):
    with pytest.raises(ValueError, match=f"cannot have the {next(iter(view))}"):
        write(view)


def test_what_is_not_known_and_what_passing_on_does_to_a_link_is_no_damage():
    assert read("#utm=1&&step=8&later=x=y&") == ({"step": 8}, None)
    assert read("pin=W1%2C0%2C1&%73tep=3&numbers=on") == ({"pin": {"quantity": "W1", "entry": [0, 1]}, "step": 3, "numbers": True}, None)


GOOD = holding('{"layers":[{"units":2}]}')
DAMAGED = {
    "a step that is none": "step=eight",
    "digits of another script": "step=٣",
    "a line end": "step=3%0A",
    "a step without a number": "step",
    "a target that no network has": "target=W0",
    "a tool that there is not": "tool=hammer",
    "example 0": "example=0",
    "a stray %": "step=%zz",
    "no UTF-8, percent-encoded": "target=%ff",
    "an empty problem": "p=",
    "letters that are not base64url": GOOD + "!",
    "a length that base64 cannot have": "p=abcde",
    "a problem cut off": GOOD[:-6],
    "something after it": GOOD + "AAAAAAAA",
    "bytes that are not deflated": "p=____",
    "a list": holding("[]"),
    "JSON cut off": holding('{"layers":'),
    "a byte order mark": holding("\ufeff{}"),
    "no UTF-8": holding(b'{"\xff":1}'),
    "a number beyond float64": holding('{"inputs":[[1e999]]}'),
    "NaN": holding('{"inputs":[[NaN]]}'),
    "lists too deep": holding('{"a":' + "[" * DEEPEST + "]" * DEEPEST + "}"),
    "lists as deep as the parser goes": holding('{"a":' + "[" * 1000 + "]" * 1000 + "}"),
    "lists without end": holding('{"a":' + "[" * 10**6 + "]" * 10**6 + "}"),
    "a bomb": holding(b" " * 10**8),
}


@pytest.mark.parametrize("fragment", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_link_says_so(fragment):
    with pytest.raises(DamagedLink, match=r"^this link is damaged") as caught:
        read(fragment)
    assert len(str(caught.value)) < 200


def test_as_deep_as_allowed():
    assert read(holding('{"a":' + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1) + "}"))[1] is not None


def test_what_no_browser_would_open_is_refused_with_a_reason():
    with pytest.raises(LongLink, match="too large for a link"):
        write({}, {"inputs": np.random.default_rng(0).normal(size=(300, 1000))})


# ---- what is kept ------------------------------------------------------------------------------------------------------


def test_a_link_keeps_the_numbers_themselves():
    """Weights that would be drawn from a seed are written out, so that another version cannot draw others."""
    document = {**wide(5, 3, inputs=4), "initializer": {"name": "he_normal", "seed": 3}}
    problem = read_problem(document)
    _, linked = read(write({}, kept(problem, document, 4096)))
    again = read_problem({**linked, "initializer": {"name": "zeros"}})
    for layer, before in zip(again.layers, problem.layers, strict=True):
        assert layer.weights.tobytes() == before.weights.tobytes()
        assert layer.bias.tobytes() == before.bias.tobytes()


@pytest.mark.parametrize("max_values", [4, 7, 11])
def test_what_is_too_large_for_that_is_kept_as_it_came(max_values):
    document = {**wide(3, 2, inputs=4), "initializer": "he_normal"}
    assert kept(read_problem(document), document, max_values) is document
    assert kept(read_problem(document), document, 12) is not document


@pytest.mark.parametrize("name", presets())
def test_every_preset_is_the_same_problem_after_its_link(name):
    problem = read_problem(presets()[name]["problem"])
    _, linked = read(write({}, kept(problem, None, 10**6)))
    again = read_problem(linked)
    assert again.structure == problem.structure
    assert all(value.tobytes() == again.givens()[name].tobytes() for name, value in problem.givens().items())


def test_arrays_may_be_numpys():
    weights = np.arange(6.0).reshape(2, 3)
    _, linked = read(write({}, {**TWO_LAYER, "inputs": weights.T, "targets": (np.float64(1), np.int64(2))}))
    assert (linked["inputs"], linked["targets"]) == (weights.T.tolist(), [1.0, 2])


# ---- anything ----------------------------------------------------------------------------------------------------------

numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
letters = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(st.none() | st.booleans() | numbers | letters, lambda inner: st.lists(inner) | st.dictionaries(letters, inner), max_leaves=20)
quantities = st.sampled_from(["W1", "dz64", "loss", "b2_new"])
entries = st.fixed_dictionaries({"quantity": quantities, "entry": st.lists(st.integers(0, 9999), max_size=3)})
views = st.fixed_dictionaries(
    {},
    optional={
        "step": st.integers(1, 999_999),
        "target": st.sampled_from(["W1", "b12", "Theta64"]),
        "more": st.just(True),
        "pin": entries,
        "tool": st.sampled_from(["all-k", "paths", "check"]),
        "convention": st.just("column"),
        "example": st.just(-1) | st.integers(1, 9999),
        "numbers": st.just(False),
        "delta": st.just(True),
    },
)


@given(views, st.none() | st.dictionaries(letters, values))
def test_what_is_written_is_read(view, problem):
    again = read(write(view, problem))
    assert again == (view, problem)
    assert json.dumps(again[1]) == json.dumps(problem)  # −0 and 0 are equal, but not the same


def harmless(fragment):
    try:
        view, problem = read(fragment)
    except DamagedLink:
        return
    assert isinstance(view, dict)
    assert problem is None or isinstance(problem, dict)


@given(st.text())
def test_no_text_crashes_the_reader(text):
    for fragment in (text, f"p={text}", f"step={text}", f"pin={text}", f"step=1&{text}&p={text}"):
        harmless(fragment)


@given(st.binary())
def test_no_bytes_crash_the_reader(body):
    harmless(f"p={base64.urlsafe_b64encode(body).decode()}")
    harmless(f"p={base64.urlsafe_b64encode(body).decode().rstrip('=')}")
    harmless(holding(body))
