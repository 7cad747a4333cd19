"""One trace, three representations: JSON, NDJSON and server-sent events, chosen by Accept."""

from collections.abc import Iterable, Iterator, Sequence

JSON, NDJSON, SSE = "application/json", "application/x-ndjson", "text/event-stream"
FORMATS = (JSON, NDJSON, SSE)


def negotiate(accept: str | None, offered: Sequence[str] = FORMATS) -> str | None:
    """The offered media type that an Accept header prefers (RFC 9110, 12.5.1), None when none fits.

    On a tie the one that the header names first, then the first offered.
    """
    ranges = [_media_range(item) for item in (accept or "").split(",") if item.strip()] or [("*/*", 1.0)]

    def preference(kind: str) -> tuple[float, int]:
        # The most specific range that matches decides: type/subtype over type/* over */*.
        matching = [(pattern.count("*"), -quality, place) for place, (pattern, quality) in enumerate(ranges) if _matches(pattern, kind)]
        _, negative, place = min(matching, default=(0, 0.0, 0))
        return -negative, -place

    best = max(offered, key=preference)
    return best if preference(best)[0] > 0 else None


def _media_range(item: str) -> tuple[str, float]:
    kind, *parameters = (part.strip() for part in item.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = min(max(0.0, float(value)), 1.0)  # in this order NaN is 0
            except ValueError:
                quality = 0.0
    return kind.lower(), quality


def _matches(pattern: str, kind: str) -> bool:
    return pattern in (kind, "*/*") or (pattern.endswith("/*") and kind.startswith(pattern[:-1]))


def write(kind: str, frames: Sequence[bytes], first_step: int) -> Iterator[bytes]:
    """The body of an answer: `frames` are the start, the steps from `first_step` on, and the end."""
    if kind == JSON:
        yield b'{"start":' + frames[0] + b',"steps":[' + b",".join(frames[1:-1]) + b'],"end":' + frames[-1] + b"}"
    elif kind == NDJSON:
        yield from _gather(frame + b"\n" for frame in frames)
    else:
        yield from _gather(_events(frames, first_step))


def _events(frames: Sequence[bytes], first_step: int) -> Iterator[bytes]:
    yield b"event: start\ndata: " + frames[0] + b"\n\n"
    for index, frame in enumerate(frames[1:-1], first_step):
        yield b"event: step\nid: %d\ndata: %b\n\n" % (index, frame)
    yield b"event: end\ndata: " + frames[-1] + b"\n\n"


def _gather(pieces: Iterable[bytes], size: int = 65_536) -> Iterator[bytes]:
    """Pieces joined into chunks: one write to the socket for many small frames."""
    chunk: list[bytes] = []
    length = 0
    for piece in pieces:
        chunk.append(piece)
        length += len(piece)
        if length >= size:
            yield b"".join(chunk)
            chunk, length = [], 0
    if chunk:
        yield b"".join(chunk)
