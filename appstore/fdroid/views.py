"""What a reader of a repository sees: the resolver's answer, told as releases that F-Droid can carry.

A terminal sees of each package what `rollouts.resolver.view` gives it and, below that, the older
versions that its rings offer as well and that it could still install; a group without a terminal
sees what reaches every one of its members. A blocked release that the terminal still has is shown
as vulnerable, to be removed; its file is not for anybody.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import and_, select

from appstore.assignments.reach import in_force
from appstore.catalogue.models import App
from appstore.fdroid.index_v2 import FORMAT
from appstore.fdroid.reader import Reader
from appstore.fdroid.texts import revision_of
from appstore.releases.models import Release
from appstore.releases.states import OFFERED
from appstore.rollouts.models import InstallReport, Rollout
from appstore.rollouts.offers import offers_to
from appstore.rollouts.resolver import Claim, Offer, view
from mdm.configuration import ORGANISATION
from mdm.devices import find
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Shown:
    """One release in a view."""

    release_id: UUID
    package: str
    version_code: int
    sha256: str
    size: int
    mode: str
    visibility: str
    vulnerable: bool = False


@dataclass(frozen=True)
class View:
    """Releases by package, the highest first. `key` is the same for all who see the same."""

    key: str
    releases: Sequence[Shown]


def resolve(uow: UnitOfWork, reader: Reader) -> View:
    """Return what a reader sees now."""
    found = visible(uow, reader)
    return View(_key(uow, found), found)


def visible(uow: UnitOfWork, reader: Reader) -> list[Shown]:
    """Return the releases a reader may see, by package, the highest first."""
    if reader.device_id is None:
        claims, blocked = _of_everyone_in(uow, reader.group_id), []
    else:
        claims = offers_to(uow, reader.device_id)
        blocked = _blocked_on(uow, reader.device_id)
    found = [_shown(offer) for offer in standing(reader.id, claims)]
    found += blocked
    if any(one.visibility == "sworn" for one in found) and not _sworn(uow, reader):
        found = [one for one in found if one.visibility != "sworn"]
    return sorted(found, key=lambda one: (one.package, -one.version_code))


def _sworn(uow: UnitOfWork, reader: Reader) -> bool:
    if reader.sworn is None and reader.device_id is not None:
        holder = find(uow, reader.device_id).holder
        return holder is not None and holder.sworn
    return bool(reader.sworn)


def standing(reader_id: UUID, claims: Sequence[Claim]) -> list[Offer]:
    """Return the resolver's view, and what it gives below that where the best is left out."""
    best = {offer.package: offer for offer in view(reader_id, claims) if _carried(offer)}
    found = {offer.release_id: offer for offer in best.values()}
    said: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.package in best and not isinstance(claim, Offer):
            said.setdefault(claim.package, []).append(claim)
    for offer in claims:
        if isinstance(offer, Offer) and offer.release_id not in found and _carried(offer):
            above = best.get(offer.package)
            if above is None or offer.version_code > above.version_code:
                continue
            if view(reader_id, [offer, *said.get(offer.package, ())]):
                found[offer.release_id] = offer
    return list(found.values())


def _carried(offer: Offer) -> bool:
    return offer.kind == "apk" and offer.size > 0


def _shown(offer: Offer) -> Shown:
    return Shown(
        offer.release_id,
        offer.package,
        offer.version_code,
        offer.sha256,
        offer.size,
        offer.mode,
        offer.visibility,
    )


def _of_everyone_in(uow: UnitOfWork, group_id: UUID) -> list[Claim]:
    """Return what is said about every terminal of a group, whatever is installed there."""
    query = (
        select(
            App.package,
            Release.version_code,
            Release.sha256,
            Release.size,
            Release.signer,
            Release.salt,
            Rollout.percent,
            Rollout.mode,
            App.visibility,
            Release.id.label("release_id"),
            Release.kind,
        )
        .join(Release, Release.id == Rollout.release_id)
        .join(App, App.id == Release.app_id)
        .where(
            Rollout.group_id == group_id,
            Rollout.percent == 100,
            Rollout.state == "rolling",
            Release.state.in_(OFFERED),
        )
    )
    claims: list[Claim] = [Offer(**row) for row in uow.session.execute(query).mappings()]
    for one in in_force(uow, {ORGANISATION, group_id}, None, None):
        if one.audience.rule is None:
            claims += [one.assigned, *one.offers]
    return claims


def _blocked_on(uow: UnitOfWork, device_id: UUID) -> list[Shown]:
    """Return the blocked releases that a terminal said are installed."""
    there = and_(
        InstallReport.package == Release.package,
        InstallReport.installed_code == Release.version_code,
        InstallReport.device_id == device_id,
    )
    query = (
        select(Release, App.visibility)
        .join(App, App.id == Release.app_id)
        .join(InstallReport, there)
        .where(Release.state == "blocked", Release.kind == "apk")
    )
    return [
        Shown(
            release.id,
            release.package,
            release.version_code,
            release.sha256,
            release.size,
            "none",
            visibility,
            vulnerable=True,
        )
        for release, visibility in uow.session.execute(query)
    ]


def _key(uow: UnitOfWork, shown: Sequence[Shown]) -> str:
    """Hash what is shown and how it is written today; never who sees it."""
    releases = sorted((one.release_id.hex, one.vulnerable) for one in shown)
    said = [FORMAT, releases, revision_of(uow, {one.package for one in shown})]
    return hashlib.sha256(msgspec.json.encode(said, enc_hook=int)).hexdigest()
