"""GET /chain-rule: what is asked, and the answer as bytes."""

import re
from collections.abc import Mapping
from math import isfinite, isnan
from typing import Any

import orjson

from ..engine.chain_rule import DEFAULTS, FARTHEST, Asked, Check, chain_rule
from ..engine.curves import Panel, panels
from ..engine.document import describe
from ..engine.errors import Fault
from ..engine.scalars import SCALARS, Scalar
from ..explain.chain_rule import equations, note, placed, sentence, symbols
from .faults import RequestError, in_words
from .figures import panel_figure

_F = "<i>f</i>\u200a(<i>a</i>"
NAMES = {"inner": ("<i>θ</i>", "<i>a</i>"), "outer": ("<i>a</i>", f"{_F})"), "composite": ("<i>θ</i>", f"{_F}\u200a(<i>θ</i>))")}
FUNCTION_SCHEMA = {"enum": list(SCALARS)}
THETA_SCHEMA = {"type": "number", "minimum": -FARTHEST, "maximum": FARTHEST, "default": DEFAULTS.theta}
LONGEST = 40  # characters of a number; before it is matched, so that nothing long is
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read(query: Mapping[str, str]) -> tuple[Asked, list[Fault]]:
    """What is asked, and everything that is wrong with it; what is absent or wrong is the default."""
    asked, found = DEFAULTS, []
    for field in ("outer", "inner"):
        name = query.get(field, getattr(asked, field))
        if name in SCALARS:
            asked = asked._replace(**{field: name})
        else:
            found.append(Fault(f"/{field}", f"expected one of {', '.join(SCALARS)}; got {describe(name)}"))
    given = query.get("theta", str(asked.theta))
    if len(given) <= LONGEST and _NUMBER.fullmatch(given) and abs(float(given)) <= FARTHEST:
        asked = asked._replace(theta=float(given) + 0.0)  # no −0
    else:
        found.append(Fault("/theta", f"expected a number from {-FARTHEST:g} to {FARTHEST:g}, got {describe(given)}"))
    return asked, found


def in_one_line(found: list[Fault]) -> str:
    """All faults, for people."""
    return "; ".join(f"{in_words(fault.pointer)}: {fault.detail}" for fault in found)


def chain_rule_job(asked: Asked, at_most: int | None = None) -> list[bytes] | RequestError:
    """The answer, for `Compute`: it is always light."""
    return [answer(asked)]


def answer(asked: Asked) -> bytes:
    """Values, slopes, product, check, equations, curves, tangents and figures. What is not finite is null and named in `non_finite`."""
    rule = chain_rule(SCALARS[asked.outer], SCALARS[asked.inner], asked.theta)
    pictures = panels(rule)
    numbers = {"a": rule.a, "f": rule.f}
    slopes = {"inner": rule.inner_slope, "outer": rule.outer_slope, "product": rule.product}
    quotients = {name: getattr(rule.check, name) for name in ("quotient", "difference", "left", "right")}
    everything = numbers | {f"slopes/{k}": v for k, v in slopes.items()} | {f"check/{k}": v for k, v in quotients.items()}
    said = {
        "outer": _function(rule.outer, "a", "f"),
        "inner": _function(rule.inner, r"\theta", "a"),
        "theta": rule.theta,
        **_finite(numbers),
        "slopes": _finite(slopes),
        "check": _check(rule.check, quotients),
        "non_finite": {f"/{name}": _kind(x) for name, x in everything.items() if not isfinite(x)},
        "symbols": symbols(),
        "equations": equations(rule),
        "sentence": sentence(rule),
        "note": note(rule),
        "curves": {name: it.curve._asdict() for name, it in pictures.items()},
        "tangents": {name: _tangent(it) for name, it in pictures.items()},
        "figures": {name: panel_figure(it, *NAMES[name]) for name, it in pictures.items()},
    }
    return orjson.dumps(said, option=orjson.OPT_SERIALIZE_NUMPY)


def catalog_entry() -> dict[str, Any]:
    """The functions there are (LaTeX with x as the argument and y as the value), the defaults, and how far θ may go."""
    functions = [{**_function(scalar, "x", "y"), "domain": scalar.domain or None} for scalar in SCALARS.values()]
    return {"functions": functions, "defaults": DEFAULTS._asdict(), "theta": {"minimum": -FARTHEST, "maximum": FARTHEST}}


def _function(scalar: Scalar, argument: str, value: str) -> dict[str, Any]:
    written = {key: placed(text, argument, value) for key, text in (("latex", scalar.latex), ("slope_latex", scalar.slope_latex))}
    return {"name": scalar.name, "title": scalar.title, **written, "window": list(scalar.window)}


def _check(check: Check, quotients: dict[str, float]) -> dict[str, Any]:
    return {"epsilon": check.epsilon, **_finite(quotients), "agrees": check.agrees, "kink": check.kink, "comparable": check.comparable}


def _tangent(panel: Panel) -> dict[str, list[float]] | None:
    """Both end points, as a line's x and y."""
    return {"x": [end[0] for end in panel.tangent], "y": [end[1] for end in panel.tangent]} if panel.tangent else None


def _finite(numbers: dict[str, float]) -> dict[str, float | None]:
    return {name: x if isfinite(x) else None for name, x in numbers.items()}


def _kind(x: float) -> str:
    return "nan" if isnan(x) else "inf" if x > 0 else "-inf"
