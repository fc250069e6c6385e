"""Work of the download centre in the background: scanning uploads, ending what has expired."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from appstore.files import intake, review
from appstore.files.errors import FileHarmful, FileIsApp, FileTypeRefused, FileVersionState
from appstore.files.lookup import find_version, target
from appstore.files.models import FileVersion
from appstore.files.publishing import tell_terminals
from appstore.releases.spool import spooled
from muster.kernel import guard
from muster.kernel.errors import DomainError
from muster.kernel.guard import Denied
from muster.kernel.identity import people
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

EXPIRE: Final = "app.file.expire"
_REFUSALS: Final = (FileTypeRefused, FileIsApp, FileHarmful, FileVersionState, Denied)


def scan(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.file.scan`: look at one version from quarantine, settle it, empty the quarantine.

    While a scanner is silent the job fails (`FileNotScanned`) and is tried again, ever more slowly.
    """
    version_id = UUID(payload["version"])
    with kernel.reads() as uow:
        _, version = find_version(uow, version_id)
        if version.state != "scanning" or version.quarantine_id is None:
            return
        sealed = kernel.blobs.read_sealed(uow, version.quarantine_id)
    try:
        with spooled(kernel.settings, sealed) as upload:
            looked = intake.look(kernel, version.original_name, upload.path)
        _settle(kernel, version_id, looked)
    except _REFUSALS as refusal:
        _refuse(kernel, version_id, refusal)


def _settle(kernel: Kernel, version_id: UUID, looked: intake.Looked) -> None:
    with kernel.writes() as uow:
        file, version = find_version(uow, version_id, lock=True)
        if version.state != "scanning":
            return
        actor = people.actor_for(uow, version.submitted_by)
        guard.require(uow, actor, intake.SUBMIT, target(uow, file))
        intake.check_open(uow, file, None)
        _empty(kernel, uow, version)
        intake.settle(uow, actor, file, version, looked)


def _refuse(kernel: Kernel, version_id: UUID, refusal: DomainError) -> None:
    with kernel.writes() as uow:
        file, version = find_version(uow, version_id, lock=True)
        _empty(kernel, uow, version)
        version.state, version.refused = "rejected", refusal.code
        actor = people.actor_for(uow, version.submitted_by)
        review.tell_bringer(uow, actor, file, version, "app.file_rejected")


def _empty(kernel: Kernel, uow: UnitOfWork, version: FileVersion) -> None:
    if version.quarantine_id is not None:
        kernel.blobs.erase(uow, version.quarantine_id)
        version.quarantine_id = None


def expire(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.file.expire`: nobody is given them any more; terminals need not have them."""
    with kernel.writes() as uow:
        late = select(FileVersion).where(
            FileVersion.state.in_(("current", "superseded")),
            FileVersion.expires_at <= uow.now(),
        )
        for version in uow.session.scalars(late.order_by(FileVersion.id).limit(500)):
            was, version.state = version.state, "expired"
            if was == "current":
                uow.session.flush()
                tell_terminals(uow, version.file_id)
