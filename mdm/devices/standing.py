"""How the fleet stands, in numbers that stay cheap: none is counted beyond a thousand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select

from mdm.devices.fleet import COMPLIANT_TIER
from mdm.devices.models import ManagedDevice
from muster.kernel import guard
from muster.kernel.identity import Actor, Device, Unit
from muster.kernel.uow import UnitOfWork

MOST_COUNTED: Final = 1000
SILENT: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Standing:
    """Terminals the actor may read: in service, compliant, not compliant, lost, silent for a day.

    Each number stops at `MOST_COUNTED`.
    """

    enrolled: int
    compliant: int
    failing: int
    lost: int
    silent: int


def standing(uow: UnitOfWork, actor: Actor, *, unit: str | None = None) -> Standing:
    """Count the terminals of a unit and all below it, or all the actor may read."""
    guard.require(uow, actor, "mdm.device.list", guard.FORCE)
    seen: list[ColumnElement[bool]] = [guard.visible(uow, actor, "mdm.device.read", "Device")]
    if unit:
        below = select(Unit.id).where(Unit.path.contains(f"/{unit}/", autoescape=True))
        seen.append(Device.unit_id.in_(below))
    served, passing = Device.state == "enrolled", Device.tier >= COMPLIANT_TIER
    silent = ManagedDevice.last_seen < uow.now() - SILENT
    return Standing(
        enrolled=_count(uow, *seen, served),
        compliant=_count(uow, *seen, served, passing),
        failing=_count(uow, *seen, served, ~passing),
        lost=_count(uow, *seen, Device.state == "lost"),
        silent=_count(uow, *seen, served, silent),
    )


def _count(uow: UnitOfWork, *conditions: ColumnElement[bool]) -> int:
    some = (
        select(Device.id)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(*conditions)
        .limit(MOST_COUNTED)
        .subquery()
    )
    return uow.session.scalar(select(func.count()).select_from(some)) or 0
