"""Uploads that wait for a scanner: sealed in quarantine, tried again, and the publisher sees why."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from appstore.releases.lookup import find
from appstore.releases.models import Release
from appstore.releases.spool import Spooled
from appstore.releases.states import move
from appstore.scanning import ScannerSilent
from appstore.vetting.judge import Check
from appstore.vetting.service import keep
from muster.kernel import jobs
from muster.kernel.identity import Actor
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

SCAN: Final = "app.release.scan"
_AGAIN: Final = timedelta(minutes=5)
_TITLE: Final = "Not scanned yet; it is tried again every few minutes."
_MEDIA_TYPE: Final = "application/octet-stream"


def hold(
    kernel: Kernel, actor: Actor, release: Release, upload: Spooled, error: ScannerSilent
) -> tuple[Release, Sequence[Check]]:
    """Keep a file that just came in, sealed, until its scanner answers."""
    sealed = kernel.blobs.store_sealed(upload.path)
    with kernel.writes() as uow:
        row = uow.session.merge(release)
        move(uow, actor, row, "scanning", f"waits for {error.rule}")
        row.quarantine_id = kernel.blobs.record(uow, sealed, _MEDIA_TYPE).id
        return row, _wait(uow, row, error)


def wait_on(kernel: Kernel, release: Release, error: ScannerSilent) -> None:
    """Leave a file in quarantine for another while."""
    with kernel.writes() as uow:
        _wait(uow, find(uow, release.id, lock=True), error)


def _wait(uow: UnitOfWork, release: Release, error: ScannerSilent) -> list[Check]:
    checks = [Check(error.rule, "warn", _TITLE, (str(error),))]
    uow.session.flush()
    keep(uow, release.id, checks)
    jobs.enqueue(uow, SCAN, {"release": str(release.id)}, run_at=uow.now() + _AGAIN)
    return checks
