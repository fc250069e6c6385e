"""Orders to remove a bad release and install an older one: four eyes, then each terminal's turn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update

from appstore.releases.lookup import find as find_release
from appstore.releases.models import Release
from appstore.rollbacks.errors import ReinstallNotFound, ReinstallOver, RollbackImpossible
from appstore.rollbacks.models import Reinstall, ReinstallTurn
from appstore.rollbacks.possible import why_not_reinstalled
from appstore.rollbacks.sides import side
from appstore.rollbacks.turns import OPEN
from appstore.rollouts.models import InstallReport
from mdm.configuration import refresh_later
from mdm.groups import Group, GroupMember, groups_in
from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

REINSTALL: Final = "app.rollback.reinstall"
_MOST_GROUPS: Final = 200


@dataclass(frozen=True)
class Standing:
    """An order with its releases and group, how it stands, and how many terminals are where."""

    order: Reinstall
    bad: Release
    good: Release
    group: Group
    state: str
    turns: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class TurnLine:
    """One terminal's turn, with its label."""

    turn: ReinstallTurn
    label: str


def ask(
    uow: UnitOfWork, actor: Actor, *, release_id: UUID, to: UUID, group_id: UUID, reason: str
) -> Standing:
    """Ask for the terminals of a group to go back; nothing happens until a second person agrees.

    Raises `RollbackImpossible` saying why, `GroupNotFound`, `ReleaseNotFound`.
    """
    bad, good = find_release(uow, release_id), find_release(uow, to)
    group = groups_in(uow, [group_id])[0]
    order = Reinstall(
        id=uuid7(),
        release_id=bad.id,
        to_id=good.id,
        group_id=group.id,
        reason=reason,
        state="asked",
        requested_by=actor.id,
    )
    guard.require(uow, actor, REINSTALL, _target(uow, order, group))
    _possible(uow, bad, good)
    if uow.session.scalar(_concerned(order, bad).limit(1)) is None:
        raise RollbackImpossible("nobody_has_it")
    uow.session.add(order)
    uow.session.flush()
    name = f"{bad.package} {bad.version_code} → {good.version_code}"
    approval = approvals.ask(
        uow,
        actor,
        REINSTALL,
        [_target(uow, order, group)],
        body={
            "package": bad.package,
            "from": bad.version_code,
            "to": good.version_code,
            "sha256": good.sha256,
            "group": group.name,
            "data_loss": True,
        },
        reason=reason,
        label=f"Remove and install {name}",
    )
    order.approval_id = approval.id
    return Standing(order, bad, good, group, "asked")


def read(uow: UnitOfWork, actor: Actor, order_id: UUID) -> Standing:
    """Return one order with how far its terminals are."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    return _standing(uow, _find(uow, order_id))


def listing(
    uow: UnitOfWork,
    actor: Actor,
    release_id: UUID | None = None,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Standing]:
    """Return up to `limit + 1` orders, newest first, of one bad release or of all."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    query = select(Reinstall).order_by(Reinstall.id.desc()).limit(limit + 1)
    if release_id is not None:
        query = query.where(Reinstall.release_id == release_id)
    if after is not None:
        query = query.where(Reinstall.id < after)
    return [_standing(uow, order) for order in uow.session.scalars(query)]


