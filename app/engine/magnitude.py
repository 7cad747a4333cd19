"""How large an array is, also where squares of its numbers would leave the range of float64."""

import math

import numpy as np

from .steps import Array


def magnitude(value: Array) -> tuple[float, float]:
    """Euclidean norm and largest absolute value; both NaN or ∞ when an entry is."""
    if value.size <= 64:  # plain floats beat numpy's call overhead here, and hypot neither overflows nor underflows
        flat = value.ravel().tolist()
        norm = math.hypot(*flat)
        return norm, max(map(abs, flat)) if math.isfinite(norm) else _largest(value)  # max is no use where there are NaN
    largest = _largest(value)
    if not 1e-150 < largest < 1e150 and math.isfinite(largest) and largest:  # squares would leave the range of float64
        scaled = value.ravel() / largest
        return largest * math.sqrt(float(np.dot(scaled, scaled))), largest
    flat_array = value.ravel()
    return math.sqrt(float(np.dot(flat_array, flat_array))) if math.isfinite(largest) else largest, largest


def _largest(value: Array) -> float:
    return float(np.maximum(value.max(), -value.min()))  # NaN wins in both
