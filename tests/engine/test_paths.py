"""Paths to one weight: against an enumeration over unit indices that knows nothing of the engine's graph, and against published numbers."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from problems import ALL_ACTIVATIONS, document, label, quantities, random_problem

from app.engine.activations import ACTIVATIONS
from app.engine.document import read_problem
from app.engine.graph import Graph
from app.engine.paths import Node, count_paths, find_paths
from app.wire.presets import presets

MANY = 10**9


def brute_force(problem, target, example=None):
    """Every path as (sorting key, example, numbers of its factors, units of a^[L], z^[L], a^[L-1] … z^[l]), in the documented order."""
    of, l, L = quantities(problem), int(target.quantity[1:]), len(problem.layers)
    softmax = [layer.activation.name == "softmax" for layer in problem.layers]
    free = [range(len(problem.layers[k - 1].weights)) for k in range(L, l - 1, -1) for _ in "az"]
    found = []
    for n in range(len(problem.inputs)) if example is None else [example]:
        for units in itertools.product(*free):
            a, z = units[0::2], units[1::2]  # of the layers L, L − 1 … l
            if z[-1] != target.entry[0] or any(i != k for k, i, mixes in zip(a, z, softmax[::-1], strict=False) if not mixes):
                continue
            numbers = [of[f"da{L}"][n, a[0]]]
            for step, k in enumerate(range(L, l - 1, -1)):
                g = of[f"g{k}"]
                numbers.append(g[n, a[step], z[step]] if softmax[k - 1] else g[n, z[step]])
                if k > l:
                    numbers.append(of[f"W{k}"][z[step], a[step + 1]])
            numbers.append(of[f"a{l - 1}"][n, target.entry[1]] if target.quantity[0] == "W" else 1.0)
            found.append((key(n, units, numbers), n, [float(x) for x in numbers], list(units)))
    return sorted(found)


def key(n, units, numbers):
    """Largest magnitude first, what is not finite before all; then the example; then from the target back: unit, magnitude up to there."""
    with np.errstate(all="ignore"):
        sizes = [-abs(x) if math.isfinite(x) else -math.inf for x in itertools.accumulate(numbers, lambda x, y: float(np.float64(x) * y))]
    return (sizes[-1], n, *(part for size, unit in zip(sizes[-2::-1], units[::-1], strict=True) for part in (unit, size)))


def units_of(path):
    return [node.entry[-1] for node in path.nodes[1:-1]]


def some_targets(problem, seed, count=3):
    """Weights and biases anywhere in a network."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        l = int(rng.integers(1, len(problem.layers) + 1))
        layer = problem.layers[l - 1]
        name, array = ("W", layer.weights) if layer.bias is None or rng.random() < 0.7 else ("b", layer.bias)
        yield Node(f"{name}{l}", tuple(int(rng.integers(n)) for n in array.shape))


# ---- against the enumeration ---------------------------------------------------------------------------------------------

NETWORKS = [
    ([3, 2], ["tanh"], 1),
    ([2, 3], ["softmax"], 2),
    ([2, 3, 2], ["sigmoid", "identity"], 3),
    ([2, 3, 3], ["softmax", "softmax"], 2),
    ([3, 2, 3, 2], ["relu", "softmax", "gelu"], 2),
    ([1, 1, 1, 1], ["softplus", "softmax", "elu"], 3),
    ([2, 2, 3, 2, 2], ["leaky_relu", "tanh", "silu", "softmax"], 2),
    ([2, 2, 2, 2, 2, 2], ["tanh", "relu", "softmax", "sigmoid", "identity"], 1),
    ([2, 2, 1, 2, 2, 2, 2], ["tanh", "sigmoid", "elu", "gelu", "relu", "sigmoid"], 2),
]


def assert_as_enumerated(problem, target, example, most):
    """The first `most` paths of the enumeration, in its order, factor by factor; how many there are, and what the others sum to."""
    expected = brute_force(problem, target, example)
    found = find_paths(problem, target, example, most)
    assert found.number == len(expected)
    listed = [(path.example, [factor.value for factor in path.factors], units_of(path)) for path in found.paths]
    np.testing.assert_equal(listed, [(n, numbers, units) for _, n, numbers, units in expected[:most]])  # NaN are equal here
    assert found.left_out == max(0, len(expected) - most)
    rest = [math.prod(numbers) for _, _, numbers, _ in expected[most:]]
    if all(map(math.isfinite, [found.contribution, *(path.product for path in found.paths), *rest])):
        scale = math.fsum(abs(math.prod(numbers)) for _, _, numbers, _ in expected)
        assert abs(found.remainder - math.fsum(rest)) <= 1e-12 * scale
        assert abs(found.sum - found.contribution) <= 1e-12 * scale
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: "-".join(network[1]))
def test_paths_as_enumerated(network, seed):
    """All of them and the largest few, for weights anywhere, of the batch and of one example."""
    sizes, activations, examples = network
    problem = random_problem(sizes=sizes, activations=activations, loss="squared_error", seed=seed, examples=examples)
    for target in some_targets(problem, seed):
        for example in (None, examples - 1):
            found = assert_as_enumerated(problem, target, example, MANY)
            assert found.left_out == 0 and found.remainder == 0
            for most in (0, 1, 2, 7, found.number - 1, found.number):
                assert_as_enumerated(problem, target, example, most)


