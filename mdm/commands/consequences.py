"""What follows once a command has evidence, or once it is plain that there is none."""

from mdm.certificates.lapse import lapse
from mdm.commands.evidence import fix_of
from mdm.commands.models import Command
from mdm.devices import reported
from mdm.devices.events import DeviceLost, DeviceWiped
from mdm.equipment.following import follow
from muster.kernel import notices
from muster.kernel.identity import Device, posture
from muster.kernel.uow import UnitOfWork


def of(uow: UnitOfWork, command: Command) -> None:
    """Do what the state a command has just come to demands."""
    if command.kind == "wipe":
        _of_wipe(uow, command)
    elif command.kind == "locate" and command.state == "acknowledged":
        _keep_place(uow, command)


def _of_wipe(uow: UnitOfWork, command: Command) -> None:
    device = uow.session.get_one(Device, command.device_id)
    if command.state == "acknowledged":
        if device.state != "retired":
            posture.move(uow, device.id, "wiped")
            follow(uow, device.id, "wiped")
        lapse(uow, device.id, "wiped")
        uow.emit(DeviceWiped(device_id=device.id))
    elif command.state == "failed":
        _hold_back(uow, device, command.code)
        _alarm(uow, device, "mdm.wipe_failed", command.code)
    elif command.state == "unconfirmed":
        _alarm(uow, device, "mdm.wipe_unconfirmed")


def _hold_back(uow: UnitOfWork, device: Device, code: str) -> None:
    """A terminal that was to be erased and was not counts as lost until somebody has seen to it."""
    if device.state != "enrolled":
        return
    posture.move(uow, device.id, "lost")
    follow(uow, device.id, "lost")
    lapse(uow, device.id, "lost")
    why = {"state_reason": f"The wipe failed: {code}", "state_at": uow.now()}
    reported.write(uow, device.id, why)
    uow.emit(DeviceLost(device_id=device.id))


def _keep_place(uow: UnitOfWork, command: Command) -> None:
    """Show the fix that a locate command brought as the terminal's last one."""
    fix = fix_of(command.evidence, uow.now())
    if fix:
        reported.write(uow, command.device_id, {"location": fix})


def _alarm(uow: UnitOfWork, device: Device, kind: str, code: str = "") -> None:
    notices.send(
        uow,
        kind,
        role="device_admin",
        unit_id=device.unit_id,
        subject_key=str(device.id),
        params={"device": device.label, "code": code},
        link=f"/console/devices/{device.id}",
    )
