"""Makes the presets whose weights are trained: xor, iris and digits. Anyone can repeat it:

    PYTHONPATH=. python tests/presets/train_presets.py            compare with the files, change nothing
    PYTHONPATH=. python tests/presets/train_presets.py --write    write the files

Training is our own engine, one record() with adam after another; scikit-learn only brings the data. Everything is
seeded. Another CPU may round differently, so comparing allows a difference of 0.01 in a number.
Not a test: the tests read the files alone and do not need scikit-learn.
"""

import argparse
import dataclasses
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits, load_iris

from app.engine.document import read_problem
from app.engine.passes import record
from app.engine.problem import Layer, Problem

PRESETS = Path(__file__).resolve().parents[2] / "app" / "presets"


def batches(count: int, size: int, epochs: int, seed: int) -> Iterator[np.ndarray]:
    """Row numbers of one mini-batch after another; every epoch shuffled anew."""
    for epoch in range(epochs):
        order = np.random.default_rng([seed, epoch]).permutation(count)
        yield from (order[start : start + size] for start in range(0, count, size))


def train(document: dict[str, Any], *, epochs: int, batch_size: int, seed: int = 0) -> Problem:
    """The problem after `epochs` of updates with its own optimizer."""
    whole = problem = read_problem(document)
    assert whole.targets is not None
    for rows in batches(len(whole.inputs), batch_size, epochs, seed):
        problem = dataclasses.replace(problem, inputs=whole.inputs[rows], targets=whole.targets[rows], classes=None)
        values = {name: value for step in record(problem) for name, value in step.values.items()}
        layers = tuple(Layer(values[f"W{l}_new"], values[f"b{l}_new"], layer.activation) for l, layer in enumerate(problem.layers, 1))
        state = {name: values[f"{name}_new"] for name in problem.givens() if f"{name}_new" in values and "_" in name}
        problem = dataclasses.replace(problem, layers=layers, optimizer_state=state | {"t": problem.givens()["t"]})
    return dataclasses.replace(problem, inputs=whole.inputs, targets=whole.targets, classes=whole.classes)


def rounded_layers(problem: Problem, decimals: int) -> list[dict[str, Any]]:
    return [
        {"weights": plain(layer.weights, decimals), "bias": plain(layer.bias, decimals), "activation": layer.activation.name} for layer in problem.layers
    ]


def plain(array: Any, decimals: int) -> Any:
    return (np.round(array, decimals) + 0.0).tolist()  # + 0.0: no −0


def xor() -> dict[str, Any]:
    problem = {
        "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
        "loss": "binary_cross_entropy",
        "inputs": [[0, 0], [0, 1], [1, 0], [1, 1]],
        "targets": [[0], [1], [1], [0]],
        "initializer": {"name": "xavier_normal", "seed": 3},
        "optimizer": {"name": "adam", "learning_rate": 0.05},
    }
    trained = train(problem, epochs=30, batch_size=4)
    return {
        "name": "xor",
        "order": 4,
        "title": "XOR",
        "description": "A batch of four: halfway through learning “one or the other, but not both”, which no single layer can do.",
        "source": None,
        "view": {"input_names": ["p", "q"], "output_names": ["p xor q"]},
        "problem": {
            "layers": rounded_layers(trained, 2),
            "loss": {"name": "binary_cross_entropy"},
            "inputs": problem["inputs"],
            "targets": problem["targets"],
            "optimizer": {"name": "sgd", "learning_rate": 0.5, "update_biases": True},
        },
    }


