"""What the rings offer terminals: one statement, for the resolver to judge."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, select

from appstore.catalogue.models import App
from appstore.releases.models import Release
from appstore.releases.states import OFFERED
from appstore.rollouts.models import InstallReport, Rollout
from appstore.rollouts.resolver import Offer, view
from mdm.groups import GroupMember
from muster.kernel.uow import UnitOfWork

_OFFERS = (
    select(
        GroupMember.device_id,
        App.package,
        Release.version_code,
        Release.sha256,
        Release.size,
        Release.signer,
        Release.salt,
        Rollout.percent,
        Rollout.mode,
        Rollout.state == "halted",
        InstallReport.installed_code,
        App.visibility,
    )
    .join(Release, Release.id == Rollout.release_id)
    .join(App, App.id == Release.app_id)
    .join(GroupMember, GroupMember.group_id == Rollout.group_id)
    .outerjoin(
        InstallReport,
        and_(
            InstallReport.device_id == GroupMember.device_id,
            InstallReport.package == App.package,
        ),
    )
    .where(Release.state.in_(OFFERED))
)


def offers_to(uow: UnitOfWork, device_id: UUID) -> list[Offer]:
    """Return every offer of the rings a terminal is in, whether it reaches it or not."""
    return offers_to_each(uow, [device_id]).get(device_id, [])


def offers_to_each(uow: UnitOfWork, device_ids: Collection[UUID]) -> dict[UUID, list[Offer]]:
    """Return by terminal the offers of its rings, in one statement; who has none is left out."""
    found: dict[UUID, list[Offer]] = {}
    rows = uow.session.execute(_OFFERS.where(GroupMember.device_id.in_(device_ids)))
    for device_id, *offer in rows:
        found.setdefault(device_id, []).append(Offer(*offer))
    return found


def view_of(uow: UnitOfWork, device_id: UUID) -> list[Offer]:
    """Return the releases a terminal may see now."""
    return view(device_id, offers_to(uow, device_id))
