"""The bytes of an upload, piece by piece: the request's body itself, or the part `file` of a form."""

from collections.abc import Iterator
from typing import Any, Final

from flask import request
from werkzeug.exceptions import ClientDisconnected

from appstore.releases.form import PIECE, file_of
from muster.kernel.errors import BodyTruncated
from muster.kernel.web import problems

ENVELOPE: Final = 64 * 1024
"""Bytes that a form may take beside its file."""
_FORM: Final = "multipart/form-data"
_RAW: Final = "application/octet-stream"
_BYTES: Final = {"type": "string", "format": "binary"}
DOCUMENTED: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        _RAW: {"schema": _BYTES},
        _FORM: {"schema": {"type": "object", "properties": {"file": _BYTES}}},
    },
}


def content() -> Iterator[bytes]:
    """Read the file; nothing is read before the first piece is asked for."""
    body = request.stream
    try:
        if request.mimetype == _FORM:
            yield from file_of(body, request.mimetype_params.get("boundary", ""), "file")
        elif request.mimetype == _RAW:
            yield from iter(lambda: body.read(PIECE), b"")
        else:
            raise problems.UnsupportedMedia
    except ClientDisconnected as error:
        raise BodyTruncated from error
