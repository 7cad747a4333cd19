"""Rules that no other tool checks: nothing from elsewhere in a page, nothing inline in a template, nothing unmentioned in the README."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.engine.activations import ACTIVATIONS
from app.engine.datasets import DATASETS
from app.engine.initializers import INITIALIZERS
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.scalars import SCALARS
from app.wire.charts import KINDS as FIGURES

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = sorted((ROOT / "static").rglob("*"))
PAGE_FILES = [*TEMPLATES, *(file for file in STATIC if file.suffix in (".js", ".css", ".svg", ".json", ".html"))]
NAMESPACE = re.compile(r"http://www\.w3\.org/(2000/svg|1998/Math/MathML|1999/xlink|1999/xhtml)\b")
ADDRESS = re.compile(r"""\b(?:https?|wss?|ftp)://[^\s"'`)>]+|(?:src|href|action)\s*=\s*["']//[^"']+|url\(\s*["']?//[^)]+|@import\s+["']//[^"']+""")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


class Tags(HTMLParser):
    """Every start tag of a template; Jinja's braces are text to it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_there_are_pages_to_look_at() -> None:
    assert ROOT / "templates" / "index.html" in TEMPLATES
    assert {file.suffix for file in PAGE_FILES} >= {".js", ".css", ".html"}


@pytest.mark.parametrize("file", PAGE_FILES, ids=name_of)
def test_no_stray_network_address(file: Path) -> None:
    assert ADDRESS.findall(NAMESPACE.sub("", file.read_text())) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=name_of)
def test_nothing_inline_in_a_template(file: Path) -> None:
    for tag, attributes in Tags(file.read_text()).tags:
        assert tag != "style", "a style element"
        assert tag != "script" or attributes.get("src") or attributes.get("type") == "application/json", "an inline script"
        assert "style" not in attributes, f"style= on <{tag}>"
        assert not [name for name in attributes if name.startswith("on")], f"an event handler on <{tag}>"


def test_lockfile_names_no_registry() -> None:
    lock = json.loads((ROOT / "tests" / "js" / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


COMMANDS = re.findall(r'add_parser\("(\w+)"', (ROOT / "app" / "cli.py").read_text())
TARGETS = re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)
MENTIONED = [
    *[f"backprop {command}" for command in COMMANDS],
    *[f"make {target}" for target in TARGETS if target != "help"],
    *sorted(file.stem for kind in ("presets", "scenarios") for file in (ROOT / "app" / kind).glob("*.json")),
    *[name for registry in (ACTIVATIONS, LOSSES, INITIALIZERS, OPTIMIZERS, SCALARS, DATASETS, FIGURES) for name in registry],
]


def test_readme_mentions_every_command_preset_scenario_and_registry_entry() -> None:
    readme = (ROOT / "README.md").read_text()
    missing = [words for words in MENTIONED if not re.search(rf"(?<![\w-]){re.escape(words)}(?![\w-])", readme)]
    assert not missing, ", ".join(missing)


def test_lists_of_what_readme_mentions_are_not_empty() -> None:
    assert set(COMMANDS) >= {"serve", "trace", "check"} and set(TARGETS) >= {"run", "test", "lint", "bench", "clean"}
    assert "two-layer" in MENTIONED
