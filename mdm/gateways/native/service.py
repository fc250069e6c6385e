"""What else the agent asks for: its configuration, and to hand in one result or some log lines."""

from typing import Any
from uuid import UUID

from mdm.commands.errors import CommandNotFound
from mdm.commands.models import Command
from mdm.configuration import desired
from mdm.devices import fleet
from mdm.enrolment.errors import AwaitingApproval
from mdm.gateways.native.report import Answer, Lines
from mdm.gateways.native.results import take
from mdm.gateways.native.target import myself, terminal_of
from mdm.telemetry import logs
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def configuration(uow: UnitOfWork, actor: Actor) -> dict[str, Any]:
    """Return the terminal's sealed desired state; one out of service, or not let in, is refused."""
    guard.require(uow, actor, "mdm.agent.configuration", myself(actor))
    managed = fleet.find(uow, terminal_of(actor).id).managed
    if managed.awaiting:
        raise AwaitingApproval
    return desired.sealed(uow, managed)


def report_result(uow: UnitOfWork, actor: Actor, command_id: UUID, result: Answer) -> Command:
    """Take the result of one command of this terminal, also a second time.

    Raises `CommandNotFound` for a command of another terminal.
    """
    mine: UUID = terminal_of(actor).id
    fleet.find(uow, mine, lock=True)
    command = uow.session.get(Command, command_id)
    if command is None or command.device_id != mine:
        guard.require(uow, actor, "mdm.agent.result", myself(actor)).note(unknown=True)
        raise CommandNotFound
    return take(uow, actor, command, result)


def hand_in_logs(uow: UnitOfWork, actor: Actor, batch: Lines) -> logs.Taken:
    """Take a batch of log lines, once; lines that nobody asked for are dropped."""
    decision = guard.require(uow, actor, "mdm.log.submit", myself(actor))
    mine = terminal_of(actor).id
    uow.kernel.limits.hit("mdm.logs", str(mine), limit=60, per_seconds=60)
    taken = logs.take(uow, mine, batch.batch, batch.lines, command_id=batch.command_id)
    decision.note(stored=taken.stored, dropped=taken.dropped, repeated=taken.repeated)
    return taken
