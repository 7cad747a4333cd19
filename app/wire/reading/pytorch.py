"""A state_dict as torch.save writes it, read without torch: a zip archive of one pickle and one file of numbers for each storage."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any

import numpy as np

from ...engine.arrays import describe
from ...engine.steps import Array
from . import pickles
from .pickles import Name
from .tensors import FLOATS, Refused, Tensor, decoded

INSTEAD = 'save the numbers alone: torch.save(model.state_dict(), "model.pt")'
LONGEST = 4_000_000  # bytes of data.pkl
DIMENSIONS = 8
UNREADABLE = (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, OverflowError, RuntimeError)  # what zipfile makes of damage
STORAGES = {
    "torch.DoubleStorage": "float64",
    "torch.FloatStorage": "float32",
    "torch.HalfStorage": "float16",
    "torch.BFloat16Storage": "bfloat16",
    "torch.LongStorage": "int64",
    "torch.IntStorage": "int32",
    "torch.ShortStorage": "int16",
    "torch.CharStorage": "int8",
    "torch.ByteStorage": "uint8",
    "torch.BoolStorage": "bool",
    "torch.ComplexFloatStorage": "complex64",
    "torch.ComplexDoubleStorage": "complex128",
}
ORDERED, TENSOR, PARAMETER = "collections.OrderedDict", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter"
WHERE = ("state_dict", "model_state_dict", "model", "net", "network", "weights")  # in a checkpoint, the likeliest first
# What a checkpoint holds beside its weights. None of it is made: it stands as a name for what is left out.
ASIDE = re.compile(
    r"torch\.(device|Size|((u?int|float|bfloat|complex)\d+|bool))|numpy(\.dtype|\.ndarray|\.(_?core)\.multiarray\.(scalar|_reconstruct))"
    r"|_codecs\.encode|(__builtin__|builtins)\.(set|frozenset)|argparse\.Namespace|pathlib\.(Posix|Windows)Path"
)


@dataclass(frozen=True)
class _Storage:
    """Numbers in a row, in a file of the archive; tensors are views of them."""

    dtype: str
    key: str
    count: int


@dataclass(frozen=True)
class _View:
    """A tensor as the pickle describes it."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass(frozen=True)
class _Aside:
    """Something that is no tensor and of no use here."""


def read(body: bytes) -> tuple[list[Tensor], list[str]]:
    """The tensors of a file in its order, and what was assumed. Raises Refused."""
    try:
        archive = _Archive(body)
        tree = pickles.load(archive.pickle, _Maker())
    except UNREADABLE as error:
        raise Refused("the file is damaged or cut short: this zip archive cannot be read") from error
    entries, notes = _state_dict(tree)
    tensors = []
    for key, value in entries.items():
        name = str(key) if not isinstance(key, int) or abs(key) < 10**20 else describe(key)
        if isinstance(value, _View):
            tensors.append(Tensor(name, value.storage.dtype, value.shape, (name,), partial(archive.values, value)))
        else:
            notes.append(f"{describe(name)} is no array and was left out.")
    return tensors, notes


