"""Keeps the members that groups have by rule in step with what is known of the terminals.

`follow` and `settle` serve one terminal in the commit that changes it; `settle_group` walks the
whole fleet in small commits after a rule changed, and for every rule once in six hours.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, delete, select

from mdm.configuration import desired
from mdm.devices.models import ManagedDevice
from mdm.groups.models import Group, GroupMember
from mdm.groups.rule import Facts, fits
from muster.kernel import jobs
from muster.kernel.identity import Device, Unit
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into

SETTLE: Final = "mdm.groups.settle"
BATCH: Final = 500
NAMED: Final = ("model", "os", "os_version")
"""What rules name of what terminals report."""

Line = Row[UUID, str, str, str, str, str, str, str, dict[str, Any]]
_IN_USE: Final = ("enrolled", "lost")


def facts_query() -> Select[UUID, str, str, str, str, str, str, str, dict[str, Any]]:
    """Return the query for what rules ask of terminals in use; `facts_of` reads its lines."""
    return (
        select(
            ManagedDevice.id,
            Unit.path,
            ManagedDevice.model,
            ManagedDevice.os,
            ManagedDevice.os_version,
            ManagedDevice.ring,
            ManagedDevice.device_class,
            ManagedDevice.ownership,
            ManagedDevice.attributes,
        )
        .join(Device, Device.id == ManagedDevice.id)
        .join(Unit, Unit.id == Device.unit_id)
        .where(Device.state.in_(_IN_USE))
    )


def facts_of(line: Line) -> Facts:
    """Return a line of `facts_query` as a rule sees it."""
    return Facts(frozenset(line[1].strip("/").split("/")), *line[2:])


def follow(uow: UnitOfWork, managed: ManagedDevice, changed: Mapping[str, Any]) -> None:
    """Settle a terminal whose report changed something that rules name; mostly it did not."""
    if any(name in changed and changed[name] != getattr(managed, name) for name in NAMED):
        settle_and_compile(uow, managed.id)


def settle_and_compile(uow: UnitOfWork, device_id: UUID) -> None:
    """Settle a terminal of which something that rules name changed.

    It is compiled also if it stays in its groups: a section may have rules of its own.
    """
    if not settle(uow, device_id):
        desired.refresh(uow, [device_id])


def settle(uow: UnitOfWork, device_id: UUID) -> bool:
    """Put one terminal into the groups whose rules it fits and out of the others.

    Its desired state follows. Returns whether anything changed.
    """
    uow.session.flush()
    rules: dict[UUID, dict[str, Any] | None] = dict(
        uow.session.execute(select(Group.id, Group.rule).where(Group.rule.isnot(None))).all()
    )
    line = uow.session.execute(facts_query().where(ManagedDevice.id == device_id)).first()
    facts = facts_of(line) if line is not None else None
    wanted = {id_ for id_, rule in rules.items() if facts and rule and fits(rule, facts)}
    held = set(
        uow.session.scalars(
            select(GroupMember.group_id).where(
                GroupMember.device_id == device_id, GroupMember.by_rule
            )
        )
    )
    if wanted == held:
        return False
    _put(uow, [(group_id, device_id) for group_id in wanted - held])
    _take(uow, GroupMember.group_id, held - wanted, GroupMember.device_id == device_id)
    desired.refresh(uow, [device_id])
    return True


def settle_later(uow: UnitOfWork, group_id: UUID | None = None) -> None:
    """Have the worker settle a group, or every group with a rule."""
    jobs.enqueue(uow, SETTLE, {"group": str(group_id)} if group_id else {})


def settle_job(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.groups.settle`: walk the fleet in small commits, a group at a time."""
    with kernel.reads() as uow:
        every = select(Group.id).where(Group.rule.isnot(None)).order_by(Group.id)
        named = payload.get("group")
        groups = [UUID(named)] if named else list(uow.session.scalars(every))
    for group_id in groups:
        after: UUID | None = UUID(int=0)
        while after is not None:
            with kernel.writes() as uow:
                after = _batch(uow, group_id, after)


def _batch(uow: UnitOfWork, group_id: UUID, after: UUID) -> UUID | None:
    """Settle the next terminals; the rule is read again, for it may have changed meanwhile."""
    rule = uow.session.scalar(select(Group.rule).where(Group.id == group_id)) or {}
    query = facts_query().where(ManagedDevice.id > after).order_by(ManagedDevice.id)
    lines: Sequence[Line] = uow.session.execute(query.limit(BATCH)).all()
    last = lines[-1][0] if len(lines) == BATCH else None
    fitting = {line[0] for line in lines if fits(rule, facts_of(line))}
    held = set(uow.session.scalars(_by_rule(group_id, after, last)))
    _put(uow, [(group_id, device_id) for device_id in fitting - held])
    _take(uow, GroupMember.device_id, held - fitting, GroupMember.group_id == group_id)
    desired.refresh_later(uow, sorted(fitting ^ held))
    return last


def _by_rule(group_id: UUID, after: UUID, last: UUID | None) -> Select[UUID]:
    query = select(GroupMember.device_id).where(
        GroupMember.group_id == group_id, GroupMember.by_rule, GroupMember.device_id > after
    )
    return query if last is None else query.where(GroupMember.device_id <= last)


def _put(uow: UnitOfWork, pairs: Sequence[tuple[UUID, UUID]]) -> None:
    """Who was put in by hand stays so."""
    if pairs:
        rows = [{"group_id": g, "device_id": d, "by_rule": True} for g, d in pairs]
        uow.session.execute(
            insert_into(uow.kernel.db, GroupMember).values(rows).on_conflict_do_nothing()
        )


def _take(uow: UnitOfWork, column: Any, ids: Collection[UUID], other: Any) -> None:
    if ids:
        uow.session.execute(delete(GroupMember).where(column.in_(ids), other, GroupMember.by_rule))
