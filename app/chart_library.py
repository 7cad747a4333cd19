"""plotly.js, as it comes inside the installed plotly package, and the same compressed: 1.5 MB instead of 4.8, made once and kept."""

import gzip
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .cache import kept


def address() -> str:
    """Where it is served, beside the style sheets; another version has another address."""
    return f"plotly-{version('plotly')}.min.js"


def script() -> Path:
    """The script, found without importing plotly, which takes its time."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("plotly, which carries the chart library, is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def compressed(folder: str = "") -> Path:
    """The script with gzip, which every browser takes over plain http too; brotli they take over https alone."""
    source = script()
    return kept(f"{address()}.gz", lambda target: target.write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0)), folder)
