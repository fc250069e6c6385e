"""The part of a command's body that nobody may read: sealed in its row, opened when handed out.

A new passcode opens a terminal, so it is in no list, no audit entry and no log; only the answer to
the terminal itself carries it, and the row forgets it when the command is over.
"""

import json
from typing import Any, Final

from sqlalchemy.orm.attributes import set_committed_value

from mdm.commands.models import Command
from muster.kernel.kernel import Kernel

PURPOSE: Final = "command"
_SECRET: Final = {"reset_passcode": ("passcode",)}


def hide(kernel: Kernel, command: Command, body: dict[str, Any]) -> None:
    """Give a new command its body: what is secret is sealed, the rest stands open."""
    secret = {name: body[name] for name in _SECRET.get(command.kind, ()) if name in body}
    command.body = {name: value for name, value in body.items() if name not in secret}
    if secret:
        plain = json.dumps(secret).encode()
        command.sealed = kernel.keys.seal(PURPOSE, plain, command.id.bytes)


def show(kernel: Kernel, command: Command) -> None:
    """Complete the body of a command that is being handed out; nothing of it is written back."""
    if command.sealed is not None:
        opened = json.loads(kernel.keys.open(PURPOSE, command.sealed, command.id.bytes))
        set_committed_value(command, "body", command.body | opened)
