"""What people see of groups beside their list: members, how many there are, what a rule fits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from mdm.devices.models import ManagedDevice
from mdm.groups.models import GroupMember
from mdm.groups.rule import fits
from mdm.groups.service import read
from mdm.groups.settling import facts_of, facts_query
from muster.kernel import guard
from muster.kernel.identity import Actor, Device
from muster.kernel.uow import UnitOfWork

MOST_LOOKED_AT: Final = 20_000
_EXAMPLES: Final = 10


@dataclass(frozen=True)
class Member:
    """A terminal of a group."""

    id: UUID
    label: str
    serial: str
    model: str
    by_rule: bool


@dataclass(frozen=True)
class Preview:
    """How many terminals fit a rule; at least so many unless `complete`; `examples` are labels."""

    matches: int
    complete: bool
    examples: list[str]


def members_of(
    uow: UnitOfWork, actor: Actor, group_id: UUID, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Member]:
    """Return up to `limit + 1` terminals in use of a group that the actor may read."""
    read(uow, actor, group_id)
    query = (
        select(
            Device.id, Device.label, ManagedDevice.serial, ManagedDevice.model, GroupMember.by_rule
        )
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .join(GroupMember, GroupMember.device_id == Device.id)
        .where(GroupMember.group_id == group_id, Device.state.in_(("enrolled", "lost")))
        .where(guard.visible(uow, actor, "mdm.device.read", "Device"))
    )
    if after is not None:
        query = query.where(Device.id > after)
    rows = uow.session.execute(query.order_by(Device.id).limit(limit + 1))
    return [Member(*row) for row in rows]


def counted(uow: UnitOfWork, group_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many terminals each of these groups holds; empty ones are left out."""
    query = (
        select(GroupMember.group_id, func.count())
        .join(Device, Device.id == GroupMember.device_id)
        .where(GroupMember.group_id.in_(group_ids), Device.state.in_(("enrolled", "lost")))
        .group_by(GroupMember.group_id)
    )
    return dict(uow.session.execute(query).all())


def preview(uow: UnitOfWork, actor: Actor, rule: dict[str, Any]) -> Preview:
    """Try a rule on the terminals that the actor may read; nothing is changed.

    At most `MOST_LOOKED_AT` of them are looked at, the newest.
    """
    guard.require(uow, actor, "mdm.group.list", guard.FORCE).note(rule=rule)
    query = (
        facts_query()
        .where(guard.visible(uow, actor, "mdm.device.read", "Device"))
        .order_by(ManagedDevice.id.desc())
        .limit(MOST_LOOKED_AT + 1)
    )
    lines = uow.session.execute(query).all()
    found = [line[0] for line in lines[:MOST_LOOKED_AT] if fits(rule, facts_of(line))]
    labels = select(Device.label).where(Device.id.in_(found[:_EXAMPLES])).order_by(Device.id.desc())
    return Preview(len(found), len(lines) <= MOST_LOOKED_AT, list(uow.session.scalars(labels)))
