"""Problems as a caller would send them."""

from typing import Any

TWO_LAYER: dict[str, Any] = {
    "layers": [
        {"weights": [[0.15, 0.20], [0.25, 0.30]], "bias": [0.35, 0.35], "activation": "sigmoid"},
        {"weights": [[0.40, 0.45], [0.50, 0.55]], "bias": [0.60, 0.60], "activation": "sigmoid"},
    ],
    "loss": {"name": "squared_error", "scale": 0.5},
    "inputs": [[0.05, 0.10]],
    "targets": [[0.01, 0.99]],
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
}
# A batch, a parameter on an activation, softmax with class indices, an optimizer with state.
MIXED: dict[str, Any] = {
    "layers": [
        {"units": 4, "activation": "tanh"},
        {"units": 3, "activation": "gelu", "bias": False},
        {"units": 5, "activation": {"name": "leaky_relu", "slope": 0.1}},
        {"units": 3, "activation": "softmax"},
    ],
    "loss": "cross_entropy",
    "inputs": [[0.3, -1.2], [2.0, 0.1], [-0.7, 0.4]],
    "targets": [0, 2, 1],
    "initializer": {"name": "he_normal", "seed": 11},
    "optimizer": {"name": "adam", "learning_rate": 0.01},
}
# Saturated by construction: ∞ and NaN from the loss on.
SATURATED: dict[str, Any] = {
    "layers": [{"weights": [[1000.0]], "activation": "sigmoid"}],
    "loss": "binary_cross_entropy",
    "inputs": [[1.0]],
    "targets": [[0.0]],
}


def wide(*units: int, examples: int = 1, inputs: int = 2, activation: str = "tanh", **more: Any) -> dict[str, Any]:
    """A network given by the sizes of its layers alone."""
    rows = [[round(((7 * n + 3 * j) % 19) / 19 - 0.5, 3) for j in range(inputs)] for n in range(examples)]
    targets = [[0.0] * units[-1]] * examples if units[-1] <= 10_000 else None
    return {"layers": [{"units": n, "activation": activation} for n in units], "inputs": rows, "targets": targets, **more}
