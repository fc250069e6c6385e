"""The queue of one terminal: put in, give out, take a result. Nothing here asks the guard."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from mdm.commands.events import CommandFinished, CommandQueued
from mdm.commands.models import Command
from mdm.commands.states import (
    AFTER,
    ANSWERABLE,
    CANCELLABLE,
    KINDS,
    OPEN,
    SUPERSEDES,
    Outcome,
)
from mdm.devices.events import DeviceWiped
from muster.kernel import hints
from muster.kernel.identity import posture
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork


def put(
    uow: UnitOfWork,
    device_id: UUID,
    kind: str,
    *,
    reason: str,
    body: dict[str, Any] | None = None,
    requested_by: UUID | None = None,
    approved_by: UUID | None = None,
) -> Command:
    """Queue a command, close those it makes pointless, and tell the terminal to come and look."""
    now, rules = uow.now(), KINDS[kind]
    for old in waiting(uow, device_id):
        if old.kind in SUPERSEDES[kind]:
            finish(uow, old, "superseded")
    command = Command(
        id=uuid7(),
        device_id=device_id,
        kind=kind,
        body=body or {},
        priority=rules.priority,
        state="queued",
        reason=reason,
        requested_by=requested_by,
        approved_by=approved_by,
        expires_at=now + rules.lives if rules.lives else None,
        created_at=now,
    )
    uow.session.add(command)
    uow.emit(CommandQueued(command_id=command.id, device_id=device_id, kind=kind))
    hints.send(uow, device_id, "commands")
    return command


def waiting(uow: UnitOfWork, device_id: UUID) -> Sequence[Command]:
    """Return the open commands of a terminal in the order they were made."""
    query = select(Command).where(Command.device_id == device_id, Command.state.in_(OPEN))
    return uow.session.scalars(query.order_by(Command.id)).all()


def pending(uow: UnitOfWork, device_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many commands are open for each of these terminals; none are left out."""
    query = (
        select(Command.device_id, func.count())
        .where(Command.device_id.in_(device_ids), Command.state.in_(OPEN))
        .group_by(Command.device_id)
    )
    return dict(uow.session.execute(query).all())


def deliver(uow: UnitOfWork, commands: Sequence[Command]) -> None:
    """Note that commands are part of the answer; they stay open until a result comes."""
    if commands:
        uow.session.execute(
            update(Command)
            .where(Command.id.in_([command.id for command in commands]))
            .values(
                state="delivered",
                attempts=Command.attempts + 1,
                delivered_at=uow.now(),
                version=Command.version + 1,
            )
            .execution_options(synchronize_session=False)
        )


def take_result(
    uow: UnitOfWork, command: Command, outcome: Outcome, evidence: dict[str, Any]
) -> bool:
    """Take what the terminal says of a command; return whether that was news.

    The first final word stands: a repeated or later result changes nothing. A wipe that is done
    takes the terminal out of the house.
    """
    if command.state not in ANSWERABLE:
        return False
    command.evidence = evidence
    if outcome == "not_now":
        command.state = "not_now"
        return True
    finish(uow, command, AFTER[outcome])
    if command.kind == "wipe" and outcome == "done":
        posture.move(uow, command.device_id, "wiped")
        uow.emit(DeviceWiped(device_id=command.device_id))
    return True


def finish(uow: UnitOfWork, command: Command, state: str) -> None:
    """Close a command."""
    command.state, command.finished_at = state, uow.now()
    uow.emit(
        CommandFinished(
            command_id=command.id, device_id=command.device_id, kind=command.kind, state=state
        )
    )


def withdraw(uow: UnitOfWork, device_id: UUID, kind: str) -> bool:
    """Cancel what has not been delivered of a kind; return whether some had been delivered."""
    begun = False
    for command in waiting(uow, device_id):
        if command.kind == kind and command.state in CANCELLABLE:
            finish(uow, command, "cancelled")
        elif command.kind == kind:
            begun = True
    return begun
