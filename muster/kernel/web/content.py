"""Sends stored bytes: whole, by one range, or not at all when the client has them (RFC 9110)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Response, request

from muster.kernel.web.ranges import wanted


@dataclass(frozen=True)
class Content:
    """Bytes that may be sent; their ETag is their SHA-256.

    `read(offset, length)` is called after the request's commit, once the range is known.
    """

    sha256: str
    size: int
    media_type: str
    read: Callable[[int, int], Iterator[bytes]]
    cache_control: str = "private, no-cache"


def send(content: Content) -> Response:
    """Answer 200, 206 or 304; raises `RangeNotSatisfiable` (416)."""
    if request.if_none_match.contains(content.sha256):
        return _labelled(Response(status=304), content)
    if_range = request.headers.get("If-Range", "")
    part = wanted(request.range, if_range, content.sha256, content.size)
    answer = Response(
        content.read(part.start, part.length),
        206 if part.partial else 200,
        mimetype=content.media_type,
    )
    answer.content_length = part.length
    if part.partial:
        answer.headers["Content-Range"] = part.content_range
    return _labelled(answer, content)


def _labelled(answer: Response, content: Content) -> Response:
    answer.set_etag(content.sha256)
    answer.accept_ranges = "bytes"
    answer.headers["Cache-Control"] = content.cache_control
    return answer
