"""From plain data (what JSON gives) to a Problem: one pass that finds every fault and says where it is.

Sizes are checked against the limits before any array is drawn, so a request for 10⁹ units costs nothing.
"""

from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, TypeVar

import numpy as np

from .activations import ACTIVATIONS, Activation
from .errors import Fault, LimitError, ProblemError
from .initializers import INITIALIZERS, Initializer
from .limits import LAYERS, Limits
from .losses import LOSSES, Loss
from .optimizers import OPTIMIZERS, Optimizer
from .parameters import Parametrised, parameters_of
from .problem import Layer, Problem
from .steps import Array

FIELDS = ("layers", "loss", "inputs", "targets", "initializer", "optimizer", "parameters", "optimizer_state")
LAYER_FIELDS = ("units", "weights", "bias", "activation")
T = TypeVar("T", bound=Parametrised)
NO_LIMITS = Limits(*[2**62] * 5)


def read_problem(document: object, limits: Limits = NO_LIMITS) -> Problem:
    """The Problem that `document` describes. Raises ProblemError with every fault, LimitError when it is only too large."""
    return _Reader(limits).problem(document)


def pointer_to(*path: str | int) -> str:
    """A JSON pointer to a place in a document."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def describe(value: object) -> str:
    """A value in a few words, for a message about it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…"'
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a whole number of more than 20 digits"  # Python refuses to print the longest
    return f"a list of {len(value)}" if isinstance(value, Sequence) else str(value)


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.faults: list[Fault] = []

    def fault(self, detail: str, *path: str | int) -> None:
        self.faults.append(Fault(pointer_to(*path), detail))

    # ---- the whole -------------------------------------------------------------------------------------------------

    def problem(self, document: object) -> Problem:
        if not isinstance(document, Mapping):
            raise ProblemError([Fault("", f"expected an object with layers and inputs, got {describe(document)}")])
        for name in _unknown(document, FIELDS):
            self.fault(f"unknown field; a problem has {', '.join(FIELDS)}", name)
        inputs = self.array(document.get("inputs"), 2, "inputs")
        loss = self.named(document.get("loss", "squared_error"), LOSSES, "loss") or LOSSES["squared_error"]()
        initializer = self.initializer(document.get("initializer", "xavier_uniform"))
        optimizer = self.named(document["optimizer"], OPTIMIZERS, "optimizer") if document.get("optimizer") is not None else None
        drafts = self.layers(document.get("layers"))
        sizes = [inputs.shape[1] if inputs is not None else 0, *(draft.units for draft in drafts)]
        self.widths(drafts, sizes)
        examples = len(inputs) if inputs is not None else 0
        if drafts and all(sizes) and examples:
            too_large = self.limits.faults(sizes, [draft.activation is not None and draft.activation.jacobian for draft in drafts], examples)
            if too_large:
                raise LimitError([*self.faults, *too_large])
        targets, classes = self.targets(document.get("targets"), loss, examples, sizes[-1] if drafts else 0)
        parameters = self.parameters(document.get("parameters"), sizes, drafts)
        state = self.state(document.get("optimizer_state"), sizes, drafts, optimizer)
        if self.faults:
            raise ProblemError(self.faults)
        assert inputs is not None  # a missing one is a fault
        layers = tuple(draft.complete(l, sizes[l - 1], initializer, parameters) for l, draft in enumerate(drafts, 1))
        return Problem(layers, loss, inputs, targets, classes, initializer, optimizer, state)

    # ---- layers ----------------------------------------------------------------------------------------------------

    def layers(self, value: object) -> list["_Draft"]:
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
            return _Draft(0, None, None, True, None)
        for name in _unknown(value, LAYER_FIELDS):
            self.fault(f"unknown field; a layer has {', '.join(LAYER_FIELDS)}", *where, name)
        weights = self.array(value["weights"], 2, *where, "weights") if value.get("weights") is not None else None
        units = len(weights) if weights is not None else 0
        if value.get("units") is not None:
            declared = value["units"]
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
            return _Draft(units, weights, row, has_bias, None)
        return _Draft(units, weights, row, has_bias, self.named(value["activation"], ACTIVATIONS, *where, "activation"))

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
                settings[key] = float(item) if isinstance(known[key].default, float) else item
        return kind(**settings)

    def initializer(self, value: object) -> Initializer:
        chosen = self.named("xavier_uniform" if value is None else value, INITIALIZERS, "initializer", extra=("seed",)) or INITIALIZERS["xavier_uniform"]()
        seed = value.get("seed", 0) if isinstance(value, Mapping) else 0
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**64:
            self.fault(f"expected a whole number from 0 to 2^64 − 1, got {describe(seed)}", "initializer", "seed")
            return chosen
        return type(chosen)(**{**{p.name: getattr(chosen, p.name) for p in parameters_of(chosen)}, "seed": seed})

    # ---- data ------------------------------------------------------------------------------------------------------

    def targets(self, value: object, loss: Loss, examples: int, outputs: int) -> tuple[Array | None, tuple[int, ...] | None]:
        if value is None:
            return None, None
        if loss.targets == "class" and isinstance(value, list) and value and not isinstance(value[0], list | Mapping):
            return self.class_indices(value, examples, outputs)
        y = self.array(value, 2, "targets")
        if y is None or not examples or not outputs:
            return None, None
        if len(y) != examples:
            self.fault(f"expected {examples} rows, one for each example; got {len(y)}", "targets")
        if y.shape[1] != outputs:
            self.fault(f"expected {outputs} columns, one for each output; got {y.shape[1]}", "targets")
        if loss.targets != "real":
            for n, i in np.argwhere((y < 0) | (y > 1))[:10].tolist():
                self.fault(f"expected a probability from 0 to 1 for {loss.name}, got {y[n, i]:g}", "targets", n, i)
        return y, None

    def class_indices(self, value: list[Any], examples: int, outputs: int) -> tuple[Array | None, tuple[int, ...] | None]:
        if examples and len(value) != examples:
            self.fault(f"expected {examples} class indices, one for each example; got {len(value)}", "targets")
            return None, None
        wrong = [n for n, item in enumerate(value) if isinstance(item, bool) or not isinstance(item, int) or not 0 <= item < max(outputs, 1)]
        for n in wrong[:10] if outputs else ():
            self.fault(f"expected a class index from 0 to {outputs - 1}, got {describe(value[n])}", "targets", n)
        if self.faults or not outputs:  # a problem with faults may have passed no limit yet: nothing of its size is made
            return None, None
        y = np.zeros((len(value), outputs))
        y[np.arange(len(value)), value] = 1
        return y, tuple(value)

    def parameters(self, value: object, sizes: list[int], drafts: list["_Draft"]) -> dict[str, Array]:
        """W1, b1 … that stand in for those of the layers."""
        return self.arrays(value, _shapes(sizes, drafts), "parameters")

    def state(self, value: object, sizes: list[int], drafts: list["_Draft"], optimizer: Optimizer | None) -> dict[str, Array]:
        """The optimizer's arrays by name, and `t`: how many updates it has made."""
        if value is None:
            return {}
        if optimizer is None:
            self.fault("expected an optimizer to go with this state", "optimizer_state")
            return {}
        names = {name: shape for name, shape in _shapes(sizes, drafts).items() if name[0] == "W" or optimizer.update_biases}
        shapes = {f"{name}_{slot}": shape for name, shape in names.items() for slot in optimizer.slots}
        found = self.arrays(value, {**shapes, "t": ()}, "optimizer_state")
        if "t" in found and (found["t"] < 0 or found["t"] % 1):
            self.fault(f"expected the number of updates made so far, got {found['t']:g}", "optimizer_state", "t")
        return found

    def arrays(self, value: object, shapes: Mapping[str, tuple[int, ...]], where: str) -> dict[str, Array]:
        """Arrays by quantity id, each of the shape it must have."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.fault(f"expected an object of arrays by name, got {describe(value)}", where)
            return {}
        found: dict[str, Array] = {}
        for name, item in value.items():
            if name not in shapes:
                self.fault(f"unknown quantity; expected some of {', '.join(list(shapes)[:12])}", where, name)
                continue
            array = self.array(item, len(shapes[name]), where, name)
            if array is not None and array.shape != shapes[name] and all(shapes[name]):
                self.fault(f"expected shape {_times(shapes[name])}, got {_times(array.shape)}", where, name)
            elif array is not None:
                found[name] = array
        return found

    def array(self, value: object, dimensions: int, *where: str | int) -> Array | None:
        """Numbers from nested lists, or from a quantity with `data`; None, and a fault, where they are none."""
        if isinstance(value, Mapping):
            if value.get("data") is None:
                self.fault("expected numbers; this quantity comes without data", *where)
                return None
            value, where = value["data"], (*where, "data")
        if dimensions == 0:
            return self.numbers([value], *where, scalar=True)
        words = {1: "a list of numbers", 2: "a list of rows of numbers"}[dimensions]
        if not isinstance(value, list) or not value:
            came = "" if value is None else f", got {'an empty list' if value == [] else describe(value)}"
            self.fault(f"expected {words}{came}", *where)
            return None
        if dimensions == 1:
            return self.numbers(value, *where)
        rows = {type(row) for row in value}
        if rows != {list}:
            first = next(n for n, row in enumerate(value) if not isinstance(row, list))
            self.fault(f"expected a row of numbers, got {describe(value[first])}", *where, first)
            return None
        width = len(value[0])
        if width == 0:
            self.fault("expected a row of numbers, got an empty list", *where, 0)
            return None
        ragged = [n for n, row in enumerate(value) if len(row) != width]
        for n in ragged[:10]:
            self.fault(f"expected {width} numbers as in the first row, got {len(value[n])}", *where, n)
        if ragged:
            return None
        flat = self.numbers(list(chain.from_iterable(value)), *where, width=width)
        return flat.reshape(len(value), width) if flat is not None else None

    def numbers(self, flat: list[Any], *where: str | int, width: int = 0, scalar: bool = False) -> Array | None:
        if not set(map(type, flat)) <= {int, float}:
            wrong = [n for n, item in enumerate(flat) if type(item) not in (int, float)]
            for n in wrong[:10]:
                self.fault(f"expected a number, got {describe(flat[n])}", *where, *(() if scalar else divmod(n, width) if width else (n,)))
            return None
        try:
            array = np.array(flat[0] if scalar else flat, dtype=np.float64)
        except OverflowError:  # a whole number beyond float64
            array = np.array(np.inf)
        if not np.isfinite(array).all():
            self.fault("expected finite numbers", *where)
            return None
        return array


class _Draft:
    """A layer as read, before its weights are drawn."""

    def __init__(self, units: int, weights: Array | None, bias: Array | None, has_bias: bool, activation: Activation | None) -> None:
        self.units, self.weights, self.bias, self.has_bias, self.activation = units, weights, bias, has_bias, activation

    def complete(self, l: int, n_in: int, initializer: Initializer, parameters: Mapping[str, Array]) -> Layer:
        weights = parameters.get(f"W{l}", self.weights)
        if weights is None:
            weights = initializer.weights(l, (self.units, n_in))
        bias = parameters.get(f"b{l}", self.bias if self.bias is not None else np.zeros(self.units)) if self.has_bias else None
        assert self.activation is not None  # a missing one is a fault
        return Layer(weights, bias, self.activation)


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


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) or "one number"
