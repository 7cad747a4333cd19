"""An epoch of training ÷ a plain numpy loop that does the same, then what PyTorch and scikit-learn take. `python -m tests.bench.train [seconds per row]`.

PyTorch and scikit-learn are measured where they can be imported: eager mode in float64, and MLPClassifier.partial_fit, which knows log losses alone.
"""

import importlib.util
import os
import sys
import warnings

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # before numpy is imported

from collections.abc import Callable
from typing import Any

import numpy as np

from app.engine.document import read_problem
from app.engine.problem import Problem
from app.engine.training import Plan, Training
from tests.bench.ratios import compare

SHAPES = [([2, 4, 2, 1], 10, 250, 0.6), ([64, 32, 10], 32, 1024, 0.7)]  # sizes, batch, rows, aim
ROWS = [  # hidden activation, loss, optimizer
    ("sigmoid", "squared_error", "sgd"),
    ("tanh", "squared_error", "sgd"),
    ("relu", "log_loss", "sgd"),
    ("sigmoid", "squared_error", "adam"),
    ("tanh", "log_loss", "adam"),
]
RATE = 0.01


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class Plain:
    """Training as a reader would write it; for the log losses with the well-known shortcut ∂ℒ/∂z = (a − y) / N."""

    def __init__(self, problem: Problem, batch: int, loss: str) -> None:
        self.x, self.y, self.batch, self.loss = problem.inputs, problem.targets, batch, loss
        self.W, self.b = ([array.copy() for array in arrays] for arrays in zip(*((layer.weights, layer.bias) for layer in problem.layers), strict=True))
        self.activations = [layer.activation.name for layer in problem.layers]
        self.adam, self.t = problem.optimizer.name == "adam", 0
        self.m, self.v = ([np.zeros_like(p) for p in self.W + self.b] for _ in range(2))

    def epoch(self, order):
        for start in range(0, len(order), self.batch):
            rows = order[start : start + self.batch]
            self.update(self.x[rows], self.y[rows])

    def update(self, x, y):
        a = [x]
        for W, b, g in zip(self.W, self.b, self.activations, strict=True):
            z = a[-1] @ W.T + b
            a.append({"sigmoid": sigmoid, "tanh": np.tanh, "softmax": softmax, "relu": lambda z: np.maximum(z, 0)}[g](z))
        dW, db = [None] * len(self.W), [None] * len(self.W)
        dz = (a[-1] - y) / len(x)
        for l in range(len(self.W) - 1, -1, -1):
            if l < len(self.W) - 1 or self.loss == "squared_error":
                g = self.activations[l]
                dz = dz * (a[l + 1] * (1 - a[l + 1]) if g == "sigmoid" else 1 - a[l + 1] ** 2 if g == "tanh" else a[l + 1] > 0)
            dW[l] = dz.T @ a[l]
            db[l] = dz.sum(axis=0)
            if l:
                dz = dz @ self.W[l]
        self.step(self.W + self.b, dW + db)

    def step(self, parameters, gradients):
        if not self.adam:
            for p, g in zip(parameters, gradients, strict=True):
                p -= RATE * g
            return
        self.t += 1
        for p, g, m, v in zip(parameters, gradients, self.m, self.v, strict=True):
            m[:] = 0.9 * m + 0.1 * g
            v[:] = 0.999 * v + 0.001 * g**2
            p -= RATE * (m / (1 - 0.9**self.t)) / (np.sqrt(v / (1 - 0.999**self.t)) + 1e-8)