@pytest.mark.parametrize("seed", range(20))
def test_the_largest_where_products_tie(seed):
    """Weights of a few values only, many of them 0: nothing but ties, and still the order that is written down."""
    rng = np.random.default_rng(seed)
    sizes = [2, 3, 2, 3, 2]
    doc = document(sizes=sizes, activations=["identity", "relu", "softmax", "identity"], loss="absolute_error", seed=seed, examples=2)
    for layer in doc["layers"]:
        layer["weights"] = rng.choice([0.0, 0.5, 1.0, -1.0], size=np.shape(layer["weights"])).tolist()
        layer["bias"] = False
    problem = read_problem(doc)
    for most in (1, 5, 17, MANY):
        assert_as_enumerated(problem, Node("W1", (int(rng.integers(3)), 1)), None, most)


@pytest.mark.parametrize("size", [1e300, 1e160, 1e-160, 5e-324, 0.0])
@pytest.mark.parametrize("seed", range(4))
def test_numbers_from_all_of_float64(seed, size):
    """∞, NaN, underflow: listed as enumerated, what is not finite first; nothing is raised and nothing warned."""
    doc = document(sizes=[2, 2, 3, 2], activations=["relu", "identity", "softmax"], loss="squared_error", seed=seed, examples=2)
    rng = np.random.default_rng(seed)
    for layer in doc["layers"]:
        weights = np.array(layer["weights"])
        layer["weights"] = np.where(rng.random(weights.shape) < 0.5, weights * size, weights * (rng.random(weights.shape) < 0.7)).tolist()
    problem = read_problem(doc)
    for target in (Node("W1", (0, 1)), Node("b2", (1,)), Node("W3", (1, 0))):
        for most in (3, MANY):
            assert_as_enumerated(problem, target, None, most)


def test_infinite_activations():
    """0 · ∞ at the very end of a path."""
    problem = read_problem(
        {
            "layers": [
                {"weights": [[1e200, 1e200]], "activation": "relu"},
                {"weights": [[1e200], [0.0]], "activation": "identity"},
                {"weights": [[0.0, 1.0], [1.0, 0.0]], "activation": "relu"},
            ],
            "inputs": [[1e200, 1.0], [-1.0, 0.5]],
            "targets": [[0.0, 1.0], [0.5, 0.5]],
        }
    )
    for target in (Node("W2", (0, 0)), Node("W3", (1, 0)), Node("W1", (0, 0)), Node("b1", (0,))):
        assert_as_enumerated(problem, target, None, MANY)


@pytest.mark.parametrize("most", [1, 5, 9, MANY])
def test_nan_beside_numbers(most):
    """A loss that is saturated for some outputs and not for others: the paths through the first are NaN or ∞, and come first."""
    problem = read_problem(
        {
            "layers": [
                {"weights": [[0.3], [-0.2]], "activation": "tanh"},
                {"weights": [[0.5, 0.1], [0.4, -0.3], [0.0, 0.7]], "activation": "tanh"},
                {"weights": [[0.1, 0.2, 0.3], [-0.4, 0.5, 0.6], [0.7, 0, -0.8], [0.9, 0.8, 0.7]], "bias": [0, 1000, 0.5, 1000], "activation": "sigmoid"},
            ],
            "loss": "binary_cross_entropy",
            "inputs": [[1.0], [-0.5]],
            "targets": [[0.0, 0.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]],
        }
    )
    found = assert_as_enumerated(problem, Node("W1", (0, 0)), None, most)
    assert math.isnan(found.sum)
    assert [math.isfinite(path.product) for path in found.paths] == [False] * min(most, 9) + [True] * (len(found.paths) - 9)


