"""Following a mass order: how far it is, and what became of each terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from mdm.commands.models import Command
from mdm.orders.carrying import concerned
from mdm.orders.errors import OrderNotFound
from mdm.orders.models import Order, OrderTarget
from muster.kernel import guard
from muster.kernel.approvals import Approval
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Progress:
    """An order and how it stands.

    `state`: awaiting, refused, cancelled or expired (by the second person or for want of one),
    running, done. `turns` counts targets by state (waiting, accepted, refused), `commands` the
    commands given by state: only `acknowledged` is evidence that it was done.
    """

    order: Order
    state: str
    turns: dict[str, int]
    commands: dict[str, int]


@dataclass(frozen=True)
class TargetLine:
    """One terminal of an order. `state` is its turn's, `command_state` its command's ('' for none)."""

    device_id: UUID
    label: str
    state: str
    code: str
    command_state: str
    command_code: str


def read(uow: UnitOfWork, actor: Actor, order_id: UUID) -> Progress:
    """Return how an order stands. Raises `OrderNotFound`."""
    order = _readable(uow, actor, order_id)
    turns = (
        select(OrderTarget.state, func.count())
        .where(OrderTarget.order_id == order_id)
        .group_by(OrderTarget.state)
    )
    commands = (
        select(Command.state, func.count())
        .where(Command.order_id == order_id)
        .group_by(Command.state)
    )
    return Progress(
        order,
        _state(uow, order),
        dict(uow.session.execute(turns).all()),
        dict(uow.session.execute(commands).all()),
    )


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Order]:
    """Return up to `limit + 1` orders the actor may read, newest first."""
    guard.require(uow, actor, "mdm.order.list", guard.FORCE)
    seen = guard.visible(uow, actor, "mdm.order.read", "DeviceOrder")
    query = select(Order).where(or_(seen, Order.requested_by == actor.id))
    if after is not None:
        query = query.where(Order.id < after)
    return uow.session.scalars(query.order_by(Order.id.desc()).limit(limit + 1)).all()


def targets(
    uow: UnitOfWork, actor: Actor, order_id: UUID, *, after: UUID | None = None, limit: int = 50
) -> Sequence[TargetLine]:
    """Return up to `limit + 1` terminals of an order with what became of each."""
    _readable(uow, actor, order_id)
    query = (
        select(
            OrderTarget.device_id,
            Device.label,
            OrderTarget.state,
            OrderTarget.code,
            func.coalesce(Command.state, ""),
            func.coalesce(Command.code, ""),
        )
        .join(Device, Device.id == OrderTarget.device_id)
        .outerjoin(
            Command,
            (Command.device_id == OrderTarget.device_id)
            & (Command.order_id == OrderTarget.order_id),
        )
        .where(OrderTarget.order_id == order_id)
    )
    if after is not None:
        query = query.where(OrderTarget.device_id > after)
    rows = uow.session.execute(query.order_by(OrderTarget.device_id).limit(limit + 1))
    return [TargetLine(*row) for row in rows]


def to_decide(uow: UnitOfWork, order_id: UUID) -> list[Target]:
    """Return what a second person decides about; nothing is decided here."""
    order = uow.session.get(Order, order_id)
    if order is None:
        raise OrderNotFound
    return concerned(uow, order)


def _readable(uow: UnitOfWork, actor: Actor, order_id: UUID) -> Order:
    order = uow.session.get(Order, order_id)
    if order is None:
        guard.require(uow, actor, "mdm.order.list", guard.FORCE)
        raise OrderNotFound
    unit = uow.kernel.people.unit(order.unit_id)
    target = Target(
        "DeviceOrder", str(order_id), {"own": order.requested_by == actor.id}, unit=unit.path
    )
    guard.require(uow, actor, "mdm.order.read", target)
    return order


def _state(uow: UnitOfWork, order: Order) -> str:
    """Return the order's state; one that nobody agreed to bears its request's."""
    if order.state != "awaiting" or order.approval_id is None:
        return order.state
    asked = uow.session.get_one(Approval, order.approval_id).state
    return order.state if asked == "open" else asked
