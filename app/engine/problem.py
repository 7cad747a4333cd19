"""The frozen Problem: a network, a batch, a loss and perhaps an optimizer, with every weight in place."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from .activations import Activation
from .initializers import Initializer
from .losses import Loss
from .optimizers import Optimizer
from .parameters import Parametrised, settings_of
from .steps import Array


class Structure(NamedTuple):
    """All that decides which steps a problem has: hashable, the same for all problems that differ in numbers only."""

    sizes: tuple[int, ...]  # n_0 … n_L
    activations: tuple[Activation, ...]
    biases: tuple[bool, ...]
    loss: Loss | None  # None: no targets, so a forward pass alone
    optimizer: Optimizer | None
    examples: int  # N

    @property
    def jacobians(self) -> tuple[bool, ...]:
        """For each layer whether its ∂a/∂z is n × n."""
        return tuple(g.jacobian for g in self.activations)


class Layer(NamedTuple):
    """One layer: weights (units out, units in), bias (units out) or None for a layer that has none; what its author calls it."""

    weights: Array
    bias: Array | None
    activation: Activation
    name: str | None = None


@dataclass(frozen=True, eq=False)
class Problem:
    """What a trace is a pure function of. `document.read_problem` makes one from plain data and finds its faults."""

    layers: tuple[Layer, ...]
    loss: Loss
    inputs: Array  # (N, n_0)
    targets: Array | None  # (N, n_L)
    classes: tuple[int, ...] | None  # the class indices that `targets` is the one-hot form of
    initializer: Initializer
    optimizer: Optimizer | None
    optimizer_state: Mapping[str, Array]  # W1_m … for every slot; t: updates made before this one

    @cached_property
    def structure(self) -> Structure:
        return Structure(
            (self.inputs.shape[1], *(len(layer.weights) for layer in self.layers)),
            tuple(layer.activation for layer in self.layers),
            tuple(layer.bias is not None for layer in self.layers),
            self.loss if self.targets is not None else None,
            self.optimizer if self.targets is not None else None,
            len(self.inputs),
        )

    def givens(self) -> dict[str, Array]:
        """The quantities that no step defines: a0, y, the parameters, the optimizer's state; t counts the update being made."""
        given: dict[str, Array] = {"a0": self.inputs}
        if self.targets is not None:
            given["y"] = self.targets
        for l, layer in enumerate(self.layers, 1):
            given[f"W{l}"] = layer.weights
            if layer.bias is not None:
                given[f"b{l}"] = layer.bias
        by = self.structure.optimizer
        if by is not None and by.slots:
            names = [name for name in given if name[0] == "W" or (name[0] == "b" and by.update_biases)]
            for name in [f"{name}_{slot}" for name in names for slot in by.slots]:
                known = self.optimizer_state.get(name)
                given[name] = known if known is not None else np.zeros_like(given[name.split("_")[0]])
            if by.counts:
                given["t"] = np.asarray(self.optimizer_state.get("t", np.asarray(0.0)) + 1.0)
        return given

    def document(self) -> dict[str, Any]:
        """This problem as plain data with every default filled in; arrays stay arrays."""
        layers = [
            {
                **({"name": layer.name} if layer.name else {}),
                "units": len(layer.weights),
                "weights": layer.weights,
                "bias": False if layer.bias is None else layer.bias,
                "activation": named(layer.activation),
            }
            for layer in self.layers
        ]
        return {
            "layers": layers,
            "loss": named(self.loss),
            "inputs": self.inputs,
            "targets": list(self.classes) if self.classes is not None else self.targets,
            "initializer": {**named(self.initializer), "seed": self.initializer.seed},
            "optimizer": named(self.optimizer) if self.optimizer is not None else None,
            **({"optimizer_state": dict(self.optimizer_state)} if self.optimizer_state else {}),
        }


def named(thing: Parametrised) -> dict[str, Any]:
    """A registered function as plain data: its name and all its parameters."""
    return {"name": thing.name, **settings_of(thing)}
