"""The clock's part of the queue: what ran out of time is closed, what waits is hinted at again."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from mdm.commands import queue
from mdm.commands.models import Command
from mdm.commands.states import OPEN, after_ttl
from muster.kernel import hints
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

SWEEP = "mdm.commands.sweep"
BATCH = 200
_QUIET = timedelta(minutes=2)
_AGAIN = timedelta(hours=1)


def sweep(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.commands.sweep`: a batch of each kind of work, in one short commit each."""
    with kernel.writes() as uow:
        _expire(uow)
    with kernel.writes() as uow:
        _hint_again(uow)


def _expire(uow: UnitOfWork) -> None:
    late = (
        select(Command)
        .where(Command.state.in_(OPEN), Command.expires_at <= uow.now())
        .order_by(Command.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    for command in uow.session.scalars(late).all():
        queue.finish(uow, command, after_ttl(command.state))


def _hint_again(uow: UnitOfWork) -> None:
    """Hints get lost: say it again after two minutes, then every hour until the terminal comes."""
    now = uow.now()
    waiting = (
        select(Command)
        .where(
            (Command.state == "queued") & (Command.created_at <= now - _QUIET)
            | (Command.state == "notified") & (Command.updated_at <= now - _AGAIN)
        )
        .order_by(Command.updated_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    for command in uow.session.scalars(waiting).all():
        command.state, command.updated_at = "notified", now
        hints.send(uow, command.device_id, "commands")
