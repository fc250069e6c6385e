"""The `apps` section of a terminal's desired state, and what the terminal reports of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select

from appstore.catalogue.models import App
from appstore.rollouts.models import InstallReport
from appstore.rollouts.offers import offers_to, offers_to_each
from appstore.rollouts.resolver import Offer, view
from mdm.configuration import refresh_later
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into

DOWNLOADS: Final = "/appstore/v1/downloads"
STATES: Final = frozenset({"installed", "downloading", "failed", "removed"})


def wanted(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """Return what a terminal is told of the releases it may see; `url` is a path of this server."""
    return [
        {
            "package": offer.package,
            "version_code": offer.version_code,
            "sha256": offer.sha256,
            "size": offer.size,
            "signer": offer.signer,
            "mode": offer.mode,
            "url": f"{DOWNLOADS}/{offer.sha256}",
        }
        for offer in offers
    ]


class AppsSection:
    """Answers mdm's `SECTIONS` under the key `apps`."""

    def desired(
        self, uow: UnitOfWork, device_ids: Sequence[UUID]
    ) -> dict[UUID, list[dict[str, Any]]]:
        """Return `[{package, version_code, sha256, size, signer, mode, url}]` by package."""
        offers = offers_to_each(uow, device_ids)
        return {
            device_id: wanted(view(device_id, offers.get(device_id, ())))
            for device_id in device_ids
        }

    def reported(self, uow: UnitOfWork, device_id: UUID, states: Sequence[dict[str, Any]]) -> None:
        """Keep what the terminal says of our apps; what it says of others is passed over.

        Two statements, one more when an installed version changed.
        """
        said = {state["package"]: state for state in states}
        before = _installed(uow, device_id, list(said))
        if not before:
            return
        now = {package: _now(code, said[package]) for package, code in before.items()}
        if now != before:
            _follow(uow, device_id, now)
        _keep(uow, device_id, said, now)


def _installed(uow: UnitOfWork, device_id: UUID, packages: list[str]) -> dict[str, int | None]:
    """Return the packages that are the store's, with the version last said to be installed."""
    mine = and_(InstallReport.package == App.package, InstallReport.device_id == device_id)
    query = select(App.package, InstallReport.installed_code).outerjoin(InstallReport, mine)
    return dict(uow.session.execute(query.where(App.package.in_(packages))).all())


def _now(code: int | None, state: Mapping[str, Any]) -> int | None:
    if state["state"] == "installed":
        said: int | None = state.get("version_code")
        return said
    return None if state["state"] == "removed" else code


def _follow(uow: UnitOfWork, device_id: UUID, installed: Mapping[str, int | None]) -> None:
    """Compile the terminal anew if what is installed changes what it may see."""
    offers = offers_to(uow, device_id)
    after = [
        replace(offer, installed=installed.get(offer.package, offer.installed)) for offer in offers
    ]
    if wanted(view(device_id, offers)) != wanted(view(device_id, after)):
        refresh_later(uow, [device_id])


def _keep(
    uow: UnitOfWork,
    device_id: UUID,
    said: Mapping[str, Mapping[str, Any]],
    installed: Mapping[str, int | None],
) -> None:
    rows = [
        {
            "device_id": device_id,
            "package": package,
            "state": said[package]["state"] if said[package]["state"] in STATES else "unknown",
            "version_code": said[package].get("version_code"),
            "installed_code": code,
            "detail": said[package].get("detail", ""),
            "at": uow.now(),
        }
        for package, code in installed.items()
    ]
    insert = insert_into(uow.kernel.db, InstallReport).values(rows)
    changed = {
        name: insert.excluded[name]
        for name in ("state", "version_code", "installed_code", "detail", "at")
    }
    key = [InstallReport.device_id, InstallReport.package]
    uow.session.execute(insert.on_conflict_do_update(index_elements=key, set_=changed))
