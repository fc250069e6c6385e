"""Domain events: news that rises through the outbox to whoever subscribed."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """News of something that happened, written in the transaction that made it happen.

    Subclasses set `name` (dotted, stable) and hold only msgspec-serialisable references, never
    content. A subscriber may hear the same event twice and must not mind.
    """

    name: ClassVar[str]
