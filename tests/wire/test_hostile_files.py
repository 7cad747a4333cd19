"""Files that lie, bombs, and any bytes at all: refused with a reason, in bounded time and memory, and nothing in them is ever run."""

import io
import json
import os
import pickle
import struct
import time
import tracemalloc
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as safetensors_of

from app.engine.limits import Limits
from app.wire.faults import RequestError
from app.wire.imports import import_job

HERE = Path(__file__).parent / "weights"
SETTINGS = settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
FILES = sorted(path.name for path in HERE.iterdir() if path.suffix in (".pt", ".safetensors"))
FLOAT = b"ctorch\nFloatStorage\n"
REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"
ORDERED = b"ccollections\nOrderedDict\n)R"


def whole(number):
    return b"J" + struct.pack("<i", number) if -(2**31) <= number < 2**31 else pickle.dumps(number, 2)[2:-1]


def numbers(values):
    return b"(" + b"".join(map(whole, values)) + b"t"


def text(words):
    return b"X" + struct.pack("<I", len(words)) + words.encode()


def tensor(shape, strides, *, offset=0, count=4, key="0", storage=FLOAT):
    """A tensor as torch pickles it."""
    stored = b"((" + text("storage") + storage + text(key) + text("cpu") + whole(count) + b"tQ"
    return REBUILD + stored + whole(offset) + numbers(shape) + numbers(strides) + b"\x89" + ORDERED + b"tR"


def state(**tensors):
    """The pickle of a state_dict."""
    return b"\x80\x02}(" + b"".join(text(name.replace("__", ".")) + value for name, value in tensors.items()) + b"u."


def archive(pickled, *, compression=zipfile.ZIP_STORED, **files):
    """A file as torch.save writes it."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", compression) as made:
        made.writestr("archive/data.pkl", pickled)
        for name, content in ({"data/0": np.arange(4, dtype="f4").tobytes()} | files).items():
            made.writestr(f"archive/{name}", content)
    return into.getvalue()


def mangled(body):
    """An archive whose first file cannot be inflated."""
    return body[:50] + bytes(255 - byte for byte in body[50:70]) + body[70:]


def far_away(body):
    """An archive whose first file begins where no file can."""
    into = io.BytesIO(body)
    with zipfile.ZipFile(into, "a") as made:
        made.infolist()[0].header_offset = 2**64 - 2
        made.writestr("archive/last", b"")
    return into.getvalue()


def answered(body, **choices):
    """Layers, or a refusal that says something: never an exception."""
    answer = import_job(body, Limits(), **choices)
    if isinstance(answer, RequestError):
        assert answer.status in (400, 422) and answer.detail
        assert answer.status == 400 or answer.faults
        json.dumps([answer.detail, *answer.faults]).encode()
        assert sum(len(fault.detail) + len(fault.pointer) for fault in answer.faults) < 100_000
        return answer
    layers = json.loads(b"".join(answer))["layers"]
    assert all(np.isfinite(layer["weights"]).all() for layer in layers)
    return layers


def refused(body):
    answer = answered(body)
    assert isinstance(answer, RequestError), answer
    return answer.detail


def test_the_builder_of_this_file_writes_what_torch_writes():
    assert answered(archive(state(a__weight=tensor((2, 2), (2, 1)))))[0]["weights"] == [[0, 1], [2, 3]]
    assert answered(archive(state(a__weight=tensor((2, 2), (1, 2)))))[0]["weights"] == [[0, 2], [1, 3]]
    big = archive(state(a__weight=tensor((2, 2), (2, 1))), byteorder=b"big", **{"data/0": np.arange(4, dtype=">f4").tobytes()})
    assert answered(big)[0]["weights"] == [[0, 1], [2, 3]]


# ---- code --------------------------------------------------------------------------------------------------------------


class Touches:
    """Something whose unpickling makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def evil(command):
    """Every way that a pickle has to call something."""
    call = f"open({command!r}, 'w').close()"
    return {
        "REDUCE": b"cos\nsystem\n(" + text(f"touch {command}") + b"tR",
        "STACK_GLOBAL": text("os") + text("system") + b"\x93(" + text(f"touch {command}") + b"tR",
        "eval": b"c__builtin__\neval\n(" + text(call) + b"tR",
        "builtins": b"cbuiltins\nexec\n(" + text(call) + b"tR",
        "INST": b"(" + text(f"touch {command}") + b"ios\nsystem\n",
        "OBJ": b"(cos\nsystem\n" + text(f"touch {command}") + b"o",
        "NEWOBJ": b"csubprocess\nPopen\n((" + text("touch") + text(command) + b"lt\x81",
        "BUILD": b"cos\nsystem\n}" + text("__setstate__") + b"cos\nsystem\nsb" + text(f"touch {command}") + b"b",
        "BUILD an ordered dict": ORDERED + b"}" + text("__class__") + b"cos\nsystem\nsb",
        "GLOBAL alone": b"cbuiltins\neval\n",
        "by way of torch": b"ctorch.serialization\nload\n(" + text(command) + b"tR",
        "by way of what is known": b"ctorch._utils\n_rebuild_tensor_v2.__globals__\n",
        "EXT1": b"\x82\x01",
        "a real one": pickle.dumps(Touches(command), 2)[2:-1],
    }


