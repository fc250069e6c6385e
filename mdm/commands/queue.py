"""The queue of one terminal: put in, give out, take a result. Nothing here asks the guard."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, literal, select, update

from mdm.commands import consequences, retry, sealed
from mdm.commands.events import CommandFinished, CommandQueued
from mdm.commands.evidence import code_of, state_after
from mdm.commands.models import Command
from mdm.commands.states import ANSWERABLE, CANCELLABLE, KINDS, OPEN, SUPERSEDES, Outcome
from muster.kernel import hints
from muster.kernel.ids import uuid7
from muster.kernel.model import UtcDateTime
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
    order_id: UUID | None = None,
) -> Command:
    """Queue a command, close those it makes pointless, and tell the terminal to come and look."""
    now, rules = uow.now(), KINDS[kind]
    for old in waiting(uow, device_id):
        if old.kind in SUPERSEDES[kind]:
            finish(uow, old, "superseded")
    ends = now + rules.lives if rules.lives else None
    command = Command(
        id=uuid7(),
        device_id=device_id,
        order_id=order_id,
        kind=kind,
        priority=rules.priority,
        state="queued",
        reason=reason,
        requested_by=requested_by,
        approved_by=approved_by,
        expires_at=ends,
        next_try_at=retry.in_time(now + retry.delay(0), ends),
        created_at=now,
    )
    sealed.hide(uow.kernel, command, body or {})
    uow.session.add(command)
    uow.emit(CommandQueued(command_id=command.id, device_id=device_id, kind=kind))
    hints.send(uow, device_id, "commands")
    return command


def waiting(uow: UnitOfWork, device_id: UUID) -> Sequence[Command]:
    """Return the live commands of a terminal in the order they were made."""
    query = select(Command).where(Command.device_id == device_id, Command.live)
    return uow.session.scalars(query.order_by(Command.id)).all()


def pending(uow: UnitOfWork, device_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many commands are live for each of these terminals; none are left out."""
    query = (
        select(Command.device_id, func.count())
        .where(Command.device_id.in_(device_ids), Command.live)
        .group_by(Command.device_id)
    )
    return dict(uow.session.execute(query).all())


def deliver(uow: UnitOfWork, commands: Sequence[Command]) -> None:
    """Note that commands are part of the answer; they stay live until a result comes.

    Their bodies are complete from here on, secrets too. The clock runs from the first delivery: a
    terminal that fetches the same command every quarter of an hour does not put it off.
    """
    if not commands:
        return
    for command in commands:
        sealed.show(uow.kernel, command)
    now, again = uow.now(), Command.state.in_(("delivered", "unconfirmed"))
    soon = literal(now + retry.UNANSWERED, UtcDateTime())
    uow.session.execute(
        update(Command)
        .where(Command.id.in_([command.id for command in commands]), Command.live)
        .values(
            state=case((Command.state == "unconfirmed", "unconfirmed"), else_="delivered"),
            attempts=Command.attempts + 1,
            delivered_at=case((again, Command.delivered_at), else_=literal(now, UtcDateTime())),
            next_try_at=case(
                (again, Command.next_try_at),
                (Command.expires_at < soon, Command.expires_at),
                else_=soon,
            ),
            version=Command.version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def take_result(
    uow: UnitOfWork, command: Command, outcome: Outcome, evidence: dict[str, Any]
) -> bool:
    """Take what the terminal says of a command (`{outcome, detail, data}`); return if it was news.

    The first final word stands: a repeated or later result changes nothing. What follows from it
    is `consequences.py`.
    """
    if command.state not in ANSWERABLE:
        return False
    state = state_after(command.kind, command.body, outcome, evidence)
    if state in OPEN:
        return command.live and _go_on(uow, command, state, evidence)
    command.evidence = evidence
    command.code = code_of(evidence) if state == "failed" else ""
    finish(uow, command, state)
    consequences.of(uow, command)
    return True


def finish(uow: UnitOfWork, command: Command, state: str) -> None:
    """Close a command."""
    command.state, command.finished_at = state, uow.now()
    command.next_try_at = command.not_before = command.sealed = None
    _tell(uow, command)


def doubt(uow: UnitOfWork, command: Command) -> None:
    """Say that nothing is known of a command that was handed out; it stays live."""
    command.state = "unconfirmed"
    consequences.of(uow, command)
    _tell(uow, command)


def withdraw(uow: UnitOfWork, device_id: UUID, kind: str) -> None:
    """Cancel what has not been delivered of a kind."""
    for command in waiting(uow, device_id):
        if command.kind == kind and command.state in CANCELLABLE:
            finish(uow, command, "cancelled")


def _go_on(uow: UnitOfWork, command: Command, state: str, evidence: dict[str, Any]) -> bool:
    """Keep a command that was shown, or put off: asked again after 2 minutes, 10, then hourly."""
    if (command.state, command.evidence) == (state, evidence):
        return False
    command.state, command.evidence = state, evidence
    if state == "not_now":
        wait = retry.delay(max(command.attempts - 1, 0))
        command.not_before = retry.in_time(uow.now() + wait, command.expires_at)
        command.next_try_at = command.not_before
    return True


def _tell(uow: UnitOfWork, command: Command) -> None:
    uow.emit(
        CommandFinished(
            command_id=command.id,
            device_id=command.device_id,
            kind=command.kind,
            state=command.state,
        )
    )
