"""The agent's long poll: what it is told to look at, at once or when there is something."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from mdm.commands import queue
from mdm.commands.models import Command
from mdm.commands.states import CANCELLABLE, handed_out
from mdm.gateways.headwind import orders, paths, signatures
from mdm.gateways.headwind.door import Call, Caller, enter
from mdm.gateways.headwind.envelope import dumped
from mdm.gateways.headwind.models import HeadwindTerminal
from mdm.gateways.headwind.serverconfig import serves
from muster.kernel.hints import topic
from muster.kernel.identity import Actor
from muster.kernel.streams import Subscription, subscription
from muster.kernel.uow import UnitOfWork

LISTEN: Final = "mdm.headwind.listen"
SECONDS: Final = 55
_AGAIN: Final = timedelta(minutes=2)
_REMOVE_AGAIN: Final = timedelta(minutes=10)
_NEW: Final = (*CANCELLABLE, "not_now")


def poll(uow: UnitOfWork, actor: Actor, call: Call) -> tuple[list[dict[str, Any]], Subscription]:
    """Return the messages that wait, and what to listen to while there are none."""

    def signed(secret: str, row: HeadwindTerminal) -> list[str]:
        known = paths.segments(uow.kernel, row)
        return [
            one for path in known for one in signatures.of_polls(secret, path, row.number or "")
        ]

    caller = enter(uow, actor, LISTEN, call, signed=signed)
    return _messages(uow, caller), subscription(actor, topic(caller.principal.id))


def notifications(uow: UnitOfWork, actor: Actor, call: Call) -> list[dict[str, Any]]:
    """Return the messages that wait, on the path of older agents."""

    def signed(secret: str, row: HeadwindTerminal) -> list[str]:
        known = paths.segments(uow.kernel, row)
        return [
            one for path in known for one in signatures.of_legacy(secret, path, row.number or "")
        ]

    return _messages(uow, enter(uow, actor, LISTEN, call, signed=signed))


def _messages(uow: UnitOfWork, caller: Caller) -> list[dict[str, Any]]:
    waiting = queue.waiting(uow, caller.principal.id)
    open_ = handed_out(waiting, caller.principal.state, uow.now())
    pushes = [command for command in open_ if _to_push(uow, command)]
    messages = [_push(command) for command in pushes]
    queue.deliver(uow, pushes)
    if _looks(uow, caller, open_):
        caller.row.nudged_at = uow.now()
        messages.append({"messageType": "configUpdated", "payload": None})
    return messages


def _to_push(uow: UnitOfWork, command: Command) -> bool:
    """A message goes out once, so that nobody reads it twice; a removal until it is heard of."""
    if command.kind not in orders.PUSHED:
        return False
    if command.state != "delivered":
        return True
    late = command.delivered_at is not None and uow.now() - command.delivered_at > _REMOVE_AGAIN
    return command.kind == "remove" and late


def _push(command: Command) -> dict[str, Any]:
    if command.kind == "remove":
        return _message("uninstallApp", {"pkg": command.body["package"]})
    said = {"id": str(command.id), "message": command.body.get("message", "")}
    return _message(orders.MESSAGE, said)


def _message(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    return {"messageType": kind, "payload": dumped(payload).decode()}


def _looks(uow: UnitOfWork, caller: Caller, open_: Sequence[Command]) -> bool:
    """Whether there is something in the configuration that the agent has not fetched.

    It was told so a moment ago: say it again only for what is newer, or after two minutes.
    """
    news = [one.created_at for one in open_ if one.kind not in orders.PUSHED and one.state in _NEW]
    if serves(caller) and caller.row.told_hash != caller.managed.desired_hash:
        news.append(caller.managed.desired_at or uow.now())
    told = caller.row.nudged_at
    return bool(news) and (told is None or max(news) > told or uow.now() - told > _AGAIN)
