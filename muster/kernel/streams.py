"""What an event stream is: topics somebody may listen to, decided before it opens.

A room's `streams.py` decides and returns a `Subscription`; its route hands that to
`web.stream`. The long-lived connection itself is held by the front or the edge process, never by
a worker thread. Messages say "come and look" and carry references, never content.
"""

from dataclasses import dataclass

from muster.kernel.identity import Actor
from muster.kernel.identity.gate import POLICIES_GATE


@dataclass(frozen=True)
class Subscription:
    """Bus topics of one open stream, and those whose first message ends it."""

    topics: tuple[str, ...]
    gates: tuple[str, ...] = ()


def subscription(actor: Actor, *topics: str) -> Subscription:
    """Return a subscription that ends when this actor's standing, or the access policies, change."""
    standing = [
        actor.person.id if actor.person else None,
        actor.device.id if actor.device else None,
        actor.app.id if actor.app else None,
        actor.session_id,
    ]
    gates = [f"gate:{one}" for one in standing if one is not None]
    return Subscription(topics, (*gates, POLICIES_GATE))
