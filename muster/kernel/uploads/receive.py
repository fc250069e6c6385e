"""Taking a body into the spool: what is synced counts, even if the connection dies midway."""

import time
from typing import Protocol

from muster.kernel.errors import BodyTruncated
from muster.kernel.uploads.claim import Claim
from muster.kernel.uploads.errors import UploadChecksumMismatch, UploadTooBig
from muster.kernel.uploads.headers import Checksum
from muster.kernel.uploads.spool import Spool

PIECE = 16 * 1024  # small, so that a slow phone's claim is renewed before it lapses
_CHECKPOINT_SECONDS = 2.0


class Body(Protocol):
    """A request's body. A dead connection shows as `OSError`, `BodyTruncated` or an early end."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; nothing at the end."""
        ...


def receive(
    claim: Claim, spool: Spool, body: Body, announced: int | None, checksum: Checksum | None
) -> int:
    """Write a body from the upload's offset on and return the offset after it.

    `announced` is the Content-Length, None for a chunked body. Memory stays flat. With a
    checksum nothing counts before the whole body was verified; without one, whatever arrived
    counts, and a body that was cut then raises `BodyTruncated`.
    """
    start, length = claim.upload.offset, claim.upload.length
    digest = checksum.start() if checksum else None
    end, whole, checkpoint = start, True, time.monotonic()
    while end < length:
        piece, whole = _read(body, min(PIECE, length - end))
        if not piece:
            break
        spool.write(end, piece)
        end += len(piece)
        if digest:
            digest.update(piece)
        if time.monotonic() - checkpoint >= _CHECKPOINT_SECONDS:
            _count(claim, spool, None if checksum else end)
            checkpoint = time.monotonic()
    whole = whole and (announced is None or end - start >= announced)
    if checksum and digest and whole and not checksum.matches(digest.digest()):
        raise UploadChecksumMismatch
    if whole or not checksum:
        _count(claim, spool, end)
    if not whole:
        raise BodyTruncated
    if end == length and announced is None and _read(body, 1)[0]:
        raise UploadTooBig("The body goes on beyond Upload-Length.")
    return end


def _read(body: Body, size: int) -> tuple[bytes, bool]:
    """Read a piece; the second value tells whether the connection still lives."""
    try:
        return body.read(size), True
    except (OSError, BodyTruncated):
        return b"", False


def _count(claim: Claim, spool: Spool, end: int | None) -> None:
    if end is not None:
        spool.sync()
    claim.renew(end)
