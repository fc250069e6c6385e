"""Sends stored bytes: whole, by one range, or not at all when the client has them (RFC 9110)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from flask import Response, request

from muster.kernel.web import accel
from muster.kernel.web.current import kernel
from muster.kernel.web.ranges import Slice, wanted

_INERT: Final = "sandbox; default-src 'none'"


@dataclass(frozen=True)
class Content:
    """Bytes that may be sent; their ETag is their SHA-256.

    `read(offset, length)` is called after the request's commit, once the range is known. `shared`
    says that they are a shared object of that hash, which our proxy may send for us. With a
    `file_name` they are to be saved and never shown: a browser runs nothing of them.
    """

    sha256: str
    size: int
    media_type: str
    read: Callable[[int, int], Iterator[bytes]]
    cache_control: str = "private, no-cache"
    shared: bool = False
    file_name: str = ""


def send(content: Content) -> Response:
    """Answer 200, 206 or 304; raises `RangeNotSatisfiable` (416)."""
    if request.if_none_match.contains(content.sha256):
        return _labelled(Response(status=304), content)
    if_range = request.headers.get("If-Range", "")
    part = wanted(request.range, if_range, content.sha256, content.size)
    place = accel.place(kernel(), request, content.sha256) if content.shared else ""
    answer = _handed_over(place) if place else _read(content, part)
    answer.mimetype = content.media_type
    return _labelled(answer, content)


def _read(content: Content, part: Slice) -> Response:
    answer = Response(content.read(part.start, part.length), 206 if part.partial else 200)
    answer.content_length = part.length
    answer.accept_ranges = "bytes"
    if part.partial:
        answer.headers["Content-Range"] = part.content_range
    return answer


def _handed_over(place: str) -> Response:
    """Answer without the bytes: the proxy knows their length, cuts ranges and says so."""
    return Response(headers={accel.HEADER: place})


def _named(file_name: str) -> dict[str, str]:
    """Return the parameters of a Content-Disposition: beyond ASCII as RFC 8187 has it."""
    if file_name.isascii():
        return {"filename": file_name}
    return {"filename*": f"UTF-8''{quote(file_name, safe='')}"}


def _labelled(answer: Response, content: Content) -> Response:
    answer.set_etag(content.sha256)
    answer.headers["Cache-Control"] = content.cache_control
    if content.file_name:
        answer.headers.set("Content-Disposition", "attachment", **_named(content.file_name))
        answer.headers["Content-Security-Policy"] = _INERT
    return answer
