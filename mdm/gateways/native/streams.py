"""The agent's event stream: hints that there is something to fetch, never what."""

from datetime import timedelta
from typing import Final

from mdm.gateways.native.target import myself, terminal_of
from muster.kernel import guard, hints
from muster.kernel.identity import Actor
from muster.kernel.streams import Subscription, subscription
from muster.kernel.uow import UnitOfWork

_LIFE: Final = timedelta(minutes=16)
"""How long a stream counts as listening: a little longer than the front keeps it open."""


def listen(uow: UnitOfWork, actor: Actor) -> Subscription:
    """Return what a terminal may listen to: its own hints, in every state."""
    guard.require(uow, actor, "mdm.agent.listen", myself(actor))
    device_id = terminal_of(actor).id
    hints.listens(uow, device_id, "stream", uow.now() + _LIFE)
    return subscription(actor, hints.topic(device_id))
