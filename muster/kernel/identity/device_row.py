"""The terminal's part of the gate row: its columns, those of its parent, and the terminal they make."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import aliased

from muster.kernel.identity.actor import Terminal
from muster.kernel.identity.models import Device, Unit
from muster.kernel.identity.tether import PARENT_NOT_COMPLIANT, Standing, fails, together

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

UNIT: Final = aliased(Unit)
PARENT: Final = aliased(Device)
COLUMNS: Final[tuple[Any, ...]] = (
    Device.id.label("device_id"),
    Device.label.label("device_label"),
    Device.state.label("device_state"),
    Device.epoch.label("device_epoch"),
    Device.tier,
    Device.jkt.label("device_jkt"),
    Device.posture_at,
    Device.posture_reasons,
    Device.unit_id.label("device_unit_id"),
    UNIT.code.label("device_unit"),
    UNIT.path.label("device_unit_path"),
    Device.parent_id,
    PARENT.state.label("parent_state"),
    PARENT.tier.label("parent_tier"),
    PARENT.posture_at.label("parent_posture_at"),
)


def terminal(kernel: "Kernel", row: Row[Any]) -> Terminal:
    """Return the terminal of a gate row; what its parent takes from it is taken."""
    standing, reasons = _standing(kernel, row)
    return Terminal(
        id=row.device_id,
        label=row.device_label,
        state=standing.state,
        tier=standing.tier,
        unit_id=row.device_unit_id,
        unit=row.device_unit,
        unit_path=row.device_unit_path,
        jkt=row.device_jkt,
        posture_at=standing.posture_at,
        reasons=reasons,
        parent_id=row.parent_id,
    )


def _standing(kernel: "Kernel", row: Row[Any]) -> tuple[Standing, tuple[str, ...]]:
    own = Standing(row.device_state, row.tier, row.posture_at)
    reasons = tuple(row.posture_reasons)
    if row.parent_id is None:
        return own, reasons
    parent = Standing(row.parent_state, row.parent_tier, row.parent_posture_at)
    dead_after = timedelta(hours=kernel.settings.posture_dead_hours)
    if fails(parent, kernel.clock(), dead_after):
        reasons = (PARENT_NOT_COMPLIANT, *reasons)
    return together(own, parent), reasons
