"""Whom the values of an app concern: their desired state follows every change."""

from uuid import UUID

from sqlalchemy import select, union

from appstore.catalogue.models import App
from appstore.releases.models import Release
from appstore.rollouts.audience import audiences
from appstore.rollouts.models import InstallReport, Rollout
from mdm.audiences import concerned
from mdm.configuration import refresh_later
from mdm.groups import GroupMember, members
from muster.kernel.uow import UnitOfWork


def refresh(uow: UnitOfWork, app: App, group_id: UUID | None) -> int:
    """Have the terminals of a group compiled anew, None: all that are offered the app or have it.

    Return how many that are.
    """
    device_ids = members(uow, group_id) if group_id else _everybody(uow, app)
    refresh_later(uow, device_ids)
    return len(device_ids)


def _everybody(uow: UnitOfWork, app: App) -> list[UUID]:
    offered = (
        select(GroupMember.device_id)
        .join(Rollout, Rollout.group_id == GroupMember.group_id)
        .join(Release, Release.id == Rollout.release_id)
        .where(Release.app_id == app.id)
    )
    having = select(InstallReport.device_id).where(InstallReport.package == app.package)
    found = set(uow.session.scalars(union(offered, having)))
    for audience in audiences(uow, app.id):
        found.update(concerned(uow, audience))
    return sorted(found)
