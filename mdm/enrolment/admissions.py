"""The approval queue: terminals that came in and wait until a device admin lets them in.

Such a terminal is enrolled at tier 0. Its agent may check in; it gets neither configuration nor
certificate, no officer may sign in on it, and no report lifts it.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from mdm.compliance.judge import AWAITING, NEVER_REPORTED
from mdm.configuration import desired
from mdm.devices import fleet
from mdm.devices.fleet import Terminal
from mdm.devices.models import ManagedDevice
from mdm.enrolment import leaving
from mdm.enrolment.errors import NotAwaiting
from muster.kernel import guard, notices
from muster.kernel.hints import send as look
from muster.kernel.identity import Actor, Device, Officer, Unit, posture
from muster.kernel.uow import UnitOfWork


def wait(uow: UnitOfWork, principal: Device, managed: ManagedDevice) -> None:
    """Hold a terminal that has just come in, and ask its unit's device admins."""
    principal.tier, principal.posture_reasons = 0, [AWAITING]
    notices.send(
        uow,
        "mdm.awaiting_approval",
        role="device_admin",
        unit_id=principal.unit_id,
        subject_key=str(principal.id),
        params={"device": principal.label, "serial": managed.serial},
        link="/console/enrolment",
    )


def waiting(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Terminal]:
    """Return up to `limit + 1` terminals that wait and that the actor may read, oldest first."""
    guard.require(uow, actor, "mdm.admission.list", guard.FORCE)
    query = (
        select(Device, ManagedDevice, Unit, Officer)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .join(Unit, Unit.id == Device.unit_id)
        .outerjoin(Officer, Officer.id == ManagedDevice.holder_id)
        .where(ManagedDevice.admission == "awaiting", Device.state == "enrolled")
        .where(guard.visible(uow, actor, "mdm.device.read", "Device"))
        .order_by(ManagedDevice.id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.where(ManagedDevice.id > after)
    return [Terminal(*row) for row in uow.session.execute(query)]


def approve(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Terminal:
    """Let a terminal in: it gets its configuration now, and standing by its next report.

    Raises `NotAwaiting`.
    """
    terminal = _awaiting(uow, actor, "mdm.device.admit", device_id, "")
    terminal.managed.admission = "admitted"
    uow.session.flush()
    posture.judge(uow, device_id, 1, [NEVER_REPORTED])
    desired.refresh(uow, [device_id])
    look(uow, device_id, "configuration")
    return terminal


def refuse(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Terminal:
    """Turn a terminal away: its enrolment is retired, and its key is not accepted again.

    Raises `NotAwaiting`.
    """
    terminal = _awaiting(uow, actor, "mdm.device.refuse", device_id, reason)
    terminal.managed.admission = "refused"
    leaving.end(uow, device_id, reason)
    return terminal


def _awaiting(uow: UnitOfWork, actor: Actor, action: str, device_id: UUID, reason: str) -> Terminal:
    terminal = fleet.find(uow, device_id, lock=True)
    guard.require(uow, actor, action, terminal.target(actor)).note(
        reason=reason, serial=terminal.managed.serial
    )
    if not terminal.managed.awaiting or terminal.principal.state != "enrolled":
        raise NotAwaiting
    return terminal
