"""GET /chain-rule: the answer's shape, faults with their place, the page, and the chart library it loads."""

import gzip
import json
import math
import re
import time
from importlib.metadata import version

import httpx
import pytest
from serving import serving

from app.chart_library import script
from app.engine.scalars import SCALARS

CALL = "/api/v1/chain-rule"


def ask(client, **query):
    response = client.get(CALL, params=query)
    assert response.status_code == 200, response.text
    return response.json()


def test_the_answer(client):
    said = ask(client)
    a = 1 / (1 + math.exp(-0.5))
    assert (said["outer"]["name"], said["inner"]["name"], said["theta"]) == ("square", "sigmoid", 0.5)
    assert (said["a"], said["f"]) == (pytest.approx(a, rel=1e-15), pytest.approx(a * a, rel=1e-15))
    assert said["slopes"] == {"inner": pytest.approx(a * (1 - a)), "outer": pytest.approx(2 * a), "product": pytest.approx(2 * a * a * (1 - a))}
    check = said["check"]
    assert (check["agrees"], check["kink"], check["comparable"], check["epsilon"]) == (True, False, True, 1e-6)
    assert check["difference"] == abs(said["slopes"]["product"] - check["quotient"]) < 1e-9
    assert said["non_finite"] == {} and said["note"] is None
    for part in ("curves", "tangents", "figures"):
        assert said[part].keys() == {"inner", "outer", "composite"}
    assert {"rule", "numbers", "inner", "outer"} <= said["equations"].keys()
    assert all(formula.keys() == {"latex", "mathml"} for formula in [*said["equations"].values(), *said["symbols"].values()])
    assert said == ask(client, outer="square", inner="sigmoid", theta="0.5")


@pytest.mark.parametrize("theta", ["-100", "100", "1e-300", "-0", "+.5", "7."])
def test_numbers_as_people_write_them(client, theta):
    said = ask(client, theta=theta)
    assert said["theta"] == float(theta)
    assert math.copysign(1, said["theta"]) == 1 or said["theta"] < 0


def test_what_is_not_finite_is_null_and_named(client):
    said = ask(client, outer="log_loss", inner="relu", theta=-1)
    assert (said["f"], said["slopes"]["outer"], said["slopes"]["product"]) == (None, None, None)
    assert said["non_finite"].items() >= {"/f": "inf", "/slopes/outer": "-inf", "/slopes/product": "nan"}.items()
    for pointer in said["non_finite"]:
        at = said
        for name in pointer[1:].split("/"):
            at = at[name]
        assert at is None
    assert "above 0" in said["note"]
    assert said["tangents"]["outer"] is None and said["figures"]["outer"]["layout"]["shapes"] == []


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ({"outer": "nope"}, ["/outer"]),
        ({"inner": "softmax"}, ["/inner"]),
        ({"theta": "x"}, ["/theta"]),
        ({"theta": "nan"}, ["/theta"]),
        ({"theta": "1e999"}, ["/theta"]),
        ({"theta": "100.001"}, ["/theta"]),
        ({"theta": ""}, ["/theta"]),
        ({"theta": "1_0"}, ["/theta"]),
        ({"theta": "٣"}, ["/theta"]),
        ({"outer": "", "inner": "Sigmoid", "theta": "inf"}, ["/outer", "/inner", "/theta"]),
        ({"outer": "x" * 5000}, ["/outer"]),
    ],
)
def test_bad_requests_are_told_every_fault(client, query, pointers):
    response = client.get(CALL, params=query)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    faults = response.json()["errors"]
    assert [fault["pointer"] for fault in faults] == pointers
    for fault in faults:
        assert all(name in fault["detail"] for name in (["-100", "100"] if fault["pointer"] == "/theta" else SCALARS))
    assert len(response.content) < 5000


def test_the_catalog_says_what_there_is(client):
    said = client.get("/api/v1/catalog").json()["chain_rule"]
    assert [function["name"] for function in said["functions"]] == list(SCALARS)
    assert said["defaults"] == {"outer": "square", "inner": "sigmoid", "theta": 0.5}
    for function in said["functions"]:
        low, high = function["window"]
        for theta in (low, high):
            assert ask(client, outer=function["name"], inner=function["name"], theta=theta)["theta"] == theta
    for limit in said["theta"].values():
        assert client.get(CALL, params={"theta": limit}).status_code == 200
        assert client.get(CALL, params={"theta": 1.001 * limit}).status_code == 422


# ---- the page ----------------------------------------------------------------------------------------------------------


def embedded(page, name):
    return json.loads(re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)[1])


def test_the_page_carries_its_first_answer(client):
    query = {"outer": "log_loss", "inner": "affine", "theta": "-2.5"}
    page = client.get("/chain-rule", params=query).text
    assert embedded(page, "answer") == ask(client, **query)
    assert embedded(page, "boot")["fault"] is None
    assert page.count(" selected>") == 2


