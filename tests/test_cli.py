"""`backprop trace | check | link | serve` as a process, on files and on standard input."""

import io
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from documents import MIXED, SATURATED, TWO_LAYER, wide
from serving import ROOT, free_port

from app import __version__, cli
from app.cli import main
from app.engine.document import read_problem
from app.wire import links


def backprop(*arguments, body=None, environment=None, command=(sys.executable, "-m", "app")):
    """One run of the command, everything captured."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("BACKPROP_")} | (environment or {})
    return subprocess.run([*command, *arguments], input=body, capture_output=True, cwd=ROOT, env=variables, timeout=60, check=False)


@pytest.fixture
def file(tmp_path):
    """A file with the two-layer problem."""
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(TWO_LAYER))
    return str(path)


def test_trace_prints_a_line_a_step(file):
    run = backprop("trace", file)
    assert (run.returncode, run.stderr) == (0, b"")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [line["event"] for line in lines] == ["start", *["step"] * 18, "end"]
    assert lines[-1]["loss"] == pytest.approx(0.298371109, abs=5e-10)


def test_trace_is_what_the_server_says(file, client):
    assert backprop("trace", file).stdout == client.post("/api/v1/trace", json=TWO_LAYER, headers={"Accept": "application/x-ndjson"}).content
    assert backprop("trace", "--json", file).stdout == client.post("/api/v1/trace", json=TWO_LAYER).content


def test_trace_leaves_nothing_out():
    run = backprop("trace", "--json", "-", body=json.dumps(wide(100, 3, inputs=80)).encode())
    assert json.loads(run.stdout)["start"]["omitted"] == []


@pytest.mark.parametrize("document", [TWO_LAYER, {"preset": "xor"}, MIXED, SATURATED, {**TWO_LAYER, "targets": None}])
def test_trace_reads_standard_input(document):
    run = backprop("trace", "-", body=json.dumps(document).encode())
    assert (run.returncode, run.stderr) == (0, b"")
    assert json.loads(run.stdout.splitlines()[-1])["event"] == "end"


def test_check_says_that_gradients_agree(file):
    run = backprop("check", file)
    assert (run.returncode, run.stderr) == (0, b"")
    lines = run.stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == ["da2", "dz2", "dW2", "db2", "da1", "dz1", "dW1", "db1", "da0"]
    assert all("agrees" in line for line in lines)


@pytest.mark.parametrize("name", ["one-neuron", "two-layer", "four-layer", "xor", "dead-relu"])
def test_check_of_presets(name):
    assert backprop("check", "-", body=json.dumps({"preset": name}).encode()).returncode == 0


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"{", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b'{"inputs": [[NaN]]}', "JSON"),
        (b"[]", "/: expected an object"),
        (b"{}", "/layers: "),
        (b'{"preset": "nope"}', "/preset: "),
        (b'{"preset": "xor", "loss": "nope", "x": 1}', "/loss: "),
        (json.dumps(wide(10**9)).encode(), "/layers/0/units: "),
    ],
)
def test_what_is_wrong_is_said_with_a_pointer(body, words, tmp_path, capfd):
    path = tmp_path / "problem.json"
    path.write_bytes(body)
    for command in ("trace", "check", "link"):
        assert main([command, str(path)]) == 2
        said = capfd.readouterr()
        assert said.out == ""
        assert words in said.err


@pytest.mark.parametrize("command", ["trace", "check", "link"])
def test_what_is_wrong_ends_the_process_with_2(command):
    run = backprop(command, "-", body=b'{"preset": "nope"}')
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"/preset: ")
    assert b"Traceback" not in run.stderr


def test_every_fault_is_a_line():
    run = backprop("trace", "-", body=b'{"preset": "xor", "loss": "nope", "x": 1, "inputs": [[1], [2, 3]]}')
    assert {line.split(":")[0] for line in run.stderr.decode().splitlines()} == {"/x", "/loss", "/inputs/1"}


def test_check_needs_targets():
    run = backprop("check", "-", body=json.dumps({**TWO_LAYER, "targets": None}).encode())
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"/targets: ")


@pytest.mark.parametrize("command", ["trace", "check", "link"])
@pytest.mark.parametrize("name", ["missing.json", "."])
def test_files_that_cannot_be_read(command, name, tmp_path):
    run = backprop(command, str(tmp_path / name))
    assert (run.returncode, run.stdout) == (2, b"")
    assert str(tmp_path) in run.stderr.decode()
    assert b"Traceback" not in run.stderr


@pytest.mark.parametrize("arguments", [(), ("nope",), ("trace",), ("trace", "a", "b"), ("serve", "--port", "x"), ("serve", "--nope")])
def test_arguments_that_make_no_sense(arguments, capfd):
    with pytest.raises(SystemExit, match="2"):
        main([*arguments])
    assert "usage: backprop" in capfd.readouterr().err


def test_version():
    assert backprop("--version").stdout.decode().strip() == __version__


@pytest.mark.parametrize("name", ["BACKPROP_MAX_BODY", "BACKPROP_CONCURRENT"])
@pytest.mark.parametrize("value", ["many", "-1", "1.5", ""])
def test_settings_that_do_not_fit(name, value, file, monkeypatch, capfd):
    monkeypatch.setenv(name, value)
    for arguments in (["trace", file], ["serve", "--port", str(free_port())]):
        assert main(arguments) == 2
        said = capfd.readouterr()
        assert said.out == ""
        assert name in said.err


def test_a_setting_that_does_not_fit_ends_the_process_with_2():
    run = backprop("serve", "--port", str(free_port()), environment={"BACKPROP_MAX_BODY": "many"})
    assert (run.returncode, run.stdout) == (2, b"")
    assert b"BACKPROP_MAX_BODY" in run.stderr
    assert b"Traceback" not in run.stderr


@pytest.mark.parametrize("arguments", [("--port", "99999"), ("--port", "-1"), ("--port", "8e3"), ("--workers", "0"), ("--workers", "-2")])
def test_numbers_that_no_server_takes(arguments, capfd):
    with pytest.raises(SystemExit, match="2"):
        main(["serve", *arguments])
    assert arguments[0] in capfd.readouterr().err


def test_a_port_that_is_taken(server):
    run = backprop("serve", "--port", server.rsplit(":", 1)[1])
    assert run.returncode not in (0, None)
    assert b"Traceback" not in run.stderr
    assert b"address already in use" in run.stderr


@pytest.fixture
def opened(monkeypatch):
    """The addresses that a browser was opened at."""
    addresses = []
    monkeypatch.setattr(cli.webbrowser, "open", addresses.append)
    monkeypatch.setenv("BACKPROP_ROOT_PATH", "")  # given back afterwards
    return addresses


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        ([], "http://127.0.0.1:{}/"),
        (["--host", "0.0.0.0", "--root-path", "/maths"], "http://127.0.0.1:{}/maths/"),
    ],
)
def test_a_browser_opens_when_the_server_has_started(arguments, address, opened, monkeypatch):
    port = free_port()

    def serve(*_, host, **__):
        time.sleep(0.3)
        assert opened == []
        with socket.create_server((host, port)) as listener, listener.accept()[0]:
            deadline = time.monotonic() + 5
            while not opened and time.monotonic() < deadline:
                time.sleep(0.01)

    monkeypatch.setattr(cli.uvicorn, "run", serve)
    assert main(["serve", "--open", "--port", str(port), *arguments]) == 0
    assert opened == [address.format(port)]


def test_no_browser_opens_where_another_server_has_the_port(opened, monkeypatch):
    monkeypatch.setattr(cli.uvicorn, "run", lambda *_, **__: time.sleep(0.3))
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert main(["serve", "--open", "--port", str(other.getsockname()[1])]) == 0
    assert opened == []


def test_readers_that_have_seen_enough(tmp_path):
    """`backprop trace FILE | head -1` ends without a complaint."""
    large = tmp_path / "large.json"
    large.write_text(json.dumps(wide(200, 200, 5, inputs=100, examples=5)))
    with subprocess.Popen([sys.executable, "-m", "app", "trace", str(large)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.read(100)
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait(30) == 0


def test_the_installed_command_is_the_same(file):
    """`backprop`, where it is installed beside this Python."""
    command = Path(sys.executable).with_name("backprop")
    if not command.exists():
        pytest.skip("not installed")
    assert backprop("trace", file, command=(str(command),)).stdout == backprop("trace", file).stdout


# ---- links -------------------------------------------------------------------------------------------------------------


def test_link_to_a_preset_is_short():
    run = backprop("link", "-", "--step", "8", body=b'{"preset": "two-layer"}')
    assert (run.returncode, run.stderr) == (0, b"")
    assert run.stdout == b"http://127.0.0.1:8000/?preset=two-layer#step=8\n"


def test_link_holds_the_problem_and_the_view(file, capsys):
    assert main(["link", file, "--step", "3", "--target", "Theta1", "--pin", "W1,0,1", "--base", "https://lecture.example/maths"]) == 0
    page, _, fragment = capsys.readouterr().out.strip().partition("#")
    assert page == "https://lecture.example/maths/"
    view, problem = links.read(fragment)
    assert view == {"step": 3, "target": "Theta1", "pin": {"quantity": "W1", "entry": [0, 1]}}
    assert read_problem(problem).givens().keys() == read_problem(TWO_LAYER).givens().keys()
    assert problem["layers"][0]["weights"] == TWO_LAYER["layers"][0]["weights"]
    assert problem["initializer"] == {"name": "xavier_uniform", "seed": 0}


def test_link_of_a_problem_too_large_for_its_numbers_holds_it_as_it_came(capsys, monkeypatch):
    document = wide(100, 3, inputs=80)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(document).encode())))
    assert main(["link", "-"]) == 0
    assert links.read(capsys.readouterr().out.strip().partition("#")[2]) == ({}, document)


@pytest.mark.parametrize("rows, says", [(300, "many programs"), (4000, "too large for a link")])
def test_long_links(rows, says, tmp_path, capsys):
    path = tmp_path / "long.json"
    inputs = [[(k * j * 0.7390851332151607) % 1 for j in range(1, 61)] for k in range(1, rows + 1)]
    path.write_text(json.dumps({"layers": [{"units": 1, "activation": "tanh"}], "inputs": inputs}))
    status = main(["link", str(path)])
    said = capsys.readouterr()
    assert says in said.err
    assert (status, bool(said.out)) == ((0, True) if rows < 1000 else (2, False))


@pytest.mark.parametrize("arguments", [("--step", "-1"), ("--step", "x"), ("--target", "W0"), ("--pin", "W1,a"), ("--pin", "")])
def test_what_a_link_cannot_say(arguments, file, capfd):
    with pytest.raises(SystemExit, match="2"):
        main(["link", file, *arguments])
    assert arguments[0] in capfd.readouterr().err