def problem(sizes: list[int], rows: int, hidden: str, loss: str, optimizer: str) -> Problem:
    """Random rows with classes; xavier weights."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(rows, sizes[0]))
    if sizes[-1] == 1:
        targets = (inputs[:, :1] * inputs[:, 1:2] > 0) * 1.0
    else:
        targets = np.eye(sizes[-1])[(inputs @ rng.normal(size=(sizes[0], sizes[-1]))).argmax(axis=1)]
    last = ("sigmoid" if hidden == "relu" else hidden) if loss == "squared_error" else "sigmoid" if sizes[-1] == 1 else "softmax"
    name = loss if loss == "squared_error" else "cross_entropy" if last == "softmax" else "binary_cross_entropy"
    layers = [{"units": n, "activation": hidden} for n in sizes[1:-1]] + [{"units": sizes[-1], "activation": last}]
    return read_problem({"layers": layers, "loss": name, "inputs": inputs, "targets": targets, "optimizer": {"name": optimizer, "learning_rate": RATE}})


def torch_epoch(of: Problem, batch: int) -> Callable[[], object]:
    """The same in PyTorch's eager mode, as its tutorials have it."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    modules: list[Any] = []
    for layer in of.layers:
        linear = nn.Linear(layer.weights.shape[1], len(layer.weights), dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(layer.weights))
            linear.bias.zero_()
        modules += [linear, {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU, "softmax": nn.Identity}[layer.activation.name]()]
    network = nn.Sequential(*modules)
    log_loss = {"cross_entropy": nn.CrossEntropyLoss(), "binary_cross_entropy": nn.BCELoss()}
    loss = log_loss.get(of.loss.name, lambda a, y: ((a - y) ** 2).sum() / 2 / len(a))
    step = (torch.optim.Adam if of.optimizer.name == "adam" else torch.optim.SGD)(network.parameters(), lr=RATE)
    x, y = torch.from_numpy(of.inputs), torch.from_numpy(of.targets)

    def epoch() -> None:
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            rows = order[start : start + batch]
            step.zero_grad()
            loss(network(x[rows]), y[rows]).backward()
            step.step()

    return epoch


def sklearn_epoch(of: Problem, batch: int) -> Callable[[], object]:
    """One call of partial_fit, which is one epoch; its loss is always the log loss."""
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")
    hidden = of.layers[0].activation.name.replace("sigmoid", "logistic")
    solver = {"solver": "adam"} if of.optimizer.name == "adam" else {"solver": "sgd", "momentum": 0.0, "nesterovs_momentum": False}
    widths = [len(layer.weights) for layer in of.layers[:-1]]
    network = MLPClassifier(widths, activation=hidden, batch_size=batch, learning_rate_init=RATE, alpha=0.0, random_state=0, **solver)
    classes = of.targets[:, 0].astype(int) if of.targets.shape[1] == 1 else of.targets.argmax(axis=1)
    names = np.unique(classes)
    return lambda: network.partial_fit(of.inputs, classes, classes=names)


OTHERS = {"torch": ("PyTorch, eager", torch_epoch), "sklearn": ("scikit-learn, partial_fit", sklearn_epoch)}


def same(of: Problem, batch: int, loss: str) -> None:
    """Both sides make the same updates: their parameters agree after three epochs."""
    ours, theirs = Training(Plan(of, epochs=3, batch_size=batch)), Plain(of, batch, loss)
    ours.advance(10**6)
    for epoch in range(3):
        theirs.epoch(np.random.default_rng([0, epoch]).permutation(len(of.inputs)))
    for l, (W, b) in enumerate(zip(theirs.W, theirs.b, strict=True), 1):
        np.testing.assert_allclose(ours.parameters()[f"W{l}"], W, rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(ours.parameters()[f"b{l}"], b, rtol=1e-9, atol=1e-11)


def main(seconds: float) -> None:
    print(f"An epoch of training ÷ a plain numpy loop, float64, numpy {np.__version__}, one BLAS thread, median of pair ratios (quartiles)")
    missing = [name for name in OTHERS if importlib.util.find_spec(name) is None]
    for sizes, batch, rows, aim in SHAPES:
        for hidden, loss, optimizer in ROWS:
            of = problem(sizes, rows, hidden, loss, optimizer)
            same(of, batch, loss)
            training, plain, rng = Training(Plan(of, epochs=10**9, batch_size=batch)), Plain(of, batch, loss), np.random.default_rng(0)

            def ours(training: Training = training) -> None:
                training.advance(training.updates_per_epoch)

            def theirs(plain: Plain = plain, rng: np.random.Generator = rng, rows: int = rows) -> None:
                plain.epoch(rng.permutation(rows))

            name = f"{'-'.join(map(str, sizes))} b{batch} {hidden} {loss} {optimizer}"
            print(compare(ours, theirs, seconds=seconds).line(name, aim), flush=True)
            for module, (title, made) in OTHERS.items():
                if module not in missing:
                    print(compare(ours, made(of, batch), seconds=seconds).line(f"  ÷ {title}", 1.0), flush=True)
            assert training.ended is None
    for module in missing:
        print(f"{OTHERS[module][0]}: not measured, {module} is not installed")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)
