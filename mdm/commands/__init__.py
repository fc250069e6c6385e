"""Orders to terminals: durable until there is evidence; a wipe wants a second person.

`states.py` and `retry.py` hold the life of a command (pure), `queue.py` the queue of one terminal,
`service.py` what people do, `consequences.py` what follows from what the terminal says.
"""

from mdm.commands.agents import CAN
from mdm.commands.bodies import filled_in
from mdm.commands.events import CommandFinished, CommandQueued
from mdm.commands.models import Command
from mdm.commands.queue import pending
from mdm.commands.service import WIPE, ask_wipe, cancel, listing, order, recent
from mdm.commands.states import CANCELLABLE, KINDS, WHILE

__all__ = [
    "CAN",
    "CANCELLABLE",
    "KINDS",
    "WHILE",
    "WIPE",
    "Command",
    "CommandFinished",
    "CommandQueued",
    "ask_wipe",
    "cancel",
    "filled_in",
    "listing",
    "order",
    "pending",
    "recent",
]
