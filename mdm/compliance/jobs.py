"""The clock's part of compliance: patches grow old without anybody reporting it.

The clock can only take away. A terminal gains standing by its own report alone, so a quiet one is
never made fresh again by a sweep.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from mdm.compliance import rulebook
from mdm.compliance.judge import COMPLIANT, Known, judge
from mdm.compliance.service import record_verdict
from mdm.devices.models import ManagedDevice
from muster.kernel.identity import Device, posture
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

BATCH = 200


def sweep(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.compliance.sweep`: judge every compliant terminal again, in small commits."""
    after: UUID | None = UUID(int=0)
    while after is not None:
        with kernel.writes() as uow:
            after = _batch(uow, after)


def known_of(managed: ManagedDevice) -> Known:
    """Return what is known of a terminal from its row."""
    return Known(
        posture=managed.facts,
        patch_level=managed.patch_level,
        agent_version=managed.agent_version,
        desired_hash=managed.desired_hash,
        applied_hash=managed.applied_hash,
        desired_at=managed.desired_at,
    )


def _batch(uow: UnitOfWork, after: UUID) -> UUID | None:
    query = (
        select(Device, ManagedDevice)
        .join(ManagedDevice, ManagedDevice.id == Device.id)
        .where(Device.state == "enrolled", Device.tier >= COMPLIANT, Device.id > after)
        .order_by(Device.id)
        .limit(BATCH)
    )
    rows: Sequence[tuple[Device, ManagedDevice]] = uow.session.execute(query).all()
    rules = rulebook.read(uow)
    for principal, managed in rows:
        verdict = judge(known_of(managed), rules, uow.now())
        if not verdict.compliant:
            posture.judge(uow, principal.id, verdict.tier, list(verdict.reasons))
            record_verdict(uow, principal, verdict)
    return rows[-1][0].id if len(rows) == BATCH else None
