"""From the bytes of a text to its characters, whatever its encoding."""

from .tensors import Refused

_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def decode(body: bytes) -> tuple[str, str]:
    """The text, without a byte order mark, and its encoding: utf-8, utf-16 or latin-1. Raises Refused for what is no text."""
    if body.startswith(b"PK\x03\x04"):
        raise Refused("expected text; this is a spreadsheet or another zip archive: save the table as CSV")
    mark = next((mark for mark in _MARKS if body.startswith(mark)), b"")
    encoding = _MARKS.get(mark) or _guess(body)
    try:
        text = body[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise Refused("expected text; the bytes begin as UTF-16 but are none") from error
        text, encoding = body.decode("latin-1"), "latin-1"
    if "\0" in text:
        raise Refused("expected text, got bytes that are none")
    return text, encoding.removesuffix("-le").removesuffix("-be")


def _guess(body: bytes) -> str:
    """UTF-16 without a mark has a zero in every other byte, as far as it is Latin."""
    start = body[:1000]
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if len(zeros) > 1 and zeros.count(0) * 2 > len(zeros) and len(body) % 2 == 0:
            return encoding
    return "utf-8"
