"""What a terminal last proved about itself, and the one place that writes it.

`mdm` judges compliance and calls `judge`; device states change through `move`. Both take effect
for every request that begins after their commit, because the gate row reads them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from muster.kernel.events.event import Event
from muster.kernel.identity.devices import get
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Device

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

State = Literal["enrolled", "lost", "wiped", "retired"]


@dataclass(frozen=True, kw_only=True)
class PostureChanged(Event):
    """A terminal's tier, reasons or state changed; open streams look again at once."""

    name: ClassVar[str] = "identity.posture_changed"
    device_id: UUID
    tier: int
    state: str


def judge(uow: "UnitOfWork", device_id: UUID, tier: int, reasons: list[str]) -> None:
    """Store the verdict on a terminal: tier 0..3 and the rules it fails, judged now."""
    device = get(uow, device_id)
    changed = (device.tier, device.posture_reasons) != (tier, reasons)
    device.tier, device.posture_reasons, device.posture_at = tier, reasons, uow.now()
    if changed:
        _tell(uow, device)


def move(uow: "UnitOfWork", device_id: UUID, state: State) -> None:
    """Put a terminal into another state and end every session on it."""
    device = get(uow, device_id)
    device.state = state
    device.epoch += 1
    if state != "enrolled":
        device.tier = 0
    _tell(uow, device)


def _tell(uow: "UnitOfWork", device: Device) -> None:
    uow.emit(PostureChanged(device_id=device.id, tier=device.tier, state=device.state))
    look_again(uow, device.id)
