"""What the agent says: its state, its log, and that it is about to do what it was told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from mdm import groups
from mdm.attestation import known_of
from mdm.compliance.verdicts import write_verdict
from mdm.configuration.ports import SECTIONS
from mdm.devices import reported
from mdm.devices.models import ManagedDevice
from mdm.gateways.headwind import orders
from mdm.gateways.headwind.alarms import duplicate
from mdm.gateways.headwind.door import Call, Caller, enter
from mdm.gateways.headwind.errors import OtherNumber
from mdm.gateways.headwind.evidence import LAUNCHER, findings, moment, proves
from mdm.gateways.headwind.keeping import keep_lines
from mdm.gateways.headwind.report import (
    DeviceInfo,
    LogLine,
    columns_of,
    facts_of,
    inventory_of,
)
from mdm.gateways.headwind.serverconfig import desired_of
from mdm.gateways.headwind.translate import log_level
from mdm.gateways.native import after_wipe
from mdm.telemetry import history
from muster.kernel.identity import Actor, Device
from muster.kernel.uow import UnitOfWork

REPORT: Final = "mdm.headwind.report"
CONFIRM: Final = "mdm.headwind.confirm"
_ALL: Final = 5


def info(uow: UnitOfWork, actor: Actor, call: Call, said: DeviceInfo) -> None:
    """Take a DeviceInfo; the same one twice changes nothing. Raises as `enter` does."""
    caller = _of_its_own(uow, actor, REPORT, call, said)
    if caller.principal.state == "wiped":
        after_wipe.alarm(uow, caller.principal)
        caller.decision.note(after_wipe=True)
        return
    _store(uow, caller, said)
    if caller.principal.state == "enrolled" and said.applications is not None:
        _tell_sections(uow, caller, said)
    _close(uow, caller, said)


def _of_its_own(uow: UnitOfWork, actor: Actor, action: str, call: Call, said: DeviceInfo) -> Caller:
    """Let a terminal in; a report in another's name is refused."""
    caller = enter(uow, actor, action, call)
    if said.deviceId is not None and said.deviceId != caller.row.number:
        caller.decision.note(other_number=True)
        raise OtherNumber
    return caller


def _store(uow: UnitOfWork, caller: Caller, said: DeviceInfo) -> None:
    """Write the report past the row's version, and judge the terminal by what is known now."""
    managed = caller.managed
    changed: dict[str, Any] = {"last_seen": uow.now()}
    changed |= columns_of(said) | {"facts": managed.facts | facts_of(said)}
    inventory = managed.inventory | inventory_of(said)
    changed |= {"inventory": inventory, **_serial(uow, caller, said)}
    history.note(uow, managed, changed)
    reported.write(uow, managed.id, changed)
    groups.follow(uow, managed, changed)
    waiting = orders.delivered(uow, caller)
    if caller.principal.state == "enrolled" and all(one.kind != "wipe" for one in waiting):
        write_verdict(uow, caller.principal, known_of(managed, None, uow.now(), changed))


def _serial(uow: UnitOfWork, caller: Caller, said: DeviceInfo) -> dict[str, Any]:
    """Take the serial number in place of the agent's own number; another terminal's is an alarm."""
    managed = caller.managed
    if not said.serial or said.serial == managed.serial or managed.serial != caller.row.number:
        return {}
    twin = uow.session.scalar(
        select(Device)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(ManagedDevice.serial == said.serial, Device.state.in_(("enrolled", "lost")))
    )
    if twin is None:
        return {"serial": said.serial}
    duplicate(uow, twin, said.serial)
    return {}


def _tell_sections(uow: UnitOfWork, caller: Caller, said: DeviceInfo) -> None:
    """Pass on what is installed; the agent names no version code unless its build does."""
    states = [
        {"package": app.pkg, "state": "installed", "version_code": app.code, "detail": ""}
        for app in said.applications or ()
        if app.code is not None
    ]
    if states:
        for section in uow.kernel.ports.all(SECTIONS).values():
            section.reported(uow, caller.principal.id, states)


def _close(uow: UnitOfWork, caller: Caller, said: DeviceInfo) -> None:
    """Close the commands whose result the report itself shows."""
    installed = {app.pkg for app in said.applications or ()}
    fixed = moment(said.location.ts) if said.location else None
    for command in orders.delivered(uow, caller):
        package = command.body.get("package")
        if command.kind == "install" and package in installed:
            orders.take(uow, command, "done", "listed as installed")
        elif command.kind == "locate" and _after(fixed, command.delivered_at):
            orders.take(uow, command, "done", "a newer fix came in")


def _after(moment_: datetime | None, handed_out: datetime | None) -> bool:
    return moment_ is not None and handed_out is not None and moment_ >= handed_out


def log(uow: UnitOfWork, actor: Actor, call: Call, lines: Sequence[LogLine]) -> None:
    """Take log lines; what the launcher's prove is believed, once. Raises as `enter` does."""
    caller = enter(uow, actor, REPORT, call)
    found = findings((line.packageId, line.timestamp, line.message) for line in lines)
    orders.of_findings(uow, caller, found)
    collecting = [each for each in orders.delivered(uow, caller) if each.kind == "collect_logs"]
    keep_lines(uow, caller.principal.id, lines, collecting[0].id if collecting else None)
    for command in collecting if lines else ():
        orders.take(uow, command, "done", f"{len(lines)} lines came in")
    applied = [each for each in found if each.what == "applied"]
    if any(proves(each, caller.row.told_at, uow.now()) for each in applied):
        _echo(uow, caller)


def _echo(uow: UnitOfWork, caller: Caller) -> None:
    """Believe that what was fetched has been applied, as far as this agent can."""
    managed, told = caller.managed, caller.row.told_hash
    if told and managed.applied_hash != told:
        reported.write(uow, managed.id, {"applied_hash": told, "applied_at": uow.now()})


def rules(uow: UnitOfWork, actor: Actor, call: Call) -> list[dict[str, Any]]:
    """Return which lines the agent sends: always those of its launcher that prove something."""
    caller = enter(uow, actor, REPORT, call)
    wanted = log_level(desired_of(uow, caller)["configuration"])
    asked = any(one.kind == "collect_logs" for one in orders.delivered(uow, caller))
    level = _ALL if asked else max(4, wanted)
    return [{"packageId": LAUNCHER, "logLevel": level, "filter": ""}]


def confirm(uow: UnitOfWork, actor: Actor, call: Call, what: str, said: DeviceInfo) -> None:
    """Take the call before a wipe or a reboot, or after a new passcode was tried.

    Raises `NothingToConfirm`, and as `enter` does: then the agent does not go on.
    """
    caller = _of_its_own(uow, actor, CONFIRM, call, said)
    orders.confirm(uow, caller, what, admin=bool(said.factoryReset))


def stub(uow: UnitOfWork, actor: Actor, call: Call) -> None:
    """Answer what the free agent only declares; the caller is still held to its own path."""
    enter(uow, actor, REPORT, call)
