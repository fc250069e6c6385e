"""The clock's part: challenges run out, and a new list takes back what an older one let pass."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from mdm.attestation import challenges, lists
from mdm.attestation.models import Attestation
from mdm.attestation.service import tell
from mdm.attestation.standing import known_of
from mdm.attestation.verdict import Trust
from mdm.compliance.verdicts import judge_again
from mdm.devices.models import ManagedDevice
from muster.kernel.identity import Device
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

BATCH: Final = 200


def sweep(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.attestation.sweep`: hold every verified key against today's lists."""
    with kernel.writes() as uow:
        challenges.sweep(uow)
    after: UUID | None = UUID(int=0)
    while after is not None:
        with kernel.writes() as uow:
            after = _batch(uow, after)


def _batch(uow: UnitOfWork, after: UUID) -> UUID | None:
    rows = uow.session.execute(
        select(Attestation, Device, ManagedDevice)
        .join(Device, Device.id == Attestation.device_id)
        .join(ManagedDevice, ManagedDevice.id == Attestation.device_id)
        .where(Attestation.result == "verified", Attestation.device_id > after)
        .order_by(Attestation.device_id)
        .limit(BATCH)
    ).all()
    known = lists.current(uow)
    trust = known.trust
    for row, principal, managed in rows:
        reason = _taken_back(row, trust)
        if reason:
            row.result, row.reason, row.expires_at = "failed", reason, None
            row.status_list_id = known.status.id if known.status else None
            row.checked_at = uow.now()
            tell(uow, principal, reason)
            judge_again(uow, principal, known_of(managed, row, uow.now()))
    return rows[-1][0].device_id if len(rows) == BATCH else None


def _taken_back(row: Attestation, trust: Trust) -> str:
    if trust.revoked and any(serial in trust.revoked for serial in row.serials):
        return "revoked"
    return "root_unknown" if trust.roots and row.root_pin not in trust.roots else ""
