"""A quantity as it is sent."""

import json
import math
import warnings

import numpy as np
import orjson
import pytest

from app.wire.quantities import THUMBNAIL, axes, encode, encode_small, magnitude, thumbnail

RNG = np.random.default_rng(5)


def sent(name, value, *, full=True, **how):
    """The quantity after a journey through JSON, read by another parser than the one that wrote it."""
    q = encode(name, value) if full else encode_small(name, value, **how)
    return json.loads(orjson.dumps(q, option=orjson.OPT_SERIALIZE_NUMPY))


@pytest.mark.parametrize(
    ("name", "dimensions", "expected"),
    [
        ("a0", 2, ("example", "unit")),
        ("z3", 2, ("example", "unit")),
        ("y", 2, ("example", "unit")),
        ("W1", 2, ("unit", "input")),
        ("W12_new", 2, ("unit", "input")),
        ("W1_m", 2, ("unit", "input")),
        ("b1", 1, ("unit",)),
        ("b2_v_new", 1, ("unit",)),
        ("da1", 2, ("example", "unit")),
        ("dz1", 2, ("example", "unit")),
        ("dW1", 2, ("unit", "input")),
        ("db1", 1, ("unit",)),
        ("g1", 2, ("example", "unit")),
        ("g1", 3, ("example", "output", "unit")),
        ("loss", 0, ()),
        ("t", 0, ()),
    ],
)
def test_axes(name, dimensions, expected):
    assert axes(name, dimensions) == expected


@pytest.mark.parametrize(
    "value",
    [
        np.array([0.1, 1 / 3, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e200, 1e-200, 123456789.123456789, 2**53 + 1.0]),
        RNG.normal(size=(7, 5)) * 10.0 ** RNG.integers(-300, 300, (7, 5)),
        RNG.normal(size=(6, 4)).T,
        RNG.normal(size=(8, 8))[::2, ::-1],
        RNG.normal(size=(2, 3, 3)),
        np.array(0.298371109),
    ],
    ids=["edges", "magnitudes", "transposed", "strided", "stack", "scalar"],
)
def test_every_number_reads_back_exactly(value):
    q = sent("a1", value)
    back = np.array(q["data"], dtype=np.float64)
    assert q["shape"] == list(value.shape)
    assert back.tobytes() == np.ascontiguousarray(value).tobytes()


def test_a_scalar_is_a_bare_number():
    q = sent("loss", np.array(0.25))
    assert (q["shape"], q["axes"], q["data"], q["norm"], q["max_abs"]) == ([], [], 0.25, 0.25, 0.25)


@pytest.mark.parametrize("size", [1, 3, 64, 65, 1000])
@pytest.mark.parametrize("unit", [1.0, 1e200, 1e-200, 5e-324, 1e300])
def test_norm_neither_overflows_nor_underflows(size, unit):
    value = RNG.integers(-9, 10, size) * unit
    value[0] = 9 * unit
    norm, largest = magnitude(value)
    scaled = [x / unit for x in value.tolist()]
    assert largest == 9 * unit
    assert norm == pytest.approx(math.sqrt(math.fsum(x * x for x in scaled)) * unit, rel=1e-12, abs=5e-324)


@pytest.mark.parametrize("size", [3, 100])
def test_norm_of_zeros(size):
    assert magnitude(np.zeros(size)) == (0.0, 0.0)


@pytest.mark.parametrize("size", [2, 100])
def test_a_norm_beyond_float64_is_no_fault_of_the_entries(size):
    q = sent("a1", np.full(size, 1.7e308))
    assert (q["norm"], q["max_abs"], q["data"][0]) == (None, 1.7e308, 1.7e308)
    assert "non_finite" not in q


@pytest.mark.parametrize("size", [4, 100])
@pytest.mark.parametrize(("entry", "name"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_non_finite_entries_are_null_and_listed(size, entry, name):
    value = np.arange(1.0, size + 1).reshape(2, -1)
    value[1, 0] = entry
    q = sent("dW1", value)
    assert q["data"][1][0] is None
    assert q["non_finite"] == [[size // 2, name]]
    assert q["max_abs"] is None
    assert q["norm"] is None


def test_all_kinds_of_non_finite_at_once():
    q = sent("z1", np.array([[np.nan, 1.0], [np.inf, -np.inf]]))
    assert q["data"] == [[None, 1.0], [None, None]]
    assert q["non_finite"] == [[0, "nan"], [2, "inf"], [3, "-inf"]]


def test_finite_quantities_say_nothing_of_it():
    assert "non_finite" not in sent("z1", np.ones((2, 2)))
    assert "thumbnail" not in sent("z1", np.ones((2, 2)))


def test_a_non_finite_scalar():
    q = sent("loss", np.array(np.inf))
    assert (q["data"], q["non_finite"]) == (None, [[0, "inf"]])


def block_means(value):
    """Block means, block by block in plain Python: what a thumbnail must be."""
    if value.ndim == 3:
        value = np.array([[math.fsum(value[:, i, j]) / len(value) for j in range(value.shape[2])] for i in range(value.shape[1])])
    flat = value.ndim == 1
    rows = [value.tolist()] if flat else value.tolist()
    high, wide = len(rows), len(rows[0])
    small = []
    for r in range(min(high, 64)):
        top, bottom = r * high // min(high, 64), (r + 1) * high // min(high, 64)
        row = []
        for c in range(min(wide, 64)):
            left, right = c * wide // min(wide, 64), (c + 1) * wide // min(wide, 64)
            block = [rows[i][j] for i in range(top, bottom) for j in range(left, right)]
            row.append(math.fsum(block) / len(block))
        small.append(row)
    return np.array(small[0] if flat else small)


@pytest.mark.parametrize("shape", [(5, 3), (64, 64), (65, 2), (3, 129), (200, 200), (127, 191), (100,), (65,), (1, 1000), (2, 70, 70), (3, 5, 5)])
def test_thumbnail_is_block_means(shape):
    value = RNG.normal(size=shape)
    q = sent("a1", value, full=False)
    small = np.array(q["thumbnail"])
    assert q["data"] is None
    assert q["shape"] == list(shape)
    assert max(small.shape) <= THUMBNAIL == 64
    np.testing.assert_allclose(small, block_means(value), rtol=5.001e-4, atol=1e-300)
    assert all(float(f"{x:.3e}") == x for x in small.ravel()), "four significant digits"


@pytest.mark.parametrize("entries", [(np.inf, -np.inf), (np.nan, 1.0), (1.7e308, 1.7e308)])
def test_thumbnails_of_anything_are_silent(entries):
    value = np.zeros((130, 130))
    value[0, :2] = entries
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        q = sent("a1", value, full=False)
    assert len(q["thumbnail"]) == 64


def test_thumbnail_leaves_the_value_alone():
    value = RNG.normal(size=(100, 100))
    before = value.copy()
    thumbnail(value)
    assert np.array_equal(value, before)
