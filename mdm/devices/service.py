"""What people do with a terminal: look, hand out, retire. Lost and found is `losing.py`."""

from uuid import UUID

from sqlalchemy import select

from mdm.certificates.lapse import lapse
from mdm.commands import queue
from mdm.commands.states import OPEN
from mdm.devices import fleet
from mdm.devices.errors import WipeWaiting
from mdm.devices.events import DeviceRetired, HolderChanged
from mdm.devices.fleet import Terminal
from mdm.devices.moving import move
from mdm.equipment.assigning import book
from muster.kernel import guard
from muster.kernel.errors import InvalidInput, StaleVersion
from muster.kernel.identity import Actor, Officer
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
    if terminal.managed.asset_id is None:
        terminal.managed.holder_id = officer.id if officer else None
        uow.emit(HolderChanged(device_id=device_id))
    else:
        book(uow, terminal.managed.asset_id, officer.id if officer else None, by=actor.id)
    uow.session.flush()
    decision.note(holder=holder or "")
    return fleet.find(uow, device_id)


def held(uow: UnitOfWork, actor: Actor) -> list[Terminal]:
    """Return the terminals that the officer who asks holds."""
    guard.require(uow, actor, "mdm.device.list_held", guard.FORCE)
    return fleet.held_by(uow, actor.id)


def retire(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Terminal:
    """Take a terminal out of the fleet for good; its serial may enrol again with a new key.

    Raises `WipeWaiting` while a wipe is open: retiring must not hide it. An unconfirmed one stays
    in force: should the terminal come back, it is still erased.
    """
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.device.retire", terminal.target(actor))
    decision.note(reason=reason)
    if terminal.principal.state == "retired":
        return terminal
    live = queue.waiting(uow, device_id)
    if any(command.kind == "wipe" and command.state in OPEN for command in live):
        raise WipeWaiting
    for command in live:
        if command.kind != "wipe":
            queue.finish(uow, command, "cancelled")
    move(uow, terminal, "retired", reason)
    lapse(uow, device_id, "retired")
    uow.emit(DeviceRetired(device_id=device_id))
    return terminal


def _officer(uow: UnitOfWork, number: str) -> Officer:
    officer = uow.session.scalar(
        select(Officer).where(Officer.number == number, Officer.state == "active")
    )
    if officer is None:
        raise InvalidInput("No active officer has this number.")
    return officer
