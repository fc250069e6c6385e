"""What people do with groups: list, make, change, put terminals in and take them out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from mdm.configuration import desired
from mdm.devices import fleet
from mdm.groups.errors import GroupNameTaken, GroupNotFound, MemberByRule
from mdm.groups.membership import members, place_by_hand
from mdm.groups.models import Group, GroupMember
from mdm.groups.settling import settle_later
from muster.kernel import guard
from muster.kernel.errors import StaleVersion
from muster.kernel.guard import Decision, Target
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


def read(uow: UnitOfWork, actor: Actor, group_id: UUID) -> Group:
    """Return one group."""
    guard.require(uow, actor, "mdm.group.list", guard.FORCE)
    group = uow.session.get(Group, group_id)
    if group is None:
        raise GroupNotFound
    return group


def create(
    uow: UnitOfWork,
    actor: Actor,
    *,
    name: str,
    unit: str,
    description: str = "",
    rule: dict[str, Any] | None = None,
    priority: int = 0,
) -> Group:
    """Make a group of the unit with the given code. Raises `GroupNameTaken`.

    With a `rule` the worker fills it, a part of the fleet at a time.
    """
    owner = uow.kernel.people.by_code(unit)
    group = Group(
        id=uuid7(),
        name=name,
        description=description,
        unit_id=owner.id,
        rule=rule,
        priority=priority,
    )
    decision = guard.require(uow, actor, "mdm.group.create", target(uow, group))
    decision.note(rule=rule, priority=priority)
    _free_name(uow, name)
    uow.session.add(group)
    uow.session.flush()
    if rule is not None:
        settle_later(uow, group.id)
    return group


def change(
    uow: UnitOfWork, actor: Actor, group_id: UUID, version: int, changes: dict[str, Any]
) -> Group:
    """Change name, description, rule or priority; `version` is the one that was read.

    Members and configuration follow by the worker. Raises `GroupNameTaken`, `StaleVersion`.
    """
    group, decision = _group(uow, actor, group_id)
    if group.version != version:
        raise StaleVersion
    if changes.get("name", group.name) != group.name:
        _free_name(uow, changes["name"])
    before = (group.rule, group.priority)
    for name, value in changes.items():
        setattr(group, name, value)
    uow.session.flush()
    decision.note(**changes)
    if before[0] != group.rule:
        settle_later(uow, group.id)
    if before[1] != group.priority:
        desired.refresh_later(uow, members(uow, group.id))
    return group


def member_ids(uow: UnitOfWork, actor: Actor, group_id: UUID) -> list[UUID]:
    """Return the ids of a group's terminals in service."""
    read(uow, actor, group_id)
    return members(uow, group_id)


def add(uow: UnitOfWork, actor: Actor, group_id: UUID, device_id: UUID) -> Group:
    """Put a terminal into a group; its configuration and apps follow. Whoever asks must also be
    permitted to hand the terminal out.

    Whoever was put in by hand stays in, whatever the group's rule says.
    """
    group = _changeable(uow, actor, group_id, device_id)
    place_by_hand(uow, device_id, group_id)
    desired.refresh(uow, [device_id])
    return group


def remove(uow: UnitOfWork, actor: Actor, group_id: UUID, device_id: UUID) -> Group:
    """Take a terminal out of a group; its configuration and apps follow.

    Raises `MemberByRule` for one that the rule would put back.
    """
    group = _changeable(uow, actor, group_id, device_id)
    member = uow.session.get(GroupMember, (group_id, device_id))
    if member is not None and member.by_rule:
        raise MemberByRule
    uow.session.execute(
        delete(GroupMember).where(
            GroupMember.group_id == group_id, GroupMember.device_id == device_id
        )
    )
    if group.rule is not None:
        settle_later(uow, group.id)
    desired.refresh(uow, [device_id])
    return group


def target(uow: UnitOfWork, group: Group) -> Target:
    """Return a group as the guard sees it."""
    return Target("DeviceGroup", str(group.id), unit=uow.kernel.people.unit(group.unit_id).path)


def _group(uow: UnitOfWork, actor: Actor, group_id: UUID) -> tuple[Group, Decision]:
    group = uow.session.get(Group, group_id)
    if group is None:
        raise GroupNotFound
    return group, guard.require(uow, actor, "mdm.group.change", target(uow, group))


def _changeable(uow: UnitOfWork, actor: Actor, group_id: UUID, device_id: UUID) -> Group:
    group, decision = _group(uow, actor, group_id)
    decision.note(device=str(device_id))
    guard.require(uow, actor, "mdm.device.assign", fleet.find(uow, device_id).target(actor))
    return group


def _free_name(uow: UnitOfWork, name: str) -> None:
    if uow.session.scalar(select(Group.id).where(Group.name == name)) is not None:
        raise GroupNameTaken