def test_a_bad_link_opens_with_defaults_and_says_so(client):
    response = client.get("/chain-rule", params={"outer": "</script><b>", "inner": "tanh", "theta": "9e9"})
    assert response.status_code == 200
    said = embedded(response.text, "answer")
    assert (said["outer"]["name"], said["inner"]["name"], said["theta"]) == ("square", "tanh", 0.5)
    assert "</script><b>" in embedded(response.text, "boot")["fault"]
    assert "<b>" not in response.text.split("<body>")[1].split("<header")[0]


def test_only_pages_with_charts_allow_inline_styles_and_none_allows_inline_scripts(client):
    policies = {path: client.get(path).headers["content-security-policy"] for path in ("/", "/docs", "/chain-rule", "/train")}
    assert "unsafe" not in policies["/"] + policies["/docs"]
    assert policies["/chain-rule"].replace("style-src 'self' 'unsafe-inline'", "style-src 'self'") == policies["/"]
    assert policies["/train"] == policies["/chain-rule"]


def test_each_page_loads_its_own_scripts_and_no_others(client):
    scripts = {path: set(re.findall(r'/static/\w+/(js/[^"]+\.js)', client.get(path).text)) for path in ("/", "/chain-rule", "/train")}
    assert "js/main.js" in scripts["/"] and "js/chain_rule.js" in scripts["/chain-rule"] and "js/train.js" in scripts["/train"]
    others = {"js/chain_rule.js", "js/draw/plotly.js", "js/model/chain_rule.js", "js/train.js", "js/training_stream.js", "js/model/training.js"}
    assert not scripts["/"] & others
    assert "js/main.js" not in scripts["/chain-rule"] | scripts["/train"]
    assert "plotly" not in client.get("/").text


# ---- the chart library -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def library(client):
    """Its address, which names its version."""
    address = re.search(r'href="(/static/\w+/plotly[^"]+)"', client.get("/chain-rule").text)[1]
    assert version("plotly") in address
    return address


def raw(client, address, encoding):
    with client.stream("GET", address, headers={"Accept-Encoding": encoding}) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize("encoding", ["gzip", "zstd, br, gzip", "gzip;q=0.5, br", "deflate, GZIP"])
def test_the_library_comes_compressed_once(client, library, encoding):
    """What the compressing middleware would prefer makes no difference: the bytes kept are the bytes sent."""
    response, body = raw(client, library, encoding)
    assert response.headers["content-encoding"] == "gzip"
    assert "immutable" in response.headers["cache-control"]
    assert "accept-encoding" in response.headers["vary"].lower()
    assert response.headers["content-type"].startswith("text/javascript")
    assert int(response.headers["content-length"]) == len(body) < 1_600_000
    assert gzip.decompress(body) == script().read_bytes()


@pytest.mark.parametrize("encoding", ["identity", "gzip;q=0", "gzip;q=0.000, identity"])
def test_who_takes_no_gzip_gets_it_plain(client, library, encoding):
    response, body = raw(client, library, encoding)
    assert "content-encoding" not in response.headers
    assert body == script().read_bytes()


def test_where_nothing_can_be_kept_it_still_comes(tmp_path):
    """A cache folder that is a file."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    with serving(environment={"BACKPROP_CACHE_DIR": str(blocked)}) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        address = re.search(r'href="(/static/\w+/plotly[^"]+)"', client.get("/chain-rule").text)[1]
        assert client.get(address).content == script().read_bytes()


@pytest.mark.parametrize("theta", ["9" * 60_000 + "x", "9" * 60_000, "1e" + "9" * 3000, "." * 30_000])
def test_a_long_number_is_refused_at_once(client, theta):
    """Matching it must not take longer the longer it is: nobody else would be served meanwhile."""
    for path in (CALL, "/chain-rule"):
        response = client.get(path, params={"theta": theta}, timeout=5)
        assert response.status_code in (200, 414, 422, 431), path  # the page opens with its defaults and says what is wrong
    assert client.get("/healthz", timeout=2).status_code == 200


def test_what_a_cleared_cache_held_is_served_all_the_same(tmp_path):
    with serving(environment={"BACKPROP_CACHE_DIR": str(tmp_path)}) as running, httpx.Client(base_url=running.url) as client:
        page = client.get("/chain-rule").text
        addresses = [re.search(rf'href="([^"]*{part}[^"]*)"', page)[1] for part in ("fonts/maths", "plotly")]
        for _ in range(100):  # made beside the serving, after the start
            if len([file for file in tmp_path.iterdir() if file.name.startswith(("maths-", "plotly-"))]) == 2:
                break
            time.sleep(0.1)
        time.sleep(0.3)
        for file in tmp_path.iterdir():
            file.unlink()
        assert [client.get(address).status_code for address in addresses] == [200, 200]
