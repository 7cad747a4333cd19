"""Anything at all may be asked of a training: it is refused with a pointer, or it runs to an end that makes sense."""

import json
import math
import pickle

import orjson
from documents import MIXED, TWO_LAYER
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.engine.activations import ACTIVATIONS
from app.engine.limits import Limits
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.wire.faults import RequestError
from app.wire.frames import View
from app.wire.run import Run
from app.wire.training import Bounds, training_job
from app.wire.training_fields import FIELDS

SETTINGS = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
SMALL = Bounds(step=200_000, work=400_000, numbers=200_000)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=8)
count = st.integers(0, 12)
SENSIBLE = {
    "dataset": st.fixed_dictionaries({"name": st.sampled_from(["xor", "gaussians", "sine", "iris"]), "size": st.integers(4, 30)}),
    "epochs": st.integers(1, 12),
    "batch_size": st.none() | st.integers(1, 8),
    "shuffle": st.booleans(),
    "test_fraction": st.floats(0, 0.9),
    "stop": st.fixed_dictionaries({}, optional={"loss": st.floats(-1, 1), "accuracy": st.floats(0, 1)}),
    "max_updates": count,
    "position": st.fixed_dictionaries({"epoch": st.integers(0, 5), "batch": st.integers(0, 3)}),
    "report_every": st.integers(1, 4),
    "surface": st.fixed_dictionaries({"resolution": st.integers(2, 9)}, optional={"units": st.integers(0, 5)}),
    "histograms": st.fixed_dictionaries({"bins": st.integers(2, 9)}),
    "include": st.lists(st.sampled_from(["parameters", "optimizer_state"]), max_size=2),
}
DRAWN = {
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "optimizer": "adam",
    "inputs": [[0.1, 0.7], [1, -1], [0.3, 0.3], [2, 1]],
    "targets": [[0], [1], [1], [0]],
}


def check(body, collected):
    """Refused with a reason, or carried out to an end."""
    answer = training_job(body, Limits(), SMALL, View(), collected)
    if isinstance(answer, RequestError):
        assert answer.status in (400, 422) and answer.detail
        assert (answer.status == 400) or answer.faults
        assert all(fault.detail and (fault.pointer == "" or fault.pointer.startswith("/")) for fault in answer.faults)
        return
    run, events = Run(pickle.loads(*answer)), []
    while not run.done:
        if event := run.turn(0.01):
            events.append(orjson.loads(event.data))
            run.taken = True
    start, *progress, end = events
    assert (start["event"], end["event"]) == ("start", "end") and all(it["event"] == "progress" for it in progress)
    about, plan = start["training"], run.training.plan
    for it in events:
        assert it["updates"] == it["epoch"] * about["updates_per_epoch"] + it["position"]["batch"]
        assert it["position"]["batch"] < about["updates_per_epoch"]
    assert [it["updates"] for it in events] == sorted(it["updates"] for it in events)
    assert end["reason"] in ("epochs", "loss", "accuracy", "max_updates", "non_finite")
    assert end["finite"] == (end["reason"] != "non_finite") == ("explanation" not in end)
    assert end["epoch"] <= plan.epochs
    assert len(end["next_batch"]) in (about["batch_size"], about["examples"] % about["batch_size"])
    for q in (*end["parameters"].values(), *end["optimizer_state"].values()):
        assert "non_finite" not in q and q["max_abs"] is not None
    if not end["finite"]:
        assert end["broke"]["update"] == end["updates"] + 1 and all(sentence.endswith(".") for sentence in end["explanation"])


KNOWN = st.sampled_from([*FIELDS, "layers", "optimizer", "parameters"])


@given(document=st.dictionaries(KNOWN, anything, max_size=4), base=st.sampled_from([DRAWN, MIXED, {}]))
@SETTINGS
def test_any_values_of_known_fields(document, base):
    check(json.dumps({**base, **document}).encode(), collected=False)


@given(fields=st.fixed_dictionaries({}, optional=SENSIBLE), base=st.sampled_from([DRAWN, MIXED, TWO_LAYER, {"preset": "xor"}]), collected=st.booleans())
@SETTINGS
def test_values_that_make_sense_alone(fields, base, collected):
    if "dataset" in fields:
        base = {key: value for key, value in base.items() if key not in ("inputs", "targets")}
    check(json.dumps({**base, **fields}).encode(), collected)


NUMBERS = st.floats(-1e3, 1e3) | st.sampled_from([0.0, 1e308, -1e308, 1e200, 1e-200, 5e-324, 40.0, -745.0])


@st.composite
def extreme(draw):
    """A training that makes sense, with numbers from all of float64."""
    rows = draw(st.integers(1, 5))
    loss = draw(st.sampled_from(list(LOSSES)))
    targets = st.floats(0, 1) if "entropy" in loss else NUMBERS
    return {
        "layers": [{"units": n, "activation": draw(st.sampled_from(list(ACTIVATIONS)))} for n in (3, 2)],
        "initializer": {"name": "normal", "std": draw(st.sampled_from([0.0, 1.0, 1e10, 1e200])), "seed": draw(st.integers(0, 9))},
        "loss": {"name": loss, "scale": draw(st.sampled_from([1.0, -3.0, 0.0, 1e308]))},
        "inputs": [[draw(NUMBERS), draw(NUMBERS)] for _ in range(rows)],
        "targets": [[draw(targets), draw(targets)] for _ in range(rows)],
        "optimizer": {"name": draw(st.sampled_from(list(OPTIMIZERS))), "learning_rate": draw(st.sampled_from([0.0, 0.1, 5e-324, 1e3, 1e300, 1e308]))},
        "epochs": 6,
        "batch_size": draw(st.integers(1, rows)),
        "surface": {"resolution": 3, "units": 2},
        "histograms": {"bins": 3},
        "report_every": draw(st.sampled_from([None, 1, 2])),
    }


@given(document=extreme())
@SETTINGS
def test_any_numbers_that_make_sense(document):
    check(json.dumps(document).encode(), collected=False)
    assert all(math.isfinite(number) for row in document["inputs"] for number in row)
