"""Carrying out a mass order: a few terminals per transaction, so that none is lost or done twice.

A target and its command are written by one commit; a worker that dies leaves the others waiting.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mdm.commands.service import order as order_one
from mdm.commands.service import refuse_pointless
from mdm.commands.wiping import wipe
from mdm.devices import fleet
from mdm.orders import reach
from mdm.orders.models import Order, OrderTarget
from muster.kernel import guard, jobs
from muster.kernel.approvals import Approval
from muster.kernel.errors import Conflict, DomainError, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device, Unit, people
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

PLACE_MANY: Final = "mdm.order.place_many"
CARRY: Final = "mdm.orders.carry"
BATCH: Final = 25


def begin(uow: UnitOfWork, order: Order, actor: Actor) -> None:
    """Give the commands of a small order now, and leave a larger one to the worker."""
    if order.targets <= BATCH:
        _take_batch(uow, order, actor)
    else:
        jobs.enqueue(uow, CARRY, {"order": str(order.id)}, key=f"{CARRY}:{order.id}")


def carry(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.orders.carry`: batch after batch, each in a transaction of its own."""
    left = True
    while left:
        with kernel.writes() as uow:
            order = uow.session.get_one(Order, UUID(payload["order"]), with_for_update=True)
            if order.state != "running":
                return
            left = _take_batch(uow, order, people.actor_for(uow, order.requested_by))


class OrderExecutor:
    """Starts an approved order, if its list is still the one that was asked for."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the order in every unit in which whoever asked may order this."""
        order = uow.session.get(Order, UUID(resource_ids[0]), with_for_update=True)
        if order is None or order.state != "awaiting":
            raise NotFound("There is no such order, or it has begun.")
        return concerned(uow, order)

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Begin; a list that is not the frozen one is refused whole."""
        order = uow.session.get_one(Order, UUID(approval.resource_ids[0]))
        listed = select(OrderTarget.device_id).where(OrderTarget.order_id == order.id)
        now_listed = uow.session.scalars(listed.order_by(OrderTarget.device_id)).all()
        if reach.frozen(now_listed) != approval.body["targets_hash"]:
            raise Conflict("The list of terminals is not the one that was asked for.")
        order.state, order.approved_by = "running", approver.id
        begin(uow, order, requester)
        return {"order": str(order.id), "terminals": order.targets}


def concerned(uow: UnitOfWork, order: Order) -> list[Target]:
    """Return an order as the guard sees it, once for each unit of the people it was asked for."""
    paths = uow.session.scalars(
        select(Unit.path)
        .join(Device, Device.unit_id == Unit.id)
        .join(OrderTarget, OrderTarget.device_id == Device.id)
        .where(OrderTarget.order_id == order.id)
        .distinct()
    ).all()
    requester = people.actor_for(uow, order.requested_by)
    return reach.within(uow, requester, PLACE_MANY, order.id, paths)


def _take_batch(uow: UnitOfWork, order: Order, actor: Actor) -> bool:
    """Give the next targets their turn; return whether there are more. The last closes the order."""
    waiting = (
        select(OrderTarget)
        .where(OrderTarget.order_id == order.id, OrderTarget.state == "waiting")
        .order_by(OrderTarget.device_id)
        .limit(BATCH)
    )
    targets = uow.session.scalars(waiting).all()
    for target in targets:
        target.state, target.code = _give(uow, order, target.device_id, actor)
    if len(targets) == BATCH < order.targets:
        return True
    order.state, order.finished_at = "done", uow.now()
    return False


def _give(uow: UnitOfWork, order: Order, device_id: UUID, actor: Actor) -> tuple[str, str]:
    """Decide on one terminal and queue its command; return how it went, and why if refused."""
    try:
        if order.kind == "wipe":
            _give_wipe(uow, order, device_id, actor)
        else:
            order_one(
                uow,
                actor,
                device_id,
                order.kind,
                reason=order.reason,
                body=order.body,
                order_id=order.id,
                approved_by=order.approved_by,
            )
    except DomainError as refused:
        return "refused", refused.code
    return "accepted", ""


def _give_wipe(uow: UnitOfWork, order: Order, device_id: UUID, actor: Actor) -> None:
    """Both people must be permitted to wipe this very terminal."""
    assert order.approved_by is not None
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.device.wipe", terminal.target(actor))
    approver = people.actor_for(uow, order.approved_by)
    guard.require(uow, approver, "mdm.device.wipe.approve", terminal.target(approver))
    refuse_pointless(uow, terminal, "wipe")
    command = wipe(
        uow,
        device_id,
        reason=order.reason,
        requested_by=actor.id,
        approved_by=order.approved_by,
        order_id=order.id,
    )
    decision.note(reason=order.reason, command=str(command.id))
