"""From plain data (what JSON gives) to a Problem: one pass that finds every fault and says where it is.

Sizes are checked against the limits before any array is drawn, so a request for 10⁹ units costs nothing.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from .activations import ACTIVATIONS, Activation
from .arrays import ArrayReader, listed
from .arrays import describe as describe
from .arrays import pointer_to as pointer_to
from .edits import Edit, edited, laid_over, read_edits
from .errors import Fault, LimitError, ProblemError
from .initializers import INITIALIZERS, Initializer, seed_complaint
from .limits import LAYERS, Limits
from .losses import LOSSES, Loss
from .optimizers import OPTIMIZERS, Optimizer
from .parameters import Parametrised, parameters_of
from .problem import Layer, Problem
from .steps import Array

FIELDS = ("layers", "loss", "inputs", "targets", "initializer", "optimizer", "parameters", "optimizer_state", "keep", "edits")
LAYER_FIELDS = ("units", "weights", "bias", "activation", "name")
NAME = 100  # characters of a layer's name
T = TypeVar("T", bound=Parametrised)
NO_LIMITS = Limits(*[2**62] * 5)


def read_problem(document: object, limits: Limits = NO_LIMITS) -> Problem:
    """The Problem that `document` describes. Raises ProblemError with every fault, LimitError when it is only too large."""
    return _Reader(limits).problem(document)


class _Reader(ArrayReader):
    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits

    # ---- the whole -------------------------------------------------------------------------------------------------

    def problem(self, document: object) -> Problem:
        if not isinstance(document, Mapping):
            raise ProblemError([Fault("", f"expected an object with layers and inputs, got {describe(document)}")])
        for name in _unknown(document, FIELDS):
            self.fault(f"unknown field; a problem has {', '.join(FIELDS)}", name)
        inputs = self.array(document.get("inputs"), 2, "inputs")
        loss = self.named(document["loss"], LOSSES, "loss") if document.get("loss") is not None else None
        loss = loss or LOSSES["squared_error"]()
        initializer = self.initializer(document.get("initializer", "xavier_uniform"))
        optimizer = self.named(document["optimizer"], OPTIMIZERS, "optimizer") if document.get("optimizer") is not None else None
        drafts = self.layers(document.get("layers"))
        sizes = [inputs.shape[1] if inputs is not None else 0, *(draft.units for draft in drafts)]
        self.widths(drafts, sizes)
        examples = len(inputs) if inputs is not None else 0
        if drafts and all(sizes) and examples:
            jacobians = [draft.activation is not None and draft.activation.jacobian for draft in drafts]
            by_rows = [index for index, draft in enumerate(drafts) if draft.weights is not None]
            too_large = self.limits.faults(sizes, jacobians, examples, by_rows)
            if too_large:
                raise LimitError([*self.faults, *too_large])
        targets, classes = self.targets(document.get("targets"), loss, examples, sizes[-1] if drafts else 0)
        shapes = _shapes(sizes, drafts)
        parameters = self.arrays(document.get("parameters"), shapes, "parameters")
        keep = self.arrays(document.get("keep"), {name: (0,) * len(shape) for name, shape in shapes.items()}, "keep")  # 0: whatever its size
        state = self.state(document.get("optimizer_state"), shapes, optimizer)
        given = {name: array.shape for name, array in (("a0", inputs), ("y", targets)) if array is not None}
        edits = read_edits(self, document.get("edits"), {**given, **shapes}, loss=loss)
        inputs = None if inputs is None else edited(inputs, "a0", edits)
        if targets is not None and any(edit.quantity == "y" for edit in edits):
            targets, classes = edited(targets, "y", edits), None
        if self.faults:
            raise ProblemError(self.faults)
        assert inputs is not None  # a missing one is a fault
        layers = tuple(draft.complete(l, sizes[l - 1], initializer, parameters, keep, edits) for l, draft in enumerate(drafts, 1))
        return Problem(layers, loss, inputs, targets, classes, initializer, optimizer, state)

    # ---- layers ----------------------------------------------------------------------------------------------------

    def layers(self, value: object) -> list["_Draft"]:
        value = listed(value)
        if not isinstance(value, list) or not value:
            self.fault("expected a list of 1 to 64 layers" + ("" if value is None else f", got {describe(value)}"), "layers")
            return []
        if len(value) > LAYERS:
            self.fault(f"expected at most {LAYERS} layers, got {len(value)}", "layers")
            return []
        return [self.layer(item, index) for index, item in enumerate(value)]

    def layer(self, value: object, index: int) -> "_Draft":
        where = ("layers", index)
        if not isinstance(value, Mapping):
            self.fault(f"expected an object with units or weights and an activation, got {describe(value)}", *where)
            return _Draft(None, 0, None, None, True, None)
        for name in _unknown(value, LAYER_FIELDS):
            self.fault(f"unknown field; a layer has {', '.join(LAYER_FIELDS)}", *where, name)
        called = value.get("name")
        if called is not None and not (isinstance(called, str) and 0 < len(called) <= NAME):
            self.fault(f"expected a text of 1 to {NAME} characters, got {describe(called)}", *where, "name")
        weights = self.array(value["weights"], 2, *where, "weights") if value.get("weights") is not None else None
        units = len(weights) if weights is not None else 0
        if value.get("units") is not None:
            declared = listed(value["units"])
            if isinstance(declared, bool) or not isinstance(declared, int) or not 1 <= declared < 2**53:
                self.fault(f"expected a whole number of units, 1 or more; got {describe(declared)}", *where, "units")
            elif weights is not None and declared != units:
                self.fault(f"expected {units} units, the rows of weights; got {declared}", *where, "units")
            else:
                units = declared
        elif value.get("weights") is None:
            self.fault("expected units or weights", *where)
        bias = value.get("bias")
        has_bias = bias is not False
        row = self.array(bias, 1, *where, "bias") if bias is not None and bias is not False else None
        if row is not None and units and len(row) != units:
            self.fault(f"expected {units} numbers, one for each unit; got {len(row)}", *where, "bias")
        if value.get("activation") is None:
            self.fault(f"expected one of {', '.join(ACTIVATIONS)}", *where, "activation")
            return _Draft(called, units, weights, row, has_bias, None)
        return _Draft(called, units, weights, row, has_bias, self.named(value["activation"], ACTIVATIONS, *where, "activation"))

    def widths(self, drafts: list["_Draft"], sizes: list[int]) -> None:
        for l, draft in enumerate(drafts, 1):
            if draft.weights is not None and sizes[l - 1] and draft.weights.shape[1] != sizes[l - 1]:
                before = f"layer {l - 1} has {sizes[l - 1]} units" if l > 1 else f"an input has {sizes[0]} values"
                self.fault(f"expected {sizes[l - 1]} columns, got {draft.weights.shape[1]} ({before})", "layers", l - 1, "weights")

    # ---- named functions -------------------------------------------------------------------------------------------

    def named(self, value: object, registry: Mapping[str, type[T]], *where: str | int, extra: tuple[str, ...] = ()) -> T | None:
        """A registered function from its name, or from an object with its name and parameters."""
        name, given = (value.get("name"), value) if isinstance(value, Mapping) else (value, {})
        kind = registry.get(name) if isinstance(name, str) else None
        if kind is None:
            place = (*where, "name") if isinstance(value, Mapping) else where
            self.fault(f"expected one of {', '.join(registry)}; got {describe(name)}", *place)
            return None
        settings: dict[str, Any] = {}
        known = {p.name: p for p in parameters_of(kind)}
        for key, item in given.items():
            if key == "name" or key in extra:
                continue
            if key not in known:
                takes = f"takes {', '.join(known)}" if known else "takes no parameters"
                self.fault(f"unknown parameter; {name} {takes}", *where, key)
                continue
            complaint = known[key].complaint(item)
            if complaint:
                self.fault(f"{complaint}, got {describe(item)}", *where, key)
            else:
                settings[key] = float(item) + 0.0 if isinstance(known[key].default, float) else item  # −0 and 0 are one structure, so one number
        return kind(**settings)

    def initializer(self, value: object) -> Initializer:
        chosen = self.named("xavier_uniform" if value is None else value, INITIALIZERS, "initializer", extra=("seed",)) or INITIALIZERS["xavier_uniform"]()
        seed = value.get("seed", 0) if isinstance(value, Mapping) else 0
        wrong = seed_complaint(seed)
        if wrong:
            self.fault(wrong, "initializer", "seed")
            return chosen
        return type(chosen)(**{**{p.name: getattr(chosen, p.name) for p in parameters_of(chosen)}, "seed": seed})

    # ---- data ------------------------------------------------------------------------------------------------------

    def targets(self, value: object, loss: Loss, examples: int, outputs: int) -> tuple[Array | None, tuple[int, ...] | None]:
        if value is None:
            return None, None
        if loss.targets == "class":
            items, where = (listed(value.get("data")), ("targets", "data")) if isinstance(value, Mapping) else (listed(value), ("targets",))
            items = [listed(item) for item in items] if isinstance(items, list) else None
            if items and not isinstance(items[0], list | Mapping):
                return self.class_indices(items, examples, outputs, *where)
        y = self.array(value, 2, "targets")
        if y is None or not examples or not outputs:
            return None, None
        if len(y) != examples:
            self.fault(f"expected {examples} rows, one for each example; got {len(y)}", "targets")
        if y.shape[1] != outputs:
            self.fault(f"expected {outputs} columns, one for each output; got {y.shape[1]}", "targets")
        if loss.targets != "real":
            wrong = np.argwhere((y < 0) | (y > 1)).tolist()
            self.each(wrong, lambda at: f"expected a probability from 0 to 1 for {loss.name}, got {y[tuple(at)]:g}", lambda at: at, "targets")
        return y, None

    def class_indices(self, value: list[Any], examples: int, outputs: int, *where: str) -> tuple[Array | None, tuple[int, ...] | None]:
        if examples and len(value) != examples:
            self.fault(f"expected {examples} class indices, one for each example; got {len(value)}", *where)
            return None, None
        wrong = [n for n, item in enumerate(value) if isinstance(item, bool) or not isinstance(item, int) or not 0 <= item < max(outputs, 1)]
        self.each(wrong if outputs else (), lambda n: f"expected a class index from 0 to {outputs - 1}, got {describe(value[n])}", lambda n: (n,), *where)
        if self.faults or not outputs:  # a problem with faults may have passed no limit yet: nothing of its size is made
            return None, None
        y = np.zeros((len(value), outputs))
        y[np.arange(len(value)), value] = 1
        return y, tuple(value)

    def state(self, value: object, shapes: Mapping[str, tuple[int, ...]], optimizer: Optimizer | None) -> dict[str, Array]:
        """The optimizer's arrays by name, and `t`: how many updates it has made."""
        if value is None:
            return {}
        if optimizer is None:
            self.fault("expected an optimizer to go with this state", "optimizer_state")
            return {}
        names = {name: shape for name, shape in shapes.items() if name[0] == "W" or optimizer.update_biases}
        slots = {f"{name}_{slot}": shape for name, shape in names.items() for slot in optimizer.slots}
        found = self.arrays(value, {**slots, "t": ()}, "optimizer_state")
        if "t" in found and (found["t"] < 0 or found["t"] % 1):
            self.fault(f"expected the number of updates made so far, got {found['t']:g}", "optimizer_state", "t")
        for name, array in found.items():
            if name.partition("_")[2] in optimizer.squares and (array < 0).any():
                self.fault(f"expected no number below 0, for this is made of squares; got {array.min():g}", "optimizer_state", name)
        return found


