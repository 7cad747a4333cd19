"""A full recorded trace ÷ plain numpy that computes the same quantities. `python -m tests.bench.engine [seconds per row]`."""

import os
import sys

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # before numpy is imported

from typing import Any

import numpy as np

from app.engine.document import read_problem
from app.engine.limits import Limits
from app.engine.passes import record
from app.engine.problem import Problem
from tests.bench.ratios import compare

SHAPES: list[tuple[list[int], int, str, str, float]] = [  # sizes, batch, hidden activation, last activation, aim
    ([2, 3, 1], 1, "sigmoid", "sigmoid", 2.0),
    ([2, 4, 4, 1], 10, "sigmoid", "sigmoid", 2.0),
    ([64, 32, 16, 10], 32, "relu", "softmax", 1.8),
    ([784, 128, 64, 10], 128, "relu", "softmax", 1.1),
    ([784, 512, 512, 512, 10], 256, "relu", "softmax", 1.3),
    ([64] * 51, 32, "relu", "softmax", 1.6),
]


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_jacobian(a):
    return a[:, :, None] * (np.eye(a.shape[1]) - a[:, None, :])


def plain(weights, biases, activations, x, y):
    """Forward and backward as a reader would write it; keeps z, a, g, da, dz, dW, db and the loss, down to da0."""
    L, N = len(weights) - 1, len(x)
    z, a, g = [None] * (L + 1), [x] + [None] * L, [None] * (L + 1)
    for l in range(1, L + 1):
        z[l] = a[l - 1] @ weights[l].T + biases[l]
        if activations[l] == "sigmoid":
            a[l] = sigmoid(z[l])
        elif activations[l] == "relu":
            a[l] = np.maximum(z[l], 0)
        else:
            a[l] = softmax(z[l])
    if activations[L] == "softmax":
        loss = -np.sum(y * np.log(a[L])) / N
        gradient = -y / a[L] / N
    else:
        loss = np.sum((a[L] - y) ** 2) / 2 / N
        gradient = (a[L] - y) / N
    da, dz, dW, db = [None] * (L + 1), [None] * (L + 1), [None] * (L + 1), [None] * (L + 1)
    da[L] = gradient
    for l in range(L, 0, -1):
        if activations[l] == "softmax":
            g[l] = softmax_jacobian(a[l])
            dz[l] = (da[l][:, None, :] @ g[l])[:, 0, :]
        else:
            g[l] = a[l] * (1 - a[l]) if activations[l] == "sigmoid" else (z[l] > 0).astype(float)
            dz[l] = da[l] * g[l]
        dW[l] = dz[l].T @ a[l - 1]
        db[l] = dz[l].sum(axis=0)
        da[l - 1] = dz[l] @ weights[l]
    return z, a, g, loss, da, dz, dW, db


def problem(sizes: list[int], batch: int, hidden: str, last: str) -> Problem:
    """The network with he_normal weights and a random batch."""
    rng = np.random.default_rng(0)
    layers = [{"units": n, "activation": hidden} for n in sizes[1:-1]] + [{"units": sizes[-1], "activation": last}]
    targets: Any = [int(k) for k in rng.integers(0, sizes[-1], batch)] if last == "softmax" else rng.random((batch, sizes[-1])).tolist()
    loss = "cross_entropy" if last == "softmax" else "squared_error"
    document = {"layers": layers, "loss": loss, "inputs": rng.normal(size=(batch, sizes[0])).tolist(), "targets": targets}
    return read_problem({**document, "initializer": {"name": "he_normal", "seed": 1}}, Limits(values=10**9, work=10**12))


def same(ours: dict[str, Any], theirs: tuple[Any, ...]) -> None:
    """Both sides computed the same quantities, all of them."""
    *lists, = theirs
    loss = lists.pop(3)
    expected = {"loss": loss}
    for name, values in zip(("z", "a", "g", "da", "dz", "dW", "db"), lists, strict=True):
        expected |= {f"{name}{l}": value for l, value in enumerate(values) if value is not None and (name, l) != ("a", 0)}
    assert ours.keys() == expected.keys(), ours.keys() ^ expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(ours[name], value, rtol=1e-9, atol=1e-12, err_msg=name)


def main(seconds: float) -> None:
    print(f"Full recorded trace ÷ plain numpy, float64, numpy {np.__version__}, one BLAS thread, median of pair ratios (quartiles)")
    for sizes, batch, hidden, last, aim in SHAPES:
        it = problem(sizes, batch, hidden, last)
        weights, biases = [None, *(layer.weights for layer in it.layers)], [None, *(layer.bias for layer in it.layers)]
        activations = [None, *(layer.activation.name for layer in it.layers)]

        def theirs(it: Problem = it, weights: Any = weights, biases: Any = biases, activations: Any = activations) -> Any:
            return plain(weights, biases, activations, it.inputs, it.targets)

        def ours(it: Problem = it) -> Any:
            return record(it)

        same({name: value for step in ours() for name, value in step.values.items()}, theirs())
        shape = "-".join(map(str, sizes)) if len(sizes) < 9 else f"{len(sizes) - 1} layers × {sizes[-1]}"
        print(compare(ours, theirs, seconds=seconds).line(f"{shape} b{batch}", aim), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0)
