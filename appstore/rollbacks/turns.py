"""The terminals of an order to go back: what each is told, what it may fetch, what it says."""

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from appstore.releases.files import splits_of
from appstore.releases.models import Release, ReleaseFile
from appstore.rollbacks.models import Reinstall, ReinstallTurn
from appstore.rollbacks.possible import INSTALLABLE
from muster.kernel.uow import UnitOfWork

OPEN: Final = ("waiting", "waiting_outbox")
DOWNLOADS: Final = "/appstore/v1/downloads"


def orders_for(
    uow: UnitOfWork, device_ids: Collection[UUID]
) -> dict[UUID, dict[str, dict[str, Any]]]:
    """Return by terminal and package the entry that stands in for the package's usual one.

    An agent that does not know `reinstall` sees a lower version and leaves what it has.
    """
    found: dict[UUID, dict[str, dict[str, Any]]] = {}
    query = (
        select(ReinstallTurn.device_id, Reinstall.id, Release)
        .join(Reinstall, Reinstall.id == ReinstallTurn.reinstall_id)
        .join(Release, Release.id == Reinstall.to_id)
        .where(
            ReinstallTurn.device_id.in_(device_ids),
            ReinstallTurn.state.in_(OPEN),
            Release.state.in_(INSTALLABLE),
        )
    )
    rows = uow.session.execute(query).all()
    splits = splits_of(uow, {release.id for *_, release in rows if release.kind == "apks"})
    for device_id, order_id, release in rows:
        entry = _entry(order_id, release, splits.get(release.id, []))
        found.setdefault(device_id, {})[release.package] = entry
    return found


def ordered(uow: UnitOfWork, device_id: UUID, sha256: str) -> int | None:
    """Return the size of a file that an open order lets this terminal fetch, else None."""
    mine = (
        select(Reinstall.to_id)
        .join(ReinstallTurn, ReinstallTurn.reinstall_id == Reinstall.id)
        .where(ReinstallTurn.device_id == device_id, ReinstallTurn.state.in_(OPEN))
    )
    releases = select(Release.id, Release.sha256, Release.size)
    rows = uow.session.execute(
        releases.where(Release.id.in_(mine), Release.state.in_(INSTALLABLE))
    ).all()
    whole = {row.sha256: row.size for row in rows}
    if not rows or sha256 in whole:
        return whole.get(sha256)
    split = select(ReleaseFile.size).where(
        ReleaseFile.release_id.in_([row.id for row in rows]), ReleaseFile.sha256 == sha256
    )
    return uow.session.scalar(split.limit(1))


def follow(uow: UnitOfWork, device_id: UUID, said: Mapping[str, Mapping[str, Any]]) -> bool:
    """Take what a terminal says of the apps it is to go back with; whether an order of its ended."""
    query = (
        select(ReinstallTurn, Release.version_code)
        .join(Reinstall, Reinstall.id == ReinstallTurn.reinstall_id)
        .join(Release, Release.id == Reinstall.to_id)
        .where(
            ReinstallTurn.device_id == device_id,
            ReinstallTurn.package.in_(list(said)),
            ReinstallTurn.state.in_(OPEN),
        )
    )
    ended = False
    for turn, code in uow.session.execute(query):
        state = said[turn.package]
        became = _became(state, code)
        if became:
            turn.state, turn.at = became, uow.now()
            turn.unsent = state.get("unsent") if became == "waiting_outbox" else None
            turn.detail = state.get("detail", "")
            ended = ended or became not in OPEN
    return ended


def _became(state: Mapping[str, Any], code: int) -> str:
    """Return what a report means for a turn; '' if it speaks of another version."""
    if state.get("version_code") != code:
        return ""
    return {
        "installed": "done",
        "failed": "failed",
        "waiting_outbox": "waiting_outbox",
        "waiting": "waiting",
    }.get(state["state"], "")


def _entry(order_id: UUID, release: Release, splits: list[dict[str, Any]]) -> dict[str, Any]:
    file: dict[str, Any] = {
        "version_code": release.version_code,
        "sha256": release.sha256,
        "size": release.size,
        "signer": release.signer,
        "url": f"{DOWNLOADS}/{release.sha256}",
    }
    return {
        "package": release.package,
        "kind": release.kind,
        "mode": "required",
        **file,
        **({"files": splits} if splits else {}),
        "reinstall": {"order": str(order_id), **file, "data_loss": True},
    }
