"""The OpenAPI description of POST /export/{kind}."""

from typing import Any

from .exports import KINDS
from .formats import JSON
from .openapi import PROBLEM, TRACE_REQUEST, faults

EXPORT_REQUEST = TRACE_REQUEST
EXPORT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file; its name is in Content-Disposition",
        "content": {it.media_type: {"schema": PROBLEM if it.media_type == JSON else {"type": "string"}} for it in KINDS.values()},
    },
    **faults(400, 404, 413, 415, 422, 503),
}
