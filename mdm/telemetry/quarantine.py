"""Reports that cannot be read: refused whole, kept sealed for 30 days for whoever looks into it.

Only a known terminal gets here, so a stranger fills nothing. Each keeps its newest few: the same
report sent again is counted, and of a long one the beginning is kept.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from mdm.devices import fleet
from mdm.telemetry.errors import QuarantinedReportNotFound
from mdm.telemetry.models import QuarantinedReport
from muster.kernel import guard
from muster.kernel.audit import Entry
from muster.kernel.errors import DomainError
from muster.kernel.identity import Actor, Device, Terminal
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into

KEPT: Final = timedelta(days=30)
MOST_BYTES: Final = 65_536
MOST_REPORTS: Final = 20
"""Of one terminal; an older one gives way."""
Line = tuple[QuarantinedReport, Device]


def keep(uow: UnitOfWork, terminal: Terminal, path: str, body: bytes, error: DomainError) -> None:
    """Keep a report that was refused; called in the unit that outlives the refusal."""
    now, id_ = uow.now(), uuid7()
    digest = hashlib.sha256(path.encode() + b"\n" + body).hexdigest()
    row = {
        "id": id_,
        "device_id": terminal.id,
        "path": path,
        "code": error.code,
        "detail": _told(error),
        "digest": digest,
        "sealed": uow.kernel.keys.seal("copies", body[:MOST_BYTES], _place(terminal.id, digest)),
        "size": len(body),
        "times": 1,
        "first_at": now,
        "last_at": now,
        "expires_at": now + KEPT,
    }
    again = {"times": QuarantinedReport.times + 1, "last_at": now}
    uow.session.execute(
        insert_into(uow.kernel.db, QuarantinedReport)
        .values(row)
        .on_conflict_do_update(index_elements=["device_id", "digest"], set_=again)
    )
    _make_room(uow, terminal.id)
    uow.record(_entry(uow, terminal, error, len(body)))


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    device_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Line]:
    """Return up to `limit + 1` reports of terminals in the actor's care, newest first."""
    guard.require(uow, actor, "mdm.quarantine.list", guard.FORCE)
    query = (
        select(QuarantinedReport, Device)
        .join(Device, Device.id == QuarantinedReport.device_id)
        .where(guard.visible(uow, actor, "mdm.quarantine.read", "Device"))
    )
    if device_id is not None:
        query = query.where(QuarantinedReport.device_id == device_id)
    if after is not None:
        query = query.where(QuarantinedReport.id < after)
    rows = uow.session.execute(query.order_by(QuarantinedReport.id.desc()).limit(limit + 1))
    return [(report, device) for report, device in rows]


def read(uow: UnitOfWork, actor: Actor, report_id: UUID) -> tuple[QuarantinedReport, bytes]:
    """Return a report and its beginning as it came, which may hold anything."""
    row = _found(uow, actor, "mdm.quarantine.read", report_id)
    return row, uow.kernel.keys.open("copies", row.sealed, _place(row.device_id, row.digest))


def remove(uow: UnitOfWork, actor: Actor, report_id: UUID) -> None:
    """Erase a report."""
    uow.session.delete(_found(uow, actor, "mdm.quarantine.delete", report_id))


def expire(uow: UnitOfWork) -> None:
    """Erase what is older than 30 days."""
    uow.session.execute(
        delete(QuarantinedReport)
        .where(QuarantinedReport.expires_at <= uow.now())
        .execution_options(synchronize_session=False)
    )


def _found(uow: UnitOfWork, actor: Actor, action: str, report_id: UUID) -> QuarantinedReport:
    row = uow.session.get(QuarantinedReport, report_id)
    if row is None:
        raise QuarantinedReportNotFound
    decision = guard.require(uow, actor, action, fleet.find(uow, row.device_id).target(actor))
    decision.note(report=str(report_id))
    return row


def _make_room(uow: UnitOfWork, device_id: UUID) -> None:
    mine = QuarantinedReport.device_id == device_id
    newest = select(QuarantinedReport.id).where(mine).order_by(QuarantinedReport.last_at.desc())
    uow.session.execute(
        delete(QuarantinedReport)
        .where(mine, QuarantinedReport.id.not_in(newest.limit(MOST_REPORTS)))
        .execution_options(synchronize_session=False)
    )


def _entry(uow: UnitOfWork, terminal: Terminal, error: DomainError, size: int) -> Entry:
    return Entry(
        action="mdm.quarantine.add",
        outcome="done",
        actor_kind="terminal",
        actor_id=terminal.id,
        actor_label=terminal.label,
        unit_id=terminal.unit_id,
        device_id=terminal.id,
        resource_type="Device",
        resource_id=str(terminal.id),
        result={"code": error.code, "size": size},
        at=uow.now(),
    )


def _told(error: DomainError) -> str:
    faults = "; ".join(f"{fault.pointer or '/'}: {fault.detail}" for fault in error.errors)
    return (faults or error.detail)[:1000]


def _place(device_id: UUID, digest: str) -> bytes:
    return f"mdm_quarantine\n{device_id}\n{digest}".encode()
