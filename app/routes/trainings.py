"""Trainings and who watches them: processes that train, and what they say on its way to the clients."""

import asyncio
import itertools
import os
import socket
from multiprocessing.process import BaseProcess
from typing import cast

from ..settings import Settings
from ..wire.faults import RequestError
from ..wire.run import Event
from .processes import end, spawn
from .training_process import error_event, framed, messages, train


class Trainings:
    """At most `settings.max_trainings` at once, in processes that are started when they are first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.processes = settings.training_processes or os.cpu_count() or 1
        self.trainers: list[_Trainer] = []
        self.all: set[Training] = set()
        self.starting = asyncio.Lock()

    def enter(self, client: str) -> "Training":
        """A place for a training. RequestError where there is none."""
        most, own = self.settings.max_trainings, self.settings.trainings_per_client
        if own and sum(it.client == client for it in self.all) >= own:
            raise RequestError(429, f"expected at most {own} trainings at once from one client", retry_after=5)
        if len(self.all) >= most:
            raise RequestError(503, f"{most} trainings run already, as many as this server takes; try again in a moment", retry_after=5)
        training = Training(self, client)
        self.all.add(training)
        return training

    async def least(self) -> "_Trainer":
        """The process with the fewest trainings."""
        await self.spare()
        return min(self.trainers, key=lambda it: len(it.watched))

    async def spare(self) -> None:
        """See to it that one is idle, as far as there may be so many: starting takes longer than a client likes to wait."""
        async with self.starting:
            if len(self.trainers) < self.processes and all(it.watched for it in self.trainers):
                self.trainers.append(await _Trainer.start(self.trainers))

    def close(self) -> None:
        """End all processes, in the middle of their work."""
        for trainer in list(self.trainers):
            trainer.close()


class Training:
    """A client's place, and the training in it."""

    def __init__(self, among: Trainings, client: str) -> None:
        self.among, self.client = among, client
        self.trainer: _Trainer | None = None
        self.number = 0
        self.size = 0  # bytes of what it was ordered to do: its data and parameters
        self.events: asyncio.Queue[Event] = asyncio.Queue()

    async def begin(self, order: bytes) -> Event:
        """Start what is ordered; the first event. RequestError where all trainings together would be too large, unless it would be the only one."""
        others, most = sum(it.size for it in self.among.all), self.among.settings.max_outstanding
        if others and others + len(order) > most:
            raise RequestError(503, "the trainings that run already are too large for one like this beside them; try again in a moment", retry_after=5)
        self.size = len(order)
        self.trainer = await self.among.least()
        self.number = self.trainer.take(order, self.events)
        await self.among.spare()
        return await self.events.get()

    async def next(self) -> Event:
        """The next event, which is only made now that the last one has been taken."""
        assert self.trainer is not None
        self.trainer.say("taken", self.number)
        return await self.events.get()

    def leave(self) -> None:
        """Stop computing and give the place back."""
        self.among.all.discard(self)
        if self.trainer is not None:
            self.trainer.drop(self.number)


class _Trainer(asyncio.Protocol):
    """One process, and our end of the socket to it."""

    numbers = itertools.count()
    transport: asyncio.Transport

    def __init__(self, process: BaseProcess, all: list["_Trainer"]) -> None:
        self.process, self.all = process, all
        self.buffer = bytearray()
        self.watched: dict[int, asyncio.Queue[Event]] = {}

    @classmethod
    async def start(cls, all: list["_Trainer"]) -> "_Trainer":
        """A new process, to be put among all of them."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = spawn(train, theirs, one_thread=True)  # there are as many processes as cores
        _, trainer = await asyncio.get_running_loop().create_connection(lambda: cls(process, all), sock=ours)
        return trainer

    def take(self, order: bytes, events: asyncio.Queue[Event]) -> int:
        """Start a training; its number."""
        number = next(self.numbers)
        self.watched[number] = events
        self.say("start", number, order)
        return number

    def drop(self, number: int) -> None:
        """Stop a training, if it still runs."""
        if self.watched.pop(number, None) is not None:
            self.say("stop", number)

    def say(self, command: str, number: int, *more: bytes) -> None:
        self.transport.write(framed((command, number, *more)))

    def close(self) -> None:
        """End the process."""
        if self in self.all:
            self.all.remove(self)
            end(self.process)
            self.transport.abort()

    # ---- asyncio.Protocol ------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # which uvloop's only behaves like

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        for number, kind, told in messages(self.buffer):
            if number in self.watched:
                self.watched[number].put_nowait(Event(kind, told))

    def connection_lost(self, error: Exception | None) -> None:
        self.close()
        for events in self.watched.values():
            events.put_nowait(error_event(503, "the training was ended by the operating system; try again, perhaps smaller"))
        self.watched.clear()
