"""Ratios of two things done alternately in one run: the median of pair ratios, with quartiles; a slow machine slows both alike."""

import gc
import statistics
from collections.abc import Callable
from time import perf_counter_ns


class Ratio:
    """ours ÷ theirs, and the median time of each in microseconds."""

    def __init__(self, pairs: list[tuple[int, int]]) -> None:
        ratios = [ours / theirs for ours, theirs in pairs]
        self.low, self.median, self.high = statistics.quantiles(ratios, n=4)
        self.ours, self.theirs = (statistics.median(column) / 1000 for column in zip(*pairs, strict=True))

    def line(self, name: str, aim: float | None) -> str:
        verdict = "" if aim is None else f"aim ≤ {aim:g}" + ("" if self.median <= aim else "  MISSED")
        spread = f"({self.low:.2f} to {self.high:.2f})"
        return f"{name:30} {self.ours:10.1f} µs ÷ {self.theirs:10.1f} µs = {self.median:5.2f} {spread:16} {verdict}"


def compare(ours: Callable[[], object], theirs: Callable[[], object], *, seconds: float = 3.0, at_least: int = 15) -> Ratio:
    """Alternate the two, the order changing every time, for about so many seconds."""
    for _ in range(3):
        ours(), theirs()
    pairs: list[tuple[int, int]] = []
    gc.collect()
    gc.disable()
    try:
        start = perf_counter_ns()
        while len(pairs) < at_least or perf_counter_ns() - start < seconds * 1e9:
            if len(pairs) % 2:
                second, first = _time(theirs), _time(ours)
            else:
                first, second = _time(ours), _time(theirs)
            pairs.append((first, second))
    finally:
        gc.enable()
    return Ratio(pairs)


def _time(action: Callable[[], object]) -> int:
    start = perf_counter_ns()
    kept = action()
    took = perf_counter_ns() - start
    del kept  # freeing the results is not timed: both sides keep all they computed
    return took
