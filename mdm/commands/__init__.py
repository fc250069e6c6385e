"""Orders to terminals: lock, unlock, message, refresh at once; a wipe with a second person.

`states.py` holds the life of a command (pure), `queue.py` the queue of one terminal, `service.py`
what people do.
"""

from mdm.commands.events import CommandFinished, CommandQueued
from mdm.commands.models import Command
from mdm.commands.queue import pending
from mdm.commands.service import WIPE, ask_wipe, cancel, listing, order, recent
from mdm.commands.states import CANCELLABLE, WHILE

__all__ = [
    "CANCELLABLE",
    "WHILE",
    "WIPE",
    "Command",
    "CommandFinished",
    "CommandQueued",
    "ask_wipe",
    "cancel",
    "listing",
    "order",
    "pending",
    "recent",
]
