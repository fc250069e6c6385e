"""What became of commands: taken once each, in whatever order and however often it is told."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from mdm.commands import queue
from mdm.commands.models import Command
from mdm.commands.states import ANSWERABLE
from mdm.gateways.native.report import Answer, CommandResult
from mdm.gateways.native.target import myself, terminal_of
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def take_all(
    uow: UnitOfWork, actor: Actor, waiting: Sequence[Command], results: Sequence[CommandResult]
) -> None:
    """Take what became of commands; a result for one that is unknown or over is passed over."""
    known = {command.id: command for command in waiting}
    late = [result.command_id for result in results if result.command_id not in known]
    if late:
        known |= {
            command.id: command
            for command in uow.session.scalars(
                select(Command).where(
                    Command.id.in_(late),
                    Command.device_id == terminal_of(actor).id,
                    Command.state.in_(ANSWERABLE),
                )
            )
        }
    for result in results:
        command = known.get(result.command_id)
        if command is not None:
            take(uow, actor, command, result)


def take(uow: UnitOfWork, actor: Actor, command: Command, result: Answer) -> Command:
    """Take one result and put it on the timeline; a repeated one changes nothing."""
    decision = guard.require(uow, actor, "mdm.agent.result", myself(actor))
    news = queue.take_result(uow, command, result.outcome, _evidence(result))
    decision.note(
        command=str(command.id), kind=command.kind, outcome=result.outcome, repeated=not news
    )
    return command


def _evidence(result: Answer) -> dict[str, Any]:
    more: dict[str, Any] = {"code": result.code, "data": result.data}
    given = {name: value for name, value in more.items() if value}
    return {"outcome": result.outcome, "detail": result.detail, **given}
