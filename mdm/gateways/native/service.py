"""What else the agent asks for: its configuration, and to report one result."""

from typing import Any
from uuid import UUID

from mdm.commands.errors import CommandNotFound
from mdm.commands.models import Command
from mdm.configuration import desired
from mdm.devices import fleet
from mdm.gateways.native.check_in import take
from mdm.gateways.native.report import CommandResult
from mdm.gateways.native.target import myself, terminal_of
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def configuration(uow: UnitOfWork, actor: Actor) -> dict[str, Any]:
    """Return the terminal's sealed desired state; one out of service is refused."""
    guard.require(uow, actor, "mdm.agent.configuration", myself(actor))
    return desired.sealed(uow, fleet.find(uow, terminal_of(actor).id).managed)


def report_result(uow: UnitOfWork, actor: Actor, result: CommandResult) -> Command:
    """Take the result of one command of this terminal, also a second time.

    Raises `CommandNotFound` for a command of another terminal.
    """
    mine: UUID = terminal_of(actor).id
    fleet.find(uow, mine, lock=True)
    command = uow.session.get(Command, result.command_id)
    if command is None or command.device_id != mine:
        guard.require(uow, actor, "mdm.agent.result", myself(actor)).note(unknown=True)
        raise CommandNotFound
    return take(uow, actor, command, result)
