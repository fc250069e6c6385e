"""Lending a role: for hours at once, or as a deputy for weeks once somebody above has agreed.

Only who holds a role for good may lend it, to one other person, never onwards; the three
administrations are never lent, and duties that clash do not meet by lending either.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from muster.kernel import approvals, guard
from muster.kernel.approvals import Approval
from muster.kernel.errors import Conflict, Fault, InvalidInput, NotFound
from muster.kernel.identity import rights
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.delegations.models import RoleRequest
from muster.kernel.identity.delegations.target import above, role_target
from muster.kernel.identity.delegations.telling import tell
from muster.kernel.identity.models import Officer, RoleGrant
from muster.kernel.identity.officers import reason_in_words
from muster.kernel.identity.units import UnitRef
from muster.kernel.uow import UnitOfWork

LONGEST: Final = timedelta(hours=72)
LONGEST_LEAVE: Final = timedelta(days=35)
AHEAD: Final = timedelta(days=90)
LENT: Final = ("delegation", "deputy", "break_glass")
NAME: Final = "identity.deputy.name"


def give(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    role: str,
    unit: str,
    until: datetime,
    reason: str,
) -> RoleGrant:
    """Lend a role of one's own to somebody for up to 72 hours, in force at once.

    Raises `Denied`, `NotFound`, `InvalidInput` for a wrong end, `Conflict` if they hold it already
    or are out of service, and `DutiesConflict`.
    """
    officer, place = _somebody(uow, number), uow.kernel.people.by_code(unit)
    target = role_target(
        uow, actor, "new", role=role, unit=place, holder=officer.id, kind="delegation"
    )
    decision = guard.require(uow, actor, "identity.delegation.give", target)
    decision.note(reason=reason_in_words(reason), role=role, unit=unit, to=number)
    if not uow.now() < until <= uow.now() + LONGEST:
        raise InvalidInput(errors=[Fault("/until", "A delegation ends within 72 hours.")])
    grant = rights.add_grant(
        uow,
        officer,
        role,
        place.id,
        kind="delegation",
        end=until,
        by=actor.id,
        reason=reason.strip()[:500],
    )
    decision.note(grant=str(grant.id), until=until.isoformat())
    tell(uow, grant, actor.label)
    return grant


def revoke(uow: UnitOfWork, actor: Actor, grant_id: UUID, reason: str) -> None:
    """Take a lent role back before its end: the giver, the receiver, or who answers for the unit."""
    grant = uow.session.get(RoleGrant, grant_id)
    if grant is None or grant.kind not in LENT:
        raise NotFound("There is no such delegation.")
    place = uow.kernel.people.unit(grant.unit_id)
    target = role_target(
        uow,
        actor,
        str(grant.id),
        role=grant.role,
        unit=place,
        holder=grant.officer_id,
        kind=grant.kind,
        lent_by=grant.granted_by,
    )
    decision = guard.require(uow, actor, "identity.delegation.revoke", target)
    decision.note(reason=reason_in_words(reason), role=grant.role, officer=str(grant.officer_id))
    rights.take_grant(uow, grant)


def own(uow: UnitOfWork, actor: Actor) -> list[RoleGrant]:
    """Return what the actor has lent and what was lent to them, in force or to come."""
    guard.require(uow, actor, "identity.delegation.list_own", guard.FORCE)
    mine = or_(RoleGrant.granted_by == actor.id, RoleGrant.officer_id == actor.id)
    live = or_(RoleGrant.valid_until.is_(None), RoleGrant.valid_until > uow.now())
    query = select(RoleGrant).where(mine, live, RoleGrant.kind.in_(LENT))
    return list(uow.session.scalars(query.order_by(RoleGrant.id.desc()).limit(200)))


def name_deputy(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    role: str,
    unit: str,
    start: datetime,
    end: datetime,
    reason: str,
) -> Approval:
    """Ask that somebody holds one's role during one's leave of up to 35 days.

    The supervisor of the unit above agrees, or a security admin. Raises as `give` does.
    """
    officer, place = _somebody(uow, number), uow.kernel.people.by_code(unit)
    now = uow.now()
    if not (start < end <= start + LONGEST_LEAVE and now < end and start <= now + AHEAD):
        detail = "Leave lasts at most 35 days and begins within 90."
        raise InvalidInput(errors=[Fault("/until", detail)])
    rights.check_duties(uow, officer.id, {role})
    wish = RoleRequest(
        officer_id=officer.id,
        role=role,
        unit_id=place.id,
        kind="deputy",
        valid_from=start,
        valid_until=end,
        requested_by=actor.id,
    )
    uow.session.add(wish)
    uow.session.flush()
    target = role_target(
        uow, actor, str(wish.id), role=role, unit=place, holder=officer.id, kind="deputy"
    )
    body = {
        "officer": officer.number,
        "role": role,
        "unit": unit,
        "from": start.isoformat(),
        "until": end.isoformat(),
    }
    return approvals.ask(
        uow, actor, NAME, [target], body=body, reason=reason, label=f"{role}@{unit} → {number}"
    )


def agreeing_unit(uow: UnitOfWork, place: UnitRef) -> tuple[UnitRef, str]:
    """Return the unit whose supervisor agrees to a deputy; for the root only a security admin."""
    higher = above(uow, place)
    return (higher, "above") if higher is not None else (place, "root")


def _somebody(uow: UnitOfWork, number: str) -> Officer:
    officer = uow.session.scalar(select(Officer).where(Officer.number == number))
    if officer is None:
        raise NotFound(f"There is no officer {number!r}.")
    if officer.state != "active":
        raise Conflict(f"{number} is {officer.state}.")
    return officer
