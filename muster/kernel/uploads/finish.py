"""Ending an upload: hash, store, hand over; all of it counts or none.

The SHA-256 is taken here, while the bytes stream once from the spool into the store, and not as
they arrive: the state of a hash cannot be saved with the offset (hashlib offers no way), so a
resumed upload would have to read its beginning again, once per resume. Reading everything exactly
once at the end is O(length) whatever the number of resumes, costs no second pass (the store reads
the bytes anyway, to copy or to encrypt them) and proves what lies on the disk, not what was in
memory on its way there.
"""

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from muster.kernel.identity.actor import Actor
from muster.kernel.uploads.claim import LIFETIME, Claim
from muster.kernel.uploads.errors import UploadDigestMismatch
from muster.kernel.uploads.models import Upload
from muster.kernel.uploads.ports import UploadTarget
from muster.kernel.uploads.spool import Spool

if TYPE_CHECKING:
    from muster.kernel.blobs import Stored

_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")
_RENEW_SECONDS = 2.0


def finish(actor: Actor, claim: Claim, spool: Spool, target: UploadTarget) -> Upload:
    """Store the complete bytes, then let the target take them in one transaction.

    Raises `UploadDigestMismatch` and discards the upload if it is not the announced file. If the
    target refuses, the upload stays and its last byte may be sent again; the bytes stored in vain
    are swept up later, never at once: a commit whose answer was lost may have gone through.
    """
    stored = _store(claim, spool, target)
    if claim.upload.sha256 not in (None, stored.sha256):
        claim.kernel.blobs.discard(stored)
        claim.discard()
        spool.remove()
        raise UploadDigestMismatch(sha256=stored.sha256)
    with claim.kernel.writes() as uow:
        row = claim.row(uow)
        blob = claim.kernel.blobs.record(uow, stored, media_type(row))
        row.blob_id, row.offset, row.state = blob.id, row.length, "finished"
        row.holder, row.held_until = None, None
        row.expires_at = uow.now() + LIFETIME
        target.accept(uow, actor, row, blob)
    spool.remove()
    return row


def media_type(upload: Upload) -> str:
    """Return what the client says the file is; its owner looks at the bytes before believing."""
    named = upload.details.get("filetype") or upload.details.get("type") or ""
    return named if _MEDIA_TYPE.fullmatch(named) else "application/octet-stream"


def _store(claim: Claim, spool: Spool, target: UploadTarget) -> "Stored":
    blobs = claim.kernel.blobs
    put = blobs.store_sealed if target.sealed else blobs.store_shared
    return put(_renewing(claim, spool.content(claim.upload.length)))


def _renewing(claim: Claim, content: Iterator[bytes]) -> Iterator[bytes]:
    """Stay the writer while a long file is copied."""
    renewed = time.monotonic()
    for piece in content:
        if time.monotonic() - renewed >= _RENEW_SECONDS:
            claim.renew()
            renewed = time.monotonic()
        yield piece
    claim.renew()