class _Draft:
    """A layer as read, before its weights are drawn."""

    def __init__(self, name: str | None, units: int, weights: Array | None, bias: Array | None, has_bias: bool, activation: Activation | None) -> None:
        self.name, self.units, self.weights, self.bias, self.has_bias, self.activation = name, units, weights, bias, has_bias, activation

    def complete(
        self, l: int, n_in: int, initializer: Initializer, parameters: Mapping[str, Array], keep: Mapping[str, Array], edits: list[Edit]
    ) -> Layer:
        """The layer: numbers that are given, else drawn with those of `keep` laid over them; edits last."""
        weights = parameters.get(f"W{l}", self.weights)
        if weights is None:
            weights = laid_over(initializer.weights(l, (self.units, n_in)), keep.get(f"W{l}"))
        bias = parameters.get(f"b{l}", self.bias) if self.has_bias else None
        if bias is None and self.has_bias:
            bias = laid_over(np.zeros(self.units), keep.get(f"b{l}"))
        assert self.activation is not None  # a missing one is a fault
        return Layer(edited(weights, f"W{l}", edits), None if bias is None else edited(bias, f"b{l}", edits), self.activation, self.name)


def _unknown(value: Mapping[str, Any], known: Sequence[str]) -> list[str]:
    """The fields of an object that are not known, in its own order."""
    return [name for name in value if name not in known]


def _shapes(sizes: list[int], drafts: list[_Draft]) -> dict[str, tuple[int, ...]]:
    """The parameters that the layers have, by quantity id."""
    shapes: dict[str, tuple[int, ...]] = {}
    for l, ((n_in, n_out), draft) in enumerate(zip(pairwise(sizes), drafts, strict=True), 1):
        shapes[f"W{l}"] = (n_out, n_in)
        if draft.has_bias:
            shapes[f"b{l}"] = (n_out,)
    return shapes
