"""The prepared networks, from their files."""

from functools import cache
from typing import Any

import orjson

from ..paths import presets as folder

DEFAULT = "two-layer"


@cache
def presets() -> dict[str, dict[str, Any]]:
    """Every preset by name, in the order their files ask for."""
    found = [orjson.loads(file.read_bytes()) for file in folder().glob("*.json")]
    return {item["name"]: item for item in sorted(found, key=lambda item: (item.get("order", 0), item["name"]))}


def preset(name: str) -> dict[str, Any] | None:
    """One preset: name, title, description, source, problem."""
    return presets().get(name)


def summaries() -> list[dict[str, str]]:
    """What a menu needs."""
    return [{key: item[key] for key in ("name", "title", "description")} for item in presets().values()]