class _Archive:
    """The files inside. All are stored as they are, so that nothing grows when it is read."""

    def __init__(self, body: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(body))
        self.files = {info.filename: info for info in self.zip.infolist()}
        infos = self.zip.infolist()
        if any(info.compress_type != zipfile.ZIP_STORED for info in infos) or sum(info.file_size for info in infos) > len(body):
            raise Refused("the file is compressed, which torch.save never does, or damaged")
        roots = [name.removesuffix("data.pkl") for name in self.files if name.endswith("/data.pkl") and name.count("/") == 1]
        if len(roots) != 1:
            raise Refused(f"this zip archive is no file of torch.save: it has no data.pkl; {INSTEAD}")
        self.root = roots[0]
        self.pickle = self._read("data.pkl", LONGEST)
        self.order = ">" if "byteorder" in self and self._read("byteorder", 10) == b"big" else "<"
        self.storages: dict[_Storage, Array] = {}

    def __contains__(self, name: str) -> bool:
        return self.root + name in self.files

    def _read(self, name: str, most: int | None = None) -> bytes:
        if name not in self:
            raise Refused(f"the file is damaged: it has no {describe(name)}")
        size = self.files[self.root + name].file_size
        if most is not None and size > most:
            raise Refused(f"expected at most {most} bytes of {name}, got {size}")
        return self.zip.read(self.root + name)

    def values(self, view: _View) -> Array:
        """A tensor's numbers, out of a storage that may be shared."""
        try:
            flat = self.storages.get(view.storage)
            if flat is None:
                raw = self._read(f"data/{view.storage.key}")
                flat = decoded(raw[: len(raw) // _size(view.storage.dtype) * _size(view.storage.dtype)], view.storage.dtype, self.order)
                self.storages[view.storage] = flat
        except UNREADABLE as error:
            raise Refused("the file is damaged or cut short: its numbers cannot be read") from error
        if len(flat) < view.storage.count:
            raise Refused(f"the file is damaged: expected {view.storage.count} numbers in data/{view.storage.key}, got {len(flat)}")
        strides = [8 * stride for stride in view.strides]
        return np.lib.stride_tricks.as_strided(flat[view.offset :], view.shape, strides, writeable=False).copy()


def _size(dtype: str) -> int:
    return {"float64": 8, "float32": 4}.get(dtype, 2)


class _Maker:
    """Makes tensors and ordered dicts; of all else nothing."""

    def named(self, name: str) -> Name:
        if name in (ORDERED, TENSOR, PARAMETER) or name in STORAGES or ASIDE.fullmatch(name):
            return Name(name)
        raise Refused(f"the file holds Python objects ({describe(name)}) that only running its code could bring back, which is never done here; {INSTEAD}")

    def called(self, callee: object, arguments: tuple[Any, ...]) -> object:
        name = callee.full if isinstance(callee, Name) else ""
        if name == ORDERED:
            return {}
        if name == TENSOR:
            return _view(*arguments[:4])
        return arguments[0] if name == PARAMETER else _Aside()

    def stored(self, what: Any) -> _Storage:
        """What a persistent id means: ("storage", type, key, device, how many numbers)."""
        _, kind, key, _, count = what
        if not isinstance(kind, Name) or not isinstance(key, str) or not _whole(count):
            raise ValueError("no storage")
        return _Storage(STORAGES[kind.full], key, count)


def _view(storage: Any, offset: Any, shape: Any, strides: Any) -> _View:
    """A tensor all of whose numbers lie in its storage, whatever its shape says."""
    if not (isinstance(storage, _Storage) and isinstance(shape, tuple) and isinstance(strides, tuple) and len(shape) == len(strides) <= DIMENSIONS):
        raise ValueError("no tensor")
    if not all(map(_whole, (offset, *shape, *strides))):
        raise ValueError("no shape")
    last = offset + sum((n - 1) * stride for n, stride in zip(shape, strides, strict=True))
    if prod(shape) and last >= storage.count:
        raise Refused(f"the file is damaged: a tensor reaches beyond the {storage.count} numbers of data/{describe(storage.key)}")
    return _View(storage, offset, shape, strides)


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**48


def _state_dict(tree: object) -> tuple[Mapping[Any, object], list[str]]:
    """The arrays by name: the whole, or what a checkpoint holds beside epochs, optimizers and the like."""
    if isinstance(tree, Name) or not isinstance(tree, dict):
        raise Refused(f"expected a state_dict, an object of tensors by name; {INSTEAD}")
    if _holds_tensors(tree):
        return tree, []
    found = [key for key, value in tree.items() if isinstance(value, dict) and _holds_tensors(value)]
    found = [key for key in WHERE if key in found][:1] or found
    if len(found) != 1:
        several = f"several ({', '.join(describe(str(key)) for key in found[:5])})" if found else "none"
        raise Refused(f"expected a state_dict, alone or in a checkpoint; got {several}; {INSTEAD}")
    return tree[found[0]], [f"The weights are those of the checkpoint's {describe(found[0])}."]


def _holds_tensors(entries: Mapping[Any, object]) -> bool:
    """Whether weights may be here; a single number is a loss or an accuracy, as checkpoints have them."""
    return any(isinstance(value, _View) and value.shape and value.storage.dtype in FLOATS for value in entries.values())
