"""Random problems to open in the page; between them every activation, loss and optimizer."""

from typing import Any

import numpy as np

LAST = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}  # the log losses want predictions between 0 and 1


def random_problem(seed: int, catalog: dict[str, Any]) -> dict[str, Any]:
    """A problem of 2 or 3 layers and up to 4 examples; some layers have no bias."""
    rng = np.random.default_rng(seed)
    activations, losses, optimizers = ([item["name"] for item in catalog[kind]] for kind in ("activations", "losses", "optimizers"))
    loss = losses[seed % len(losses)]
    sizes = [int(n) for n in rng.integers(1 if seed % 3 else 2, 6 if seed % 4 else 9, size=int(rng.integers(3, 5)))]
    sizes[-1] = max(2, sizes[-1])
    examples = int(rng.integers(1, 5))
    names = [activations[(2 * seed + k) % len(activations)] for k in range(len(sizes) - 1)]
    names[-1] = LAST.get(loss, names[-1])
    shape = (examples, sizes[-1])
    targets = {
        "binary_cross_entropy": lambda: rng.integers(0, 2, shape) * 1.0,
        "cross_entropy": lambda: rng.integers(0, sizes[-1], examples),
    }.get(loss, lambda: rng.normal(size=shape))()
    layers = [
        {
            "weights": (rng.normal(size=(high, wide)) / np.sqrt(wide)).tolist(),
            "bias": False if rng.random() < 0.25 else (rng.normal(size=high) / 2).tolist(),
            "activation": name,
        }
        for wide, high, name in zip(sizes, sizes[1:], names, strict=False)
    ]
    return {
        "layers": layers,
        "loss": {"name": loss, "over_outputs": ["sum", "mean"][seed % 2], "over_batch": ["mean", "sum"][seed % 2]},
        "inputs": rng.normal(size=(examples, sizes[0])).tolist(),
        "targets": targets.tolist(),
        "optimizer": optimizers[seed % len(optimizers)],
    }


def deep_problem(layers: int, units: int = 2) -> dict[str, Any]:
    """So many layers of tanh with so many units each."""
    return {
        "layers": [{"units": units, "activation": "tanh"}] * layers,
        "inputs": [[(k % 5 - 2) / 3 for k in range(units)]],
        "targets": [[0.5] * units],
        "initializer": {"name": "xavier_normal", "seed": layers},
    }