@pytest.mark.parametrize("way", evil("x"))
def test_no_code_of_a_file_runs(tmp_path, way):
    """Alone, and beside weights that are sound."""
    touched = tmp_path / "touched"
    call = evil(str(touched))[way]
    assert "torch.save(model.state_dict()" in refused(archive(b"\x80\x02" + call + b"."))
    refused(archive(state(a__weight=tensor((2, 2), (2, 1)), b=call)))
    assert not touched.exists()


def test_the_real_one_would_have_run(tmp_path):
    touched = tmp_path / "touched"
    pickle.loads(b"\x80\x02" + evil(str(touched))["REDUCE"] + b".")
    assert touched.exists()


# ---- lies and bombs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (archive(state(a__weight=tensor((3, 2), (2, 1)))), "beyond the 4 numbers"),
        (archive(state(a__weight=tensor((2, 2), (2, 1), offset=1))), "beyond the 4 numbers"),
        (archive(state(a__weight=tensor((2, 2), (10**12, 1)))), "beyond the 4 numbers"),
        (archive(state(a__weight=tensor((2, 2), (2, 1), count=400, offset=300))), "expected 400 numbers in data/0, got 4"),
        (archive(state(a__weight=tensor((2, 2), (2, 1), key="9"))), "damaged: it has no"),
        (archive(state(a__weight=tensor((2, 2), (2, 1), key="../../etc/passwd"))), "damaged: it has no"),
        (archive(state(a__weight=tensor((-2, 2), (2, 1)))), "damaged"),
        (archive(state(a__weight=tensor((2, 2), (-2, 1)))), "damaged"),
        (archive(state(a__weight=tensor((2, 2), (2,)))), "damaged"),
        (archive(state(a__weight=tensor([1] * 9, [1] * 9))), "damaged"),
        (archive(state(a__weight=tensor((2**47, 2**47), (0, 0)))), "at most 4096 units"),
        (archive(state(a__weight=tensor((2**50, 1), (0, 0)))), "damaged"),
        (archive(state(**{f"n{k}__weight": tensor((4096, 4096), (0, 0)) for k in range(60)})), "at most 4000000 parameters"),
        (archive(state(**{f"n{k}__weight": tensor((2, 2), (2, 1)) for k in range(65)})), "1 to 64 layers"),
        (archive(state(a__weight=tensor((2, 2), (2, 1), storage=b"ctorch\nComplexFloatStorage\n"))), "state_dict"),
        (archive(state(a__weight=tensor((0, 2), (2, 1)))), "empty"),
        (archive(state(a__weight=b"N")), "got none"),
        (archive(b"\x80\x02]."), "expected a state_dict"),
        (archive(b"\x80\x02"), "damaged"),
        (archive(b""), "damaged"),
        (archive(b"\x80\x02r\xff\xff\xff\xff."), "damaged"),
        (archive(b"\x80\x02Nr\xff\xff\xff\x7f."), "expected a state_dict"),
        (archive(b"\x80\x02j\xff\xff\xff\x7f."), "damaged"),
        (archive(b"\x80\x02X\xff\xff\xff\x7fa."), "damaged"),
        (archive(b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7fa."), "damaged"),
        (archive(b"\x80\x02" + b"(" * 600_000 + b"."), "at most 500000 instructions"),
        (archive(b"N" * 4_000_001), "at most 4000000 bytes"),
        (archive(state(a__weight=tensor((2, 2), (2, 1))), compression=zipfile.ZIP_DEFLATED, **{"data/0": bytes(10_000_000)}), "compressed"),
        (far_away(archive(state(a__weight=tensor((2, 2), (2, 1))))), "cannot be read"),
        *((mangled(archive(state(a__weight=tensor((2, 2), (2, 1))), compression=it)), "compressed") for it in (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)),
    ],
)
def test_lies(body, words):
    began = time.process_time()
    assert words in refused(body)
    assert time.process_time() - began < 3


