"""Officers who go for good, accounts that end by themselves, and what is left to take over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import Conflict, Fault, InvalidInput, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import people_moves, rights
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.credentials import fresh_pin, set_one_time
from muster.kernel.identity.events import OfficerSuspended
from muster.kernel.identity.models import Holding, Officer, Unit
from muster.kernel.identity.officers import find, reason_in_words, target_of
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork

LONGEST_EMERGENCY: Final = timedelta(hours=72)
"""End of an emergency account (CJIS AC-2(2))."""


def retire(uow: UnitOfWork, actor: Actor, officer_id: UUID, reason: str) -> Officer:
    """Let an officer leave: nothing of theirs opens anything from this commit on.

    Raises `Denied`, `Conflict` for one who has left, `LastAdministrator`.
    """
    officer = find(uow, officer_id)
    decision = guard.require(uow, actor, "identity.officer.retire", target_of(uow, actor, officer))
    decision.note(reason=reason_in_words(reason))
    if officer.state == "left":
        raise Conflict(f"{officer.number} has left already.")
    decision.note(listed=people_moves.leave(uow, officer))
    uow.emit(OfficerSuspended(officer_id=officer.id))
    return officer


def admit_for_emergency(
    uow: UnitOfWork,
    actor: Actor,
    *,
    number: str,
    name: str,
    unit: str,
    until: datetime,
    reason: str,
    sworn: bool = True,
) -> tuple[Officer, str]:
    """Make an account for a helper from elsewhere that ends by itself; return it and its PIN.

    It holds `officer` at the unit, and a PIN for one use. Raises `Conflict` for a taken number and
    `InvalidInput` for an end that has passed or lies more than 72 hours ahead.
    """
    place = uow.kernel.people.by_code(unit)
    target = Target("OfficerRecord", "new", {"own": False, "sworn": sworn}, place.path)
    decision = guard.require(uow, actor, "identity.officer.admit_for_emergency", target)
    decision.note(reason=reason_in_words(reason), number=number)
    if not uow.now() < until <= uow.now() + LONGEST_EMERGENCY:
        detail = "An emergency account ends within 72 hours."
        raise InvalidInput(errors=[Fault("/until", detail)])
    if uow.session.scalar(select(Officer.id).where(Officer.number == number)) is not None:
        raise Conflict(f"The number {number} belongs to an officer. Choose another.")
    officer = Officer(
        id=uuid7(), number=number, name=name, sworn=sworn, unit_id=place.id, ends_at=until
    )
    uow.session.add(officer)
    uow.session.flush()
    rights.add_grant(
        uow, officer, "officer", place.id, kind="standing", end=until, by=actor.id, reason=reason
    )
    pin = fresh_pin(number)
    set_one_time(uow, officer, "pin", pin)
    return officer, pin


def holdings(
    uow: UnitOfWork,
    actor: Actor,
    *,
    unit: str = "",
    open_only: bool = True,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Holding]:
    """Return up to `limit + 1` things that leavers and movers of a unit held, newest first."""
    path = (
        uow.kernel.people.by_code(unit).path
        if unit
        else (actor.person.unit_path if actor.person else "/")
    )
    target = Target("OfficerRecord", "*", {"own": False}, path)
    guard.require(uow, actor, "identity.holding.list", target)
    below = select(Unit.id).where(Unit.path.startswith(path, autoescape=True))
    query = select(Holding).where(Holding.unit_id.in_(below)).order_by(Holding.id.desc())
    if open_only:
        query = query.where(Holding.resolved_at.is_(None))
    if after is not None:
        query = query.where(Holding.id < after)
    return list(uow.session.scalars(query.limit(limit + 1)))


def resolve(uow: UnitOfWork, actor: Actor, holding_id: UUID, resolution: str) -> Holding:
    """Cross one line off the list and say what became of the thing."""
    row = uow.session.get(Holding, holding_id)
    if row is None:
        raise NotFound("There is no such line.")
    path = uow.kernel.people.unit(row.unit_id).path
    target = Target("OfficerRecord", str(row.officer_id), {"own": row.officer_id == actor.id}, path)
    guard.require(uow, actor, "identity.holding.resolve", target).note(
        reason=reason_in_words(resolution), kind=row.kind, reference=row.reference
    )
    if row.resolved_at is not None:
        raise Conflict("This line is crossed off already.")
    row.resolved_at, row.resolved_by = uow.now(), actor.id
    row.resolution = resolution.strip()[:500]
    return row


def open_lines(uow: UnitOfWork, officer_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many lines are open for each of these officers; the caller may see them."""
    query = select(Holding.officer_id).where(
        Holding.officer_id.in_(officer_ids), Holding.resolved_at.is_(None)
    )
    counts: dict[UUID, int] = {}
    for officer_id in uow.session.scalars(query):
        counts[officer_id] = counts.get(officer_id, 0) + 1
    return counts
