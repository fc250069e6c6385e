"""How an enrolment ends that is not the end of the thing: it was replaced, or not let in."""

from uuid import UUID

from mdm.certificates.lapse import lapse
from mdm.commands import queue
from mdm.commands.states import after_ttl
from mdm.devices.events import DeviceRetired
from mdm.devices.models import ManagedDevice
from muster.kernel.identity import posture
from muster.kernel.uow import UnitOfWork


def end(uow: UnitOfWork, device_id: UUID, reason: str) -> None:
    """Retire an enrolment and close its commands; the piece of equipment stays in service.

    A command that may have been carried out is `unconfirmed`, any other `expired`: a wipe of the
    old enrolment never reaches the new one.
    """
    managed = uow.session.get_one(ManagedDevice, device_id)
    for command in queue.waiting(uow, device_id):
        queue.finish(uow, command, after_ttl(command.state))
    posture.move(uow, device_id, "retired")
    lapse(uow, device_id, "retired")
    managed.state_reason, managed.state_at = reason, uow.now()
    uow.emit(DeviceRetired(device_id=device_id))
