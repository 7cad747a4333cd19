"""One network under training: its parameters, its optimizer's state, and the update of a batch."""

from dataclasses import replace

import numpy as np

from .passes import record
from .problem import Problem
from .steps import Array


class Loop:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.last: dict[str, Array] = {}

    def copy(self) -> "Loop":
        kept = Loop(self.problem)
        kept.last = self.last
        return kept

    def update(self, inputs: Array, targets: Array) -> None:
        problem = replace(self.problem, inputs=inputs, targets=targets, classes=None)
        self.last = problem.givens() | {name: value for step in record(problem) for name, value in step.values.items()}
        now = self.last
        layers = tuple(
            layer._replace(weights=now[f"W{l}_new"], bias=now.get(f"b{l}_new", layer.bias)) for l, layer in enumerate(problem.layers, 1)
        )
        state = {name.removesuffix("_new"): value for name, value in now.items() if name.count("_") == 2}
        if "t" in now:
            state["t"] = now["t"]
        self.problem = replace(problem, layers=layers, optimizer_state=state)

    def finite(self) -> bool:
        return all(np.isfinite(value).all() for value in (self.parameters() | self.optimizer_state()).values())

    def parameters(self) -> dict[str, Array]:
        found = {}
        for l, layer in enumerate(self.problem.layers, 1):
            found[f"W{l}"] = layer.weights.copy()
            if layer.bias is not None:
                found[f"b{l}"] = layer.bias.copy()
        return found

    def optimizer_state(self) -> dict[str, Array]:
        given = self.problem.givens()
        state = {name: value.copy() for name, value in given.items() if "_" in name}
        return state | ({"t": given["t"] - 1} if "t" in given else {})

    def activations(self, inputs: Array) -> list[Array]:
        steps = record(replace(self.problem, inputs=inputs, targets=None, classes=None))
        return [step.values[step.definition.id] for step in steps if step.definition.operation == "activation"]

    def gradients(self) -> dict[str, Array]:
        return {name: value for name, value in self.last.items() if name.startswith("dz")}

    def changes(self) -> dict[str, tuple[Array, Array]]:
        return {name: (value, self.last[f"{name}_new"]) for name, value in self.last.items() if name[0] == "W" and "_" not in name}
