"""Releases by resumable upload: the bytes wait sealed in quarantine until a job has read them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from appstore.publishers.entry import refuse_foreign
from appstore.publishers.scopes import limited
from appstore.releases.intake import Brought, fresh
from appstore.releases.spool import LIMIT
from appstore.releases.waiting import SCAN
from muster.kernel import guard, jobs
from muster.kernel.blobs import Blob
from muster.kernel.errors import InvalidInput
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from muster.kernel.uploads import Upload, UploadTarget

_TEXTS: Final = {"notes": 4000, "package": 223, "urgent": 1000, "reissues": 36}


def allow(uow: UnitOfWork, actor: Actor, metadata: Mapping[str, str]) -> None:
    """Let publishers begin.

    `metadata["notes"]` are the release notes, `metadata["package"]` the package that is brought,
    `metadata["urgent"]` says why it is an urgent security release, and `metadata["reissues"]` is the
    id of the request to bring older code again that it answers.
    """
    guard.require(uow, actor, "app.release.submit", guard.FORCE)
    for name, longest in _TEXTS.items():
        given = metadata.get(name, "")
        if len(given) > longest or "\0" in given:
            raise InvalidInput(f"Upload-Metadata: {name} is text of at most {longest} characters.")
    brought = _brought(metadata)
    if not brought.package and limited(actor):
        raise InvalidInput("Upload-Metadata: say the package; this token is for some only.")
    if brought.package:
        refuse_foreign(uow, actor, brought.package)


def accept(uow: UnitOfWork, actor: Actor, upload: Upload, blob: Blob) -> None:
    """Take the finished file as a release that carries the upload's id, and have it scanned."""
    guard.require(uow, actor, "app.release.submit", guard.FORCE).note(release=str(upload.id))
    release = fresh(uow, actor, upload.id, _brought(upload.details))
    release.quarantine_id = blob.id
    uow.session.add(release)
    uow.session.flush()
    payload = {"release": str(release.id), "package": str(upload.details.get("package", ""))}
    jobs.enqueue(uow, SCAN, payload, key=f"{SCAN}:{release.id}")


def _brought(said: Mapping[str, Any]) -> Brought:
    notes, package, urgent, reissues = (str(said.get(name, "")) for name in _TEXTS)
    try:
        request = UUID(reissues) if reissues else None
    except ValueError as error:
        raise InvalidInput("Upload-Metadata: reissues is the id of a request.") from error
    return Brought(notes, package, urgent, request)


TARGET: Final = UploadTarget("release", sealed=True, max_bytes=LIMIT, allow=allow, accept=accept)
