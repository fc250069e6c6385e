"""What the device admins are told when two terminals claim to be one."""

from muster.kernel import notices
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork


def duplicate(uow: UnitOfWork, held: Device, claimed: str) -> None:
    """Tell of a clone, a terminal that was reset by hand, or somebody who tries; once until read."""
    notices.send(
        uow,
        "mdm.duplicate_serial",
        role="device_admin",
        unit_id=held.unit_id,
        subject_key=str(held.id),
        params={"device": held.label, "serial": claimed},
        link=f"/console/devices/{held.id}",
    )
