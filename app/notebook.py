"""The visualiser in a notebook: `show(problem)` as the last line of a cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from .engine.limits import Limits
from .engine.problem import Problem
from .wire.frames import View
from .wire.links import address
from .wire.requests import problem_of


@dataclass(frozen=True)
class Embed:
    """An embedded page: notebooks draw what `_repr_html_` gives; `address` is where it comes from."""

    address: str
    width: str | int
    height: str | int

    def _repr_html_(self) -> str:
        size = f'width="{escape(str(self.width))}" height="{escape(str(self.height))}"'
        return f'<iframe src="{escape(self.address)}" {size} title="Backprop Visualiser" style="border: 0"></iframe>'


def show(
    problem: str | Mapping[str, Any] | Problem,
    *,
    base: str = "http://127.0.0.1:8000",
    step: int = 0,
    target: str | None = None,
    show: Literal["stage", "step"] = "step",
    controls: bool = True,
    theme: Literal["light", "dark"] | None = None,
    width: str | int = "100%",
    height: str | int = 480,
) -> Embed:
    """The network of `problem`, so many steps in, from the server at `base` (`backprop serve`), which the browser must reach.

    `problem` is a document as the API takes it (arrays may be numpy's), a preset's name or a Problem.
    Raises ProblemError with every fault, ValueError for a step or a target that no link can say.
    """
    document = {"preset": problem} if isinstance(problem, str) else problem.document() if isinstance(problem, Problem) else dict(problem)
    query = {**({} if show == "step" else {"show": show}), **({} if controls else {"controls": "off"}), **({"theme": theme} if theme else {})}
    view = {"step": step, "target": target}
    checked = problem if isinstance(problem, Problem) else problem_of(document, Limits())
    return Embed(address(f"{base.rstrip('/')}/embed", view, document, checked, View().max_values, **query), width, height)