def turns(
    uow: UnitOfWork,
    actor: Actor,
    order_id: UUID,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> list[TurnLine]:
    """Return up to `limit + 1` terminals of an order by id."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    query = (
        select(ReinstallTurn, Device.label)
        .join(Device, Device.id == ReinstallTurn.device_id)
        .where(ReinstallTurn.reinstall_id == _find(uow, order_id).id)
        .order_by(ReinstallTurn.device_id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(ReinstallTurn.device_id > after)
    return [TurnLine(*row) for row in uow.session.execute(query)]


def cancel(uow: UnitOfWork, actor: Actor, order_id: UUID, reason: str) -> Standing:
    """Stop an order: terminals whose turn has not come keep what they have."""
    order = _find(uow, order_id, lock=True)
    group = groups_in(uow, [order.group_id])[0]
    decision = guard.require(uow, actor, "app.rollback.cancel", _target(uow, order, group))
    if order.state not in ("asked", "running"):
        raise ReinstallOver
    if order.state == "asked":
        approvals.drop(uow, REINSTALL, str(order.id), note=reason)
    open_turns = ReinstallTurn.reinstall_id == order.id, ReinstallTurn.state.in_(OPEN)
    stopped = uow.session.scalars(select(ReinstallTurn.device_id).where(*open_turns)).all()
    uow.session.execute(
        update(ReinstallTurn).where(*open_turns).values(state="cancelled", at=uow.now())
    )
    order.state = "cancelled"
    refresh_later(uow, stopped)
    decision.note(reason=reason, stopped=len(stopped))
    uow.session.flush()
    return _standing(uow, order)


def groups_with(uow: UnitOfWork, bad: Release) -> list[Group]:
    """Return the groups in which a terminal says that it has the release, by name; not all of many."""
    having = (
        select(GroupMember.group_id)
        .join(InstallReport, InstallReport.device_id == GroupMember.device_id)
        .where(
            InstallReport.package == bad.package, InstallReport.installed_code == bad.version_code
        )
    )
    query = select(Group).where(Group.id.in_(having)).order_by(Group.name).limit(_MOST_GROUPS)
    return list(uow.session.scalars(query))


class ReinstallExecutor:
    """Gives an agreed order to the terminals that have the bad release today."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the orders as they are today, locked; one that is over is refused."""
        found = []
        for resource_id in resource_ids:
            order = _find(uow, UUID(resource_id), lock=True)
            if order.state != "asked":
                raise ReinstallOver
            found.append(_target(uow, order, groups_in(uow, [order.group_id])[0]))
        return found

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Ask once more whether it is possible, freeze the list of terminals, tell them."""
        order = _find(uow, UUID(approval.resource_ids[0]), lock=True)
        bad, good = find_release(uow, order.release_id), find_release(uow, order.to_id)
        _possible(uow, bad, good)
        device_ids = uow.session.scalars(_concerned(order, bad)).all()
        rows = [
            {
                "reinstall_id": order.id,
                "device_id": device_id,
                "package": bad.package,
                "state": "waiting",
                "detail": "",
                "at": uow.now(),
            }
            for device_id in device_ids
        ]
        if rows:
            uow.session.execute(insert(ReinstallTurn), rows)
        order.state, order.approved_by = "running", approver.id
        refresh_later(uow, device_ids)
        return {"from": bad.version_code, "to": good.version_code, "terminals": len(device_ids)}


def _possible(uow: UnitOfWork, bad: Release, good: Release) -> None:
    why_not = why_not_reinstalled(side(uow, bad), side(uow, good))
    if why_not:
        raise RollbackImpossible(why_not)


def _concerned(order: Reinstall, bad: Release) -> Select[UUID]:
    """Select the terminals of the group that have the bad release and no other such order."""
    busy = select(ReinstallTurn.device_id).where(
        ReinstallTurn.package == bad.package, ReinstallTurn.state.in_(OPEN)
    )
    return (
        select(GroupMember.device_id)
        .join(InstallReport, InstallReport.device_id == GroupMember.device_id)
        .where(
            GroupMember.group_id == order.group_id,
            InstallReport.package == bad.package,
            InstallReport.installed_code == bad.version_code,
            GroupMember.device_id.not_in(busy),
        )
        .order_by(GroupMember.device_id)
    )


def _standing(uow: UnitOfWork, order: Reinstall) -> Standing:
    counted = select(ReinstallTurn.state, func.count()).where(
        ReinstallTurn.reinstall_id == order.id
    )
    counts = dict(uow.session.execute(counted.group_by(ReinstallTurn.state)).all())
    return Standing(
        order,
        find_release(uow, order.release_id),
        find_release(uow, order.to_id),
        groups_in(uow, [order.group_id])[0],
        _state(uow, order, counts),
        counts,
    )


def _state(uow: UnitOfWork, order: Reinstall, counts: dict[str, int]) -> str:
    """An order is done when no turn is open, and refused or expired when its request was."""
    if order.state == "running":
        return "running" if counts.keys() & set(OPEN) else "done"
    if order.state == "asked" and order.approval_id is not None:
        asked = uow.session.get_one(Approval, order.approval_id).state
        return "asked" if asked == "open" else asked
    return order.state


def _find(uow: UnitOfWork, order_id: UUID, *, lock: bool = False) -> Reinstall:
    order = uow.session.get(Reinstall, order_id, with_for_update=lock or None)
    if order is None:
        raise ReinstallNotFound
    return order


def _target(uow: UnitOfWork, order: Reinstall, group: Group) -> Target:
    path = uow.kernel.people.unit(group.unit_id).path
    return Target("Rollback", str(order.id), unit=path)
