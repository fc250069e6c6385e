"""Files by resumable upload: the bytes wait sealed in quarantine until a job has looked at them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from appstore.files import intake, kinds
from appstore.files.lookup import find, target
from muster.kernel import guard, jobs
from muster.kernel.blobs import Blob
from muster.kernel.errors import InvalidInput
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from muster.kernel.uploads import Upload, UploadTarget

SCAN: Final = "app.file.scan"
_NOTES: Final = 4000


def allow(uow: UnitOfWork, actor: Actor, metadata: Mapping[str, str]) -> None:
    """Let the file's publishers begin; `metadata`: `slug`, `filename`, `notes`, `expires_at`."""
    file = find(uow, metadata.get("slug", "").replace("\0", ""))
    guard.require(uow, actor, intake.SUBMIT, target(uow, file))
    notes = metadata.get("notes", "")
    if len(notes) > _NOTES or "\0" in notes:
        raise InvalidInput(f"Upload-Metadata: notes are text of at most {_NOTES} characters.")
    kinds.plain_name(metadata.get("filename", ""))
    intake.check_open(uow, file, _moment(metadata))


def accept(uow: UnitOfWork, actor: Actor, upload: Upload, blob: Blob) -> None:
    """Take the finished file as a version that carries the upload's id, and have it scanned."""
    details = {name: str(value) for name, value in upload.details.items()}
    file = find(uow, details["slug"], lock=True)
    guard.require(uow, actor, intake.SUBMIT, target(uow, file)).note(version=str(upload.id))
    name = kinds.plain_name(details["filename"])
    moment = _moment(details)
    version = intake.fresh(uow, actor, file, upload.id, name, details.get("notes", ""), moment)
    version.quarantine_id = blob.id
    uow.session.flush()
    jobs.enqueue(uow, SCAN, {"version": str(version.id)}, key=f"{SCAN}:{version.id}")


def _moment(metadata: Mapping[str, str]) -> datetime | None:
    given = metadata.get("expires_at", "")
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidInput("Upload-Metadata: expires_at is a moment as in RFC 3339.")
    return moment


TARGET: Final = UploadTarget(
    "file", sealed=True, max_bytes=intake.LARGEST, allow=allow, accept=accept
)
