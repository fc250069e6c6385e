"""Asking for a mass order: the targets are named once and frozen; many want a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, insert, select

from mdm.devices.errors import DeviceNotFound
from mdm.devices.models import ManagedDevice
from mdm.groups.membership import groups_in
from mdm.groups.models import GroupMember
from mdm.orders import carrying, reach
from mdm.orders.errors import NobodyToOrder, TooManyTargets
from mdm.orders.models import Order, OrderTarget
from muster.kernel import approvals, guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device, Unit
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

PLACE: Final = "mdm.order.place"
PLACE_MANY: Final = carrying.PLACE_MANY
ERASES: Final = ("wipe", "wipe_app_data")
MOST: Final = 20_000
_IN_USE: Final = ("enrolled", "lost")
_ROWS: Final = 1000


@dataclass(frozen=True)
class Targets:
    """Whom an order names: terminals, a group's terminals, or those of a unit and all below it."""

    devices: Sequence[UUID] = ()
    group: UUID | None = None
    unit: str | None = None


def place(
    uow: UnitOfWork, actor: Actor, targets: Targets, kind: str, reason: str, body: dict[str, Any]
) -> Order:
    """Freeze the list of terminals and give the command, or ask a second person first.

    A second person must agree to everything that erases, and to more terminals than the setting
    `four_eyes_terminals` says. Raises `NobodyToOrder` and `TooManyTargets`; a terminal that may
    not be ordered this does not stop the others, it is refused by name.
    """
    named = _named(uow, targets)
    many = kind in ERASES or len(named) > uow.kernel.settings.four_eyes_terminals
    order = Order(
        id=uuid7(),
        kind=kind,
        reason=reason,
        body=body,
        state="awaiting" if many else "running",
        unit_id=reach.above(uow, {path for _id, path in named}, actor).id,
        targets=len(named),
        targets_hash=reach.frozen([device_id for device_id, _path in named]),
        requested_by=actor.id,
    )
    action = PLACE_MANY if many else PLACE
    asked = reach.within(uow, actor, action, order.id, {path for _id, path in named})
    if many:
        order.approval_id = _ask(uow, actor, order, asked)
    else:
        for target in asked:
            guard.require(uow, actor, action, target).note(reason=reason, kind=kind)
    _store(uow, order, named)
    if not many:
        carrying.begin(uow, order, actor)
    return order


def _ask(uow: UnitOfWork, actor: Actor, order: Order, asked: Sequence[Target]) -> UUID:
    """Ask a second person, who reads what is to happen; the hash freezes to whom."""
    body = {
        "kind": order.kind,
        "body": order.body,
        "terminals": order.targets,
        "targets_hash": order.targets_hash,
    }
    label = f"{order.kind} · {order.targets}"
    return approvals.ask(
        uow, actor, PLACE_MANY, asked, body=body, reason=order.reason, label=label
    ).id


def _named(uow: UnitOfWork, targets: Targets) -> Sequence[Row[UUID, str]]:
    """Return id and unit path of every terminal named, in the order of their ids."""
    query = (
        select(Device.id, Unit.path)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .join(Unit, Unit.id == Device.unit_id)
    )
    query = _narrowed(uow, query, targets).order_by(Device.id).limit(MOST + 1)
    found = uow.session.execute(query).all()
    if len(found) < len(set(targets.devices)):
        raise DeviceNotFound
    if not found:
        raise NobodyToOrder
    if len(found) > MOST:
        raise TooManyTargets(f"One order reaches at most {MOST} terminals.")
    return found


def _narrowed(uow: UnitOfWork, query: Select[UUID, str], targets: Targets) -> Select[UUID, str]:
    if targets.devices:
        return query.where(Device.id.in_(list(targets.devices)))
    query = query.where(Device.state.in_(_IN_USE))
    if targets.group is not None:
        groups_in(uow, [targets.group])
        inside = select(GroupMember.device_id).where(GroupMember.group_id == targets.group)
        return query.where(Device.id.in_(inside))
    unit = uow.kernel.people.by_code(targets.unit or "")
    return query.where(Unit.path.startswith(unit.path, autoescape=True))


def _store(uow: UnitOfWork, order: Order, named: Sequence[Row[UUID, str]]) -> None:
    uow.session.add(order)
    uow.session.flush()
    rows = [
        {"order_id": order.id, "device_id": device_id, "state": "waiting", "code": ""}
        for device_id, _path in named
    ]
    for start in range(0, len(rows), _ROWS):
        uow.session.execute(insert(OrderTarget), rows[start : start + _ROWS])
