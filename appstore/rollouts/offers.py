"""All that is said about terminals, for the resolver to judge: a few statements for any number."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import and_, null, select

from appstore.assignments.reach import Reaching, reaching
from appstore.catalogue.models import App
from appstore.releases.models import Release
from appstore.releases.states import OFFERED
from appstore.rollouts.models import InstallReport, Rollout
from appstore.rollouts.resolver import Claim, Offer, Sight, Withdrawn, resolve
from appstore.rollouts.terms import Terms
from mdm.groups import GroupMember
from muster.kernel.uow import UnitOfWork

Installed = dict[str, tuple[int, bool]]
"""By package: the version code that is installed, and whether that release is blocked."""
_RINGS: Final = (
    select(
        GroupMember.device_id,
        Rollout.conditions,
        Rollout.deadline,
        App.package,
        Release.version_code,
        Release.sha256,
        Release.size,
        Release.signer,
        Release.salt,
        Rollout.percent,
        Rollout.mode,
        Rollout.state == "halted",
        null(),
        App.visibility,
        Release.id,
        Release.kind,
    )
    .join(Release, Release.id == Rollout.release_id)
    .join(App, App.id == Release.app_id)
    .join(GroupMember, GroupMember.group_id == Rollout.group_id)
    .where(Release.state.in_(OFFERED))
)
_INSTALLED: Final = (
    select(
        InstallReport.device_id,
        InstallReport.package,
        InstallReport.installed_code,
        Release.id.isnot(None),
    )
    .join(App, App.package == InstallReport.package)
    .outerjoin(
        Release,
        and_(
            Release.app_id == App.id,
            Release.version_code == InstallReport.installed_code,
            Release.state == "blocked",
        ),
    )
    .where(InstallReport.installed_code.isnot(None))
)


def offers_to(uow: UnitOfWork, device_id: UUID) -> list[Claim]:
    """Return all that is said about one terminal, whether it reaches it or not."""
    return offers_to_each(uow, [device_id])[device_id]


def offers_to_each(
    uow: UnitOfWork,
    device_ids: Collection[UUID],
    *,
    app_id: UUID | None = None,
    but: UUID | None = None,
    extra: Reaching | None = None,
) -> dict[UUID, list[Claim]]:
    """Return by terminal what rings, assignments and its own reports say, in five statements.

    Of one app alone if `app_id` is given; `but` leaves one assignment out, `extra` adds one that
    reaches all of these terminals.
    """
    installed = _installed(uow, device_ids, app_id)
    found = _offered(uow, device_ids, app_id, installed)
    for device_id, reached in reaching(uow, device_ids, app_id=app_id, but=but).items():
        for one in [*reached, extra] if extra else reached:
            found[device_id].append(one.assigned)
            found[device_id] += [_known(offer, installed[device_id]) for offer in one.offers]
    for device_id, held in installed.items():
        found[device_id] += _withdrawn(held)
    return found


def again(uow: UnitOfWork, device_id: UUID, claims: Sequence[Claim]) -> list[Claim]:
    """Return what was said about a terminal, beside what it has installed now; one statement."""
    held = _installed(uow, [device_id], None)[device_id]
    kept = [_known(claim, held) if isinstance(claim, Offer) else claim for claim in claims]
    return [claim for claim in kept if not isinstance(claim, Withdrawn)] + _withdrawn(held)


def sights(uow: UnitOfWork, device_ids: Collection[UUID]) -> dict[UUID, Sight]:
    """Return what each of these terminals may see now."""
    claims = offers_to_each(uow, device_ids)
    return {device_id: resolve(device_id, claims[device_id]) for device_id in device_ids}


def view_of(uow: UnitOfWork, device_id: UUID) -> list[Offer]:
    """Return the releases a terminal may see now."""
    return list(sights(uow, [device_id])[device_id].seen)


def _installed(
    uow: UnitOfWork, device_ids: Collection[UUID], app_id: UUID | None
) -> dict[UUID, Installed]:
    query = _INSTALLED.where(InstallReport.device_id.in_(device_ids))
    if app_id is not None:
        query = query.where(App.id == app_id)
    found: dict[UUID, Installed] = {device_id: {} for device_id in device_ids}
    for device_id, package, code, blocked in uow.session.execute(query):
        if code is not None:
            found[device_id][package] = (code, blocked)
    return found


def _offered(
    uow: UnitOfWork,
    device_ids: Collection[UUID],
    app_id: UUID | None,
    installed: Mapping[UUID, Installed],
) -> dict[UUID, list[Claim]]:
    query = _RINGS.where(GroupMember.device_id.in_(device_ids))
    if app_id is not None:
        query = query.where(App.id == app_id)
    found: dict[UUID, list[Claim]] = {device_id: [] for device_id in device_ids}
    for device_id, conditions, deadline, *offer in uow.session.execute(query):
        one = replace(Offer(*offer), terms=Terms.of(conditions, deadline))
        found[device_id].append(_known(one, installed[device_id]))
    return found


def _known(offer: Offer, installed: Installed) -> Offer:
    """Return the offer as it stands beside what is installed; most need no copy."""
    code, _ = installed.get(offer.package, (None, False))
    return offer if offer.installed == code else replace(offer, installed=code)


def _withdrawn(installed: Installed) -> list[Claim]:
    return [Withdrawn(package, code) for package, (code, blocked) in installed.items() if blocked]
