"""News that rises: events written with the commit, and the bus that says "look" to waiting threads.

Start at `Event` (declare yours as a frozen dataclass) and `SUBSCRIBERS` (who hears it). The jobs
room delivers. Anybody may import this room; it imports no unit of work.
"""

from muster.kernel.events.bus import Bus, LocalBus, bus_for
from muster.kernel.events.event import Event
from muster.kernel.events.models import OutboxRow
from muster.kernel.events.outbox import Outbox
from muster.kernel.events.subscribers import SUBSCRIBERS, Subscriber, subscribers_of

__all__ = [
    "SUBSCRIBERS",
    "Bus",
    "Event",
    "LocalBus",
    "Outbox",
    "OutboxRow",
    "Subscriber",
    "bus_for",
    "subscribers_of",
]
