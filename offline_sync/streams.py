"""The stream of hints to pull: an officer's scopes, and what they may hold at all."""

from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.streams import Subscription, subscription
from muster.kernel.uow import UnitOfWork
from offline_sync.scopes import everything, officer_topic, scope_topic


def open(uow: UnitOfWork, actor: Actor) -> Subscription:  # noqa: A001 - the house's name for it
    """Decide, and return the topics of every scope the actor may hold now."""
    decision = guard.require(uow, actor, "offline_sync.events.open", guard.FORCE)
    keys = frozenset[str]().union(*everything(uow, actor).values())
    decision.note(scopes=len(keys))
    return subscription(actor, officer_topic(actor.id), *map(scope_topic, sorted(keys)))
