"""Whom a release concerns: the terminals of its rings, whose desired state follows every change."""

from uuid import UUID

from sqlalchemy import select

from appstore.rollouts.models import Rollout
from mdm.configuration import refresh_later
from mdm.groups import GroupMember
from muster.kernel.uow import UnitOfWork


def refresh(uow: UnitOfWork, release_id: UUID) -> int:
    """Have every terminal of a release's rings compiled anew; return how many that are."""
    members = (
        select(GroupMember.device_id)
        .join(Rollout, Rollout.group_id == GroupMember.group_id)
        .where(Rollout.release_id == release_id)
        .distinct()
        .order_by(GroupMember.device_id)
    )
    device_ids = uow.session.scalars(members).all()
    refresh_later(uow, device_ids)
    return len(device_ids)
