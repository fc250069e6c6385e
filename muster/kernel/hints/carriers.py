"""What can carry a hint to a terminal, and the carrier inside the house: the bus."""

from typing import TYPE_CHECKING, Literal, Protocol
from uuid import UUID

import msgspec

from muster.kernel.ports import Port

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel


class Carrier(Protocol):
    """One way to reach terminals.

    `slow`: may wait for somebody else, so it runs in a job; the others must return at once and run
    right after the commit. `finds`: whether it reaches those that hold a connection of this
    carrier open here, or those that left an address.
    """

    slow: bool
    finds: Literal["listener", "address"]

    def carry(self, kernel: "Kernel", device_id: UUID, look: str) -> None:
        """Tell the terminal where to look, or raise `HintNotCarried`."""


CARRIERS: Port[Carrier] = Port("hint carriers")


def topic(device_id: UUID) -> str:
    """Return the bus topic that a terminal's stream or long poll listens to."""
    return f"device:{device_id}"


def message(look: str) -> bytes:
    """Return the whole content of every hint, on every carrier: `{"look":"commands"}`."""
    return msgspec.json.encode({"look": look})


class InProcess:
    """Reaches terminals that hold a stream or a long poll open, in whichever process it ends."""

    slow = False
    finds: Literal["listener", "address"] = "listener"

    def carry(self, kernel: "Kernel", device_id: UUID, look: str) -> None:
        """Publish on the terminal's topic."""
        kernel.bus.publish(topic(device_id), message(look))
