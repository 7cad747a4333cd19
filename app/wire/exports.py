"""POST /export/{kind}: a problem as a file."""

from collections.abc import Callable
from typing import Any, NamedTuple

from ..engine.errors import Fault, LimitError, ProblemError
from ..engine.limits import Limits
from ..engine.passes import program
from ..engine.problem import Problem
from ..explain.conventions import Convention
from ..export.latex_document import latex_document
from ..export.numpy_script import numpy_script
from ..export.source import is_fresh
from ..export.torch_script import torch_script
from .faults import RequestError, of_problem
from .formats import JSON
from .frames import resolved
from .jobs import TooHeavy, weight
from .requests import parse, problem_of

NUMBER = 5  # what writing one number costs, in numbers of a trace (measured)
STEP = 400  # and what one step of a worked solution costs


class Kind(NamedTuple):
    """A kind of file: for menus, for the answer's headers, and how it is written."""

    title: str
    media_type: str
    ending: str  # of the file's name
    write: Callable[[Problem, Convention], bytes]
    whole: bool = True  # it holds every number of the problem


KINDS = {
    "numpy": Kind("numpy script", "text/x-python", "-numpy.py", lambda problem, _: numpy_script(problem).encode()),
    "pytorch": Kind("PyTorch script", "text/x-python", "-pytorch.py", lambda problem, _: torch_script(problem).encode()),
    "latex": Kind("LaTeX worked solution", "application/x-tex", ".tex", lambda problem, rows: latex_document(problem, rows).encode(), whole=False),
    "json": Kind("JSON", JSON, ".json", lambda problem, _: resolved(problem)),
}


def export_job(body: bytes, limits: Limits, kind: str, convention: Convention, most: int, at_most: int | None = None) -> list[bytes] | RequestError:
    """The name of the file, then what is in it; or what is wrong with the request.

    At most `most` numbers are written. Raises TooHeavy when it costs more than `at_most` numbers of a trace.
    """
    it = KINDS[kind]
    try:
        document = parse(body)
        problem = problem_of(document, limits)
        numbers = sum(value.size for name, value in problem.givens().items() if not is_fresh(name, problem))
        if it.whole and numbers > most:
            raise LimitError([Fault("/layers", f"expected at most {most} numbers to write down, got {numbers}")])
    except ProblemError as error:
        return of_problem(error)
    except RequestError as error:
        return error
    cost = NUMBER * numbers if it.whole else weight(problem.structure) + STEP * len(program(problem.structure).definitions)
    if at_most is not None and cost > at_most:
        raise TooHeavy
    return [f"backprop-{_name(document, problem)}{it.ending}".encode(), it.write(problem, convention)]


def _name(document: dict[str, Any], problem: Problem) -> str:
    """Of the preset, or from the sizes."""
    sizes = problem.structure.sizes
    return document.get("preset") or ("-".join(map(str, sizes)) if len(sizes) <= 8 else f"{len(sizes) - 1}-layers")


def kinds() -> list[dict[str, str]]:
    """For the catalog."""
    return [{"name": name, "title": it.title, "media_type": it.media_type} for name, it in KINDS.items()]
