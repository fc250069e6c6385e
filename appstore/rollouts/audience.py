"""Whom a release concerns: the terminals whose desired state follows what becomes of it."""

from uuid import UUID

from sqlalchemy import select, union

from appstore.assignments.models import Assignment
from appstore.assignments.reach import dates
from appstore.releases.models import Release
from appstore.rollouts.models import InstallReport, Rollout
from mdm.audiences import Audience, concerned
from mdm.configuration import refresh_later
from mdm.groups import GroupMember
from muster.kernel.uow import UnitOfWork


def refresh_ring(uow: UnitOfWork, rollout: Rollout) -> int:
    """Have every terminal of one ring compiled anew; return how many that are."""
    members = select(GroupMember.device_id).where(GroupMember.group_id == rollout.group_id)
    device_ids = uow.session.scalars(members.order_by(GroupMember.device_id)).all()
    refresh_later(uow, device_ids)
    return len(device_ids)


def refresh(uow: UnitOfWork, release_id: UUID) -> int:
    """Have everybody compiled anew whom a release may concern; return how many terminals.

    Those of its rings, those that have it, and whom the app is assigned to now.
    """
    release = uow.session.get_one(Release, release_id)
    members = (
        select(GroupMember.device_id)
        .join(Rollout, Rollout.group_id == GroupMember.group_id)
        .where(Rollout.release_id == release.id)
    )
    holders = select(InstallReport.device_id).where(
        InstallReport.package == release.package,
        InstallReport.installed_code == release.version_code,
    )
    found = set(uow.session.scalars(union(members, holders)))
    for audience in audiences(uow, release.app_id):
        found.update(concerned(uow, audience))
    refresh_later(uow, sorted(found))
    return len(found)


def audiences(uow: UnitOfWork, app_id: UUID | None) -> list[Audience]:
    """Return whom an app is assigned to now; the whole organisation holds all others."""
    query = select(Assignment.audience, Assignment.scope_id, Assignment.rule).where(
        Assignment.app_id == app_id, dates(uow.now())
    )
    found = [Audience(*row) for row in uow.session.execute(query)]
    everyone = [audience for audience in found if audience.kind == "organisation"]
    return everyone[:1] or found
