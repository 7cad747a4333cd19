"""`backprop serve | trace | check | link`: the server, and the engine on a file."""

import argparse
import contextlib
import os
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn

from . import __version__
from .engine.errors import BackpropError
from .engine.gradient_check import check_gradients
from .engine.problem import Problem
from .settings import SettingError, Settings
from .wire.faults import RequestError
from .wire.formats import JSON, NDJSON, write
from .wire.frames import View, trace_frames
from .wire.links import KEYS, LONG, address, said
from .wire.requests import parse, problem_of


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (BackpropError, RequestError) as error:
        for fault in getattr(error, "faults", ()):
            print(f"{fault.pointer or '/'}: {fault.detail}", file=sys.stderr)
        if not getattr(error, "faults", ()):
            print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever reads our output has seen enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains on its way out
        return 0
    except (OSError, SettingError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="backprop", description="See and understand backpropagation.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="serve | trace | check | link")
    serve = commands.add_parser("serve", help="serve the page and the API")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_whole(0, 65_535), default=8000)
    serve.add_argument("--workers", type=_whole(1, 1024), default=1, help="server processes")
    serve.add_argument("--root-path", default="", help="the path this server has behind a proxy")
    serve.add_argument("--open", action="store_true", help="open a browser where there is one")
    serve.set_defaults(run=_serve)
    trace = commands.add_parser("trace", help="print the trace of a problem, one step a line")
    trace.add_argument("file", help="a problem in JSON, as the API takes it; - for standard input")
    trace.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    trace.set_defaults(run=_trace)
    check = commands.add_parser("check", help="check a problem's gradients against central differences")
    check.add_argument("file", help="a problem in JSON, as the API takes it; - for standard input")
    check.set_defaults(run=_check)
    link = commands.add_parser("link", help="print the address that opens a problem in the page")
    link.add_argument("file", help="a problem in JSON, as the API takes it; - for standard input")
    link.add_argument("--step", type=_said("step"), default=0, help="how many steps have happened")
    link.add_argument("--target", type=_said("target"), help="follow the walk to W1, b1, Theta1 …")
    link.add_argument("--pin", type=_said("pin"), help="a number to look at: W1,0,1")
    link.add_argument("--base", default="http://127.0.0.1:8000/", help="where the page is served")
    link.set_defaults(run=_link)
    return parser


def _whole(least: int, most: int) -> Callable[[str], int]:
    """A type for argparse. A port beyond the last would silently be another one."""

    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"expected a whole number from {least} to {most}, got {text!r}")
        return int(text)

    return number


def _said(name: str) -> Callable[[str], Any]:
    """A type for argparse: what a key of a link can be."""

    def value(text: str) -> Any:
        try:
            return KEYS[name].read(said(name, text))
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return value


def _document(file: str) -> Any:
    return parse(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())


def _read(file: str) -> Problem:
    return problem_of(_document(file), Settings.from_environment().limits)


def _trace(options: argparse.Namespace) -> int:
    view = View(max_values=sys.maxsize)
    for chunk in write(JSON if options.json else NDJSON, trace_frames(_read(options.file), view), 0):
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
    return 0


def _check(options: argparse.Namespace) -> int:
    problem = _read(options.file)
    if problem.targets is None:
        print("/targets: expected targets, without which there is no loss to differentiate", file=sys.stderr)
        return 2
    found = check_gradients(problem, rng=np.random.default_rng(0))
    for name, it in found.items():
        verdict = "agrees" if it.agrees else "DIFFERS" if it.comparable else "not finite: cannot be compared"
        kinks = (f", {it.kinks} on a kink" if it.kinks else "") + (f", {it.refined} at a finer step" if it.refined else "")
        print(f"{name:6} {verdict}: largest difference {it.max_abs:.1e} ({it.max_rel:.1e} relative) at {list(it.at)}, {it.checked} of {it.of} entries{kinks}")
    return 0 if all(it.agrees for it in found.values()) else 1


def _link(options: argparse.Namespace) -> int:
    settings, document = Settings.from_environment(), _document(options.file)
    view = {name: getattr(options, name) for name in ("step", "target", "pin")}
    found = address(options.base.rstrip("/") + "/", view, document, problem_of(document, settings.limits), settings.max_values)
    if len(found) > LONG:
        print(f"this link has {len(found):,} characters: a browser opens it, but many programs that pass links on cut them after {LONG:,}", file=sys.stderr)
    print(found)
    return 0


def _open_when_it_answers(host: str, port: int, root: str) -> None:
    """Open a browser as soon as the server that is about to start takes connections; none where another server has the port."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)

    def answers() -> bool:
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return True
        return False

    def wait() -> None:
        while not answers():
            time.sleep(0.05)
        webbrowser.open(f"http://{f'[{host}]' if ':' in host else host}:{port}{root}/")

    if not answers():
        threading.Thread(target=wait, daemon=True).start()


def _serve(options: argparse.Namespace) -> int:
    if options.root_path:
        os.environ["BACKPROP_ROOT_PATH"] = options.root_path
    settings = Settings.from_environment()  # a variable that does not fit is said here, once, not by every worker
    if options.open:
        _open_when_it_answers(options.host, options.port, settings.root_path)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        timeout_graceful_shutdown=0.5,  # type: ignore[arg-type]  # of a second: an open stream must not keep Ctrl-C waiting
    )
    return 0
