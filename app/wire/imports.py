"""POST /import: weights that others trained, as the layers of a problem."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson

from ..engine.document import pointer_to, read_problem
from ..engine.errors import Fault, ProblemError
from ..engine.limits import Limits, parameter_count
from ..engine.steps import Array
from .faults import RequestError, of_problem
from .jobs import LIGHT, TooHeavy
from .reading import models, pytorch, safetensor
from .reading.order import Placed, chain
from .reading.roles import pairs
from .reading.tensors import Refused, Tensor
from .requests import parse, problem_of

BEFORE_1_6 = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."  # PyTorch's own magic number, pickled


def import_job(body: bytes, limits: Limits, is_json: bool = False, activations: str | None = None, at_most: int | None = None) -> list[bytes] | RequestError:
    """The answer as one chunk, or what is wrong with the file. Raises TooHeavy for one that is not small, or has more than `at_most` numbers."""
    if at_most is not None and len(body) > LIGHT:
        raise TooHeavy
    try:
        return [orjson.dumps(_answer(body, limits, is_json, activations, at_most), option=orjson.OPT_SERIALIZE_NUMPY)]
    except Refused as refused:
        return refused.answer()
    except ProblemError as error:
        return of_problem(error)
    except RequestError as error:
        return error


def _answer(body: bytes, limits: Limits, is_json: bool, activations: str | None, at_most: int | None) -> dict[str, Any]:
    kind = "json" if is_json else _kind(body)
    if kind == "json":
        model = models.read(parse(body.removeprefix(b"\xef\xbb\xbf")))
        if model.problem is not None:
            return _of_problem(model.problem, model.inside, limits, at_most)
    else:
        tensors, notes = (pytorch if kind == "pytorch" else safetensor).read(body)
        model = models.Model(tensors=tuple(tensors), notes=tuple(notes))
    couples, aside = pairs(model.tensors, limits.units)
    placed, order = chain(couples, by_name=kind == "safetensors")
    chosen = _chosen(activations, len(placed)) or [model.activations.get(it.pair.weights.name, "identity") for it in placed]
    sizes = (placed[0].inputs, *(it.units for it in placed))
    places = [pointer_to("activations", l) if activations else pointer_to(*it.pair.weights.where[:-1], "activation") for l, it in enumerate(placed)]
    _within(sizes, chosen, places, limits)
    _light(sizes, at_most)
    numbers = _numbers(placed)
    layers = [
        {
            "name": model.names.get(it.pair.weights.name) or it.pair.name or str(l),
            "weights": numbers[it.pair.weights.name],
            "bias": numbers[it.pair.bias.name] if it.pair.bias else False,
            "activation": activation,
        }
        for l, (it, activation) in enumerate(zip(placed, chosen, strict=True), 1)
    ]
    return {
        "format": kind,
        "sizes": sizes,
        "layers": layers,
        "tensors": _uses(model.tensors, placed, aside),
        "notes": [*model.notes, *order],
        "problem": None,
    }


def _kind(body: bytes) -> str:
    """What a file is, by its content."""
    if body.startswith(b"PK\x03\x04"):
        return "pytorch"
    if safetensor.looks_like_it(body):
        return "safetensors"
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return "json"
    if body.startswith(BEFORE_1_6):
        raise Refused("this file has the format that PyTorch wrote before version 1.6; load it and save it again with torch.save")
    if body.startswith(b"\x80"):
        raise Refused(f"this is a bare pickle, which only running its code could read; {pytorch.INSTEAD}")
    came = f"got {len(body)} bytes of another kind" if body else "the body is empty"
    raise Refused(f"expected a PyTorch state_dict file (a zip archive), safetensors or JSON; {came}")


def _chosen(activations: str | None, layers: int) -> list[str] | None:
    """The activations that the query asks for, one a layer."""
    if not activations:
        return None
    names = [name.strip() for name in activations.split(",")]
    if len(names) != layers:
        fault = Fault("/activations", f"expected {layers} names, one for each layer; got {len(names)}")
        raise RequestError(422, f"activations: {fault.detail}", (fault,))
    return names


def _within(sizes: Sequence[int], activations: Sequence[Any], places: Sequence[str], limits: Limits) -> None:
    """Raises Refused for activations that there are not, each in its place, and for what is larger than the limits: from sizes alone."""
    layers = [{"units": units, "activation": activation} for units, activation in zip(sizes[1:], activations, strict=True)]
    try:
        read_problem({"layers": layers, "inputs": [[0.0] * sizes[0]], "initializer": "zeros"}, limits)
    except ProblemError as error:
        said = {f"/layers/{l}/activation": place for l, place in enumerate(places)}
        raise Refused([fault._replace(pointer=_moved(fault.pointer, said)) for fault in error.faults]) from error


def _moved(pointer: str, places: dict[str, str]) -> str:
    """A pointer into the layers that were made, as one into what came; what leads nowhere there concerns the whole."""
    return next((place + pointer[len(ours) :] for ours, place in places.items() if pointer == ours or pointer.startswith(f"{ours}/")), "")


def _light(sizes: Sequence[int], at_most: int | None) -> None:
    if at_most is not None and parameter_count(sizes) > at_most:
        raise TooHeavy


def _numbers(placed: Sequence[Placed]) -> dict[str, Array]:
    """Every array that is used, by name, the way it is needed. Raises Refused naming each that has numbers that are none."""
    numbers, faults = {}, []
    for it in placed:
        for tensor in (it.pair.weights, it.pair.bias):
            if tensor is None:
                continue
            try:
                array = tensor.values()
            except Refused as refused:
                faults += [fault if fault.pointer else fault._replace(pointer=pointer_to(*tensor.where)) for fault in refused.faults]
                continue
            wrong = np.argwhere(~np.isfinite(array))
            if len(wrong):
                place = ", ".join(map(str, wrong[0]))
                faults.append(Fault(pointer_to(*tensor.where), f"expected finite numbers, got {len(wrong)} that are not, the first at [{place}]"))
            turned = array.T if it.transposed and tensor is it.pair.weights else array
            numbers[tensor.name] = np.ascontiguousarray(turned if tensor is it.pair.weights else array.ravel())
    if faults:
        raise Refused(faults)
    return numbers


def _uses(tensors: Sequence[Tensor], placed: Sequence[Placed], aside: dict[str, str]) -> list[dict[str, Any]]:
    """What was done with every array of the file."""
    weights = {it.pair.weights.name: (l, it) for l, it in enumerate(placed, 1)}
    biases = {it.pair.bias.name: l for l, it in enumerate(placed, 1) if it.pair.bias}
    said = []
    for tensor in tensors:
        about = (tensor.name, tensor.shape, tensor.dtype)
        if tensor.name in weights:
            layer, it = weights[tensor.name]
            said.append(_said(*about, "weights", layer, transposed=it.transposed))
        elif tensor.name in biases:
            said.append(_said(*about, "bias", biases[tensor.name]))
        else:
            said.append(_said(*about, "left out", None) | {"text": f"left out: {aside[tensor.name]}"})
    return said


def _said(name: str, shape: tuple[int, ...], dtype: str, use: str, layer: int | None, *, transposed: bool = False) -> dict[str, Any]:
    text = f"{use} of layer {layer}" + (", transposed" if transposed else "")
    return {"name": name, "shape": shape, "dtype": dtype, "use": use, "layer": layer, "transposed": transposed, "text": text}


def _of_problem(document: dict[str, Any], inside: models.Path, limits: Limits, at_most: int | None) -> dict[str, Any]:
    """A problem of our own, as it came, and its layers with every weight in place."""
    try:
        problem = problem_of(document, limits)
    except ProblemError as error:
        raise ProblemError([fault._replace(pointer=pointer_to(*inside) + fault.pointer) for fault in error.faults]) from error
    _light(problem.structure.sizes, at_most)
    layers = [{"name": layer.get("name") or str(l), **layer} for l, layer in enumerate(problem.document()["layers"], 1)]
    return {
        "format": "trace" if "start" in inside else "problem",
        "sizes": problem.structure.sizes,
        "layers": [{key: value for key, value in layer.items() if key != "units"} for layer in layers],
        "tensors": [
            _said(f"{letter}{l}", layer[field].shape, "float64", field, l)
            for l, layer in enumerate(layers, 1)
            for letter, field in (("W", "weights"), ("b", "bias"))
            if layer[field] is not False
        ],
        "notes": [],
        "problem": document,
    }
