"""A trace as bytes: one frame for the start, one for every step, one for the end.

All that a structure says about its steps is encoded once for all problems that share it; only numbers are encoded anew.
"""

import hashlib
import sys
from collections.abc import Collection, Iterator
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

import orjson

from ..engine.limits import LAYERS
from ..engine.passes import program, record
from ..engine.problem import Problem, Structure
from ..engine.steps import Array, Step
from ..explain.conventions import Convention
from ..explain.explanation import explain
from ..explain.flags import flags
from ..explain.formulas import formula
from ..explain.symbols import latex
from ..explain.theta import theta
from ..explain.trouble import non_finite_note
from .quantities import THUMBNAIL, encode, encode_small, magnitude

FORMAT = "backprop-trace/1"
SCALARS = {"loss", "t"}  # always sent
_OPTIONS = orjson.OPT_SERIALIZE_NUMPY

Sizes = dict[str, tuple[float, float]]  # norm and largest absolute value of each quantity of a step


class View(NamedTuple):
    """How much of a trace to send."""

    max_values: int = 4096
    quantities: frozenset[str] = frozenset()  # in full whatever their size
    from_step: int = 0
    most: int = sys.maxsize  # numbers sent in full in one answer
    convention: Convention = "row"  # of symbols and equations; numbers are the same in both
    example: int | None = None  # whose rows are sent of what comes as a thumbnail
    budget: int | None = None  # about so many numbers in full in all
    held: frozenset[str] = frozenset()  # thumbnails for the budget's sake
    side: int = THUMBNAIL  # rows and columns of a thumbnail at most
    halved: bool = False  # and at most half of the quantity's
    words: str = ""  # the tag of what whoever asks has already: all that does not depend on numbers

    def full(self, name: str, size: int) -> bool:
        return (size <= self.max_values and name not in self.held) or name in self.quantities or name in SCALARS

    def encode(self, name: str, value: Array, size: tuple[float, float] | None = None) -> dict[str, Any]:
        """A quantity as this view has it."""
        if self.full(name, value.size):
            return encode(name, value, size=size)
        row = value.size // max(1, len(value)) <= self.max_values
        return encode_small(name, value, size=size, side=self.side, halved=self.halved, example=self.example if row else None)


def trace_frames(problem: Problem, view: View) -> list[bytes]:
    """Start, the steps from `view.from_step` on, end: each one JSON object."""
    steps = record(problem)
    sizes = [{name: magnitude(value) for name, value in step.values.items()} for step in steps]
    broken = next((k for k, of_step in enumerate(sizes) for _, largest in of_step.values() if not isfinite(largest)), None)
    return [start_frame(problem, len(steps), view), *_step_frames(problem, steps, sizes, broken, view), end_frame(problem, steps, sizes, broken)]


def start_frame(problem: Problem, step_count: int, view: View) -> bytes:
    """Sizes, the resolved problem and every given quantity."""
    givens = problem.givens()
    omitted = [name for name, value in {**givens, **problem.optimizer_state}.items() if not view.full(name, value.size)]
    start = {
        "event": "start",
        "format": FORMAT,
        "convention": view.convention,
        "layer_sizes": problem.structure.sizes,
        "problem": sendable(problem, view),
        "quantities": {name: view.encode(name, value) for name, value in givens.items()},
        "omitted": omitted,
        "step_count": step_count,
        "words": words_tag(problem.structure, view.convention),
    }
    if start["words"] == view.words:
        return _dumps(start)
    start["symbols"] = _symbols((*givens, *_local_derivatives(problem.structure)))
    if problem.structure.loss is not None:
        start["theta"] = _theta(len(problem.layers))
    return _dumps(start)


def _step_frames(problem: Problem, steps: list[Step], sizes: list[Sizes], broken: int | None, view: View) -> Iterator[bytes]:
    told = words_tag(problem.structure, view.convention) == view.words
    heads = bare_heads(problem.structure) if told else step_heads(problem.structure, view.convention)
    for k in range(view.from_step, len(steps)):
        values = {name: view.encode(name, value, sizes[k][name]) for name, value in steps[k].values.items()}
        note = b'"note":' + _dumps(_note(problem, steps[: k + 1])) + b"," if k == broken else b""
        yield heads[k] + note + b'"values":' + _dumps(values) + b"}"


