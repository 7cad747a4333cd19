"""Run exported scripts, and read what they print."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from app.engine.problem import Problem
from app.engine.steps import Array
from tests.engine.problems import quantities


def printed(lines: str) -> dict[str, Array]:
    """Every `name value` line; Python's json reads NaN, Infinity and -Infinity."""
    return {name: np.array(json.loads(value), dtype=float) for name, _, value in (line.partition(" ") for line in lines.splitlines())}


def run_here(script: str) -> dict[str, Array]:
    """What a script prints, run in this process: for many scripts."""
    said = io.StringIO()
    before = np.geterr()
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(script, "exported", "exec"), {"__name__": "__main__"})
    finally:
        np.seterr(**before)
    return printed(said.getvalue())


def run_alone(script: str, folder: Path) -> dict[str, Array]:
    """What a script prints in a process of its own, in a folder where there is nothing else and without a word on stderr."""
    file = folder / "exported.py"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "-W", "error", str(file)], capture_output=True, text=True, encoding="utf-8", cwd=folder, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return printed(done.stdout)


def assert_same(got: dict[str, Array], problem: Problem, tolerance: float = 1e-12) -> None:
    """Every quantity that was printed is that of the trace, NaN and ∞ included."""
    known = quantities(problem)
    for name, value in got.items():
        expected = known[name]
        assert value.shape == expected.shape, name
        finite = np.isfinite(expected)
        assert (np.isfinite(value) == finite).all(), name
        assert np.array_equal(value[~finite], expected[~finite], equal_nan=True), name
        assert (np.abs(value[finite] - expected[finite]) <= tolerance * np.maximum(1.0, np.abs(expected[finite]))).all(), name
