"""sdist → wheel → installed elsewhere: the page, a static file and a preset come out of the wheel, not out of the checkout."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: object, cwd: Path) -> None:
    done = subprocess.run([sys.executable, "-m", *map(str, command)], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from an sdist built from here."""
    folder = tmp_path_factory.mktemp("wheel")
    run("hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    run("pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, sdist, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def base(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that runs the installed wheel in an empty folder."""
    target, elsewhere = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("elsewhere")
    run("pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel, cwd=elsewhere)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(target)}
    whence = subprocess.check_output([sys.executable, "-c", "import app; print(app.__file__)"], cwd=elsewhere, env=environment, text=True)
    assert Path(whence.strip()).is_relative_to(target)
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=elsewhere, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 30
        while True:
            try:
                get(f"{address}/healthz")
                break
            except OSError:
                assert server.poll() is None, "the server ended"
                assert time.monotonic() < deadline, "the server did not answer"
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as response:
        body: bytes = response.read()
        return body


def tree(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts}


def test_the_wheel_holds_everything(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, inside in (("app", "app"), ("static", "app/_assets/static"), ("templates", "app/_assets/templates")):
        missing = {f"{inside}/{name}" for name in tree(ROOT / folder)} - names
        assert not missing
    assert not [name for name in names if name.startswith(("tests/", "static/", "templates/"))]


def test_the_page(base: str) -> None:
    assert b"<html" in get(f"{base}/").lower()


def test_static_files(base: str) -> None:
    page = get(f"{base}/").decode()
    addresses = set(re.findall(r'"(/static/[0-9a-f]+/(?:css|js)/[^"]+\.(?:css|js))"', page))
    assert any(address.endswith("/js/main.js") for address in addresses)
    for address in addresses:
        assert get(base + address) == (ROOT / "static" / address.split("/", 3)[3]).read_bytes()


def test_presets(base: str) -> None:
    listed = {preset["name"] for preset in json.loads(get(f"{base}/api/v1/presets"))["presets"]}
    assert listed == {file.stem for file in (ROOT / "app" / "presets").glob("*.json")}
    assert json.loads(get(f"{base}/api/v1/presets/two-layer"))["name"] == "two-layer"


def test_scenarios(base: str) -> None:
    listed = {scenario["name"] for scenario in json.loads(get(f"{base}/api/v1/scenarios"))["scenarios"]}
    assert listed == {file.stem for file in (ROOT / "app" / "scenarios").glob("*.json")}
