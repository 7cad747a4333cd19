"""The hot loop of training: the mathematics of the steps, for one network again and again, and no step is made.

What makes it fast:

- All trained parameters are one vector, and so are their gradients: an optimizer's update is a few calls for the whole network.
- Those of a layer are one matrix, Wᵀ with b as its last row, and activations end with a 1: the matrix products add the biases and sum their gradients too.
- Work arrays are made once for every size of batch. They are transposed, (units, N), so that the 1s are a last row and all before it is contiguous.
- So no product is of two matrices that both lie along the sum, which takes BLAS half as long again.
- Neither ∂ℒ/∂a^[0] nor a Jacobian is computed.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from .passes import execute, program
from .problem import Problem
from .stage import Stage
from .steps import Array

_ONE = np.array(1.0)


class Kept(NamedTuple):
    """A loop's memory as it was, and how many updates had been made."""

    memory: Array
    t: Array


class Loop:
    """A network that learns: its parameters, its optimizer's state, and the update of a batch. The problem's own rows play no part."""

    def __init__(self, problem: Problem) -> None:
        assert problem.optimizer is not None
        self.problem, self.loss, self.optimizer = problem, problem.loss, problem.optimizer
        self.ones = [layer.bias is not None and self.optimizer.update_biases for layer in problem.layers]  # whose bias is trained
        self.shapes = [(m + one, n) for (n, m), one in zip((layer.weights.shape for layer in problem.layers), self.ones, strict=True)]
        self.ends = np.cumsum([0, *(n * m for n, m in self.shapes)]).tolist()
        self.memory = np.zeros((1 + len(self.optimizer.slots), self.ends[-1]))  # the trained parameters, then every slot of the optimizer's state
        self.t = np.zeros(())  # updates made, for an optimizer that counts them
        self.theta, *self.state = self.memory
        self.gradient = np.zeros_like(self.theta)
        given = problem.givens()
        for name, view in self.named(self.memory).items():
            view[...] = given[name]
        if self.optimizer.counts:
            self.t += given["t"] - 1
            self.state.append(self.t)
        self.stages: dict[int, tuple[Sequence[Stage], Array]] = {}  # and the loss's factor, by the number of examples
        self.last: Sequence[Stage] = ()  # of the last update

    # ---- the update ------------------------------------------------------------------------------------------------

    def update(self, inputs: Array, targets: Array) -> None:
        """Learn from a batch: inputs as `rows` gives them, targets (N, n_L)."""
        self.last, factor = self.stages.get(len(inputs)) or self._prepare(len(inputs))
        stages = self.last
        stages[0].into_T = inputs.T
        for stage in stages:
            stage.forward()
        da = self.loss.gradient(stages[-1].a, targets, factor)
        for stage in reversed(stages):
            da = stage.backward(da)
        if self.optimizer.counts:
            self.t += _ONE
        self.optimizer.apply(self.theta, self.gradient, *self.state)

    def rows(self, inputs: Array) -> Array:
        """Inputs as `update` takes them: with 1s at their ends where the first layer's bias is trained."""
        return np.hstack([inputs, np.ones((len(inputs), 1))]) if self.ones[0] else np.ascontiguousarray(inputs)

    def _prepare(self, examples: int) -> tuple[Sequence[Stage], Array]:
        stages: list[Stage] = []
        for layer, one, theta_T, gradient_T in zip(self.problem.layers, self.ones, self.blocks(self.theta), self.blocks(self.gradient), strict=True):
            fixed = None if one or layer.bias is None else layer.bias[:, None]
            stages.append(Stage(layer.activation, theta_T, gradient_T, fixed, stages[-1] if stages else None, examples))
        return self.stages.setdefault(examples, (stages, np.array(self.loss.factor(stages[-1].a.shape))))

    # ---- what it holds ---------------------------------------------------------------------------------------------

    def blocks(self, vector: Array) -> list[Array]:
        """The matrix of every layer in a vector as long as that of the parameters."""
        return [vector[start:end].reshape(shape) for (start, end), shape in zip(pairwise(self.ends), self.shapes, strict=True)]

    def named(self, memory: Array) -> dict[str, Array]:
        """Views of the trained parameters and the state in `memory`, or in its first rows: W1, b1 …, W1_m …"""
        found = {}
        for slot, vector in zip(("", *(f"_{slot}" for slot in self.optimizer.slots)), memory, strict=False):
            for l, (block, one) in enumerate(zip(self.blocks(vector), self.ones, strict=True), 1):
                found[f"W{l}{slot}"] = block[: -1 if one else None].T
                if one:
                    found[f"b{l}{slot}"] = block[-1]
        return found

    def parameters(self) -> dict[str, Array]:
        """W1, b1 …, views of those that are trained."""
        trained, found = self.named(self.memory[:1]), {}
        for l, layer in enumerate(self.problem.layers, 1):
            found[f"W{l}"] = trained[f"W{l}"]
            if layer.bias is not None:
                found[f"b{l}"] = trained.get(f"b{l}", layer.bias)
        return found

    def optimizer_state(self) -> dict[str, Array]:
        """W1_m …, and t where the optimizer counts its updates; views."""
        state = {name: view for name, view in self.named(self.memory).items() if "_" in name}
        return state | ({"t": self.t} if self.optimizer.counts else {})

    def gradients(self) -> dict[str, Array]:
        """dz1 … of the last update, views."""
        return {f"dz{l}": stage.dz for l, stage in enumerate(self.last, 1)}

    def keep(self) -> Kept:
        """What `restore` needs to go on from here once more."""
        return Kept(self.memory.copy(), self.t.copy())

    def restore(self, kept: Kept) -> None:
        self.memory[...], self.t[...] = kept

    def finite(self) -> bool:
        """Whether all of it is. What is not finite never becomes so again, for the new is made from the old."""
        flat = self.memory.ravel()
        return bool(np.isfinite(flat.dot(flat)) or np.isfinite(flat).all())  # squares of finite numbers may overflow

    def activations(self, inputs: Array) -> list[Array]:
        """a^[1] … a^[L] of any rows, by the steps of a forward pass."""
        quantities = {"a0": inputs, **self.parameters()}
        for definition in program(self.problem.structure).forward:
            if definition.phase == "forward":
                execute(definition, quantities)
        return [quantities[f"a{l}"] for l in range(1, len(self.shapes) + 1)]
