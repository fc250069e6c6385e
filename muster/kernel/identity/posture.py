"""What a terminal last proved about itself, and the one place that writes it.

`mdm` judges compliance and calls `judge`; device states change through `move`. Both take effect
for every request that begins after their commit, because the gate row reads them, and for the
wearables that came in through the terminal just as well.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value

from muster.kernel.events.event import Event
from muster.kernel.identity.devices import get, standing_of
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Device
from muster.kernel.identity.tether import together

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

State = Literal["enrolled", "lost", "wiped", "retired"]
_TABLE = Device.__table__
assert isinstance(_TABLE, Table)
_FRESH = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("device"))
    .values(posture_at=bindparam("moment"), updated_at=_TABLE.c.updated_at)
)  # what most reports change of this row, without what a session adds to a statement


@dataclass(frozen=True, kw_only=True)
class PostureChanged(Event):
    """A terminal's tier, reasons or state changed; open streams look again at once."""

    name: ClassVar[str] = "identity.posture_changed"
    device_id: UUID
    tier: int
    state: str


def judge(
    uow: "UnitOfWork",
    device_id: UUID,
    tier: int,
    reasons: list[str],
    *,
    at: datetime | None = None,
) -> None:
    """Store the verdict on a terminal: tier 0..3 and the rules it fails.

    Its report is as old as `at`, or of now.
    """
    device, at = get(uow, device_id), at or uow.now()
    if (device.tier, device.posture_reasons) == (tier, reasons):
        uow.session.connection().execute(_FRESH, {"device": device_id, "moment": at})
        set_committed_value(device, "posture_at", at)
        return
    device.tier, device.posture_reasons, device.posture_at = tier, reasons, at
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
    if device.parent_id is None:
        _tell_children(uow, device)


def _tell_children(uow: "UnitOfWork", parent: Device) -> None:
    """What stands on this terminal stands as it does; nothing stands on a child."""
    for child in uow.session.scalars(select(Device).where(Device.parent_id == parent.id)):
        both = together(standing_of(child), standing_of(parent))
        uow.emit(PostureChanged(device_id=child.id, tier=both.tier, state=both.state))
        look_again(uow, child.id)
