"""What people do with commands: order one, ask for a wipe, follow, cancel."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mdm.commands import queue
from mdm.commands.errors import CommandBegun, CommandNotFound, NotInService
from mdm.commands.models import Command
from mdm.commands.states import CANCELLABLE, WHILE
from mdm.devices import fleet
from mdm.devices.errors import WipeWaiting
from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import Actor, Device, posture
from muster.kernel.uow import UnitOfWork

WIPE = "mdm.device.wipe"
WIPE_PENDING = "wipe_pending"


def order(
    uow: UnitOfWork,
    actor: Actor,
    device_id: UUID,
    kind: str,
    *,
    reason: str,
    body: dict[str, Any] | None = None,
) -> Command:
    """Queue lock, unlock, message or refresh at once; a wipe is asked for with `ask_wipe`.

    Raises `NotInService` if the terminal's state does not allow the command.
    """
    terminal = fleet.find(uow, device_id, lock=True)
    decision = guard.require(uow, actor, f"mdm.device.{kind}", terminal.target(actor))
    if kind not in WHILE[terminal.principal.state]:
        raise NotInService(f"A {terminal.principal.state} terminal takes no {kind}.")
    if any(command.kind == "wipe" for command in queue.waiting(uow, device_id)):
        raise WipeWaiting
    command = queue.put(uow, device_id, kind, reason=reason, body=body, requested_by=actor.id)
    decision.note(reason=reason, command=str(command.id))
    return command


def ask_wipe(uow: UnitOfWork, actor: Actor, device_id: UUID, reason: str) -> Approval:
    """Ask a second person to agree to a wipe; nothing happens before they do.

    Raises `WipeWaiting` if one is open already, `NotInService` for a wiped or retired terminal.
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
    if "wipe" not in WHILE[terminal.principal.state]:
        raise NotInService(f"The terminal is {terminal.principal.state}.")
    if any(command.kind == "wipe" for command in queue.waiting(uow, device_id)):
        raise WipeWaiting
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
            self._wipe(uow, UUID(device_id), requester, approver, approval)
            for device_id in approval.resource_ids
        ]
        return {"commands": [str(command.id) for command in commands]}

    def _target(self, uow: UnitOfWork, device_id: UUID) -> Target:
        terminal = fleet.find(uow, device_id, lock=True)
        if "wipe" not in WHILE[terminal.principal.state]:
            raise NotFound(f"The terminal is {terminal.principal.state}; there is nothing to wipe.")
        attributes = {"state": terminal.principal.state, "held": False}
        return Target("Device", str(device_id), attributes, unit=terminal.unit.path)

    def _wipe(
        self,
        uow: UnitOfWork,
        device_id: UUID,
        requester: Actor,
        approver: Actor,
        approval: Approval,
    ) -> Command:
        for command in queue.waiting(uow, device_id):
            if command.kind == "wipe":
                return command
        _close_to_officers(uow, device_id)
        return queue.put(
            uow,
            device_id,
            "wipe",
            reason=approval.reason,
            requested_by=requester.id,
            approved_by=approver.id,
        )


def _close_to_officers(uow: UnitOfWork, device_id: UUID) -> None:
    """End every session on a terminal in service, and all access to data, before it is erased."""
    if fleet.find(uow, device_id).principal.state == "enrolled":
        posture.move(uow, device_id, "enrolled")
        posture.judge(uow, device_id, 0, [WIPE_PENDING])
