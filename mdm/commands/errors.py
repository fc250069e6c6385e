"""Refusals about commands."""

from muster.kernel.errors import Conflict, NotFound


class CommandNotFound(NotFound):
    code = "command_not_found"
    title = "There is no such command for this terminal."


class CommandBegun(Conflict):
    code = "command_begun"
    title = "The terminal has this command already, or it is over; it cannot be cancelled."


class NotInService(Conflict):
    code = "command_not_in_service"
    title = "The terminal is not in a state in which it takes this command."


class AgentCannot(Conflict):
    code = "command_agent_cannot"
    title = "The agent on this terminal cannot do this. Its page shows what it can."
