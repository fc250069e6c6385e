"""What people do with commands: order one, ask for a wipe, follow, cancel."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mdm.commands import locating, queue
from mdm.commands.agents import CAN
from mdm.commands.errors import AgentCannot, CommandBegun, CommandNotFound, NotInService
from mdm.commands.models import Command
from mdm.commands.states import CANCELLABLE, WHILE
from mdm.devices import fleet
from mdm.devices.errors import WipeWaiting
from mdm.devices.fleet import Terminal
from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.identity import Actor, Device
from muster.kernel.uow import UnitOfWork

WIPE = "mdm.device.wipe"


def order(
    uow: UnitOfWork,
    actor: Actor,
    device_id: UUID,
    kind: str,
    *,
    reason: str,
    body: dict[str, Any] | None = None,
    order_id: UUID | None = None,
    approved_by: UUID | None = None,
) -> Command:
    """Queue a command of any kind but a wipe at once; a wipe is asked for with `ask_wipe`.

    Raises `NotInService` if the terminal's state does not allow the command, `AgentCannot` if its
    agent cannot, `WipeWaiting` while a wipe waits. `locate` needs a purpose and a case.
    """
    told = dict(body or {})
    case_ref, purpose = told.pop("case_ref", ""), told.get("purpose", "")
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(
        uow,
        actor,
        f"mdm.device.{kind}",
        terminal.target(actor),
        purpose=purpose,
        case_ref=case_ref,
    )
    refuse_pointless(uow, terminal, kind)
    command = queue.put(
        uow,
        device_id,
        kind,
        reason=reason,
        body=told,
        requested_by=actor.id,
        approved_by=approved_by,
        order_id=order_id,
    )
    decision.note(reason=reason, command=str(command.id))
    if kind == "locate":
        locating.tell_holder(uow, terminal, purpose, actor)
    return command


def refuse_pointless(uow: UnitOfWork, terminal: Terminal, kind: str) -> None:
    """Refuse what the terminal's state, its agent or a waiting wipe rules out."""
    if kind not in WHILE[terminal.principal.state]:
        raise NotInService(f"A {terminal.principal.state} terminal takes no {kind}.")
    agent = terminal.managed.agent
    if kind not in CAN[agent]:
        raise AgentCannot(f"The {agent} agent on this terminal cannot do {kind}.", agent=agent)
    if any(command.kind == "wipe" for command in queue.waiting(uow, terminal.id)):
        raise WipeWaiting


def ask_wipe(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Approval:
    """Ask a second person to agree to a wipe; nothing happens before they do.

    Raises `WipeWaiting` if one is under way, `NotInService` for a wiped or retired terminal.
    """
    terminal = fleet.find(uow, device_id)
    approval = approvals.ask(
        uow,
        actor,
        WIPE,
        [terminal.target(actor)],
        body={},
        reason=reason,
        label=f"Wipe {terminal.principal.label}",
    )
    refuse_pointless(uow, terminal, "wipe")
    return approval


def listing(
    uow: UnitOfWork, actor: Actor, device_id: UUID, *, after: UUID | None = None, limit: int = 50
) -> Sequence[Command]:
    """Return up to `limit + 1` commands of a terminal, newest first."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    query = select(Command).where(Command.device_id == device_id)
    if after is not None:
        query = query.where(Command.id < after)
    return uow.session.scalars(query.order_by(Command.id.desc()).limit(limit + 1)).all()


def recent(uow: UnitOfWork, actor: Actor, *, limit: int = 10) -> Sequence[tuple[Command, Device]]:
    """Return the newest commands to terminals the actor may read, each with its terminal."""
    guard.require(uow, actor, "mdm.device.list", guard.FORCE)
    query = (
        select(Command, Device)
        .join(Device, Device.id == Command.device_id)
        .where(guard.visible(uow, actor, "mdm.device.read", "Device"))
        .order_by(Command.id.desc())
        .limit(limit)
    )
    return [(command, device) for command, device in uow.session.execute(query)]


def cancel(uow: UnitOfWork, actor: Actor, command_id: UUID, reason: str) -> Command:
    """Take back a command that the terminal has not been given yet; else `CommandBegun`."""
    device_id = uow.session.scalar(select(Command.device_id).where(Command.id == command_id))
    if device_id is None:
        raise CommandNotFound
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, "mdm.command.cancel", terminal.target(actor))
    command = uow.session.get_one(Command, command_id)
    decision.note(reason=reason, command=str(command_id), kind=command.kind)
    if command.state not in CANCELLABLE:
        raise CommandBegun
    queue.finish(uow, command, "cancelled")
    return command