def test_many_equals_come_in_their_order():
    weights = np.random.default_rng(0).choice([0.5, -0.5, 0.25], 500)
    problem = read_problem(
        {
            "layers": [{"weights": [[1.0]], "activation": "identity"}, {"weights": weights[:, None], "bias": -weights - 1, "activation": "identity"}],
            "inputs": [[1.0]],
            "targets": [[0.0] * 500],
        }
    )
    found = find_paths(problem, Node("W1", (0, 0)), None, 400)
    assert [units_of(path)[0] for path in found.paths] == sorted(range(500), key=lambda m: (-abs(weights[m]), m))[:400]


# ---- against the gradient ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ALL_ACTIVATIONS, ids=label)
@pytest.mark.parametrize("layers", range(1, 7))
def test_sums_are_gradients(layers, activation):
    """All paths added up give what backpropagation gives, for every activation and depth; each product is that of its factors."""
    names = [activation, *np.random.default_rng(layers).choice(list(ACTIVATIONS), layers - 1)][::-1]
    problem = random_problem(sizes=[3, *[2] * layers], activations=names, loss="squared_error", seed=layers, examples=3)
    of = quantities(problem)
    for target in some_targets(problem, layers):
        found = find_paths(problem, target, None, MANY)
        assert found.left_out == 0
        assert found.gradient == of[f"d{target.quantity}"][target.entry]
        assert abs(found.sum - found.gradient) <= 1e-12 * sum(abs(path.product) for path in found.paths)
        for path in found.paths:
            assert path.product == math.prod(factor.value for factor in path.factors)
        by_example = [find_paths(problem, target, n, MANY) for n in range(3)]
        assert math.fsum(one.contribution for one in by_example) == pytest.approx(found.gradient, rel=1e-12, abs=1e-15)
        assert {one.gradient for one in by_example} == {found.gradient}
        for n, one in enumerate(by_example):
            alone = replace(problem, inputs=problem.inputs[[n]], targets=problem.targets[[n]])
            expected = quantities(alone)[f"d{target.quantity}"][target.entry] / 3  # ℒ is a mean over the batch
            assert one.contribution == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", presets())
def test_presets(name):
    """For a sample of the parameters of every preset; where there are too many paths, the largest and the remainder."""
    problem = read_problem(presets()[name]["problem"])
    of = quantities(problem)
    for target in some_targets(problem, 5, count=6):
        found = find_paths(problem, target, None, 200)
        gradient = of[f"d{target.quantity}"][target.entry]
        assert found.number == count_paths(problem.structure, int(target.quantity[1:]), len(problem.inputs))
        assert abs(found.listed_sum + found.remainder - gradient) <= 1e-12 * (abs(gradient) + sum(abs(path.product) for path in found.paths))
        products = [abs(path.product) for path in found.paths]
        assert products == sorted(products, reverse=True)
        assert len({path.nodes for path in found.paths}) == len(found.paths) == min(200, found.number)


