"""Imports point one way: cli, main → routes → wire → export → explain → engine. Leaves may be used by all above the engine."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
LEAVES = {"__init__", "paths", "maths_font", "chart_library", "settings"}
MAY_IMPORT = {
    "__init__": set(),
    "paths": set(),
    "cache": set(),
    "maths_font": {"cache"},
    "chart_library": {"cache"},
    "settings": {"engine"},
    "engine": set(),
    "explain": {"engine"},
    "export": {"explain", "engine"},
    "wire": {"export", "explain", "engine"} | LEAVES,
    "routes": {"wire", "explain", "engine"} | LEAVES,
    "main": {"routes", "wire", "explain", "engine"} | LEAVES,
    "notebook": {"wire", "engine"},
    "cli": {"wire", "explain", "engine"} | LEAVES,  # it names main to the server, which imports it in a process of its own
    "__main__": {"cli"},
}
WEB = {"fastapi", "starlette", "starlette_compress", "uvicorn", "anyio", "jinja2"}
FILES = sorted(APP.rglob("*.py"))


def part(file: Path) -> str:
    """The package or module right under app that a file belongs to."""
    return file.relative_to(APP).parts[0].removesuffix(".py")


def imported(file: Path) -> Iterator[tuple[str, ...]]:
    """Every import of a file as the absolute dotted path, in pieces: ('app', 'engine', 'steps')."""
    package = ("app", *file.relative_to(APP).parts[:-1])
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            path = (*base, *(node.module.split(".") if node.module else ()))
            yield from ((*path, alias.name) for alias in node.names)


def ours(file: Path) -> set[str]:
    """The parts of app that a file imports from; names of the package itself (its version) count as `__init__`."""
    names = {path[1] for path in imported(file) if path[0] == "app" and len(path) > 1}
    return {name if name in MAY_IMPORT else "__init__" for name in names}


def foreign(file: Path) -> set[str]:
    return {path[0] for path in imported(file)} - {"app"}


def test_every_part_has_its_place() -> None:
    assert {part(file) for file in FILES} == set(MAY_IMPORT)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(APP)))
def test_imports_point_one_way(file: Path) -> None:
    upwards = ours(file) - MAY_IMPORT[part(file)] - {part(file)}
    assert not upwards, f"{part(file)} must not import {', '.join(sorted(upwards))}"


@pytest.mark.parametrize("file", [file for file in FILES if part(file) == "engine"], ids=lambda file: file.name)
def test_the_engine_needs_numpy_and_the_standard_library(file: Path) -> None:
    assert foreign(file) <= sys.stdlib_module_names | {"numpy"}


@pytest.mark.parametrize("file", [file for file in FILES if part(file) in ("explain", "export", "wire")], ids=lambda file: str(file.relative_to(APP)))
def test_only_routes_and_above_know_the_web(file: Path) -> None:
    assert not foreign(file) & WEB