def iris() -> dict[str, Any]:
    data = load_iris()
    problem = {
        "layers": [{"units": 5, "activation": "relu"}, {"units": 3, "activation": "softmax"}],
        "loss": "cross_entropy",
        "inputs": data.data.tolist(),
        "targets": data.target.tolist(),
        "initializer": {"name": "he_normal", "seed": 2},
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    }
    trained = train(problem, epochs=30, batch_size=15)
    rows = [0, 41, 50, 70, 100, 133]  # 133 counted from 0 is the virginica that looks like a versicolor
    return {
        "name": "iris",
        "order": 5,
        "title": "Iris flowers",
        "description": "Six real flowers, measured in centimetres and used as they are; five are told right and one virginica is taken for a versicolor.",
        "source": "R. A. Fisher, “The use of multiple measurements in taxonomic problems”, Annals of Eugenics 7 (1936), pages 179–188; "
        "the copy in scikit-learn. Weights: trained on all 150 flowers by tests/presets/train_presets.py, rounded to two decimals.",
        "view": {
            "input_names": ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"],
            "output_names": data.target_names.tolist(),
        },
        "problem": {
            "layers": rounded_layers(trained, 2),
            "loss": {"name": "cross_entropy"},
            "inputs": plain(data.data[rows], 1),
            "targets": data.target[rows].tolist(),
            "optimizer": {"name": "adam", "learning_rate": 0.001, "update_biases": True},
        },
    }


def digits() -> dict[str, Any]:
    data = load_digits()
    inputs, held_out = data.data / 16, 1500  # the images from row 1500 on are not trained on
    problem = {
        "layers": [{"units": 24, "activation": "tanh"}, {"units": 10, "activation": "softmax"}],
        "loss": "cross_entropy",
        "inputs": inputs[:held_out].tolist(),
        "targets": data.target[:held_out].tolist(),
        "initializer": {"name": "xavier_normal", "seed": 0},
        "optimizer": {"name": "adamw", "learning_rate": 0.005, "weight_decay": 0.5},
    }
    trained = train(problem, epochs=20, batch_size=50)
    first = {digit: held_out + int(np.argmax(data.target[held_out:] == digit)) for digit in range(10)}
    rows = [first[0], first[1], first[2], 1606, first[4], first[5], first[6], first[7]]  # 1606 is a three that looks like an eight
    return {
        "name": "digits",
        "order": 6,
        "title": "Handwritten digits",
        "description": "Eight real 8 × 8 images that the network was not trained on; seven are read right and a three is taken for an eight.",
        "source": "E. Alpaydin and C. Kaynak, “Optical Recognition of Handwritten Digits”, UCI Machine Learning Repository (1998), "
        "doi:10.24432/C50P49, CC BY 4.0; the copy in scikit-learn, grey values divided by 16. "
        "Weights: trained on its first 1,500 images by tests/presets/train_presets.py, rounded to three decimals; "
        "they read 91 % of the other 297 right.",
        "view": {"output_names": [str(digit) for digit in range(10)], "image": [8, 8]},
        "problem": {
            "layers": rounded_layers(trained, 3),
            "loss": {"name": "cross_entropy"},
            "inputs": plain(inputs[rows], 4),
            "targets": data.target[rows].tolist(),
            "optimizer": {"name": "sgd", "learning_rate": 0.1, "update_biases": True},
        },
    }


MAKERS = {"xor": xor, "iris": iris, "digits": digits}


def compact(document: object) -> str:
    """Indented JSON with every list of numbers or of words, and every small object, on one line."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    text = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r",\s*\n\s*", ", ", m[1]) + "]", text)
    return re.sub(r"\{\s+([^\[\]{}]*?)\s+\}", lambda m: "{" + re.sub(r",\s*\n\s*", ", ", m[1]) + "}", text) + "\n"


def same(one: Any, other: Any) -> bool:
    """Equal, but for 0.01 in a number: training on another CPU ends a little elsewhere."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 0.0101
    return bool(one == other)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="name", help="which presets; all when none is named")
    parser.add_argument("--write", action="store_true", help="write the files instead of comparing")
    arguments = parser.parse_args()
    if set(arguments.names) - set(MAKERS):
        parser.error(f"expected some of {', '.join(MAKERS)}")
    differ = 0
    for name in arguments.names or MAKERS:
        made, path = MAKERS[name](), PRESETS / f"{name}.json"
        if arguments.write:
            path.write_text(compact(made), encoding="utf-8")
            print(f"{name}: written, {path.stat().st_size} bytes")
        else:
            agrees = same(made, json.loads(path.read_text(encoding="utf-8")))
            differ += not agrees
            print(f"{name}: {'as in the file' if agrees else 'differs from the file'}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