def _note(problem: Problem, steps: list[Step]) -> str:
    """Why the last of these steps is the first that is not finite."""
    known = problem.givens() | {name: value for step in steps for name, value in step.values.items()}
    return non_finite_note(steps[-1].definition, problem.structure, known)


def end_frame(problem: Problem, steps: list[Step], sizes: list[Sizes], broken: int | None) -> bytes:
    """ℒ, the norm of every ∂ℒ/∂z, what there is to see in them, and whether all numbers are finite; if not, that began in the step `broken`."""
    by_name = {name: size for of_step in sizes for name, size in of_step.items()}
    norms = {f"dz{l}": by_name[f"dz{l}"][0] for l in range(1, len(problem.layers) + 1) if f"dz{l}" in by_name}
    loss = next((float(step.values["loss"]) for step in steps if step.definition.id == "loss"), None)
    if broken is None:
        found = flags(problem, steps, by_name)
    else:
        d = steps[broken].definition
        text = _note(problem, steps[: broken + 1])
        found = [{"kind": "non_finite", "quantity": d.id, "layer": d.layer, "layers": [d.layer], "units": [], "step": broken, "text": text}]
    return _dumps(
        {
            "event": "end",
            "loss": loss,
            "steps": len(steps),
            "gradient_norms": norms,
            "finite": broken is None,
            "flags": found,
        }
    )


@lru_cache(maxsize=32)
def step_heads(of: Structure, convention: Convention) -> tuple[bytes, ...]:
    """For each step everything before its values: `{"event":"step","index":…,` and what explain says."""
    definitions = program(of).definitions
    return tuple(_dumps({"event": "step", "index": k, **explain(d, of, convention)})[:-1] + b"," for k, d in enumerate(definitions))


@lru_cache(maxsize=32)
def bare_heads(of: Structure) -> tuple[bytes, ...]:
    """The same for those who have what explain says: `{"event":"step","index":…,"id":…,`."""
    return tuple(_dumps({"event": "step", "index": k, "id": d.id})[:-1] + b"," for k, d in enumerate(program(of).definitions))


@lru_cache(maxsize=64)
def words_tag(of: Structure, convention: Convention) -> str:
    """Names all that a structure's trace says apart from numbers: equal tags, equal words."""
    return hashlib.sha256(b"".join(step_heads(of, convention))).hexdigest()[:16]


@lru_cache(maxsize=64)
def _symbols(names: tuple[str, ...]) -> orjson.Fragment:
    return orjson.Fragment(_dumps({name: formula(latex(name)) for name in names}))


@lru_cache(maxsize=LAYERS)
def _theta(layers: int) -> orjson.Fragment:
    return orjson.Fragment(_dumps(theta(layers)))


def _local_derivatives(of: Structure) -> Collection[str]:
    return [d.local for d in program(of).backward if d.operation == "activation_gradient" and d.local]


def sendable(problem: Problem, view: View) -> dict[str, Any]:
    """The resolved problem, with arrays over the limit left null, in such a way that it cannot be read as another problem.

    A batch is there or not, and so is a layer: null targets alone would mean a forward pass, a null bias zeros, units a new draw.
    """
    document = problem.document()
    for l, layer in enumerate(document["layers"], 1):
        if not all(view.full(f"{letter}{l}", layer[field].size) for letter, field in (("W", "weights"), ("b", "bias")) if layer[field] is not False):
            layer |= {"weights": None, "bias": False if layer["bias"] is False else None}
            del layer["units"]
    outputs = 0 if problem.targets is None else len(problem.targets) if problem.classes else problem.targets.size
    if not (view.full("a0", problem.inputs.size) and view.full("y", outputs)):
        document |= {"inputs": None, "targets": None}
    if state := document.get("optimizer_state"):
        document["optimizer_state"] = {name: value.tolist() if view.full(name, value.size) else None for name, value in state.items()}
    return document


def resolved(problem: Problem) -> bytes:
    """The whole problem with every weight and every default: sent again it gives the same trace."""
    return _dumps(sendable(problem, View(sys.maxsize)))


def _dumps(value: Any) -> bytes:
    return orjson.dumps(value, option=_OPTIONS)
