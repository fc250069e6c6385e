"""Work of the store in the background: scanning what waits in quarantine, tidying the spool."""

from typing import Any, Final
from uuid import UUID

from appstore.apk import ApkError
from appstore.releases.errors import ReleaseDuplicate
from appstore.releases.intake import examine, settle
from appstore.releases.lookup import find
from appstore.releases.models import Release
from appstore.releases.review import tell_submitter
from appstore.releases.spool import spooled, tidy
from appstore.releases.states import move
from appstore.releases.waiting import wait_on
from appstore.rollbacks.errors import UNFIT
from appstore.scanning import ScannerSilent
from appstore.vetting.judge import Check
from appstore.vetting.service import keep
from muster.kernel import guard
from muster.kernel.guard import Denied
from muster.kernel.identity import Actor, people
from muster.kernel.kernel import Kernel

TIDY: Final = "app.spool.tidy"


def scan(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.release.scan`: inspect one file from quarantine, vet it, empty the quarantine."""
    release_id = UUID(payload["release"])
    with kernel.writes() as uow:
        release = find(uow, release_id, lock=True)
        actor = people.actor_for(uow, release.submitted_by)
        if release.state not in ("uploaded", "scanning") or release.quarantine_id is None:
            return
        if release.state == "uploaded":
            move(uow, actor, release, "scanning", "upload complete")
        sealed = kernel.blobs.read_sealed(uow, release.quarantine_id)
    try:
        with spooled(kernel.settings, sealed) as upload:
            package = examine(kernel, upload, but=release.id)
            _still_publisher(kernel, actor)
            _as_announced(payload.get("package", ""), package.facts.package)
            settle(kernel, actor, release, package, upload)
    except ScannerSilent as error:
        wait_on(kernel, release, error)
        return
    except ReleaseDuplicate as error:
        _refuse(kernel, actor, release, Check(error.code, "block", error.title, (error.detail,)))
    except ApkError as error:
        _refuse(kernel, actor, release, Check(error.code, "block", _UNREADABLE, (error.detail,)))
    except UNFIT as error:
        _refuse(kernel, actor, release, Check(error.code, "block", error.title))
    except Denied:
        _refuse(kernel, actor, release, Check("submitter_not_permitted", "block", _NO_PUBLISHER))
    with kernel.writes() as uow:
        row = find(uow, release_id, lock=True)
        if row.quarantine_id is not None:
            kernel.blobs.erase(uow, row.quarantine_id)
            row.quarantine_id = None


def tidy_spool(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `app.spool.tidy`."""
    tidy(kernel.settings, kernel.clock())


def _still_publisher(kernel: Kernel, actor: Actor) -> None:
    with kernel.writes() as uow:
        guard.require(uow, actor, "app.release.submit", guard.FORCE)


def _as_announced(announced: str, found: str) -> None:
    """The token that sent it may have been for this package only; here nobody knows it any more."""
    if announced and announced != found:
        raise ApkError("package_not_announced", f"Announced was {announced}, but this is {found}.")


def _refuse(kernel: Kernel, actor: Actor, release: Release, check: Check) -> None:
    with kernel.writes() as uow:
        row = find(uow, release.id, lock=True)
        move(uow, actor, row, "rejected", f"blocked by {check.rule}")
        keep(uow, row.id, [check])
        tell_submitter(uow, actor, row, "app.release_rejected")


_UNREADABLE: Final = "This file is not an APK that can be read and verified."
_NO_PUBLISHER: Final = "Whoever brought it is no publisher any more."
