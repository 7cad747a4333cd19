"""A process that trains: many at once, in turns, each as long as the others."""

import contextlib
import logging
import os
import pickle
import select
import socket
import struct
from collections.abc import Iterator
from typing import Any

import orjson

from ..wire.faults import document
from ..wire.run import Event, Run
from .processes import settle

TURN = 0.005  # seconds of computing at a time: so soon a command is heard
ROUND = 0.033  # in which everybody has a turn, as far as turns may be so short
SHORTEST = 0.001
NICE = 5  # the server itself and traces go first
_LENGTH = struct.Struct(">I")


def framed(message: Any) -> bytes:
    """A message as it goes through the socket between server and process."""
    data = pickle.dumps(message)
    return _LENGTH.pack(len(data)) + data


def messages(buffer: bytearray) -> Iterator[Any]:
    """The messages that are whole in a buffer; they are taken out of it."""
    while len(buffer) >= _LENGTH.size:
        end = _LENGTH.size + _LENGTH.unpack_from(buffer)[0]
        if len(buffer) < end:
            return
        message = pickle.loads(memoryview(buffer)[_LENGTH.size : end])
        del buffer[:end]
        yield message


def train(wire: socket.socket) -> None:
    """The life of the process, until the server hangs up."""
    settle()
    if hasattr(os, "nice"):
        os.nice(NICE)
    with contextlib.suppress(OSError):  # the server is gone
        Trainer(wire).work()


class Trainer:
    """Trainings by number, in turns."""

    def __init__(self, wire: socket.socket) -> None:
        self.wire = wire
        self.buffer = bytearray()
        self.runs: dict[int, Run] = {}
        self.had: dict[int, float] = {}  # seconds of computing each has had, or would have had if it had been there all the time
        self.clock = 0.0  # what everybody has had who is not behind

    def work(self) -> None:
        """Always a turn of whoever has had the least; between turns, what the server says."""
        while True:
            ready = [number for number, run in self.runs.items() if not run.waiting]
            if not ready or select.select([self.wire], [], [], 0)[0]:
                received = self.wire.recv(1 << 20)
                if not received:
                    return
                self.buffer += received
                for command, number, *more in messages(self.buffer):
                    self._obey(command, number, *more)
            else:
                self._turn(min(ready, key=self.had.__getitem__), min(TURN, max(SHORTEST, ROUND / len(ready))))

    def _obey(self, command: str, number: int, *order: bytes) -> None:
        if command == "start":
            self.had[number] = self.clock
            try:
                self.runs[number] = Run(pickle.loads(*order))
            except Exception:
                self._fail(number)
        elif command == "stop":
            self._drop(number)
        elif number in self.runs:
            self.runs[number].taken = True

    def _turn(self, number: int, seconds: float) -> None:
        run = self.runs[number]
        self.clock = max(self.clock, self.had[number])  # who has waited for its reader does not catch up
        before = run.seconds
        try:
            event = run.turn(seconds)
        except Exception:
            self._fail(number)
            return
        self.had[number] = self.clock + run.seconds - before
        if event:
            self.wire.sendall(framed((number, *event)))
        if run.done:
            self._drop(number)

    def _fail(self, number: int) -> None:
        logging.getLogger("backprop").exception("a training failed")
        self.wire.sendall(framed((number, *error_event(500, "this is the server's fault, and it has been logged"))))
        self._drop(number)

    def _drop(self, number: int) -> None:
        self.runs.pop(number, None)
        self.had.pop(number, None)


def error_event(status: int, detail: str) -> Event:
    """The event with which a training breaks off."""
    return Event("error", orjson.dumps({"event": "error", **document(status, detail)}))
