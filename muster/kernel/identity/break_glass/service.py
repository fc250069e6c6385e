"""Opening the glass, and reviewing what was opened (NIST SP 800-53 AC-2(5), AC-6; reference VIP rules).

Whoever needs it opens it for themselves at once: at most an hour, for a reason and a case, after
a fresh sign-in, and only what an access policy lists. Nobody must agree beforehand; the supervisor
and the security admins are told with the same commit, and somebody else reviews it within 72 hours.
While an earlier one waits beyond that, the next one is refused.
"""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard, notices
from muster.kernel.errors import Conflict, Fault, InvalidInput, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import rights
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.break_glass.models import BreakGlass
from muster.kernel.identity.errors import ReviewOverdue
from muster.kernel.identity.models import Certification, Officer
from muster.kernel.identity.officers import reason_in_words
from muster.kernel.identity.roles import ROLES, THREE
from muster.kernel.uow import UnitOfWork

LONGEST: Final = timedelta(minutes=60)
REVIEWED_WITHIN: Final = timedelta(hours=72)
Kind = Literal["role", "certification"]
Verdict = Literal["justified", "misuse"]


def begin(
    uow: UnitOfWork,
    actor: Actor,
    *,
    kind: Kind,
    name: str,
    unit: str = "",
    minutes: int = 60,
    reason: str,
    case_ref: str,
) -> BreakGlass:
    """Open a role at a unit, or a certification, for oneself; it holds from the next request.

    Raises `Denied` for what no policy lists or without a fresh sign-in, `ReviewOverdue`,
    `DutiesConflict`, `Conflict` for what one holds already, `InvalidInput` for more than an hour.
    """
    assert actor.person is not None
    people = uow.kernel.people
    place = people.by_code(unit) if unit else people.unit(actor.person.unit_id)
    facts = {"own": True, "kind": kind, "name": name}
    target = Target("BreakGlass", "new", facts, place.path)
    decision = guard.require(uow, actor, "identity.break_glass.begin", target, case_ref=case_ref)
    decision.note(reason=reason_in_words(reason), kind=kind, name=name, unit=place.code)
    _check(uow, actor, minutes, case_ref, kind, name)
    officer = uow.session.get_one(Officer, actor.person.id)
    now = uow.now()
    row = BreakGlass(
        officer_id=officer.id,
        kind=kind,
        name=name,
        unit_id=place.id,
        reason=reason.strip()[:500],
        case_ref=case_ref.strip()[:64],
        created_at=now,
        ends_at=now + timedelta(minutes=minutes),
        review_due_at=now + REVIEWED_WITHIN,
    )
    uow.session.add(row)
    uow.session.flush()
    if kind == "role":
        rights.add_grant(
            uow,
            officer,
            name,
            place.id,
            kind="break_glass",
            end=row.ends_at,
            by=officer.id,
            reason=row.reason,
        )
    else:
        _certify(uow, officer, name, row.ends_at, row.reason)
    decision.note(break_glass=str(row.id), until=row.ends_at.isoformat())
    _tell(uow, officer, row)
    return row


def review(uow: UnitOfWork, actor: Actor, row_id: UUID, verdict: Verdict, note: str) -> BreakGlass:
    """Say, as somebody else, whether it was justified; misuse goes to the security admins."""
    row = uow.session.get(BreakGlass, row_id)
    if row is None:
        raise NotFound("There is no such break-glass.")
    facts = {"own": row.officer_id == actor.id, "kind": row.kind, "name": row.name}
    target = Target("BreakGlass", str(row.id), facts, uow.kernel.people.unit(row.unit_id).path)
    decision = guard.require(uow, actor, "identity.break_glass.judge", target)
    decision.note(reason=reason_in_words(note), verdict=verdict, officer=str(row.officer_id))
    if row.verdict:
        raise Conflict("This was reviewed already.")
    row.verdict, row.reviewed_by, row.reviewed_at = verdict, actor.id, uow.now()
    row.note = note.strip()[:500]
    if verdict == "misuse":
        notices.send(
            uow,
            "identity.break_glass.misuse",
            role="security_admin",
            subject_key=str(row.id),
            params={"name": row.name},
            link="/console/reviews",
        )
    return row


def waiting(uow: UnitOfWork, actor: Actor, limit: int = 200) -> list[BreakGlass]:
    """Return what waits for its review, the oldest first."""
    guard.require(uow, actor, "identity.break_glass.list", guard.FORCE)
    query = select(BreakGlass).where(BreakGlass.verdict == "").order_by(BreakGlass.id)
    return [row for row in uow.session.scalars(query.limit(limit)) if _sees(uow, actor, row)]


def remind(uow: UnitOfWork) -> int:
    """Tell the security admins of reviews that are overdue; run by a schedule."""
    late = select(BreakGlass).where(BreakGlass.verdict == "", BreakGlass.review_due_at <= uow.now())
    rows = uow.session.scalars(late).all()
    for row in rows:
        notices.send(
            uow,
            "identity.break_glass.overdue",
            role="security_admin",
            subject_key=str(row.id),
            params={"name": row.name},
            link="/console/reviews",
        )
    return len(rows)


def _check(
    uow: UnitOfWork, actor: Actor, minutes: int, case_ref: str, kind: Kind, name: str
) -> None:
    if not 1 <= minutes <= LONGEST.total_seconds() // 60:
        raise InvalidInput(errors=[Fault("/minutes", "At most 60 minutes.")])
    if len(case_ref.strip()) < 3:
        raise InvalidInput(errors=[Fault("/case_ref", "Give the case or incident number.")])
    if kind == "role" and (name not in ROLES or name in THREE):
        raise InvalidInput(errors=[Fault("/name", "No such role can be opened.")])
    overdue = select(BreakGlass.id).where(
        BreakGlass.officer_id == actor.id,
        BreakGlass.verdict == "",
        BreakGlass.review_due_at <= uow.now(),
    )
    if uow.session.scalar(overdue.limit(1)) is not None:
        raise ReviewOverdue


def _certify(uow: UnitOfWork, officer: Officer, dataset: str, end: datetime, reason: str) -> None:
    held = uow.session.get(Certification, (officer.id, dataset))
    if held is None:
        held = Certification(officer_id=officer.id, dataset=dataset)
        uow.session.add(held)
    elif held.valid_until is None or held.valid_until > uow.now():
        raise Conflict("You hold this certification already.")
    held.valid_until, held.kind, held.granted_by = end, "break_glass", officer.id
    held.reason = reason
    uow.session.flush()
    rights.gained(uow, officer)


def _sees(uow: UnitOfWork, actor: Actor, row: BreakGlass) -> bool:
    """Auditors see all; reviewers what they may review, and nobody their own."""
    if actor.person and any(p.role == "auditor" and p.holds(uow.now()) for p in actor.person.posts):
        return True
    facts = {"own": row.officer_id == actor.id, "kind": row.kind, "name": row.name}
    target = Target("BreakGlass", str(row.id), facts, uow.kernel.people.unit(row.unit_id).path)
    return guard.may(uow, actor, "identity.break_glass.judge", target)


def _tell(uow: UnitOfWork, officer: Officer, row: BreakGlass) -> None:
    told = {"officer": officer.number, "kind": row.kind, "name": row.name}
    for role, unit_id in (("supervisor", officer.unit_id), ("security_admin", None)):
        notices.send(
            uow,
            "identity.break_glass.begun",
            role=role,
            unit_id=unit_id,
            subject_key=str(row.id),
            params=told,
            link="/console/reviews",
        )
