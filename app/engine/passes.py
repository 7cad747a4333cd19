"""Forward, backward and update as generators of steps. They know the order of the derivation and no formula."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from . import operations
from .problem import Problem, Structure
from .steps import Array, Definition, Step

Quantities = dict[str, Array]


class Program(NamedTuple):
    """The definitions of a trace in their order: the same for every problem of one structure."""

    forward: tuple[Definition, ...]
    backward: tuple[Definition, ...]
    update: tuple[Definition, ...]

    @property
    def definitions(self) -> tuple[Definition, ...]:
        return self.forward + self.backward + self.update


@lru_cache(maxsize=64)
def program(of: Structure) -> Program:
    """z1 a1 … zL aL loss | daL, then dz dW db da of each layer down to da0 | W_new b_new of each layer."""
    L = len(of.activations)
    layers = range(1, L + 1)
    forward = [d for l in layers for d in (operations.linear(l, bias=of.biases[l - 1]), operations.activation(l, of.activations[l - 1]))]
    backward: list[Definition] = []
    update: list[Definition] = []
    if of.loss is not None:
        shape = (of.examples, of.sizes[-1])
        forward.append(operations.loss(L, of.loss, shape))
        backward.append(operations.loss_gradient(L, of.loss, shape))
        for l in reversed(layers):
            backward += [operations.activation_gradient(l, of.activations[l - 1]), operations.weight_gradient(l)]
            backward += [operations.bias_gradient(l)] if of.biases[l - 1] else []
            backward.append(operations.input_gradient(l))
        if of.optimizer is not None:
            for l in layers:
                update.append(operations.parameter_update(l, "W", of.optimizer))
                update += [operations.parameter_update(l, "b", of.optimizer)] if of.biases[l - 1] and of.optimizer.update_biases else []
    return Program(tuple(forward), tuple(backward), tuple(update))


def execute(definition: Definition, quantities: Quantities) -> Step:
    """Carry out one definition and add what it defines to `quantities`."""
    found = definition.function(*[quantities[name] for name in definition.inputs])
    values = {definition.id: found[0]} if len(found) == 1 else dict(zip(definition.results, found, strict=True))  # most have one result: faster
    quantities |= values
    return Step(definition, values)


def run(definitions: Iterable[Definition], quantities: Quantities) -> Iterator[Step]:
    """Carry out definitions one step at a time. Overflow and 0/0 are values here (∞, NaN), never warnings."""
    for definition in definitions:
        with np.errstate(all="ignore"):
            step = execute(definition, quantities)
        yield step


def forward(problem: Problem, quantities: Quantities) -> Iterator[Step]:
    """z and a of every layer, then ℒ when there are targets."""
    return run(program(problem.structure).forward, quantities)


def backward(problem: Problem, quantities: Quantities) -> Iterator[Step]:
    """∂ℒ/∂a^[L] down to ∂ℒ/∂a^[0]; `quantities` must hold the forward pass."""
    return run(program(problem.structure).backward, quantities)


def update(problem: Problem, quantities: Quantities) -> Iterator[Step]:
    """One optimizer update of every parameter; `quantities` must hold both passes."""
    return run(program(problem.structure).update, quantities)


def trace(problem: Problem) -> Iterator[Step]:
    """Every step of a problem, in order, one at a time."""
    return run(program(problem.structure).definitions, problem.givens())


def record(problem: Problem) -> list[Step]:
    """Every step of a problem at once; the same numbers as `trace`, without its bookkeeping for every step."""
    quantities = problem.givens()
    with np.errstate(all="ignore"):
        return [execute(definition, quantities) for definition in program(problem.structure).definitions]
