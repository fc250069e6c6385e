"""Who hears which event: the port that upper rooms answer when the house is wired."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from muster.kernel.events.event import Event
from muster.kernel.ports import Port, Ports

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Subscriber(Generic[E]):
    """The event class a subscriber reads its news as, and what it does in a unit of its own."""

    event: type[E]
    handle: "Callable[[UnitOfWork, E], None]"


SUBSCRIBERS: Port[Subscriber[Any]] = Port("event subscribers")
"""Key: `<event.name>:<who>`, for example `mdm.device.wiped:offline_sync`."""


def subscribers_of(ports: Ports, name: str) -> Mapping[str, Subscriber[Any]]:
    """Return the subscribers of one event name by key."""
    everyone = ports.all(SUBSCRIBERS).items()
    return {key: who for key, who in everyone if key.rpartition(":")[0] == name}
