"""A terminal that said it erased itself and talks again: its key survived, so look into it."""

from muster.kernel import notices
from muster.kernel.audit import Entry
from muster.kernel.identity import Device
from muster.kernel.uow import UnitOfWork


def alarm(uow: UnitOfWork, principal: Device) -> None:
    """Tell the device admins, and put it on the terminal's timeline."""
    notices.send(
        uow,
        "mdm.wiped_device_talks",
        role="device_admin",
        unit_id=principal.unit_id,
        subject_key=str(principal.id),
        params={"device": principal.label},
        link=f"/console/devices/{principal.id}",
    )
    uow.record(
        Entry(
            action="mdm.device.talks_after_wipe",
            outcome="done",
            actor_kind="terminal",
            actor_id=principal.id,
            actor_label=principal.label,
            unit_id=principal.unit_id,
            device_id=principal.id,
            resource_type="Device",
            resource_id=str(principal.id),
            at=uow.now(),
        )
    )
