"""The OpenAPI document: valid, its examples true, and a stranger that believes it finds no contradiction."""

import jsonschema_rs
import pytest
import schemathesis
from documents import MIXED, SATURATED, TWO_LAYER
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

OPERATIONS = {
    ("POST", "/api/v1/trace"),
    ("GET", "/api/v1/trace"),
    ("POST", "/api/v1/gradient-check"),
    ("POST", "/api/v1/paths"),
    ("POST", "/api/v1/train"),
    ("POST", "/api/v1/import"),
    ("POST", "/api/v1/export/{kind}"),
    ("POST", "/api/v1/table"),
    ("GET", "/api/v1/walks"),
    ("GET", "/api/v1/chain-rule"),
    ("POST", "/api/v1/figures/{kind}"),
    ("GET", "/api/v1/datasets"),
    ("GET", "/api/v1/datasets/{name}"),
    ("GET", "/api/v1/catalog"),
    ("GET", "/api/v1/presets"),
    ("GET", "/api/v1/presets/{name}"),
    ("GET", "/api/v1/scenarios"),
    ("GET", "/api/v1/scenarios/{name}"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
}


@pytest.fixture(scope="module")
def document(client):
    return client.get("/openapi.json").json()


def operations(document):
    """Every operation: method, path, description."""
    return [(method.upper(), path, it) for path, item in document["paths"].items() for method, it in item.items()]


def test_every_route_is_in_it(document):
    assert {(method, path) for method, path, _ in operations(document)} == OPERATIONS
    assert document["openapi"].startswith("3.1")
    assert all(it["summary"] and it["operationId"] for _, _, it in operations(document))


def test_its_schemas_are_schemas(document):
    def schemas(value):
        if isinstance(value, dict):
            if isinstance(value.get("schema"), dict):
                yield value["schema"]
            for item in value.values():
                yield from schemas(item)
        elif isinstance(value, list):
            for item in value:
                yield from schemas(item)

    found = list(schemas(document))
    assert len(found) > 20
    for schema in found:
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_defaults_fit_their_schemas(document):
    parameters = [it["schema"] for _, _, operation in operations(document) for it in operation.get("parameters", ())]
    given = [schema for schema in parameters if "default" in schema]
    assert len(given) > 5
    for schema in given:
        jsonschema_rs.validate(schema, schema["default"])


@pytest.fixture(scope="module")
def problem(document):
    """The schema of a problem, as a validator."""
    body = document["paths"]["/api/v1/trace"]["post"]["requestBody"]["content"]["application/json"]
    return jsonschema_rs.validator_for({**body["schema"], "components": document.get("components", {})})


def test_examples_work_and_fit_the_schema(client, document, problem):
    examples = document["paths"]["/api/v1/trace"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert len(examples) >= 2
    for example in examples.values():
        problem.validate(example["value"])
        response = client.post("/api/v1/trace", json=example["value"])
        assert response.status_code == 200
        assert response.json()["end"]["finite"] is True


def test_the_example_is_the_worked_example(client, document):
    examples = document["paths"]["/api/v1/trace"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert client.post("/api/v1/trace", json=examples["two-layer"]["value"]).json()["end"]["loss"] == pytest.approx(0.298371109, abs=5e-10)


def test_what_is_answered_fits_what_may_be_asked(client, problem):
    """A resolved problem, presets and every kind of field fit the request's schema."""
    presets = [client.get(f"/api/v1/presets/{item['name']}").json()["problem"] for item in client.get("/api/v1/presets").json()["presets"]]
    for sent in (TWO_LAYER, MIXED, SATURATED, *presets):
        problem.validate(sent)
        problem.validate(client.post("/api/v1/trace?max_values=1000000", json=sent).json()["start"]["problem"])
    state = {"optimizer": "adam", "optimizer_state": {"t": 3, "W1_m": {"data": [[1, 2], [3, 4]]}}, "parameters": {"b1": [1, 2]}, "initializer": None}
    problem.validate({"preset": "two-layer", "targets": None, **state})


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"layers": []},
        {**TWO_LAYER, "bogus": 1},
        {**TWO_LAYER, "loss": "nope"},
        {**TWO_LAYER, "loss": {"name": "huber", "delta": 0}},
        {**TWO_LAYER, "inputs": [[]]},
        {**TWO_LAYER, "optimizer": {"name": "sgd", "momentum": 1}},
        {**TWO_LAYER, "layers": [{"units": 0, "activation": "tanh"}]},
    ],
)
def test_the_schema_refuses_what_the_server_refuses(client, problem, wrong):
    assert not problem.is_valid(wrong)
    assert client.post("/api/v1/trace", json=wrong).status_code == 422


@pytest.fixture(scope="module")
def contract(server):
    return schemathesis.openapi.from_url(f"{server}/openapi.json")


# A schema can't say that the sizes of arrays must match, so what fits it may still be 422.
EXCLUDED = ["positive_data_acceptance"]
ANY_TEXT = {"/api/v1/table"}  # a number sent as text is a text, so not everything meant to be wrong is
ASKS = ("trace", "walks", "chain-rule", "}")  # addresses of which a GET can be wrong


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        *((*operation, GenerationMode.POSITIVE) for operation in sorted(OPERATIONS)),
        *((*operation, GenerationMode.NEGATIVE) for operation in sorted(OPERATIONS) if operation[0] == "POST" or operation[1].endswith(ASKS)),
    ],
)
def test_a_stranger_finds_no_contradiction(contract, method, path, mode):
    """Requests made from the document alone: never a 5xx, and every answer is one that the document describes."""

    @given(contract[path][method].as_strategy(mode))
    @settings(max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    def ask(case):
        excluded = [*EXCLUDED, *(["negative_data_rejection"] if path in ANY_TEXT else [])]
        case.call_and_validate(excluded_checks=CHECKS.get_by_names(excluded), timeout=60)

    ask()
