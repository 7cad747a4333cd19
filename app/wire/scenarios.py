"""The prepared trainings, from their files."""

from functools import cache
from typing import Any

import orjson

from ..paths import scenarios as folder

DEFAULT = "spirals"


@cache
def scenarios() -> dict[str, dict[str, Any]]:
    """Every scenario by name, in the order their files ask for."""
    found = [orjson.loads(file.read_bytes()) for file in folder().glob("*.json")]
    return {item["name"]: item for item in sorted(found, key=lambda item: item["order"])}


def scenario(name: str) -> dict[str, Any] | None:
    """One scenario: name, title, description, watch (the chart that makes its point), runs (label, train), one or two that are compared."""
    return scenarios().get(name)


def summaries() -> list[dict[str, str]]:
    """What a menu needs."""
    return [{key: item[key] for key in ("name", "title", "description")} for item in scenarios().values()]
