"""The agent's event stream: hints that there is something to fetch, never what."""

from mdm.gateways.native.target import myself, terminal_of
from muster.kernel import guard
from muster.kernel.hints import topic
from muster.kernel.identity import Actor
from muster.kernel.streams import Subscription, subscription
from muster.kernel.uow import UnitOfWork


def listen(uow: UnitOfWork, actor: Actor) -> Subscription:
    """Return what a terminal may listen to: its own hints, in every state."""
    guard.require(uow, actor, "mdm.agent.listen", myself(actor))
    return subscription(actor, topic(terminal_of(actor).id))
