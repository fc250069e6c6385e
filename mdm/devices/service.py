"""What people do with a terminal: look, hand out, report lost or found, retire."""

from uuid import UUID

from sqlalchemy import select

from mdm.commands import queue
from mdm.commands.models import Command
from mdm.devices import fleet
from mdm.devices.errors import WipeWaiting, WrongState
from mdm.devices.events import DeviceFound, DeviceLost, DeviceRetired
from mdm.devices.fleet import Terminal
from muster.kernel import guard, notices
from muster.kernel.errors import InvalidInput, StaleVersion
from muster.kernel.identity import Actor, Officer, posture
from muster.kernel.uow import UnitOfWork


def read(uow: UnitOfWork, actor: Actor, device_id: UUID) -> Terminal:
    """Return one terminal."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    return terminal


def assign(
    uow: UnitOfWork, actor: Actor, device_id: UUID, holder: str | None, version: int
) -> Terminal:
    """Hand a terminal to an officer by number, or take it back; `version` is the one read."""
    terminal = fleet.find(uow, device_id)
    decision = guard.require(uow, actor, "mdm.device.assign", terminal.target(actor))
    if terminal.managed.version != version:
        raise StaleVersion
    officer = _officer(uow, holder) if holder else None
    terminal.managed.holder_id = officer.id if officer else None
    uow.session.flush()
    decision.note(holder=holder or "")
    return fleet.find(uow, device_id)


def held(uow: UnitOfWork, actor: Actor) -> list[Terminal]:
    """Return the terminals that the officer who asks holds."""
    guard.require(uow, actor, "mdm.device.list_held", guard.FORCE)
    return fleet.held_by(uow, actor.id)


def report_lost(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Terminal:
    """Take a terminal out of service on one person's word; repeating it changes nothing.

    From the first request that begins after the commit every surface refuses it; its agent is
    given a lock, later perhaps a wipe, and nothing else.
    """
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.device.report_lost", terminal.target(actor))
    decision.note(reason=reason)
    if terminal.principal.state == "lost":
        return terminal
    if terminal.principal.state != "enrolled":
        raise WrongState(f"The terminal is {terminal.principal.state}; it cannot be lost.")
    _move(uow, terminal, "lost", reason)
    queue.put(uow, device_id, "lock", reason=reason, requested_by=actor.id)
    uow.emit(DeviceLost(device_id=device_id))
    notices.send(
        uow,
        "mdm.device_lost",
        role="supervisor",
        unit_id=terminal.principal.unit_id,
        subject_key=str(device_id),
        params={"device": terminal.principal.label, "by": actor.label},
        link=f"/console/devices/{device_id}",
    )
    return terminal


def report_found(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Terminal:
    """Put a lost terminal back; it sees data again only after it has reported a compliant state.

    Raises `WrongState` unless it is lost, and `WipeWaiting` while a wipe is open: cancel that.
    """
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.device.report_found", terminal.target(actor))
    decision.note(reason=reason)
    if terminal.principal.state != "lost":
        raise WrongState(f"The terminal is {terminal.principal.state}, not lost.")
    if any(command.kind == "wipe" for command in queue.waiting(uow, device_id)):
        raise WipeWaiting
    _move(uow, terminal, "enrolled", reason)
    if queue.withdraw(uow, device_id, "lock") or _was_locked(uow, device_id):
        queue.put(uow, device_id, "unlock", reason=reason, requested_by=actor.id)
    uow.emit(DeviceFound(device_id=device_id))
    return terminal


def retire(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Terminal:
    """Take a terminal out of the fleet for good; its serial may enrol again with a new key.

    Raises `WipeWaiting` while a wipe is open: retiring must not hide it.
    """
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.device.retire", terminal.target(actor))
    decision.note(reason=reason)
    if terminal.principal.state == "retired":
        return terminal
    open_commands = queue.waiting(uow, device_id)
    if any(command.kind == "wipe" for command in open_commands):
        raise WipeWaiting
    for command in open_commands:
        queue.finish(uow, command, "cancelled")
    _move(uow, terminal, "retired", reason)
    uow.emit(DeviceRetired(device_id=device_id))
    return terminal


def _move(uow: UnitOfWork, terminal: Terminal, state: posture.State, reason: str) -> None:
    posture.move(uow, terminal.id, state)
    terminal.managed.state_reason, terminal.managed.state_at = reason, uow.now()


def _officer(uow: UnitOfWork, number: str) -> Officer:
    officer = uow.session.scalar(
        select(Officer).where(Officer.number == number, Officer.state == "active")
    )
    if officer is None:
        raise InvalidInput("No active officer has this number.")
    return officer


def _was_locked(uow: UnitOfWork, device_id: UUID) -> bool:
    """Whether the last lock or unlock that the terminal carried out was a lock."""
    last = uow.session.scalar(
        select(Command.kind)
        .where(
            Command.device_id == device_id,
            Command.kind.in_(("lock", "unlock")),
            Command.state.in_(("acknowledged", "unconfirmed")),
        )
        .order_by(Command.finished_at.desc())
        .limit(1)
    )
    return last == "lock"
