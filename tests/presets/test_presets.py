"""The prepared networks: each can be read, is correct, and shows what its description says. Needs no scikit-learn."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.engine.document import read_problem
from app.engine.gradient_check import check_gradients
from app.engine.limits import Limits
from app.engine.passes import record
from app.engine.problem import Problem

FOLDER = Path(__file__).resolve().parents[2] / "app" / "presets"
NAMES = sorted(file.stem for file in FOLDER.glob("*.json"))
FIELDS = {"name", "order", "title", "description", "source", "view", "problem"}


def preset(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def problem(name: str) -> Problem:
    return read_problem(preset(name)["problem"], Limits())


def quantities(name: str) -> dict[str, np.ndarray]:
    """Every quantity of a preset's trace, the given ones too."""
    p = problem(name)
    return p.givens() | {key: value for step in record(p) for key, value in step.values.items()}


def predictions(name: str) -> np.ndarray:
    """The likeliest class of every example."""
    return quantities(name)[f"a{len(problem(name).layers)}"].argmax(axis=1)


def test_the_set() -> None:
    assert set(NAMES) >= {"one-neuron", "two-layer", "four-layer", "xor", "iris", "digits", "vanishing", "dead-relu", "wide-and-deep"}
    assert sorted(preset(name)["order"] for name in NAMES) == list(range(1, len(NAMES) + 1))
    assert preset("two-layer")["order"] == 1


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name: str) -> None:
    document = preset(name)
    assert document["name"] == name
    assert document.keys() - {"view"} == FIELDS - {"view"}
    for text in (document["title"], document["description"]):
        assert text.strip() == text and text and "\n" not in text
    assert document["source"] is None or document["source"].endswith(".")
    assert (FOLDER / f"{name}.json").stat().st_size < 30_000


@pytest.mark.parametrize("name", NAMES)
def test_view_fits_the_network(name: str) -> None:
    view, sizes = preset(name).get("view", {}), problem(name).structure.sizes
    assert view.keys() <= {"input_names", "output_names", "image"}
    if "input_names" in view:
        assert len(view["input_names"]) == sizes[0]
    if "output_names" in view:
        assert len(view["output_names"]) == sizes[-1]
    if "image" in view:
        assert np.prod(view["image"]) == sizes[0]


@pytest.mark.parametrize("name", NAMES)
def test_trace_is_finite_and_ends_with_updates(name: str) -> None:
    steps = record(problem(name))
    assert all(np.isfinite(value).all() for step in steps for value in step.values.values())
    assert steps[-1].definition.phase == "update"


@pytest.mark.parametrize("name", NAMES)
def test_gradients_agree_with_differences(name: str) -> None:
    checked = check_gradients(problem(name), rng=np.random.default_rng(0), sample=40)
    assert {key for key, result in checked.items() if not result.agrees} == set()
    if name != "dead-relu":  # elsewhere no number lies on a kink, so every sampled entry was really compared
        assert sum(result.kinks for result in checked.values()) == 0


@pytest.mark.parametrize("name", NAMES)
def test_an_update_lowers_the_loss(name: str) -> None:
    values = quantities(name)
    updated = {key.removesuffix("_new"): value.tolist() for key, value in values.items() if key.endswith("_new") and key.count("_") == 1}
    after = {step.definition.id: step.values for step in record(read_problem(preset(name)["problem"] | {"parameters": updated}))}
    assert after["loss"]["loss"] < values["loss"]


def test_one_neuron_is_exact() -> None:
    values = quantities("one-neuron")
    expected = {"z1": 0, "a1": 0.5, "loss": 0.125, "da1": -0.5, "g1": 0.25, "dz1": -0.125, "dW1": -0.25, "db1": -0.125, "W1_new": 0.75, "b1_new": -0.875}
    assert {key: values[key].item() for key in expected} == expected


def test_two_layer_is_the_published_example() -> None:
    values = quantities("two-layer")
    assert len(record(problem("two-layer"))) == 18
    assert round(values["loss"].item(), 9) == 0.298371109
    # the published weights after one update, to the digits printed there
    np.testing.assert_allclose(values["W1_new"], [[0.149780716, 0.19956143], [0.24975114, 0.29950229]], atol=5e-9)
    np.testing.assert_allclose(values["W2_new"], [[0.35891648, 0.408666186], [0.511301270, 0.561370121]], atol=5e-9)


def test_four_layer_can_be_followed_by_hand() -> None:
    p, values = problem("four-layer"), quantities("four-layer")
    assert len(p.layers) == 4 and max(p.structure.sizes) <= 6
    for given in (value for key, value in values.items() if key in ("a0", "y") or (key[0] in "Wb" and "_" not in key)):
        np.testing.assert_array_equal(given, np.round(given, 2))
    for l in range(1, 5):
        assert np.abs(values[f"dW{l}"]).min() > 0.01


def test_xor_is_half_learnt() -> None:
    output = quantities("xor")["a2"].ravel()
    assert ((output > 0.5) == [False, True, True, False]).all()
    assert ((output > 0.3) & (output < 0.75)).all()


def test_iris_tells_most_flowers() -> None:
    p = problem("iris")
    assert sorted(p.classes or ()) == [0, 0, 1, 1, 2, 2]
    assert (predictions("iris") == p.classes).tolist() == [True] * 5 + [False]
    assert (quantities("iris")["a2"].max(axis=1) < 0.99).all()  # not saturated
    assert (quantities("iris")["a1"] > 0).any(axis=0).all()  # no dead unit


def test_digits_reads_seven_of_eight() -> None:
    p = problem("digits")
    classes = np.array(p.classes)
    assert p.inputs.shape == (8, 64) and len(set(classes.tolist())) == 8
    np.testing.assert_array_equal(p.inputs * 16, np.round(p.inputs * 16))
    wrong = np.flatnonzero(predictions("digits") != classes)
    assert classes[wrong].tolist() == [3] and predictions("digits")[wrong].tolist() == [8]


def test_vanishing_loses_a_factor_in_every_layer() -> None:
    values = quantities("vanishing")
    norms = [float(np.linalg.norm(values[f"dz{l}"])) for l in range(8, 0, -1)]
    assert all(3 < later / earlier < 5 for later, earlier in pairwise(norms))
    assert norms[0] / norms[-1] == pytest.approx(12_800, rel=0.005)


def test_dead_relu_has_one_dead_unit() -> None:
    values = quantities("dead-relu")
    dead = 1
    assert (values["z1"][:, dead] < 0).all()
    assert (values["da1"][:, dead] != 0).all()  # a gradient arrives …
    for gradient in (values["dz1"][:, dead], values["dW1"][dead], values["db1"][dead], values["dW2"][:, dead]):
        assert (gradient == 0).all()  # … and ends there, exactly
    np.testing.assert_array_equal(values["W1_new"][dead], values["W1"][dead])
    alive = [0, 2]
    assert (values["a1"][:, alive] > 0).any(axis=0).all() and (values["dW1"][alive] != 0).all()


def test_wide_and_deep_is_moderate() -> None:
    p = problem("wide-and-deep")
    assert len(p.layers) == 12 and max(p.structure.sizes) == 24
    # at most about 20 characters a number, so less than 1.5 MB of JSON with everything else
    assert sum(value.size for value in quantities("wide-and-deep").values()) < 50_000
