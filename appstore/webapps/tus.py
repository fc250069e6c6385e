"""Bundles by resumable upload: the bytes wait sealed in quarantine until a job has read them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from appstore.apk import ApkError
from appstore.releases.spool import spooled
from appstore.webapps.bundles import LIMIT, keep
from appstore.webapps.models import WebBundle
from muster.kernel import guard, jobs
from muster.kernel.blobs import Blob
from muster.kernel.identity import Actor
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork
from muster.kernel.uploads import Upload, UploadTarget

READ: Final = "app.web_bundle.read"


def allow(uow: UnitOfWork, actor: Actor, metadata: Mapping[str, str]) -> None:
    """Let publishers begin."""
    guard.require(uow, actor, "app.release.submit", guard.FORCE)


def accept(uow: UnitOfWork, actor: Actor, upload: Upload, blob: Blob) -> None:
    """Take the finished file as a bundle that carries the upload's id, and have it read."""
    guard.require(uow, actor, "app.release.submit", guard.FORCE).note(bundle=str(upload.id))
    bundle = WebBundle(id=upload.id, submitted_by=actor.id, quarantine_id=blob.id)
    uow.session.add(bundle)
    uow.session.flush()
    jobs.enqueue(uow, READ, {"bundle": str(bundle.id)}, key=f"{READ}:{bundle.id}")


def read(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.web_bundle.read`: read one bundle from quarantine, then empty the quarantine."""
    with kernel.reads() as uow:
        bundle = uow.session.get_one(WebBundle, UUID(payload["bundle"]))
        if bundle.state != "waiting" or bundle.quarantine_id is None:
            return
        waiting = bundle.quarantine_id
        sealed = kernel.blobs.read_sealed(uow, waiting)
        uow.session.expunge(bundle)
    try:
        with spooled(kernel.settings, sealed) as upload:
            keep(kernel, bundle, upload.path)
    except ApkError as error:
        bundle.state, bundle.fault = "refused", f"{error.code}: {error.detail}"[:500]
    with kernel.writes() as uow:
        bundle.quarantine_id = None
        uow.session.merge(bundle)
        kernel.blobs.erase(uow, waiting)


TARGET: Final = UploadTarget("web_bundle", sealed=True, max_bytes=LIMIT, allow=allow, accept=accept)
