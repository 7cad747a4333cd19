"""What is imported equals what was saved, in the order in which it fits; what is no chain of fully connected layers is refused by name."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.engine.document import read_problem
from app.engine.limits import Limits
from app.wire.faults import RequestError
from app.wire.imports import import_job
from app.wire.jobs import TooHeavy
from app.wire.presets import presets

HERE = Path(__file__).parent / "weights"
EXPECTED = json.loads((HERE / "expected.json").read_text())
SMALL = {"0.weight": [[1, 2], [3, 4], [5, 6]], "0.bias": [1, 2, 3], "2.weight": [[1, 2, 3]], "2.bias": [0.5]}


def imported(body, **choices):
    """The answer to a file, or to a JSON document."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    chunks = import_job(body, choices.pop("limits", Limits()), **choices)
    assert not isinstance(chunks, RequestError), (str(chunks), chunks.faults)
    return json.loads(b"".join(chunks))


def refused(body, **choices):
    """The faults of a file that is refused: detail by pointer."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    error = import_job(body, choices.pop("limits", Limits()), **choices)
    assert isinstance(error, RequestError), error
    assert error.status == 422 and error.detail
    return {fault.pointer: fault.detail for fault in error.faults}


def file(name):
    return (HERE / name).read_bytes()


# ---- files that other programs wrote -----------------------------------------------------------------------------------

CHAINS = {
    "small.pt": ("small", ["0", "2"]),
    "protocol4.pt": ("small", ["0", "2"]),
    "checkpoint.pt": ("small", ["0", "2"]),
    "counted.pt": ("counted", ["0", "2"]),
    "half.pt": ("half", ["0", "2"]),
    "bfloat16.pt": ("bfloat16", ["0", "2"]),
    "views.pt": ("views", ["0", "1"]),
    "named.pt": ("named", ["fc1", "fc2", "out"]),
    "small.safetensors": ("small", ["0", "2"]),
    "mixed.safetensors": ("mixed", ["0", "2"]),
    "deep.safetensors": ("deep", [str(k) for k in range(12)]),
}


@pytest.mark.parametrize("name", CHAINS)
def test_the_arrays_are_those_that_were_saved(name):
    saved, order = CHAINS[name]
    answer = imported(file(name))
    assert answer["format"] == ("pytorch" if name.endswith(".pt") else "safetensors")
    assert [layer["name"] for layer in answer["layers"]] == order
    for layer in answer["layers"]:
        arrays = EXPECTED[saved]
        assert layer["weights"] == arrays[f"{layer['name']}.weight"]["values"]
        assert layer["bias"] == (arrays[f"{layer['name']}.bias"]["values"] if f"{layer['name']}.bias" in arrays else False)
        assert layer["activation"] == "identity"
    kinds = {tensor["name"]: tensor["dtype"] for tensor in answer["tensors"]}
    assert {key: kinds[key] for key in EXPECTED[saved]} == {key: it["dtype"] for key, it in EXPECTED[saved].items()}
    sizes = [len(answer["layers"][0]["weights"][0]), *(len(layer["weights"]) for layer in answer["layers"])]
    assert answer["sizes"] == sizes
    problem = read_problem({"layers": answer["layers"], "inputs": [[0.0] * sizes[0]]})
    assert [layer.name for layer in problem.layers] == order == [layer["name"] for layer in problem.document()["layers"]]


def test_what_was_done_with_every_array_is_said():
    answer = imported(file("counted.pt"))
    assert [(it["name"], it["shape"], it["use"], it["layer"], it["text"]) for it in answer["tensors"]] == [
        ("0.weight", [4, 3], "weights", 1, "weights of layer 1"),
        ("0.bias", [4], "bias", 1, "bias of layer 1"),
        ("2.weight", [2, 4], "weights", 2, "weights of layer 2"),
        ("2.bias", [2], "bias", 2, "bias of layer 2"),
        ("0.num_batches_tracked", [], "left out", None, "left out: whole numbers are no weights"),
    ]
    assert answer["notes"] == ["The layers stand in the order of the file, which fits: 3 → 4 → 2."]
    assert "model_state_dict" in imported(file("checkpoint.pt"))["notes"][0]
    assert "in which their sizes meet" not in imported(file("named.pt"))["notes"][0]


@pytest.mark.parametrize(
    ("name", "pointers", "words"),
    [
        ("whole.pt", {""}, ["torch.nn.modules", "torch.save(model.state_dict()"]),
        ("legacy.pt", {""}, ["before version 1.6"]),
        ("convolution.pt", {"/0.weight", "/1.weight", "/1.running_mean", "/1.running_var"}, ["convolution", "2 × 1 × 3 × 3", "normalization"]),
        ("broken.pt", {"/2.bias"}, ["finite", "2 that are not", "[0]"]),
    ],
)
def test_files_that_are_refused(name, pointers, words):
    found = refused(file(name))
    assert set(found) == pointers
    assert all(word in " ".join(found.values()) for word in words)


@pytest.mark.parametrize("body", [b"", b"\x80\x04N.", b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"hello", bytes(100)])
def test_files_of_other_kinds(body):
    assert set(refused(body)) == {""}


# ---- order, and which way round ----------------------------------------------------------------------------------------


def arrays(**shapes):
    """Arrays of these shapes with all numbers different."""
    counted = iter(range(10**6))

    def filled(shape):
        return np.array([float(next(counted)) for _ in range(int(np.prod(shape)))]).reshape(shape).tolist()

    return {name.replace("__", "."): filled(shape) for name, shape in shapes.items()}


ORDERS = [
    # what is given, the names of the layers in their order, those transposed, words of the notes
    (arrays(a__weight=(3, 2), b__weight=(1, 3)), "a b", "", "order of the file"),
    (arrays(b__weight=(3, 2), a__weight=(1, 3)), "b a", "", "order of the file"),
    (arrays(l10__weight=(1, 3), l2__weight=(3, 2)), "l2 l10", "", "order of their names"),
    (arrays(out__weight=(1, 4), fc1__weight=(3, 2), fc2__weight=(4, 3), out__bias=(1,), fc1__bias=(3,), fc2__bias=(4,)), "fc1 fc2 out", "", "of their names"),
    (arrays(head__weight=(1, 4), tail__weight=(4, 3), body__weight=(3, 2), head__bias=(1,)), "body tail head", "", "in which their sizes meet"),
    (arrays(dense__kernel=(2, 3), dense_1__kernel=(3, 1)), "dense dense_1", "dense dense_1", "as Keras and scikit-learn write them"),
    (arrays(dense__kernel=(2, 3), dense__bias=(3,)), "dense", "dense", "as Keras and scikit-learn write them"),
    (arrays(dense__kernel=(2, 3), dense__bias=(2,)), "dense", "", "order of the file"),
    (arrays(d1__kernel=(2, 3), d2__kernel=(3, 3), d3__kernel=(3, 1)), "d1 d2 d3", "d1 d2 d3", "as Keras and scikit-learn write them"),
    (arrays(d1__kernel=(3, 3), d2__kernel=(3, 3)), "d1 d2", "d1 d2", "as Keras and scikit-learn write them"),
    (arrays(d1__kernel=(3, 5), d2__kernel=(5, 3)), "d1 d2", "d1 d2", "3 → 5 → 3"),
    (arrays(d2__kernel=(5, 3), d10__kernel=(3, 2), d1__kernel=(4, 5)), "d1 d2 d10", "d1 d2 d10", "order of their names"),
    (arrays(d1__weight=(3, 3), d2__weight=(3, 3)), "d1 d2", "", "read as units × inputs: d1.weight, d2.weight"),
    (arrays(a__weight=(3, 2), b__weight=(3, 4), b__bias=(4,)), "a b", "b", "b.weight is 3 × 4 (inputs × units)"),
    (arrays(W1=(3, 2), b1=(3,), W2=(1, 3), b2=(1,)), "1 2", "", "order of the file"),
    (arrays(layer1_w=(3, 2), layer1_b=(3, 1), layer2_w=(1, 3), layer2_b=(1, 1)), "layer1 layer2", "", "order of the file"),
    (arrays(first=(3, 2), second=(3,), third=(1, 3), fourth=(1,)), "first third", "", "order of the file"),
]


@pytest.mark.parametrize(("given", "order", "turned", "words"), ORDERS, ids=[" ".join(row[0]) for row in ORDERS])
def test_order_and_transposition(given, order, turned, words):
    answer = imported(given)
    names = [layer["name"] for layer in answer["layers"]]
    assert names == order.split()
    assert words in " ".join(answer["notes"])
    by_layer = {it["layer"]: it for it in answer["tensors"] if it["use"] == "weights"}
    assert [name for l, name in enumerate(names, 1) if by_layer[l]["transposed"]] == turned.split()
    for l, layer in enumerate(answer["layers"], 1):
        weights = np.array(given[by_layer[l]["name"]])
        assert layer["weights"] == (weights.T if by_layer[l]["transposed"] else weights).tolist()
        bias = next((it["name"] for it in answer["tensors"] if it["use"] == "bias" and it["layer"] == l), None)
        assert layer["bias"] == (np.ravel(given[bias]).tolist() if bias else False)


def test_a_long_chain_in_no_order_at_all():
    """Sixty-four layers shuffled: the only order in which their sizes meet is found."""
    rng = np.random.default_rng(3)
    places = rng.permutation(64).tolist()
    given = {f"n{places.index(l)}.weight": [[0.5] * (l + 1)] * (l + 2) for l in rng.permutation(64).tolist()}
    assert imported(given)["sizes"] == list(range(1, 66))


WRONG = [
    (arrays(a__weight=(3, 2), b__weight=(1, 4)), {"/b.weight"}, "cannot follow a.weight, 3 × 2"),
    (arrays(a__weight=(3, 2), a__bias=(4,)), {"/a.bias"}, "expected 3 or 2 numbers"),
    (arrays(a__weight=(3, 2), b__bias=(3,)), {"/b.bias"}, "a bias without weights"),
    (arrays(embedding__weight=(3, 2)), {"/embedding.weight"}, "an embedding"),
    (arrays(self_attn__in_proj_weight=(6, 2)), {"/self_attn.in_proj_weight"}, "attention"),
    (arrays(lstm__weight_ih_l0=(8, 2)), {"/lstm.weight_ih_l0"}, "recurrent"),
    (arrays(fc__weight_g=(3, 1), fc__weight_v=(3, 2)), {"/fc.weight_g", "/fc.weight_v"}, "remove_weight_norm"),
    (arrays(conv1__weight=(4, 1, 3, 3), conv1__bias=(4,)), {"/conv1.weight", "/conv1.bias"}, "convolution"),
    (arrays(x__weight=(4, 1, 3)), {"/x.weight"}, "4 × 1 × 3: weights of a convolution over one dimension"),
    (arrays(norm__weight=(4,), norm__bias=(4,)), {"/norm.weight", "/norm.bias"}, "normalization"),
    (arrays(act__weight=(4,)), {"/act.weight"}, "PReLU"),
    ({"a.weight": [[1, 2], [3]], "b.weight": [[1, "x"]]}, {"/a.weight/1", "/b.weight/0/1"}, "expected a number"),
    ({"a.weight": []}, {"/a.weight"}, "empty"),
    ({"a.weight": [[]]}, {"/a.weight"}, "empty"),
    ({"a": {"weight": [[1]]}, "a.weight": [[2]]}, {""}, "several arrays are called a.weight"),
    ({"epoch": 3}, {""}, "arrays by name"),
    ([], {""}, "arrays by name"),
    ([1, 2], {""}, "arrays by name"),
    ([[1, 2], [3, 4]], {""}, "got none"),
    ([{"weights": [[1]]}, {"bias": [1]}], {"/1"}, "an object with weights"),
    ([{"weights": [[1]], "bias": 3}], {"/0/bias"}, "a row of numbers"),
    ([{"weights": [[1]], "activation": "nope"}], {"/0/activation"}, "expected one of identity"),
    ([{"weights": [[1]], "activation": {"name": "leaky_relu", "slope": "x"}}], {"/0/activation/slope"}, "number"),
    ({"weights": [[[1]], 3]}, {"/weights/1"}, "array of numbers"),
    ({"weights": [[[1]]] * 65}, {""}, "1 to 64 layers, got 65"),
    ([{"weights": [[1]]}] * 65, {""}, "at most 64 layers, got 65"),
    ({"weights": [[[1]]], "biases": "x"}, {"/biases"}, "a list of arrays"),
    ({"start": {"problem": {"layers": [], "inputs": [[1]]}}}, {"/start/problem/layers"}, "1 to 64 layers"),
    ({"problem": {"layers": [{"weights": [[1, 2]], "activation": "tanh"}], "inputs": [[1]]}}, {"/problem/layers/0/weights"}, "1 columns"),
    ({"preset": "nope"}, {"/preset"}, "no preset"),
]


@pytest.mark.parametrize(("given", "pointers", "words"), WRONG, ids=[row[2] for row in WRONG])
def test_what_is_no_chain(given, pointers, words):
    found = refused(given)
    assert set(found) == pointers
    assert words in " ".join(found.values())


# ---- JSON of every shape -----------------------------------------------------------------------------------------------

LAYERS = [([[1, 2], [3, 4], [5, 6]], [1, 2, 3]), ([[1, 2, 3]], [0.5])]
WEIGHTS, BIASES = [w for w, _ in LAYERS], [b for _, b in LAYERS]
KERAS = [np.transpose(w).tolist() for w in WEIGHTS]


@pytest.mark.parametrize(
    "document",
    [
        SMALL,
        {"state_dict": SMALL, "epoch": 4},
        {"fc1": {"weight": WEIGHTS[0], "bias": BIASES[0]}, "fc2": {"weight": WEIGHTS[1], "bias": BIASES[1]}},
        {"params": {"Dense_0": {"kernel": KERAS[0], "bias": BIASES[0]}, "Dense_1": {"kernel": KERAS[1], "bias": BIASES[1]}}},
        {"sizes": [2, 3, 1], "weights": WEIGHTS, "biases": [[[x] for x in b] for b in BIASES], "cost": "CrossEntropyCost"},
        {"coefs_": KERAS, "intercepts_": BIASES},
        [{"weights": w, "bias": b} for w, b in LAYERS],
        [{"W": w, "b": b, "name": "dense", "units": 3} for w, b in LAYERS],
        {"layers": [{"weights": {"shape": [len(w), len(w[0])], "data": w}, "bias": b, "activation": "linear"} for w, b in LAYERS]},
        [KERAS[0], BIASES[0], KERAS[1], BIASES[1]],
        {"parameters": {"W1": {"data": WEIGHTS[0]}, "b1": {"data": BIASES[0]}, "W2": {"data": WEIGHTS[1]}, "b2": {"data": BIASES[1]}}},
        {"layers": [{"weights": w, "bias": b, "activation": "identity"} for w, b in LAYERS], "inputs": [[1, 2]]},
    ],
)
def test_json_of_many_programs(document):
    answer = imported(document)
    assert [(layer["weights"], layer["bias"], layer["activation"]) for layer in answer["layers"]] in (
        [(w, b, "identity") for w, b in LAYERS],
        [(w, b, {"name": "identity"}) for w, b in LAYERS],
    )
    assert answer["sizes"] == [2, 3, 1]
    read_problem({"layers": answer["layers"], "inputs": [[1, 2]]})


def test_activations_names_and_what_is_left_out():
    leaky = {"name": "leaky_relu"}
    given = [{"weights": [[1, 2]], "bias": None, "activation": "ReLU", "name": "hidden", "dropout": 0.5}, {"weights": [[1]], "activation": leaky}]
    answer = imported(given)
    assert [(layer["name"], layer["bias"], layer["activation"]) for layer in answer["layers"]] == [("hidden", False, "relu"), ("1", False, leaky)]
    assert "dropout" in answer["notes"][0]
    assert [layer["activation"] for layer in imported(given, activations="tanh, softmax")["layers"]] == ["tanh", "softmax"]
    assert "2 names" in refused(given, activations="tanh")["/activations"]


def test_faults_have_their_place_in_what_came():
    named = {"fc": [[1, 2]]}
    wrong = [{"weights": [[1], [2]], "activation": "nope"}, {"weights": [[1, 2]], "activation": {"name": "elu", "alpha": "x", "beta": 1}}]
    assert set(refused(named, activations="nope")) == {"/activations/0"}
    assert set(refused(wrong)) == {"/0/activation", "/1/activation/alpha", "/1/activation/beta"}
    assert set(refused({"layers": wrong[::-1]})) == {"/layers/1/activation", "/layers/0/activation/alpha", "/layers/0/activation/beta"}
    assert set(refused({"a": [[0.0] * 3000] * 3000})) == {""}


@pytest.mark.parametrize("name", presets())
def test_a_problem_of_our_own_comes_back_as_it_was(name):
    """A preset's shorthand, a whole problem, a preset as the API answers it."""
    problem = presets()[name]["problem"]
    for document, sent in (({"preset": name}, {"preset": name}), (problem, problem), (presets()[name], problem)):
        answer = imported(document)
        assert answer["format"] == "problem"
        assert answer["problem"] == sent
        again = read_problem({**problem, "layers": answer["layers"]})
        for ours, theirs in zip(read_problem(problem).layers, again.layers, strict=True):
            assert np.array_equal(ours.weights, theirs.weights)
            assert ours.activation == theirs.activation
    traced = imported({"start": {"event": "start", "problem": problem}, "steps": []})
    assert (traced["format"], traced["problem"]) == ("trace", problem)


# ---- limits ------------------------------------------------------------------------------------------------------------


def test_limits_hold_before_any_number_is_read():
    assert "at most 2 units" in refused(SMALL, limits=Limits(units=2))["/0.weight"]
    assert "at most 10 parameters" in refused(SMALL, limits=Limits(parameters=10))[""]
    wide = {"layers": [{"units": 300, "activation": "tanh"}, {"units": 300, "activation": "tanh"}], "inputs": [[1]]}
    for body in (b"[" + b" " * 20_000, json.dumps(wide).encode(), json.dumps({"a": [[0] * 100] * 30}).encode()):
        with pytest.raises(TooHeavy):
            import_job(body, Limits(), at_most=1000)


def test_bom_and_media_types():
    assert imported(b"\xef\xbb\xbf " + json.dumps(SMALL).encode())["format"] == "json"
    assert import_job(b"{", Limits(), is_json=True).status == 400
    assert import_job(file("small.pt"), Limits(), is_json=True).status == 400
