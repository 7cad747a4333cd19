"""One training in turns: how far to compute at a time, and when to tell how it does."""

from time import monotonic, perf_counter, process_time
from typing import NamedTuple

from ..engine.training import Training
from .training import Order
from .training_events import Events

EYE = 1 / 30  # seconds: more than thirty reports a second nobody sees
BYTES = 2_000_000  # of reports a second at most: one of a deep or wide network has 120 kB and takes a page 5 to 10 ms, so there are 16 of them


class Event(NamedTuple):
    """start, progress, end or error: its name and its JSON object."""

    kind: str
    data: bytes


class Run:
    """A training under way. It makes no event before the last one was `taken`, so that a slow reader gets fewer of them, never old ones."""

    def __init__(self, order: Order) -> None:
        self.training = Training(order.plan)
        self.events = Events(order, self.training)
        self.every = order.reports.every
        self.taken = True
        self.begun = self.done = False
        self.seconds = 0.0  # of computing, that of events included
        self._rate = 0.0  # updates a second, by the clock: whoever waits for the turn's end goes by that
        self._reported = self.training.updates
        self._due = 0.0  # the moment before which no report is wanted
        self._ahead = 0.0  # seconds of updates since the last report, less what that report took

    @property
    def waiting(self) -> bool:
        """Whether there is nothing to do before the last event is taken."""
        return not self.taken and (self.training.ended is not None or self._complete())

    def turn(self, seconds: float) -> Event | None:
        """Compute for about so long; the event that is due then."""
        began = process_time()
        if self.begun and self.training.ended is None and not self._complete():
            self._advance(seconds)
            self._ahead += process_time() - began
        before = process_time()
        event = self._event(self.seconds + before - began) if self.taken else None
        after = process_time()
        self.seconds += after - began
        if event:
            self.taken = False
            self._reported = self.training.updates
            self._due = monotonic() + max(EYE, len(event.data) / BYTES)
            self._ahead = before - after
        return event

    def _advance(self, seconds: float) -> None:
        t = self.training
        updates = max(1, int(self._rate * seconds))
        if self.every:
            updates = min(updates, (t.position.epoch // self.every + 1) * self.every * t.updates_per_epoch - t.updates)
        began, before = perf_counter(), t.updates
        t.advance(updates)
        self._rate = max(0, t.updates - before) / max(perf_counter() - began, 1e-6)

    def _event(self, seconds: float) -> Event | None:
        if not self.begun:
            self.begun = True
            return Event("start", self.events.start())
        if self._complete() or self._timely():
            return Event("progress", self.events.progress(seconds))
        if self.training.ended:
            self.done = True
            return Event("end", self.events.end(seconds))
        return None

    def _complete(self) -> bool:
        """Whether this is the end of an epoch that must be reported."""
        epoch, batch = self.training.position
        return self.every is not None and batch == 0 and epoch % self.every == 0 and self.training.updates > self._reported

    def _timely(self) -> bool:
        """Whether somebody who watches should see something again; no more than half of the computing is for that."""
        moved = self.training.updates > self._reported and self.training.ended is None
        return self.every is None and moved and self._ahead >= 0 and monotonic() >= self._due