def test_factors_and_nodes_are_entries_of_quantities():
    """Where a factor is said to stand, there it stands; every node is an entry of the quantity it names."""
    problem = random_problem(sizes=[3, 4, 3, 2], activations=["tanh", "softmax", "sigmoid"], loss="squared_error", seed=1, examples=2)
    of = quantities(problem)
    for target in (Node("W1", (3, 2)), Node("b1", (0,)), Node("W2", (2, 3)), Node("b3", (1,))):
        for path in find_paths(problem, target, None, 50).paths:
            assert path.nodes[0] == ("loss", ()) and path.nodes[-1] == target
            assert len(path.factors) == len(path.nodes) - 1
            assert all(of[node.quantity][node.entry] is not None and of[node.quantity].ndim == len(node.entry) for node in path.nodes)
            for factor in path.factors:
                assert factor.value == (1.0 if factor.quantity is None else of[factor.quantity][factor.entry])
            letters = [node.quantity[0] for node in path.nodes[1:-1]]
            assert letters == ["a", "z"] * (len(letters) // 2)


# ---- special cases -------------------------------------------------------------------------------------------------------


def test_mazur():
    """Matt Mazur, "A Step by Step Backpropagation Example" (2015): ∂E/∂w1 along both outputs, with the numbers of his text."""
    found = find_paths(read_problem(presets()["two-layer"]["problem"]), Node("W1", (0, 0)), None, MANY)
    first, second = found.paths
    near = {"abs": 1.01e-9}
    assert [factor.value for factor in first.factors] == [
        pytest.approx(0.74136507, abs=1e-8),  # ∂E_o1/∂out_o1
        pytest.approx(0.186815602, **near),  # ∂out_o1/∂net_o1
        0.40,  # w5
        pytest.approx(0.241300709, **near),  # ∂out_h1/∂net_h1
        0.05,  # i1
    ]
    assert math.prod(factor.value for factor in first.factors[:2]) == pytest.approx(0.138498562, **near)  # ∂E_o1/∂net_o1
    assert math.prod(factor.value for factor in first.factors[:3]) == pytest.approx(0.055399425, **near)  # ∂E_o1/∂out_h1
    assert math.prod(factor.value for factor in second.factors[:3]) == pytest.approx(-0.019049119, **near)  # ∂E_o2/∂out_h1
    assert first.product == pytest.approx(0.055399425 * 0.241300709 * 0.05, rel=1e-7)
    assert second.product == pytest.approx(-0.019049119 * 0.241300709 * 0.05, rel=1e-7)
    assert found.sum == pytest.approx(0.000438568, **near)
    assert (found.number, found.left_out, found.remainder) == (2, 0, 0)
    assert [node.quantity for node in first.nodes] == ["loss", "a2", "z2", "a1", "z1", "W1"]
    assert [node.entry for node in second.nodes] == [(), (0, 1), (0, 1), (0, 0), (0, 0), (0, 0)]


def test_a_dead_relu_has_paths_of_nothing():
    problem = read_problem(
        {
            "layers": [{"weights": [[1.0], [-1.0]], "activation": "relu"}, {"weights": [[2.0, 3.0]], "activation": "identity"}],
            "inputs": [[1.0], [2.0]],
            "targets": [[0.0], [0.0]],
        }
    )
    found = find_paths(problem, Node("W1", (1, 0)), None, MANY)
    assert (found.number, found.sum, found.gradient) == (2, 0, 0)
    assert [path.product for path in found.paths] == [0, 0]
    assert all(path.factors[3].quantity == "g1" and path.factors[3].value == 0 for path in found.paths)


def test_sixty_four_layers():
    """As deep as it gets, with softmax in every layer: more paths than float64 can count, and the largest of them."""
    sizes, L = [2] + [12] * 64, 64
    problem = random_problem(sizes=sizes, activations=["softmax", "tanh"] * 32, loss="squared_error", seed=3, examples=2)
    found = find_paths(problem, Node("W1", (0, 0)), None, 300)
    assert found.number == 2 * 12 ** (L - 1 + 32)
    assert len(found.paths) == 300 == len({path.nodes for path in found.paths})
    products = [abs(path.product) for path in found.paths]
    assert products == sorted(products, reverse=True)
    assert products[0] == pytest.approx(largest(problem, Node("W1", (0, 0))), rel=1e-12)


def largest(problem, target):
    """The largest |product|: from the target on, max in place of Σ in the chain rule."""
    of, l, L = quantities(problem), int(target.quantity[1:]), len(problem.layers)
    tops = []
    for n in range(len(problem.inputs)):
        here = np.zeros(len(problem.layers[l - 1].weights))
        here[target.entry[0]] = abs(of[f"a{l - 1}"][n, target.entry[1]])
        for k in range(l, L + 1):
            g = of[f"g{k}"][n]
            here = (np.abs(g) * here).max(axis=1) if g.ndim == 2 else np.abs(g) * here
            if k < L:
                here = (np.abs(of[f"W{k + 1}"]) * here).max(axis=1)
        tops.append((np.abs(of[f"da{L}"][n]) * here).max())
    return max(tops)


@pytest.mark.parametrize("seed", range(3))
def test_the_most_are_the_first_of_more(seed):
    """A longer list begins with the shorter one."""
    problem = random_problem(sizes=[4, 9, 8, 9, 5], activations=["tanh", "softmax", "silu", "softmax"], loss="cross_entropy", seed=seed, examples=5)
    more = find_paths(problem, Node("W1", (seed, 2)), None, 700)
    assert more.paths[:50] == find_paths(problem, Node("W1", (seed, 2)), None, 50).paths
    assert more.number == 5 * 9 * 8 * 8 * 5 * 5


def test_only_what_is_needed_is_looked_into(monkeypatch):
    """Millions of millions of paths, thousands of units, and for twenty paths no more than a unit a path and level."""
    looked_into = []
    original = Graph._ranking
    monkeypatch.setattr(Graph, "_ranking", lambda graph, *key: (looked_into.append(key), original(graph, *key))[1])
    problem = random_problem(sizes=[4, *[300] * 6], activations=["tanh"] * 6, loss="squared_error", seed=0, examples=1)
    found = find_paths(problem, Node("W1", (0, 0)), None, 20)
    assert found.number == 300**5
    assert len(set(looked_into)) == len(looked_into) <= 20 * 12
