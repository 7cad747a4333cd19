"""Where static files and templates are: inside an installed wheel, or beside the package in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def assets(kind: str) -> Path:
    """The folder `static` or `templates`."""
    for folder in (_PACKAGE / "_assets" / kind, _PACKAGE.parent / kind):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no {kind} folder: neither in the installed package nor beside it")


def presets() -> Path:
    """The folder of prepared networks."""
    return _PACKAGE / "presets"


def scenarios() -> Path:
    """The folder of prepared trainings."""
    return _PACKAGE / "scenarios"
