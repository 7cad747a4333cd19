"""The folder for what is made once and kept: the subset of the maths font, the compressed chart library."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept(name: str, make: Callable[[Path], object], folder: str = "") -> Path:
    """The path of the file `name`, which `make` writes now unless it is there already."""
    target = _folder(folder) / name
    if not target.exists():
        handle, unfinished = tempfile.mkstemp(dir=target.parent, suffix=target.suffix)
        os.close(handle)
        try:
            make(Path(unfinished))
            os.chmod(unfinished, 0o644)  # the folder may be shared
            os.replace(unfinished, target)  # whole or not at all, also when several workers start at once
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
    return target


def _folder(folder: str) -> Path:
    wanted = Path(folder) if folder else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "backprop-visualiser"
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        if os.access(wanted, os.W_OK):
            return wanted
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="backprop-visualiser-"))
