"""POST /figures/{kind}: an answer of /train drawn, or a request of /train made ready to be carried out and drawn."""

from math import ceil
from typing import Any

import orjson

from ...engine.errors import ProblemError
from ...engine.training import Plan
from ..faults import RequestError, of_problem
from ..requests import parse
from ..targets import is_index
from . import KINDS, Kind, figure

REPORTS = 200  # over which a curve is drawn: a wide screen shows no more
DRAWN, TO_TRAIN = b"drawn", b"to train"


def figure_job(body: bytes, kind: str, theme: str, at_most: int | None = None) -> list[bytes] | RequestError:
    """`DRAWN` and the figure; or `TO_TRAIN` and the body for /train whose answer can be drawn; or what is wrong. It is always light for its size."""
    try:
        document = parse(body)
        if isinstance(document, dict) and "start" in document:
            return [DRAWN, orjson.dumps(figure(kind, document, theme), option=orjson.OPT_SERIALIZE_NUMPY)]
    except ProblemError as error:
        return of_problem(error)
    except RequestError as error:
        return error
    return [TO_TRAIN, orjson.dumps(_asking(document, KINDS[kind])) if isinstance(document, dict) else body]


def _asking(document: dict[str, Any], kind: Kind) -> dict[str, Any]:
    """The request with what the figure needs in its answer, as far as it does not say itself."""
    given = {name: value for name, value in document.items() if value is not None}
    epochs = given.get("epochs", Plan.epochs)
    every = {"report_every": epochs if kind.asks else ceil(epochs / REPORTS)} if is_index(epochs) and epochs else {}
    return {**kind.asks, **every, **given}
