"""The maths font holds every sign that a formula can need, over all presets, both conventions and walks."""

import unicodedata
import xml.etree.ElementTree as ET

import orjson
import pytest
from fontTools.ttLib import TTFont

from app.engine.activations import ACTIVATIONS
from app.engine.chain_rule import Asked
from app.engine.document import NO_LIMITS
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.passes import program
from app.engine.scalars import SCALARS
from app.explain.explanation import explain
from app.explain.formulas import formula
from app.explain.theta import theta
from app.explain.walks import chain_of, targets, told, walk
from app.maths_font import UNICODES, cached_subset
from app.routes.assets import full_maths_font
from app.settings import Settings
from app.wire.catalog import catalog
from app.wire.chain_rule import answer
from app.wire.frames import View, trace_frames
from app.wire.presets import presets
from app.wire.requests import problem_of

CONVENTIONS = ["row", "column"]


@pytest.fixture(scope="module")
def glyphs(tmp_path_factory):
    """The characters that the subset has a glyph for."""
    with TTFont(cached_subset(full_maths_font(), str(tmp_path_factory.mktemp("font")))) as font:
        return set(font.getBestCmap())


def formulas(value):
    """All MathML anywhere in plain data."""
    if isinstance(value, dict):
        yield from [value["mathml"]] if isinstance(value.get("mathml"), str) else []
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from formulas(item)


def italic(letter):
    """What a browser draws for a lone letter in <mi>: MathML's own mapping to mathematical italic."""
    if letter == "h":
        return "ℎ"
    name = unicodedata.name(letter, "")
    kind = "FINAL SIGMA" if "FINAL SIGMA" in name else name.rpartition(" ")[2]
    size = "CAPITAL" if "CAPITAL LETTER" in name else "SMALL" if "SMALL LETTER" in name else None
    return unicodedata.lookup(f"MATHEMATICAL ITALIC {size} {kind}") if size and name.startswith(("LATIN", "GREEK")) else letter


def signs(mathml):
    """Every character that a formula shows."""
    found = set()
    for element in ET.fromstring(mathml).iter():
        text = element.text or ""
        lone = element.tag.rpartition("}")[2] == "mi" and len(text) == 1 and element.get("mathvariant") != "normal"
        found |= {italic(text)} if lone else {*text}
    return found


def check(mathml, glyphs):
    shown = {sign for text in mathml for sign in signs(text)} - {"\u2061"}  # "function applied to" shows nothing
    assert shown
    assert {f"{sign} U+{ord(sign):04X}" for sign in shown if ord(sign) not in glyphs} == set()
    return shown


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("name", presets())
def test_every_sign_of_a_preset(name, convention, glyphs):
    frames = trace_frames(problem_of({"preset": name}, NO_LIMITS), View(convention=convention))
    check([text for frame in frames for text in formulas(orjson.loads(frame))], glyphs)


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_every_sign_of_walks(convention, glyphs):
    said = [told(walk(chain_of(layers), target, convention)) for layers in (1, 2, 4, 8) for target in [*targets(layers), "W1", "b1"]]
    shown = check(list(formulas([*said, *theta(8)])), glyphs)
    assert {"⟶", "𝚯", "𝐖", "⏟"} <= shown


def test_every_sign_of_the_chain_rule(glyphs):
    """Each function inside and outside, where its numbers are awkward too."""
    said = [orjson.loads(answer(Asked(name, name, theta))) for name in SCALARS for theta in (-0.7, 0.0, 1e-7, 90.0)]
    check(list(formulas(said)), glyphs)


def test_every_sign_of_the_catalog(glyphs):
    said = catalog(Settings())
    entries = [entry for kind in ("activations", "losses", "optimizers") for entry in said[kind]]
    texts = [entry[key] for entry in entries for key in ("latex", "slope_latex", "glyph") if entry.get(key)]
    check([formula(text)["mathml"] for text in texts], glyphs)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(("registry", "name"), [(kind, name) for kind in (ACTIVATIONS, LOSSES, OPTIMIZERS) for name in kind])
def test_every_sign_of_every_step(registry, name, convention, glyphs):
    of = chain_of(2)._replace(sizes=(3, 2, 2), examples=3)
    it = registry[name]()
    of = {
        "activations": of._replace(activations=(it, it)),
        "losses": of._replace(loss=it),
        "optimizers": of._replace(optimizer=it),
    }[type(it).__module__.rpartition(".")[2]]
    check([text for d in program(of).definitions for text in formulas(explain(d, of, convention))], glyphs)


def test_what_is_asked_for_is_there(glyphs):
    """The whole font has a glyph for all of them; ⁡ and its like need none."""
    assert {f"U+{code:04X}" for code in UNICODES if code not in glyphs and unicodedata.category(chr(code)) != "Cf"} <= {"U+03A2", "U+1D455"}


@pytest.mark.parametrize(("letter", "drawn"), [("a", "𝑎"), ("h", "ℎ"), ("W", "𝑊"), ("δ", "𝛿"), ("ℒ", "ℒ"), ("𝐚", "𝐚"), ("∂", "∂"), ("1", "1")])
def test_italics(letter, drawn):
    assert italic(letter) == drawn