def test_what_holds_itself_and_what_doubles():
    """A cycle, lists of twice the same list, 10¹⁸ in the end, and such tuples as a key, whose hash would take for ever."""
    sound = tensor((2, 2), (2, 1))
    cycle = b"}q\x00" + text("me") + b"h\x00s"
    levels = b"(]q\x00" + b"".join(b"](h%ch%ceq%c" % (k, k, k + 1) for k in range(60)) + b"t"
    for more in (cycle, levels):
        assert answered(archive(state(a__weight=sound, b=more)))[0]["weights"] == [[0, 1], [2, 3]]
    tuples = b")q\x00" + b"".join(b"h%ch%c\x86q%c" % (k, k, k + 1) for k in range(60))
    assert "damaged" in refused(archive(b"\x80\x02}" + tuples + b"Ns."))


def test_memory_stays_in_proportion():
    """Lies about size cost nothing: what is asked for is at most a few times what was sent."""
    for body in (
        archive(state(**{f"n{k}__weight": tensor((4096, 4096), (0, 0)) for k in range(60)})),
        archive(state(a__weight=tensor((2**40, 1), (0, 0)))),
        safetensors_of({"a.weight": np.ones((2, 2))}).replace(b"[2,2]", b"[9,9]"),
        json.dumps({"a.weight": [[1] * 5000]}).encode(),
    ):
        tracemalloc.start()
        refused(body)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2_000_000 + 20 * len(body)


# ---- anything at all ---------------------------------------------------------------------------------------------------


