"""The clock's part of the queue: nothing hangs. `retry.py` decides, this writes."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from mdm.commands import queue, retry
from mdm.commands.models import Command
from muster.kernel import hints
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

SWEEP: Final = "mdm.commands.sweep"
EVERY: Final = timedelta(minutes=1)
BATCH: Final = 200
_ROUNDS: Final = 50


def sweep(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.commands.sweep`: look after what is due, batch by batch, each a short commit."""
    for _ in range(_ROUNDS):
        with kernel.writes() as uow:
            seen = _look_after(uow)
        if seen < BATCH:
            return


def _look_after(uow: UnitOfWork) -> int:
    """Give a batch of due commands their turn; return how many there were."""
    due = (
        select(Command)
        .where(Command.next_try_at <= uow.now())
        .order_by(Command.next_try_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    commands = uow.session.scalars(due).all()
    called = {command.device_id for command in commands if _take_turn(uow, command)}
    for device_id in sorted(called):
        hints.send(uow, device_id, "commands")
    return len(commands)


def _take_turn(uow: UnitOfWork, command: Command) -> bool:
    """Move a command along; return whether its terminal is to be called."""
    turn = retry.turn(command, uow.now())
    if turn.next_try_at is None:
        queue.finish(uow, command, turn.state)
        return False
    command.next_try_at = turn.next_try_at
    command.hints += turn.hint
    if turn.state == "unconfirmed" != command.state:
        queue.doubt(uow, command)
    command.state = turn.state
    return turn.hint
