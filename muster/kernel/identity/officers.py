"""Officers as seen by those who answer for them: listed, suspended, reinstated, released."""

from typing import Literal
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import Conflict, InvalidInput, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.events import OfficerReinstated, OfficerSuspended
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Device, Officer, Unit
from muster.kernel.limits import Lockout
from muster.kernel.uow import UnitOfWork

State = Literal["active", "suspended", "left"]


def listing(
    uow: UnitOfWork,
    actor: Actor,
    *,
    unit: str = "",
    state: State | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[Officer]:
    """Return up to `limit + 1` officers of a unit and all below it, by number, beyond `after`.

    `unit` is a code; empty means the actor's own unit.
    """
    path = _unit_path(uow, actor, unit)
    guard.require(
        uow, actor, "identity.officer.read", Target("OfficerRecord", "*", {"own": False}, path)
    )
    below = select(Unit.id).where(Unit.path.startswith(path, autoescape=True))
    statement = select(Officer).where(Officer.unit_id.in_(below)).order_by(Officer.number)
    if state is not None:
        statement = statement.where(Officer.state == state)
    if after is not None:
        statement = statement.where(Officer.number > after)
    return list(uow.session.scalars(statement.limit(limit + 1)))


def read(uow: UnitOfWork, actor: Actor, officer_id: UUID) -> Officer:
    """Return one officer."""
    officer = find(uow, officer_id)
    guard.require(uow, actor, "identity.officer.read", target_of(uow, actor, officer))
    return officer


def suspend(uow: UnitOfWork, actor: Actor, officer_id: UUID, reason: str) -> Officer:
    """Suspend an officer: every session and credential of theirs is refused at once (AC-2(13))."""
    officer = find(uow, officer_id)
    decision = guard.require(uow, actor, "identity.officer.suspend", target_of(uow, actor, officer))
    decision.note(reason=reason_in_words(reason))
    if officer.state != "active":
        raise Conflict(f"This officer is {officer.state} already.")
    _move(uow, officer, "suspended")
    uow.emit(OfficerSuspended(officer_id=officer.id))
    return officer


def reinstate(uow: UnitOfWork, actor: Actor, officer_id: UUID, reason: str) -> Officer:
    """Let a suspended officer sign in again; sessions from before stay ended."""
    officer = find(uow, officer_id)
    decision = guard.require(
        uow, actor, "identity.officer.reinstate", target_of(uow, actor, officer)
    )
    decision.note(reason=reason_in_words(reason))
    if officer.state != "suspended":
        raise Conflict(f"This officer is {officer.state}, not suspended.")
    _move(uow, officer, "active")
    officer.active_since = uow.now()
    uow.emit(OfficerReinstated(officer_id=officer.id))
    return officer


def release(uow: UnitOfWork, actor: Actor, subject: str, reason: str) -> None:
    """Release a lock-out (AC-7): `officer:<id>`, `console:<id>`, `device:<id>`, `unknown` ones.

    Raises `NotFound` if the subject is not locked.
    """
    target = _lockout_target(uow, actor, subject)
    guard.require(uow, actor, "identity.lockout.release", target).note(
        reason=reason_in_words(reason)
    )
    uow.kernel.limits.lockouts.release(uow, subject, actor.id)


def locked(uow: UnitOfWork, actor: Actor) -> list[Lockout]:
    """Return whom the actor could release, the longest locked first."""
    guard.require(uow, actor, "identity.lockout.read", guard.FORCE)
    return [
        row
        for row in uow.kernel.limits.lockouts.locked(uow)
        if guard.may(
            uow, actor, "identity.lockout.release", _lockout_target(uow, actor, row.subject)
        )
    ]


def target_of(uow: UnitOfWork, actor: Actor, officer: Officer) -> Target:
    """Return an officer's record as the guard sees it."""
    return Target(
        "OfficerRecord",
        str(officer.id),
        {"own": officer.id == actor.id, "sworn": officer.sworn},
        uow.kernel.people.unit(officer.unit_id).path,
    )


def target_by_id(uow: UnitOfWork, actor: Actor, officer_id: UUID) -> Target:
    """Return the record of an officer as the guard sees it; raises `NotFound`."""
    return target_of(uow, actor, find(uow, officer_id))


def _lockout_target(uow: UnitOfWork, actor: Actor, subject: str) -> Target:
    kind, _, name = subject.partition(":")
    unit_id, own = None, False
    try:
        who = UUID(name)
    except ValueError:
        who = None
    if who is not None:
        model = Device if kind == "device" else Officer
        unit_id = uow.session.scalar(select(model.unit_id).where(model.id == who))
        own = who == actor.id
    path = uow.kernel.people.unit(unit_id).path if unit_id else None
    return Target("Lockout", subject, {"kind": kind, "own": own}, path)


def _unit_path(uow: UnitOfWork, actor: Actor, code: str) -> str:
    if code:
        return uow.kernel.people.by_code(code).path
    return actor.person.unit_path if actor.person else "/"


def find(uow: UnitOfWork, officer_id: UUID) -> Officer:
    """Return an officer, or raise `NotFound`; the caller asks the guard."""
    officer = uow.session.get(Officer, officer_id)
    if officer is None:
        raise NotFound("There is no such officer.")
    return officer


def reason_in_words(reason: str) -> str:
    """Return a reason that says something, or raise `InvalidInput`."""
    if len(reason.strip()) < 5:
        raise InvalidInput("Give the reason in a few words; it goes into the audit log.")
    return reason.strip()


def _move(uow: UnitOfWork, officer: Officer, state: State) -> None:
    officer.state = state
    officer.epoch += 1
    look_again(uow, officer.id)
