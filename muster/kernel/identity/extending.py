"""A supervisor lets an officer work on past the end of the shift, and says why.

The session's end moves by at most twelve hours, to at most 24 hours after sign-in, and never past
the end of the account or of the officer's last role. Nothing else changes: keys, app and scope stay.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import Conflict, InvalidInput, NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import sign_in
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Client, Device, Officer, Session
from muster.kernel.uow import UnitOfWork

MOST_HOURS: Final = 12
LONGEST: Final = timedelta(hours=24)


@dataclass(frozen=True)
class OfficerSession:
    """A session in the field, as a supervisor sees it."""

    id: UUID
    terminal: str
    client: str
    opened_at: datetime
    ends_at: datetime


def of_officer(uow: UnitOfWork, actor: Actor, number: str) -> list[OfficerSession]:
    """Return an officer's sessions in the field that have not ended, newest first."""
    officer = uow.session.scalar(select(Officer).where(Officer.number == number))
    if officer is None:
        raise NotFound("There is no such officer.")
    target = _target(uow, actor, "*", officer)
    guard.require(uow, actor, "identity.session.see", target).note(officer=str(officer.id))
    rows = uow.session.execute(
        select(Session.id, Device.label, Client.name, Session.opened_at, Session.expires_at)
        .join(Device, Device.id == Session.device_id)
        .join(Client, Client.id == Session.client_id)
        .where(
            Session.officer_id == officer.id,
            Session.kind == "field",
            Session.revoked_at.is_(None),
            Session.expires_at > uow.now(),
            Session.officer_epoch == officer.epoch,
            Session.device_epoch == Device.epoch,
            Session.client_epoch == Client.epoch,
        )
        .order_by(Session.id.desc())
        .limit(50)
    )
    return [OfficerSession(*row) for row in rows]


def extend(uow: UnitOfWork, actor: Actor, session_id: UUID, hours: int, reason: str) -> Session:
    """Move a field session's end by 1 to 12 hours and return it.

    Raises `Denied` for one's own and for officers one does not answer for, `Conflict` for a session
    that has ended, `InvalidInput` for an end later than is allowed.
    """
    session = uow.session.get(Session, session_id, with_for_update=True)
    if session is None or session.kind != "field":
        raise NotFound("There is no such session in the field.")
    officer = uow.session.get_one(Officer, session.officer_id)
    target = _target(uow, actor, str(session.id), officer)
    decision = guard.require(uow, actor, "identity.session.extend", target)
    if (
        session.revoked_at is not None
        or session.expires_at <= uow.now()
        or session.officer_epoch != officer.epoch
    ):
        raise Conflict("This session has ended. The officer signs in again.")
    if not 1 <= hours <= MOST_HOURS or len(reason.strip()) < 5:
        raise InvalidInput(f"Give 1 to {MOST_HOURS} hours, and the reason in a few words.")
    before = session.expires_at
    latest = sign_in.end_of(uow, officer, session.opened_at + LONGEST, shift=False)
    if before + timedelta(hours=hours) > latest:
        raise InvalidInput(f"This session may last until {latest:%Y-%m-%d %H:%M} UTC at most.")
    session.expires_at = before + timedelta(hours=hours)
    decision.note(
        reason=reason.strip(),
        officer=str(officer.id),
        before=before.isoformat(timespec="seconds"),
        until=session.expires_at.isoformat(timespec="seconds"),
    )
    return session


def _target(uow: UnitOfWork, actor: Actor, name: str, officer: Officer) -> Target:
    path = uow.kernel.people.unit(officer.unit_id).path
    return Target("Session", name, {"own": officer.id == actor.id}, path)
