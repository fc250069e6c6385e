"""Releases by resumable upload: the bytes wait sealed in quarantine until a job has read them."""

from collections.abc import Mapping
from typing import Final

from appstore.releases.intake import fresh
from appstore.releases.spool import LIMIT
from muster.kernel import guard, jobs
from muster.kernel.blobs import Blob
from muster.kernel.errors import InvalidInput
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from muster.kernel.uploads import Upload, UploadTarget

SCAN: Final = "app.release.scan"
_NOTES: Final = 4000


def allow(uow: UnitOfWork, actor: Actor, metadata: Mapping[str, str]) -> None:
    """Let publishers begin; `metadata["notes"]` are the release notes."""
    guard.require(uow, actor, "app.release.submit", guard.FORCE)
    notes = metadata.get("notes", "")
    if len(notes) > _NOTES or "\0" in notes:
        raise InvalidInput(f"Upload-Metadata: notes are text of at most {_NOTES} characters.")


def accept(uow: UnitOfWork, actor: Actor, upload: Upload, blob: Blob) -> None:
    """Take the finished file as a release that carries the upload's id, and have it scanned."""
    guard.require(uow, actor, "app.release.submit", guard.FORCE).note(release=str(upload.id))
    release = fresh(uow, actor, upload.id, str(upload.details.get("notes", "")))
    release.quarantine_id = blob.id
    uow.session.add(release)
    uow.session.flush()
    jobs.enqueue(uow, SCAN, {"release": str(release.id)}, key=f"{SCAN}:{release.id}")


TARGET: Final = UploadTarget("release", sealed=True, max_bytes=LIMIT, allow=allow, accept=accept)
