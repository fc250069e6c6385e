"""Use cases of resumable uploads: begin, ask how far, append, give up.

`begin`, `append` and `terminate` wait for slow networks or disks, so the unit of work they are
given only carries the decision; what they write, they write in short units of their own.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select

from muster.kernel import guard
from muster.kernel.errors import InvalidInput
from muster.kernel.identity.actor import Actor
from muster.kernel.uploads import claim as claims
from muster.kernel.uploads.errors import (
    UploadQuotaExceeded,
    UploadTargetUnknown,
    UploadTooBig,
)
from muster.kernel.uploads.finish import finish
from muster.kernel.uploads.headers import Checksum
from muster.kernel.uploads.models import Upload
from muster.kernel.uploads.ports import TARGETS, UploadTarget
from muster.kernel.uploads.receive import Body, receive
from muster.kernel.uploads.spool import Spool, path_of

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

QUOTA_BYTES = 16 * 2**30
QUOTA_OPEN = 100
_SHA256 = re.compile(r"[0-9a-f]{64}")


def begin(uow: "UnitOfWork", actor: Actor, length: int, metadata: Mapping[str, str]) -> Upload:
    """Open an upload of `length` bytes for the target that `metadata["target"]` names.

    `metadata["sha256"]` (hex) announces the file's digest. Raises `UploadTargetUnknown`,
    `UploadTooBig`, `UploadQuotaExceeded`, and whatever the target refuses with.
    """
    target = _target(uow.kernel, metadata.get("target", ""))
    sha256 = metadata.get("sha256", "").lower() or None
    if sha256 and not _SHA256.fullmatch(sha256):
        raise InvalidInput("Upload-Metadata: sha256 must be 64 hexadecimal digits.")
    if length < 1:
        raise InvalidInput("Upload-Length must be at least 1: an empty file says nothing.")
    if length > target.max_bytes:
        raise UploadTooBig(max_bytes=target.max_bytes)
    officer_id, device_id, client_id = _owner(actor)
    upload = Upload(
        target=target.name,
        officer_id=officer_id,
        device_id=device_id,
        client_id=client_id,
        length=length,
        details=dict(metadata),
        sha256=sha256,
        created_at=uow.now(),
        expires_at=uow.now() + claims.LIFETIME,
    )
    decision = guard.require(uow, actor, "uploads.begin", _resource(upload, actor))
    with uow.kernel.writes() as unit:
        target.allow(unit, actor, metadata)
        _check_quota(unit, actor, length)
        unit.session.add(upload)
        unit.session.flush()
        decision.note(upload=str(upload.id), target=target.name, length=length)
    return upload


def status(uow: "UnitOfWork", actor: Actor, upload_id: UUID) -> Upload:
    """Return an upload with its offset; finished ones are remembered for a week."""
    upload = claims.alive(uow, uow.session.get(Upload, upload_id))
    guard.require(uow, actor, "uploads.send", _resource(upload, actor))
    return upload


def append(
    uow: "UnitOfWork",
    actor: Actor,
    upload_id: UUID,
    offset: int,
    body: Body,
    *,
    announced: int | None = None,
    checksum: Checksum | None = None,
) -> Upload:
    """Write a body at `offset`; the byte that completes the upload also finishes it.

    `announced` is the Content-Length, None for a chunked body. Raises `UploadLocked`,
    `UploadOffsetMismatch`, `UploadGone`, `UploadTooBig`, `UploadChecksumMismatch`,
    `UploadDigestMismatch`, `StorageFull`, `BodyTruncated`, and what the target refuses with.
    """
    kernel = uow.kernel
    upload = _permitted(uow, actor, upload_id)
    if upload.state == "finished" and offset == upload.length and not announced:
        return upload  # the answer to the last byte was lost; the client asks once more
    if announced and offset == upload.offset and announced > upload.length - offset:
        raise UploadTooBig("The body goes beyond Upload-Length.")
    claim = claims.take(kernel, upload_id, offset)
    try:
        with Spool.take(path_of(kernel.settings, upload_id), claim.holder, offset) as spool:
            end = receive(claim, spool, body, announced, checksum)
            if end == upload.length:
                return finish(actor, claim, spool, _target(kernel, upload.target))
    finally:
        claim.release()
    return _load(kernel, upload_id)


def terminate(uow: "UnitOfWork", actor: Actor, upload_id: UUID) -> None:
    """Give an upload up; what a finished one delivered stays with its owner."""
    _permitted(uow, actor, upload_id)
    with uow.kernel.writes() as unit:
        row = claims.alive(unit, unit.session.get(Upload, upload_id, with_for_update=True))
        row.state, row.holder, row.held_until = "discarded", None, None
    path_of(uow.kernel.settings, upload_id).unlink(missing_ok=True)


def _permitted(uow: "UnitOfWork", actor: Actor, upload_id: UUID) -> Upload:
    """Load and decide without leaving a transaction open behind."""
    upload = _load(uow.kernel, upload_id)
    guard.require(uow, actor, "uploads.send", _resource(upload, actor))
    return upload


def _load(kernel: "Kernel", upload_id: UUID) -> Upload:
    with kernel.reads() as unit:
        upload = claims.alive(unit, unit.session.get(Upload, upload_id))
        unit.session.expunge(upload)  # the end of a reading unit empties what it loaded
    return upload


def _resource(upload: Upload, actor: Actor) -> guard.Target:
    own = _owner(actor) == (upload.officer_id, upload.device_id, upload.client_id)
    return guard.Target("Upload", str(upload.id or "new"), {"own": own, "target": upload.target})


def _owner(actor: Actor) -> tuple[UUID | None, UUID | None, UUID | None]:
    """Officer and terminal; a client stands for itself only where there is neither."""
    officer = actor.person.id if actor.person else None
    device = actor.device.id if actor.device else None
    client = actor.app.id if actor.app and not (officer or device) else None
    return officer, device, client


def _target(kernel: "Kernel", name: str) -> UploadTarget:
    try:
        return kernel.ports.ask(TARGETS, name)
    except KeyError:
        raise UploadTargetUnknown(targets=sorted(kernel.ports.all(TARGETS))) from None


def _check_quota(uow: "UnitOfWork", actor: Actor, length: int) -> None:
    officer, device, client = _owner(actor)
    total, count = uow.session.execute(
        select(func.coalesce(func.sum(Upload.length), 0), func.count()).where(
            Upload.officer_id.is_not_distinct_from(officer),
            Upload.device_id.is_not_distinct_from(device),
            Upload.client_id.is_not_distinct_from(client),
            Upload.state == "open",
            Upload.expires_at > uow.now(),
        )
    ).one()
    if total + length > QUOTA_BYTES or count >= QUOTA_OPEN:
        raise UploadQuotaExceeded(open_uploads=count, open_bytes=int(total))
