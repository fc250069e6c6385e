"""What can carry a hint to a terminal, and the carrier inside the house: the bus."""

from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import msgspec

from muster.kernel.ports import Port

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel


class Carrier(Protocol):
    """One way to reach terminals.

    `slow`: may wait for somebody else, so it runs in a job and only for terminals that left an
    address; the others must return at once and run right after the commit.
    """

    slow: bool

    def carry(self, kernel: "Kernel", device_id: UUID, look: str) -> None:
        """Tell the terminal where to look, or raise `HintNotCarried`."""


CARRIERS: Port[Carrier] = Port("hint carriers")


def topic(device_id: UUID) -> str:
    """Return the bus topic that a terminal's event stream listens to."""
    return f"device:{device_id}"


def message(look: str) -> bytes:
    """Return the whole content of every hint, on every carrier: `{"look":"commands"}`."""
    return msgspec.json.encode({"look": look})


class InProcess:
    """Reaches terminals that hold an event stream open, in whichever process it ends."""

    slow = False

    def carry(self, kernel: "Kernel", device_id: UUID, look: str) -> None:
        """Publish on the terminal's topic."""
        kernel.bus.publish(topic(device_id), message(look))
