"""Lost and found: one act by one person each. Lost blocks at once; found undoes what it still can."""

from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select

from mdm.certificates.lapse import lapse
from mdm.commands import queue
from mdm.commands.agents import CAN
from mdm.commands.models import Command
from mdm.commands.states import CANCELLABLE
from mdm.configuration import desired, incidents
from mdm.devices import fleet
from mdm.devices.errors import WrongState
from mdm.devices.events import DeviceFound, DeviceLost
from mdm.devices.fleet import Terminal
from mdm.devices.moving import move
from muster.kernel import approvals, guard, notices
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork

Wipe = Literal["none", "cancelled", "under_way"]
MESSAGE: Final = "This terminal is lost. Please hand it in at any police station."
LOCATE_SECONDS: Final = 300
_UNDO: Final = {"lock": "unlock", "lost_mode": "end_lost_mode"}
_WIPE: Final = "mdm.device.wipe"


@dataclass(frozen=True)
class Found:
    """A terminal that was reported found, and what became of its wipe.

    `under_way`: it has been handed out, so it is too late; the terminal stays lost.
    """

    terminal: Terminal
    wipe: Wipe


def report_lost(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Terminal:
    """Take a terminal out of service on one person's word; repeating it changes nothing.

    From the first request that begins after the commit every surface refuses it. Its agent is
    given a lock and lost mode, later perhaps a wipe, and nothing of the house.
    """
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.device.report_lost", terminal.target(actor))
    decision.note(reason=reason)
    if terminal.principal.state == "lost":
        return terminal
    if terminal.principal.state != "enrolled":
        raise WrongState(f"The terminal is {terminal.principal.state}; it cannot be lost.")
    move(uow, terminal, "lost", reason)
    lapse(uow, device_id, "lost")
    _order_lost_mode(uow, actor, terminal, reason)
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


def report_found(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Found:
    """Put a lost terminal back; it sees data again only after it has reported a compliant state.

    A wipe that was asked for or waits is cancelled in the same act. One that has been handed out
    cannot be: then the terminal stays lost. Raises `WrongState` unless it is lost.
    """
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.device.report_found", terminal.target(actor))
    decision.note(reason=reason)
    if terminal.principal.state != "lost":
        raise WrongState(f"The terminal is {terminal.principal.state}, not lost.")
    wipe = _cancel_wipe(uow, device_id, reason)
    decision.note(wipe=wipe)
    if wipe == "under_way":
        return Found(terminal, wipe)
    move(uow, terminal, "enrolled", reason)
    lapse(uow, device_id, "found")
    incidents.lift(uow, device_id)
    for kind, undo in _UNDO.items():
        queue.withdraw(uow, device_id, kind)
        if _may_hold(uow, device_id, kind, undo):
            queue.put(uow, device_id, undo, reason=reason, requested_by=actor.id)
    uow.emit(DeviceFound(device_id=device_id))
    return Found(terminal, wipe)


def _order_lost_mode(uow: UnitOfWork, actor: Actor, terminal: Terminal, reason: str) -> None:
    """Lock it, have it say to whom it belongs and where it is, as the configuration wants it."""
    configured = desired.effective(uow, terminal.id).values.get("lost", {})
    body: dict[str, Any] = {
        "message": configured.get("message") or MESSAGE,
        "phone": configured.get("phone", ""),
        "locate_seconds": configured.get("locate_seconds", LOCATE_SECONDS),
    }
    document = {"lost": {"enabled": True, **body}}
    incidents.impose(uow, terminal.id, document, by=actor.id, reason=reason)
    said = {"lock": {"message": body["message"]}, "lost_mode": body}
    for kind, told in said.items():
        if kind in CAN[terminal.managed.agent]:
            queue.put(uow, terminal.id, kind, reason=reason, body=told, requested_by=actor.id)


def _cancel_wipe(uow: UnitOfWork, device_id: UUID, reason: str) -> Wipe:
    """Cancel what waits, in the queue or for a second person; say whether it is too late."""
    dropped = approvals.drop(uow, _WIPE, str(device_id), note=reason)
    wipes = [row for row in queue.waiting(uow, device_id) if row.kind == "wipe"]
    if any(row.state not in CANCELLABLE for row in wipes):
        return "under_way"
    for row in wipes:
        queue.finish(uow, row, "cancelled")
    return "cancelled" if wipes or dropped else "none"


def _may_hold(uow: UnitOfWork, device_id: UUID, kind: str, undo: str) -> bool:
    """Whether the last of two opposite commands that reached the terminal, or may have, is `kind`.

    A later order may have superseded it meanwhile; what was handed out may be in force all the same.
    """
    last = uow.session.scalar(
        select(Command.kind)
        .where(
            Command.device_id == device_id,
            Command.kind.in_((kind, undo)),
            Command.delivered_at.is_not(None),
            Command.state != "failed",
        )
        .order_by(Command.id.desc())
        .limit(1)
    )
    return last == kind
