"""Files in the safetensors format."""

import re
from functools import partial

from safetensors import SafetensorError, deserialize

from ...engine.steps import Array
from .names import natural, sensible
from .tensors import Refused, Tensor, decoded

DTYPES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "BOOL": "bool"}


def looks_like_it(body: bytes) -> bool:
    """Whether this begins as the format does: the length of a JSON object, and the object."""
    return len(body) > 9 and body[8:9] == b"{" and int.from_bytes(body[:8], "little") <= len(body) - 8


def read(body: bytes) -> tuple[list[Tensor], list[str]]:
    """The tensors by their names, for the format keeps no order of its own, and what was assumed. Raises Refused."""
    try:
        found = deserialize(body)  # type: ignore[no-untyped-call]
    except SafetensorError as error:
        raise Refused(f"the safetensors file is damaged: {error}") from error
    sensible([name for name, _ in found])
    return [_tensor(name, it["dtype"], tuple(it["shape"]), bytes(it["data"])) for name, it in sorted(found, key=lambda item: natural(item[0]))], []


def _tensor(name: str, dtype: str, shape: tuple[int, ...], raw: bytes) -> Tensor:
    dtype = DTYPES.get(dtype) or re.sub(r"^([IUFC])(?=\d)", lambda kind: {"I": "int", "U": "uint", "F": "float", "C": "complex"}[kind[1]], dtype)
    return Tensor(name, dtype, shape, (name,), partial(_values, raw, dtype, shape))


def _values(raw: bytes, dtype: str, shape: tuple[int, ...]) -> Array:
    return decoded(raw, dtype).reshape(shape)
