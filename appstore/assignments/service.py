"""What people do with assignments: list, look ahead, assign, change, remove."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from appstore.assignments import impact
from appstore.assignments.access import IMPOSE, WRITE
from appstore.assignments.draft import Draft
from appstore.assignments.errors import AssignmentNotFound, TooManyAssignments
from appstore.assignments.impact import Impact
from appstore.assignments.models import Assignment
from appstore.catalogue.lookup import find as find_app
from appstore.catalogue.models import App
from mdm import audiences
from mdm.audiences import Audience
from mdm.configuration import refresh_later
from muster.kernel import guard
from muster.kernel.errors import StaleVersion
from muster.kernel.guard import Decision, Target
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

MOST: Final = 200


@dataclass(frozen=True)
class Seen:
    """An assignment as people see it: `ref` and `name` are those of its audience."""

    row: Assignment
    ref: str
    name: str


def listing(
    uow: UnitOfWork, actor: Actor, package: str, *, after: UUID | None = None, limit: int = 50
) -> list[Seen]:
    """Return up to `limit + 1` assignments of an app, newest first."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    app = find_app(uow, package)
    query = select(Assignment).where(Assignment.app_id == app.id).order_by(Assignment.id.desc())
    if after is not None:
        query = query.where(Assignment.id < after)
    return seen(uow, uow.session.scalars(query.limit(limit + 1)).all())


def read(uow: UnitOfWork, actor: Actor, package: str, assignment_id: UUID) -> Seen:
    """Return one assignment of an app."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    _, row = _find(uow, package, assignment_id)
    return seen(uow, [row])[0]


def seen(uow: UnitOfWork, rows: Sequence[Assignment]) -> list[Seen]:
    """Return assignments, which the caller may see already, with what their audiences are called."""
    called = audiences.names(uow, [audience_of(row) for row in rows])
    return [
        Seen(row, audiences.ref_of(uow, audience_of(row)), called.get(row.scope_id, ""))
        for row in rows
    ]


def preview(
    uow: UnitOfWork, actor: Actor, package: str, audience: Audience, draft: Draft
) -> Impact:
    """Return what an assignment would do to the terminals once in force; nothing is written."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    app = find_app(uow, package)
    draft.check(uow, app.id)
    return impact.of(uow, app, audience, draft)


def preview_change(
    uow: UnitOfWork, actor: Actor, package: str, assignment_id: UUID, changes: Mapping[str, Any]
) -> Impact:
    """Return what changing an assignment would do to the terminals; nothing is written."""
    guard.require(uow, actor, "app.catalogue.read", guard.FORCE)
    app, row = _find(uow, package, assignment_id)
    draft = Draft.of(row).changed(changes)
    draft.check(uow, app.id)
    return impact.of(uow, app, audience_of(row), draft, but=row.id)


def assign(
    uow: UnitOfWork, actor: Actor, package: str, audience: Audience, draft: Draft
) -> Assignment:
    """Give an app to an audience, or keep it from one; the worker compiles its terminals.

    Raises what `Draft.check` raises, and `TooManyAssignments`.
    """
    app = find_app(uow, package, lock=True)
    row = Assignment(
        id=uuid7(),
        app_id=app.id,
        audience=audience.kind,
        scope_id=audience.scope,
        rule=dict(audience.rule) if audience.rule is not None else None,
        assigned_by=actor.id,
        told_at=uow.now(),
    )
    draft.write(row)
    decision = _require(uow, actor, app, row)
    draft.check(uow, app.id)
    mine = select(func.count()).where(Assignment.app_id == app.id).select_from(Assignment)
    if (uow.session.scalar(mine) or 0) >= MOST:
        raise TooManyAssignments
    uow.session.add(row)
    uow.session.flush()
    _tell(uow, decision, app, row, concerned=row.in_force(uow.now()))
    return row


def change(
    uow: UnitOfWork,
    actor: Actor,
    package: str,
    assignment_id: UUID,
    version: int,
    changes: Mapping[str, Any],
) -> Assignment:
    """Change an assignment; its audience stays. `version` is the one read.

    Who asks must be permitted both what it says and what it will say.
    """
    app, row = _find(uow, package, assignment_id, lock=True)
    _require(uow, actor, app, row)
    if row.version != version:
        raise StaleVersion
    before, was = Draft.of(row), row.in_force(uow.now())
    draft = before.changed(changes)
    draft.write(row)
    row.assigned_by, row.told_at = actor.id, uow.now()
    decision = _require(uow, actor, app, row)
    draft.check(uow, app.id)
    uow.session.flush()
    moved = before.changed({"reason": draft.reason}) != draft
    _tell(uow, decision, app, row, concerned=moved and (was or row.in_force(uow.now())))
    return row


def remove(uow: UnitOfWork, actor: Actor, package: str, assignment_id: UUID, version: int) -> None:
    """Take an assignment back; terminals that have the app keep it."""
    app, row = _find(uow, package, assignment_id, lock=True)
    decision = _require(uow, actor, app, row)
    if row.version != version:
        raise StaleVersion
    _tell(uow, decision, app, row, concerned=row.in_force(uow.now()))
    uow.session.delete(row)
    uow.session.flush()


def audience_of(row: Assignment) -> Audience:
    """Return whom an assignment is for."""
    return Audience(row.audience, row.scope_id, row.rule)


def target(uow: UnitOfWork, actor: Actor, app: App, row: Assignment) -> Target:
    """Return an assignment as the guard sees it."""
    unit = uow.kernel.people.unit(app.unit_id).path
    own = guard.may(uow, actor, "app.release.publish", Target("Release", "any", unit=unit))
    return Target(
        "Assignment",
        str(row.id),
        {"own": own, "audience": row.audience, "mode": row.mode},
        audiences.owner(uow, audience_of(row)),
    )


def action_for(audience: str, mode: str) -> str:
    """Return what the guard calls it: to require or block in the whole organisation is to impose."""
    return IMPOSE if audience == "organisation" and mode != "available" else WRITE


def _require(uow: UnitOfWork, actor: Actor, app: App, row: Assignment) -> Decision:
    action = action_for(row.audience, row.mode)
    return guard.require(uow, actor, action, target(uow, actor, app, row))


def _tell(
    uow: UnitOfWork, decision: Decision, app: App, row: Assignment, *, concerned: bool
) -> None:
    """Have the terminals whose view may change compiled anew, and say so in the log."""
    devices = audiences.concerned(uow, audience_of(row)) if concerned else []
    refresh_later(uow, devices)
    decision.note(
        package=app.package,
        audience=row.audience,
        scope=str(row.scope_id),
        mode=row.mode,
        pinned_code=row.pinned_code,
        reason=row.reason,
        terminals=len(devices),
    )


def _find(
    uow: UnitOfWork, package: str, assignment_id: UUID, *, lock: bool = False
) -> tuple[App, Assignment]:
    app = find_app(uow, package, lock=lock)
    row = uow.session.get(Assignment, assignment_id)
    if row is None or row.app_id != app.id:
        raise AssignmentNotFound
    return app, row
