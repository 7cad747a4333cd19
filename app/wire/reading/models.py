"""Weights written as JSON: arrays by name, lists of them, a list of layers, or a problem or a trace of our own."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from ...engine.arrays import ArrayReader, describe
from ...engine.limits import LAYERS
from ...engine.steps import Array
from .names import MOST
from .tensors import Refused, Tensor, short

WRAPPED = ("state_dict", "model_state_dict", "params", "parameters", "model")
LISTS = {"weights": ("weights", "coefs_", "coefs"), "biases": ("biases", "bias", "intercepts_", "intercepts")}  # as tutorials and scikit-learn call them
FIELDS = {"weights": ("weights", "weight", "kernel", "W", "w"), "bias": ("bias", "biases", "b")}
SPELLINGS = {"linear": "identity", "none": "identity", "logistic": "sigmoid", "leakyrelu": "leaky_relu", "swish": "silu"}
DEPTH = 8  # of objects in objects
EXPECTED = (
    'expected arrays by name, as {"0.weight": [[…]], "0.bias": […]}; lists, as {"weights": [[[…]]], "biases": [[…]]}; '
    'layers, as [{"weights": [[…]], "bias": […]}]; or a problem'
)
Path = tuple[str | int, ...]


class Model(NamedTuple):
    """What a document holds: a whole problem and where in it, or arrays, and the names and activations of layers by their weights."""

    problem: dict[str, Any] | None = None
    inside: Path = ()
    tensors: tuple[Tensor, ...] = ()
    names: Mapping[str, str] = {}
    activations: Mapping[str, Any] = {}
    notes: tuple[str, ...] = ()


def read(document: Any) -> Model:
    """What a document holds. Raises Refused."""
    if isinstance(document, dict):
        if isinstance(start := document.get("start"), dict) and isinstance(start.get("problem"), dict):
            return Model(start["problem"], ("start", "problem"))
        if isinstance(problem := document.get("problem"), dict):
            return Model(problem, ("problem",))
        if "preset" in document or ("layers" in document and "inputs" in document):
            return Model(document)
        if isinstance(layers := document.get("layers"), list):
            return _layers(layers, ("layers",))
        if isinstance(document.get(_of(document, LISTS["weights"])), list):
            return _lists(document)
        return _named(document)
    if isinstance(document, list) and document and all(isinstance(item, dict) for item in document):
        return _layers(document, ())
    if isinstance(document, list) and document and all(isinstance(item, list) for item in document):
        return Model(tensors=tuple(_tensors(document)))
    raise Refused(EXPECTED)


def _layers(layers: list[Any], where: Path) -> Model:
    """A layer an object: weights, and perhaps a bias, an activation and a name."""
    tensors: list[Tensor] = []
    names, activations = {}, {}
    unused: dict[str, None] = {}
    if len(layers) > LAYERS:
        raise Refused.at(where, f"expected at most {LAYERS} layers, got {len(layers)}")
    for k, layer in enumerate(layers):
        if not isinstance(layer, dict) or not (weights := _of(layer, FIELDS["weights"])):
            raise Refused.at((*where, k), f"expected an object with weights, got {describe(layer)}")
        tensors.append(_tensor(f"{k}.{weights}", layer[weights], (*where, k, weights)))
        bias = _of(layer, FIELDS["bias"])
        if bias and isinstance(layer[bias], list | dict):
            tensors.append(_tensor(f"{k}.bias", layer[bias], (*where, k, bias)))
        elif bias and layer[bias] not in (None, False):
            raise Refused.at((*where, k, bias), f"expected a row of numbers, or false, got {describe(layer[bias])}")
        activations[f"{k}.{weights}"] = _spelled(layer.get("activation"))
        if isinstance(name := layer.get("name"), str):
            names[f"{k}.{weights}"] = short(name)
        unused |= dict.fromkeys(field for field in layer if field not in (weights, bias, "name", "activation", "units"))
    return Model(tensors=tuple(tensors), names=names, activations=activations, notes=_left_out(unused))


def _lists(document: dict[str, Any]) -> Model:
    """All weights in one list, all biases in another."""
    tensors = []
    used = [field for names in LISTS.values() if (field := _of(document, names))]
    for field in used:
        if not isinstance(document[field], list):
            raise Refused.at((field,), f"expected a list of arrays, got {describe(document[field])}")
        tensors += _tensors(document[field], field)
    return Model(tensors=tuple(tensors), notes=_left_out(field for field in document if field not in used))


def _named(document: dict[str, Any]) -> Model:
    """Arrays by name, perhaps in objects of objects: {"fc1": {"weight": …}} is fc1.weight."""
    inside = next((key for key in WRAPPED if isinstance(document.get(key), dict)), None)
    tensors: list[Tensor] = []
    others: list[str] = []
    for where, value in _leaves(document[inside] if inside else document, (inside,) if inside else ()):
        name = ".".join(map(str, where[1:] if inside else where))
        if len(tensors) > MOST:
            raise Refused(f"expected at most {MOST} arrays, got more")
        if _shape(value):
            tensors.append(_tensor(name, value, where))
        else:
            others.append(name)
    notes = [f"The weights are those in {describe(inside)}."] if inside else []
    if not tensors:
        raise Refused(EXPECTED)
    return Model(tensors=tuple(tensors), notes=(*notes, *_left_out(others)))


def _leaves(value: dict[str, Any], where: Path) -> Iterator[tuple[Path, Any]]:
    for key, item in value.items():
        if not isinstance(item, dict) or isinstance(item.get("data"), list):
            yield (*where, key), item
        elif len(where) < DEPTH:
            yield from _leaves(item, (*where, key))
        else:
            raise Refused.at((*where, key), "expected arrays; these objects are nested too deep")


def _tensors(items: list[Any], *inside: str) -> list[Tensor]:
    if len(items) > MOST:
        raise Refused.at(inside, f"expected at most {MOST} arrays, got {len(items)}")
    return [_tensor(".".join((*inside, str(k))), item, (*inside, k)) for k, item in enumerate(items)]


def _tensor(name: str, value: Any, where: Path) -> Tensor:
    shape = _shape(value)
    if not shape:
        raise Refused.at(where, f"expected an array of numbers, got {describe(value)}")
    return Tensor(name, "float64", shape, where, partial(_values, value, len(shape), where))


def _values(value: Any, dimensions: int, where: Path) -> Array:
    reader = ArrayReader()
    array = reader.array(value, dimensions, *where)
    if array is None:
        raise Refused(reader.faults)
    return array


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of nested lists by their first entries, of a quantity by its data's; () for what is no array."""
    value = value.get("data") if isinstance(value, dict) else value
    shape: list[int] = []
    while isinstance(value, list) and len(shape) <= DEPTH:
        shape.append(len(value))
        value = value[0] if value else None
    return tuple(shape)


def _of(value: dict[str, Any], names: tuple[str, ...]) -> str:
    """The field that goes by one of these names; an empty string where none does."""
    return next((name for name in names if name in value), "")


def _spelled(activation: Any) -> Any:
    """An activation as we call it; identity where nothing is said."""
    if isinstance(activation, str):
        return SPELLINGS.get(activation.lower(), activation.lower())
    return "identity" if activation is None else activation


def _left_out(names: Iterable[str]) -> tuple[str, ...]:
    listed = [short(name) for name in names]
    more = " …" if len(listed) > 10 else ""
    return (f"Left out, for they are no arrays of the network: {', '.join(listed[:10])}{more}.",) if listed else ()
