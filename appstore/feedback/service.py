"""What publishers do with feedback: read it, answer, say what mends it, close it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from appstore.catalogue import lookup
from appstore.catalogue.models import App
from appstore.feedback.errors import FaultNotFound, FaultState
from appstore.feedback.models import Fault, Rating
from appstore.feedback.states import NEXT
from appstore.releases.errors import ReleaseNotFound
from appstore.releases.models import Release
from mdm.telemetry import crashes
from muster.kernel import guard, notices
from muster.kernel.errors import StaleVersion
from muster.kernel.identity import Actor, names
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Said:
    """A rating or a fault with the unit it came from; `by` only where the officer agreed."""

    row: Any
    unit: str
    by: str | None
    fixed_version: str | None = None
    crash_group_id: UUID | None = None


def ratings(
    uow: UnitOfWork, actor: Actor, package: str, *, after: UUID | None = None, limit: int = 50
) -> list[Said]:
    """Return up to `limit + 1` ratings of an app, newest first."""
    app = _readable(uow, actor, package)
    query = select(Rating).where(Rating.app_id == app.id)
    if after is not None:
        query = query.where(Rating.id < after)
    rows = uow.session.scalars(query.order_by(Rating.id.desc()).limit(limit + 1)).all()
    return _said(uow, rows)


def faults(
    uow: UnitOfWork,
    actor: Actor,
    package: str,
    *,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Said]:
    """Return up to `limit + 1` reported faults of an app, newest first."""
    app = _readable(uow, actor, package)
    query = select(Fault).where(Fault.app_id == app.id)
    if state is not None:
        query = query.where(Fault.state == state)
    if after is not None:
        query = query.where(Fault.id < after)
    rows = uow.session.scalars(query.order_by(Fault.id.desc()).limit(limit + 1)).all()
    return _with_more(uow, app, rows)


def read(uow: UnitOfWork, actor: Actor, fault_id: UUID) -> tuple[App, Said]:
    """Return one reported fault with its app, or raise `FaultNotFound`."""
    fault, app = _find(uow, fault_id)
    guard.require(uow, actor, "app.feedback.read", lookup.target(uow, app))
    return app, _with_more(uow, app, [fault])[0]


def answer(uow: UnitOfWork, actor: Actor, fault_id: UUID, text: str, version: int) -> Said:
    """Answer the officer who reported a fault; `version` is the one read."""
    return _move(uow, actor, fault_id, "answered", text, version)


def close(
    uow: UnitOfWork,
    actor: Actor,
    fault_id: UUID,
    text: str,
    version: int,
    fixed_in: UUID | None = None,
) -> Said:
    """Close a report with a last word; `fixed_in` is the release that mends it, None for none.

    Raises `ReleaseNotFound` for a release of another app.
    """
    return _move(uow, actor, fault_id, "fixed" if fixed_in else "closed", text, version, fixed_in)


def _move(
    uow: UnitOfWork,
    actor: Actor,
    fault_id: UUID,
    to: str,
    text: str,
    version: int,
    fixed_in: UUID | None = None,
) -> Said:
    fault, app = _find(uow, fault_id)
    decision = guard.require(uow, actor, "app.feedback.answer", lookup.target(uow, app))
    decision.note(fault=str(fault.id), state=to)
    if fault.version != version:
        raise StaleVersion
    if to not in NEXT[fault.state]:
        raise FaultState
    mended = uow.session.get(Release, fixed_in) if fixed_in else None
    if fixed_in and (mended is None or mended.app_id != app.id):
        raise ReleaseNotFound
    fault.state, fault.answer, fault.fixed_in = to, text, fixed_in
    fault.answered_by, fault.answered_at = actor.id, uow.now()
    uow.session.flush()
    notices.send(
        uow,
        f"app.fault_{to}",
        officer_id=fault.officer_id,
        subject_key=str(fault.id),
        params={
            "package": app.package,
            "answer": text,
            "version": mended.version_name if mended else "",
        },
    )
    return _with_more(uow, app, [fault])[0]


def _readable(uow: UnitOfWork, actor: Actor, package: str) -> App:
    app = lookup.find(uow, package)
    guard.require(uow, actor, "app.feedback.read", lookup.target(uow, app))
    return app


def _find(uow: UnitOfWork, fault_id: UUID) -> tuple[Fault, App]:
    query = select(Fault, App).join(App, App.id == Fault.app_id).where(Fault.id == fault_id)
    row = uow.session.execute(query).first()
    if row is None:
        raise FaultNotFound
    return row[0], row[1]


def _with_more(uow: UnitOfWork, app: App, rows: Sequence[Fault]) -> list[Said]:
    mended = {row.fixed_in for row in rows if row.fixed_in}
    versions = select(Release.id, Release.version_name).where(Release.id.in_(mended))
    named: dict[UUID, str] = dict(uow.session.execute(versions).all()) if mended else {}
    broke = {(row.device_id, row.crash_id) for row in rows if row.crash_id}
    groups = crashes.groups_of(uow, app.package, broke)
    return [
        Said(
            said.row,
            said.unit,
            said.by,
            named.get(said.row.fixed_in),
            groups.get((said.row.device_id, said.row.crash_id)),
        )
        for said in _said(uow, rows)
    ]


def _said(uow: UnitOfWork, rows: Sequence[Rating | Fault]) -> list[Said]:
    known = names.officers(uow, [row.officer_id for row in rows if row.contact_me])
    return [
        Said(
            row,
            uow.kernel.people.unit(row.unit_id).name,
            f"{known[row.officer_id].name} · {known[row.officer_id].number}"
            if row.contact_me
            else None,
        )
        for row in rows
    ]
