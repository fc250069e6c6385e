"""What an event stream is: topics somebody may listen to, decided before it opens.

A room's `streams.py` decides and returns a `Subscription`; its route hands that to
`web.stream`. The long-lived connection itself is held by the front or the edge process, never by
a worker thread. Messages say "come and look" and carry references, never content.
"""

from dataclasses import dataclass

from muster.kernel.identity import Actor


@dataclass(frozen=True)
class Subscription:
    """Bus topics of one open stream, and those whose first message ends it."""

    topics: tuple[str, ...]
    gates: tuple[str, ...] = ()


def subscription(actor: Actor, *topics: str) -> Subscription:
    """Return a subscription that ends when this actor's standing changes."""
    gates = [f"gate:{actor.person.id}"] if actor.person else []
    if actor.device is not None:
        gates.append(f"gate:{actor.device.id}")
    if actor.session_id is not None:
        gates.append(f"gate:{actor.session_id}")
    return Subscription(topics, tuple(gates))
