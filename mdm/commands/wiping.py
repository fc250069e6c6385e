"""Carrying out an approved wipe, and telling of one that outlived its enrolment."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mdm.certificates.lapse import lapse
from mdm.commands import queue
from mdm.commands.models import Command
from mdm.commands.states import WHILE
from mdm.devices import fleet
from mdm.devices.events import DeviceEnrolled
from mdm.devices.models import ManagedDevice
from muster.kernel import notices
from muster.kernel.approvals import Approval
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device, posture
from muster.kernel.uow import UnitOfWork

WIPE_PENDING: Final = "wipe_pending"


class WipeExecutor:
    """Carries out an approved wipe: queues it with both people's names."""

    def targets(self, uow: UnitOfWork, resource_ids: Sequence[str]) -> list[Target]:
        """Return the terminals as they are today, locked: nobody else moves them meanwhile."""
        return [self._target(uow, UUID(device_id)) for device_id in resource_ids]

    def execute(
        self, uow: UnitOfWork, requester: Actor, approver: Actor, approval: Approval
    ) -> dict[str, Any]:
        """Queue one wipe per terminal; one that waits already stays the only one."""
        commands = [
            wipe(
                uow,
                UUID(device_id),
                reason=approval.reason,
                requested_by=requester.id,
                approved_by=approver.id,
            )
            for device_id in approval.resource_ids
        ]
        return {"commands": [str(command.id) for command in commands]}

    def _target(self, uow: UnitOfWork, device_id: UUID) -> Target:
        terminal = fleet.find(uow, device_id, lock=True)
        if "wipe" not in WHILE[terminal.principal.state]:
            raise NotFound(f"The terminal is {terminal.principal.state}; there is nothing to wipe.")
        attributes = {"state": terminal.principal.state, "held": False}
        return Target("Device", str(device_id), attributes, unit=terminal.unit.path)


def wipe(
    uow: UnitOfWork,
    device_id: UUID,
    *,
    reason: str,
    requested_by: UUID | None,
    approved_by: UUID | None,
    order_id: UUID | None = None,
) -> Command:
    """Queue an approved wipe, or return the one that is under way."""
    for command in queue.waiting(uow, device_id):
        if command.kind == "wipe":
            return command
    _close_to_officers(uow, device_id)
    return queue.put(
        uow,
        device_id,
        "wipe",
        reason=reason,
        requested_by=requested_by,
        approved_by=approved_by,
        order_id=order_id,
    )


def tell_of_old(uow: UnitOfWork, event: DeviceEnrolled) -> None:
    """Hear of an enrolment: a wipe of the same hardware's earlier one never fires on it.

    It stays with the enrolment it was ordered for; the device admins are told that it is there.
    """
    new = uow.session.get_one(ManagedDevice, event.device_id)
    old = uow.session.scalars(
        select(Command.device_id)
        .join(ManagedDevice, ManagedDevice.id == Command.device_id)
        .where(
            ManagedDevice.serial == new.serial,
            ManagedDevice.id != new.id,
            Command.kind == "wipe",
            Command.live,
        )
    ).all()
    for device_id in old:
        terminal = fleet.find(uow, device_id)
        notices.send(
            uow,
            "mdm.wipe_of_old_enrolment",
            role="device_admin",
            unit_id=terminal.principal.unit_id,
            subject_key=str(new.id),
            params={"device": terminal.principal.label, "serial": new.serial},
            link=f"/console/devices/{device_id}",
        )


def _close_to_officers(uow: UnitOfWork, device_id: UUID) -> None:
    """End every session on a terminal in service, and all access to data, before it is erased."""
    if uow.session.get_one(Device, device_id).state == "enrolled":
        posture.move(uow, device_id, "enrolled")
        posture.judge(uow, device_id, 0, [WIPE_PENDING])
        lapse(uow, device_id, "superseded")
