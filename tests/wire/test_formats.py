"""Accept, and the bytes of the three formats."""

import json

import pytest

from app.wire.formats import FORMATS, JSON, NDJSON, SSE, negotiate, write

FRAMES = [b'{"event":"start"}', b'{"event":"step","index":0}', b'{"event":"step","index":1}', b'{"event":"end"}']


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, JSON),
        ("", JSON),
        (" , ", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", SSE),
        (JSON, JSON),
        (NDJSON, NDJSON),
        (SSE, SSE),
        ("Text/Event-Stream", SSE),
        ("application/json; charset=utf-8", JSON),
        (f"{JSON}, {NDJSON}", JSON),
        (f"{NDJSON}, {JSON}", NDJSON),
        (f"{JSON};q=0.5, {NDJSON}", NDJSON),
        (f"{JSON};q=0.5, {NDJSON};q=0.6, {SSE};q=0.55", NDJSON),
        (f"{JSON} ; Q=0.1 , {SSE} ; q=0.2", SSE),
        (f"{NDJSON}, */*;q=0.1", NDJSON),
        (f"{JSON};q=0, */*", NDJSON),
        (f"application/*;q=0.2, {NDJSON};q=0.1, */*;q=0.05", JSON),
        (f"*/*;q=0.9, {JSON};q=0.1", NDJSON),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", JSON),
        ("text/html", None),
        ("image/png, text/html", None),
        (f"{JSON};q=0", None),
        ("*/*;q=0", None),
        (f"{JSON};q=nonsense", None),
        (f"{JSON};q=nan", None),
        (f"{JSON};q=nan, {SSE}", SSE),
        (f"{SSE};q=0.5, {JSON};q=0.5, {NDJSON};q=0.5", SSE),
        (f"{NDJSON};q=0.9, text/*, {JSON}", SSE),
        (f"text/html, {NDJSON}, */*", NDJSON),
        ("*", None),
        ("json", None),
        ("*/json", None),
        (";;;,q=1", None),
    ],
)
def test_negotiation(accept, kind):
    assert negotiate(accept) == kind


@pytest.mark.parametrize("kind", FORMATS)
def test_pieces_are_the_whole(kind):
    """However a body is cut, its pieces are the same bytes; none is empty."""
    many = [FRAMES[0], *[b'{"x":"' + b"y" * 30_000 + b'"}'] * 9, FRAMES[-1]]
    pieces = list(write(kind, many, 0))
    assert all(pieces)
    assert b"".join(pieces).count(b"y" * 30_000) == 9


def test_json_is_one_document():
    steps = [json.loads(frame) for frame in FRAMES[1:-1]]
    assert json.loads(b"".join(write(JSON, FRAMES, 0))) == {"start": {"event": "start"}, "steps": steps, "end": {"event": "end"}}


def test_json_without_steps():
    assert json.loads(b"".join(write(JSON, [FRAMES[0], FRAMES[-1]], 7)))["steps"] == []


def test_ndjson_is_one_object_a_line():
    assert b"".join(write(NDJSON, FRAMES, 0)) == b"\n".join(FRAMES) + b"\n"


def test_events_to_the_byte():
    assert b"".join(write(SSE, FRAMES, 5)) == (
        b'event: start\ndata: {"event":"start"}\n\n'
        b'event: step\nid: 5\ndata: {"event":"step","index":0}\n\n'
        b'event: step\nid: 6\ndata: {"event":"step","index":1}\n\n'
        b'event: end\ndata: {"event":"end"}\n\n'
    )