@given(body=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", b"\x80\x02", b"{", b"[", b"\x10\0\0\0\0\0\0\0{"]))
@SETTINGS
def test_any_bytes(body, start):
    answered(start + body)


@given(pickled=st.binary(max_size=100), start=st.sampled_from([b"", b"\x80\x02}(", state(a__weight=tensor((2, 2), (2, 1)))[:-2]]))
@SETTINGS
def test_any_pickle(pickled, start):
    answered(archive(start + pickled + b"."))


PARTS = [tensor((2, 2), (2, 1)), ORDERED, REBUILD, FLOAT, text("x"), whole(3), *(bytes([byte]) for byte in b"(t]}NRbsuaeQ0\x86"), b"q\0", b"h\0"]


@given(parts=st.lists(st.sampled_from(PARTS)))
@SETTINGS
def test_any_instructions_in_any_order(parts):
    answered(archive(b"\x80\x02" + b"".join(parts) + b"."))


@given(name=st.sampled_from(FILES), length=st.integers(0, 6000))
@SETTINGS
def test_cut_short(name, length):
    answered((HERE / name).read_bytes()[:length])


@given(name=st.sampled_from(FILES), bits=st.lists(st.integers(0, 2**20), min_size=1, max_size=4))
@SETTINGS
def test_bits_flipped(name, bits):
    body = bytearray((HERE / name).read_bytes())
    for bit in bits:
        body[bit // 8 % len(body)] ^= 1 << bit % 8
    answered(bytes(body))


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
FIELDS = "weights biases bias W layers inputs activation name start problem preset state_dict 0.weight 0.bias data".split()
keys = st.sampled_from(FIELDS) | st.text(max_size=4)
documents = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4))


@given(document=documents)
@SETTINGS
def test_any_json(document):
    answered(json.dumps(document).encode(), is_json=True)


matrices = st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(st.floats(-1, 1), min_size=n, max_size=n), min_size=1, max_size=3))


rows = st.lists(st.floats(-1, 1), min_size=1, max_size=3)


@given(
    weights=st.dictionaries(st.sampled_from(["a.weight", "b.weight", "c.kernel", "d"]), matrices),
    biases=st.dictionaries(st.sampled_from(["a.bias", "c.bias"]), rows),
)
@SETTINGS
def test_any_arrays(weights, biases):
    """Whatever comes out is a chain of the very arrays that were given, each of them once."""
    layers = answered(json.dumps(weights | biases).encode())
    if isinstance(layers, list):
        assert all(len(before["weights"]) == len(after["weights"][0]) for before, after in pairwise(layers))
        assert sorted(sorted(np.ravel(layer["weights"]).tolist()) for layer in layers) == sorted(sorted(np.ravel(it).tolist()) for it in weights.values())
        assert sorted(layer["bias"] for layer in layers if layer["bias"]) == sorted(biases.values())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (json.dumps({f"{k}.weight": [[1]] for k in range(30_000)}).encode(), "at most 2000 arrays"),
        (json.dumps({"weights": [[[1]]] * 30_000}).encode(), "at most 2000 arrays"),
        (json.dumps([[[1]]] * 30_000).encode(), "at most 2000 arrays"),
        (json.dumps([{"weights": [[1]]}] * 30_000).encode(), "at most 64 layers"),
        (json.dumps({"w." * 500_000: [[1]]}).encode(), "names of at most 200 characters"),
        (safetensors_of({"w." * 500_000: np.ones((1, 1))}), "names of at most 200 characters"),
        (safetensors_of({f"{k}": np.ones((1, 1)) for k in range(3000)}), "at most 2000 arrays"),
        (archive(b"\x80\x02}(" + b"".join(text(f"{k}") + tensor((2, 2), (2, 1)) for k in range(3000)) + b"u."), "at most 2000 arrays"),
    ],
)
def test_more_than_any_network_has(body, words):
    began = time.process_time()
    assert words in refused(body)
    assert time.process_time() - began < 2


def test_what_stands_beside_the_weights():
    """A loss that is still a tensor does not make a checkpoint a state_dict, and objects that are set aside may have been pickled as new ones."""
    arguments = b"cargparse\nNamespace\n)\x81}(" + text("rate") + b"K\x01ub"
    checkpoint = [text("loss") + tensor((), (), count=1), text("args") + arguments, text("model") + state(a__weight=tensor((2, 2), (2, 1)))[2:-1]]
    assert [layer["name"] for layer in answered(archive(b"\x80\x02}(" + b"".join(checkpoint) + b"u."))] == ["a"]
    assert "a single number: neither weights nor a bias" in refused(archive(state(a__weight=tensor((2, 2), (2, 1)), scale=tensor((), (), count=1))))


def test_deep_json():
    for body in (b"[" * 1000 + b"]" * 1000, b'{"a":' * 1000 + b"1" + b"}" * 1000, b"[" * 100_000):
        refused(body)
