"""What people do with groups: list, make, put terminals in and take them out."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from mdm.configuration import desired
from mdm.devices import fleet
from mdm.groups.errors import GroupNameTaken, GroupNotFound
from mdm.groups.membership import join, members
from mdm.groups.models import Group, GroupMember
from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Group]:
    """Return up to `limit + 1` groups, newest first."""
    guard.require(uow, actor, "mdm.group.list", guard.FORCE)
    query = select(Group).order_by(Group.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(Group.id < after)
    return uow.session.scalars(query).all()


def create(uow: UnitOfWork, actor: Actor, *, name: str, unit: str, description: str = "") -> Group:
    """Make an empty group of the unit with the given code. Raises `GroupNameTaken`."""
    owner = uow.kernel.people.by_code(unit)
    group = Group(id=uuid7(), name=name, description=description, unit_id=owner.id)
    guard.require(uow, actor, "mdm.group.create", _target(uow, group))
    if uow.session.scalar(select(Group.id).where(Group.name == name)) is not None:
        raise GroupNameTaken
    uow.session.add(group)
    return group


def member_ids(uow: UnitOfWork, actor: Actor, group_id: UUID) -> list[UUID]:
    """Return the ids of a group's terminals in service."""
    guard.require(uow, actor, "mdm.group.list", guard.FORCE)
    if uow.session.get(Group, group_id) is None:
        raise GroupNotFound
    return members(uow, group_id)


def add(uow: UnitOfWork, actor: Actor, group_id: UUID, device_id: UUID) -> Group:
    """Put a terminal into a group; its configuration and apps follow. Whoever asks must also be
    permitted to hand the terminal out.
    """
    group = _changeable(uow, actor, group_id, device_id)
    join(uow, device_id, [group_id])
    desired.refresh(uow, [device_id])
    return group


def remove(uow: UnitOfWork, actor: Actor, group_id: UUID, device_id: UUID) -> Group:
    """Take a terminal out of a group; its configuration and apps follow."""
    group = _changeable(uow, actor, group_id, device_id)
    uow.session.execute(
        delete(GroupMember).where(
            GroupMember.group_id == group_id, GroupMember.device_id == device_id
        )
    )
    desired.refresh(uow, [device_id])
    return group


def _changeable(uow: UnitOfWork, actor: Actor, group_id: UUID, device_id: UUID) -> Group:
    group = uow.session.get(Group, group_id)
    if group is None:
        raise GroupNotFound
    guard.require(uow, actor, "mdm.group.change", _target(uow, group)).note(device=str(device_id))
    guard.require(uow, actor, "mdm.device.assign", fleet.find(uow, device_id).target(actor))
    return group


def _target(uow: UnitOfWork, group: Group) -> Target:
    return Target("DeviceGroup", str(group.id), unit=uow.kernel.people.unit(group.unit_id).path)
