"""The clock's part of compliance: patches grow old and deadlines pass without anybody reporting it.

The clock can only take away. A terminal gains standing by its own report alone, so a quiet one is
never made fresh again by a sweep.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select, update

from mdm.attestation import Attestation, known_of
from mdm.compliance import rulebook
from mdm.compliance.judge import ENROLLED
from mdm.compliance.models import Failing
from mdm.compliance.verdicts import judge_again
from mdm.devices.models import ManagedDevice
from muster.kernel.identity import Device
from muster.kernel.kernel import Kernel
from muster.kernel.uow import UnitOfWork

BATCH: Final = 200
DUE: Final = "mdm.compliance.due"
Row = tuple[Device, ManagedDevice, Attestation | None]


def sweep(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.compliance.sweep`: judge every terminal in service again, in small commits."""
    after: UUID | None = UUID(int=0)
    while after is not None:
        with kernel.writes() as uow:
            after = _batch(uow, after)


def due(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.compliance.due`: judge those again for whom a deadline has passed."""
    more = True
    while more:
        with kernel.writes() as uow:
            more = _deadlines(uow)


def _batch(uow: UnitOfWork, after: UUID) -> UUID | None:
    rows = _read(uow, _SERVING.where(Device.id > after).limit(BATCH))
    _judge(uow, rows)
    return rows[-1][0].id if len(rows) == BATCH else None


def _deadlines(uow: UnitOfWork) -> bool:
    """What stays as it is, such as a lost terminal's deadline, is not asked about again."""
    late = select(Failing.device_id).where(Failing.due_at <= uow.now()).distinct().limit(BATCH)
    ids = uow.session.scalars(late).all()
    _judge(uow, _read(uow, _SERVING.where(Device.id.in_(ids))))
    uow.session.flush()
    uow.session.execute(
        update(Failing)
        .where(Failing.device_id.in_(ids), Failing.due_at <= uow.now())
        .values(due_at=None)
    )
    return len(ids) == BATCH


_SERVING: Final = (
    select(Device, ManagedDevice, Attestation)
    .join(ManagedDevice, ManagedDevice.id == Device.id)
    .outerjoin(Attestation, Attestation.device_id == Device.id)
    .where(Device.state == "enrolled", Device.tier >= ENROLLED, Device.posture_at.is_not(None))
    .order_by(Device.id)
)


def _read(uow: UnitOfWork, query: Select[Device, ManagedDevice, Attestation]) -> Sequence[Row]:
    rows = uow.session.execute(query.with_for_update(of=Device)).all()
    return [(row[0], row[1], row[2]) for row in rows]


def _judge(uow: UnitOfWork, rows: Iterable[Row]) -> None:
    book = rulebook.read(uow)
    for principal, managed, attestation in rows:
        judge_again(uow, principal, known_of(managed, attestation, uow.now()), book)
