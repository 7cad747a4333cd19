"""A problem as a script that needs numpy alone: a statement a step, in the order of the trace."""

import inspect
import re
from collections.abc import Iterator
from types import FunctionType

from ..engine.losses import Loss
from ..engine.parameters import settings_of
from ..engine.passes import program
from ..engine.problem import Problem, Structure
from ..engine.steps import Definition
from . import plain
from .source import PARTS, SHOW, about, clip_of, heading, is_fresh, keywords, literal, reductions, remark, shown

FUNCTIONS = {name: it for name, it in vars(plain).items() if isinstance(it, FunctionType)}
CONVENTION = '''
Examples are rows: z[l] = a[l-1] W[l]ᵀ + b[l], and W[l] has a row for each unit, a column for each input.
dW1 is ∂ℒ/∂W[1], g1 the local derivative ∂a[1]/∂z[1]. Run it: it prints every quantity.
"""
'''


def numpy_script(problem: Problem) -> str:
    """The whole script."""
    steps = "\n".join(_steps(problem))
    names = _needed(steps)
    lines = [f'"""{about(problem.structure)}: backpropagation step by step in plain numpy.\n{CONVENTION}', "import json"]
    lines += ["import math"] if "erfc" in names else []
    lines += ["", "import numpy as np", "", 'np.seterr(all="ignore")  # overflow and division by 0 are values here: ∞ and NaN', ""]
    lines += [f"\n{inspect.getsource(FUNCTIONS[name])}" for name in names]
    return "\n".join([*lines, f"\n{SHOW.format(value='np.asarray(value).tolist()')}", *_given(problem), steps, ""])


def _given(problem: Problem) -> Iterator[str]:
    givens = problem.givens()
    yield heading("given")
    for name, value in givens.items():
        yield f"{name} = np.zeros({value.shape})" if is_fresh(name, problem) else f"{name} = np.array({literal(value)})"
    yield shown(givens)


def _steps(problem: Problem) -> Iterator[str]:
    of = problem.structure
    for phase, title in PARTS.items():
        steps = [d for d in program(of).definitions if d.phase == phase]
        if not steps:
            continue
        yield heading(title)
        if phase == "loss" and of.loss is not None:
            yield f"scale = {of.loss.scale!r}"
            yield "N, n = y.shape  # examples, outputs"
        if phase == "update" and of.optimizer is not None:
            constants = {name: value for name, value in settings_of(of.optimizer).items() if name != "update_biases"}
            yield f"settings = dict({keywords(constants).removeprefix(', ')})"
        for d in steps:
            yield remark(d, of)
            yield from _statements(d, of)
        yield shown(name for d in steps for name in d.results)


def _statements(d: Definition, of: Structure) -> Iterator[str]:
    """What computes a step's results, one by one."""
    l, g = d.layer, of.activations[d.layer - 1]
    constants = keywords(settings_of(g))
    match d.operation:
        case "linear":
            yield f"z{l} = a{l - 1} @ W{l}.T" + (f" + b{l}" if of.biases[l - 1] else "")
        case "activation":
            yield f"a{l} = {g.name}(z{l}{constants})"
        case "loss":
            assert of.loss is not None
            yield f"loss = scale * {_of_loss(of.loss, '', l)}{reductions(of.loss)}"
        case "loss_gradient":
            assert of.loss is not None
            yield f"da{l} = {_factor(of.loss)} * {_of_loss(of.loss, '_slope', l)}"
        case "activation_gradient":
            yield f"g{l} = {g.name}_slope(z{l}{constants})"
            yield f'dz{l} = np.einsum("nk,nki->ni", da{l}, g{l})' if g.jacobian else f"dz{l} = da{l} * g{l}"
        case "weight_gradient":
            yield f"dW{l} = dz{l}.T @ a{l - 1}"
        case "bias_gradient":
            yield f"db{l} = dz{l}.sum(axis=0)"
        case "input_gradient":
            yield f"da{l - 1} = dz{l} @ W{l}"
        case "parameter_update":
            assert of.optimizer is not None
            yield f"{', '.join(d.results)} = {of.optimizer.name}({', '.join(d.rule.operands)}, **settings)"


def _of_loss(loss: Loss, slope: str, l: int) -> str:
    """The call of a loss or of its slope; where predictions are clipped, ℒ does not move with those outside."""
    constants = keywords({name: value for name, value in settings_of(loss).items() if name == "delta"})
    clip = clip_of(loss)
    if not clip:
        return f"{loss.name}{slope}(a{l}, y{constants})"
    call = f"{loss.name}{slope}(np.clip(a{l}, {clip!r}, 1 - {clip!r}), y{constants})"
    return f"{call} * ((a{l} >= {clip!r}) & (a{l} <= 1 - {clip!r}))" if slope else call


def _factor(loss: Loss) -> str:
    """The scale and the means of ℒ, which are part of its gradient."""
    return "scale" + (" / N" if loss.over_batch == "mean" else "") + (" / n" if loss.over_outputs == "mean" else "")


def _needed(text: str) -> list[str]:
    """The functions that the statements call, and those that these call, in the order of `plain`."""
    found: set[str] = set()
    waiting = _called(text)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= _called(inspect.getsource(FUNCTIONS[name])) - found
    return [name for name in FUNCTIONS if name in found]


def _called(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w.])(\w+)\(", text)) & set(FUNCTIONS)
