"""Who is in which group: plain look-ups for neighbours; nothing here asks the guard."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from mdm.groups.errors import GroupNotFound
from mdm.groups.models import Group, GroupMember
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into


def of_device(uow: UnitOfWork, device_id: UUID) -> list[UUID]:
    """Return the ids of the groups a terminal is in, oldest group first."""
    query = select(GroupMember.group_id).where(GroupMember.device_id == device_id)
    return list(uow.session.scalars(query.order_by(GroupMember.group_id)))


def members(uow: UnitOfWork, group_id: UUID) -> list[UUID]:
    """Return the ids of a group's terminals that are enrolled or lost, oldest first."""
    query = (
        select(GroupMember.device_id)
        .join(Device, Device.id == GroupMember.device_id)
        .where(GroupMember.group_id == group_id, Device.state.in_(("enrolled", "lost")))
    )
    return list(uow.session.scalars(query.order_by(GroupMember.device_id)))


def groups_in(uow: UnitOfWork, group_ids: Sequence[UUID]) -> list[Group]:
    """Return the groups of these ids, or raise `GroupNotFound` if one does not exist."""
    if not group_ids:
        return []
    found = list(uow.session.scalars(select(Group).where(Group.id.in_(group_ids))))
    if len(found) < len(set(group_ids)):
        raise GroupNotFound
    return found


def join(uow: UnitOfWork, device_id: UUID, group_ids: Sequence[UUID]) -> None:
    """Put a terminal into groups; being in already is no fault."""
    rows = [
        {"group_id": group_id, "device_id": device_id, "by_rule": False} for group_id in group_ids
    ]
    if rows:
        uow.session.execute(
            insert_into(uow.kernel.db, GroupMember).values(rows).on_conflict_do_nothing()
        )


def place_by_hand(uow: UnitOfWork, device_id: UUID, group_id: UUID) -> None:
    """Put a terminal into a group for good, also one that is in it by rule."""
    row = insert_into(uow.kernel.db, GroupMember).values(
        group_id=group_id, device_id=device_id, by_rule=False
    )
    uow.session.execute(
        row.on_conflict_do_update(index_elements=["group_id", "device_id"], set_={"by_rule": False})
    )
