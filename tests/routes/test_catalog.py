"""The catalog, the presets, the scenarios and health over HTTP."""

import pytest

from app.engine.activations import ACTIVATIONS
from app.engine.diagnosis import THRESHOLDS
from app.engine.initializers import INITIALIZERS
from app.engine.losses import LOSSES
from app.engine.optimizers import OPTIMIZERS
from app.engine.parameters import parameters_of

REGISTRIES = {"activations": ACTIVATIONS, "losses": LOSSES, "initializers": INITIALIZERS, "optimizers": OPTIMIZERS}


@pytest.fixture(scope="module")
def catalog(client):
    return client.get("/api/v1/catalog").json()


@pytest.mark.parametrize(("kind", "registry"), REGISTRIES.items())
def test_registries(catalog, kind, registry):
    assert [entry["name"] for entry in catalog[kind]] == list(registry)
    for entry in catalog[kind]:
        found = {p["name"]: p["default"] for p in entry["parameters"]}
        assert found == {p.name: p.default for p in parameters_of(registry[entry["name"]])}


def test_parameters_say_their_type(catalog):
    python = {"number": (int, float), "integer": int, "boolean": bool, "string": str}
    for entry in (entry for kind in REGISTRIES for entry in catalog[kind]):
        for parameter in entry["parameters"]:
            assert isinstance(parameter["default"], python[parameter["type"]])
            assert (parameter["type"] == "boolean") == isinstance(parameter["default"], bool)


@pytest.mark.parametrize("kind", ["activations", "losses", "optimizers"])
def test_latex(catalog, kind):
    assert all(entry["latex"] for entry in catalog[kind])


def test_limits(catalog):
    assert catalog["limits"].items() >= {"layers": 64, "edits": 10_000, "units": 4096, "batch": 4096, "body": 16_000_000, "max_values": 4096}.items()


def test_thresholds(catalog):
    assert {name: it["value"] for name, it in catalog["thresholds"].items()} == {name: it.value for name, it in THRESHOLDS.items()}
    assert all(it["meaning"] for it in catalog["thresholds"].values())


def test_presets(client, catalog):
    listed = client.get("/api/v1/presets").json()["presets"]
    assert listed == catalog["presets"]
    assert [set(item) for item in listed] == [{"name", "title", "description"}] * len(listed)
    for item in listed:
        whole = client.get(f"/api/v1/presets/{item['name']}").json()
        assert whole.items() >= item.items()
        assert {"source", "problem"} <= set(whole)
        assert client.post("/api/v1/trace", json=whole["problem"]).json()["end"]["finite"] is True


def test_scenarios(client, catalog):
    listed = client.get("/api/v1/scenarios").json()["scenarios"]
    assert listed == catalog["scenarios"]
    assert [set(item) for item in listed] == [{"name", "title", "description"}] * len(listed)
    assert listed[0]["name"] == "spirals"
    for item in listed:
        whole = client.get(f"/api/v1/scenarios/{item['name']}").json()
        assert whole == {**item, "watch": whole["watch"], "runs": whole["runs"]}
    assert "spirals" in client.get("/api/v1/scenarios/nope").json()["detail"]


def test_what_the_catalog_offers_is_taken(client, catalog):
    """Every name with every default, sent back as an object."""
    for entry in catalog["activations"]:
        named = {"name": entry["name"], **{p["name"]: p["default"] for p in entry["parameters"]}}
        document = {"layers": [{"units": 2, "activation": named}], "inputs": [[0.1, 0.2]]}
        assert client.post("/api/v1/trace", json=document).status_code == 200
    for kind, field in (("losses", "loss"), ("initializers", "initializer"), ("optimizers", "optimizer")):
        for entry in catalog[kind]:
            named = {"name": entry["name"], **{p["name"]: p["default"] for p in entry["parameters"]}}
            assert client.post("/api/v1/trace", json={"preset": "xor", field: named}).status_code == 200, entry["name"]


def test_health(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}
