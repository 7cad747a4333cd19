"""The document of the Train page: the scenario that its address asks for, and what its scripts begin with."""

import json
import re

import httpx
import pytest

from app.wire import scenarios


def boot(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("name", scenarios.scenarios())
def test_the_page_carries_the_scenario_that_is_asked_for(client: httpx.Client, name: str) -> None:
    page = client.get("/train", params={"scenario": name}).text
    assert boot(page)["scenario"] == scenarios.scenario(name)
    assert page.count(" selected>") == 1


def test_a_scenario_that_there_is_not_is_named_and_the_default_opens(client: httpx.Client) -> None:
    response = client.get("/train", params={"scenario": "</script><i>"})
    assert response.status_code == 200 and "</script><i>" not in response.text
    said = boot(response.text)
    assert (said["unknown_scenario"], said["scenario"]) == ("</script><i>", scenarios.scenario(scenarios.DEFAULT))


def test_data_sets_come_with_their_names_and_ranges(client: httpx.Client) -> None:
    listed = client.get("/api/v1/datasets").json()["datasets"]
    assert boot(client.get("/train").text)["datasets"] == {it["name"]: it for it in listed}
