"""Where a terminal is concerns the person who carries it: told on its screen where the force says so."""

from mdm.commands import queue
from mdm.commands.agents import CAN
from mdm.commands.states import WHILE
from mdm.devices.fleet import Terminal
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork


def tell_holder(uow: UnitOfWork, terminal: Terminal, purpose: str, actor: Actor) -> None:
    """Put a message on the screen of a terminal that is being located (`MUSTER_LOCATE_SHOWN`).

    A lost terminal takes no messages: whoever has it learns nothing.
    """
    possible = "message" in CAN[terminal.managed.agent]
    if not (uow.kernel.settings.locate_shown and possible):
        return
    if "message" in WHILE[terminal.principal.state]:
        text = f"This terminal is being located. Purpose: {purpose} / 本终端正在被定位。用途：{purpose}"  # noqa: RUF001
        body = {"message": text, "receipt": False}
        queue.put(uow, terminal.id, "message", reason=purpose, body=body, requested_by=actor.id)
