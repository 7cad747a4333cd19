"""The worked solution: every step with its equation and its true numbers, nothing that pdflatex's fonts lack, and it compiles where TeX is installed."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from documents import MIXED, SATURATED

from app.engine.document import NO_LIMITS
from app.engine.optimizers import OPTIMIZERS
from app.engine.passes import program
from app.engine.problem import Problem
from app.explain.equations import equation
from app.export.latex_document import latex_document
from app.export.latex_numbers import figure, matrix
from app.export.latex_text import text
from app.wire.presets import presets
from app.wire.requests import problem_of
from tests.engine.problems import quantities

DOCUMENTS = {
    **{name: {"preset": name} for name in presets()},
    **{f"optimizer-{name}": {"preset": "two-layer", "optimizer": name} for name in OPTIMIZERS},
    "mixed": MIXED,
    "saturated": SATURATED,
    "forward": {"preset": "xor", "targets": None},
    "clipped": {"preset": "digits", "loss": {"name": "cross_entropy", "clip": 1e-7, "over_outputs": "mean"}},
}
ENTRY = re.compile(r"The first entry: \$(.*) = (.*?)\$\.")


def problem(name: str) -> Problem:
    return problem_of(DOCUMENTS[name], NO_LIMITS)


@pytest.mark.parametrize("convention", ["row", "column"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_whole_and_plain(name: str, convention) -> None:
    of = problem(name)
    document = latex_document(of, convention)
    assert document.isascii()
    assert document.count("{") == document.count("}")  # an escaped brace would be rare: there is none in our words
    assert re.findall(r"\\begin\{(\w+\*?)\}", document).count("bmatrix") == document.count(r"\end{bmatrix}")
    definitions = program(of.structure).definitions
    for k, d in enumerate(definitions, 1):
        assert rf"\subsection*{{{k}. $" in document
        assert equation(d, of.structure, convention) in document
    assert (r"\section*{The result}" in document) == (of.targets is not None)


def number(latex: str) -> float:
    return float(eval(latex.replace(r" \cdot 10^{", "e").replace("}", "").replace(r"\cdot", "*").replace("e -", "e-")))


@pytest.mark.parametrize("convention", ["row", "column"])
def test_first_entries_are_sums_that_hold(convention) -> None:
    """As a reader would work them out, with the digits that are there."""
    seen = 0
    for name in ("two-layer", "xor", "iris", "mixed", "vanishing", "four-layer"):
        for sum_, value in ENTRY.findall(latex_document(problem(name), convention)):
            if "(" in sum_ and re.search(r"[a-z]\}?\(|\\sigma|\\tanh", sum_):
                continue  # an activation at its z
            seen += 1
            terms = [abs(number(part)) for part in sum_.split(" + ")]
            assert number(sum_) == pytest.approx(number(value), abs=2e-3 * max(terms)), sum_
    assert seen > 60


def test_matrices_hold_the_trace() -> None:
    known = quantities(problem("two-layer"))
    document = latex_document(problem("two-layer"))
    for name in ("a0", "W1", "z1", "a2", "da2", "dW2", "W1_new"):
        assert matrix(known[name]) in document, name
    columns = latex_document(problem("two-layer"), "column")
    assert matrix(known["z1"].T) in columns and matrix(known["z1"]) not in columns
    assert matrix(known["W1"]) in columns and "an example is a column" in columns


@pytest.mark.parametrize(
    ("x", "written"),
    [
        (0.0, "0"), (-0.0, "0"), (0.138498561, "0.1385"), (-12.5, "-12.5"), (1e-3, "0.001"), (4.3857e-4, r"4.386 \cdot 10^{-4}"), (2e-5, r"2 \cdot 10^{-5}"),
        (123456.0, r"1.235 \cdot 10^{5}"), (np.nan, r"\text{NaN}"), (np.inf, r"\infty"), (-np.inf, r"-\infty"),
    ],
)  # fmt: skip
def test_numbers(x: float, written: str) -> None:
    assert figure(x) == written


def test_of_a_large_matrix_the_corner_and_the_ends() -> None:
    value = np.arange(70.0).reshape(7, 10)
    assert matrix(value[:6, :6]).count("&") == 30
    rows = matrix(value).removeprefix(r"\begin{bmatrix} ").removesuffix(r" \end{bmatrix}").split(r" \\ ")
    assert rows[0] == r"0 & 1 & 2 & \cdots & 9" and rows[-1] == r"60 & 61 & 62 & \cdots & 69"
    assert rows[3] == r"\vdots & \vdots & \vdots & \ddots & \vdots" and len(rows) == 5


def test_words() -> None:
    assert text("∂ℒ/∂b is 1 − 5 % of W_ij × ℒ") == r"$\partial \mathcal{L}/\partial b$ is 1 $-$ 5 \% of W\_ij $\times$ $\mathcal{L}$"


if shutil.which("pdflatex"):

    @pytest.mark.parametrize(
        ("name", "convention"), [("two-layer", "row"), ("mixed", "column"), ("saturated", "row"), ("clipped", "row"), ("optimizer-adamw", "column")]
    )
    def test_pdflatex_sets_it_without_a_line_too_long(name: str, convention, tmp_path: Path) -> None:
        (tmp_path / "it.tex").write_text(latex_document(problem(name), convention), encoding="ascii")
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "it.tex"]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=tmp_path, timeout=120)
        assert done.returncode == 0, done.stdout[-2000:]
        assert "Overfull" not in done.stdout
        assert (tmp_path / "it.pdf").stat().st_size > 10_000
