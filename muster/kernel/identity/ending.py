"""Ends a session from the next request on, and records who lost it and why."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, select, update

from muster.kernel.audit.entry import Entry
from muster.kernel.identity import gate
from muster.kernel.identity.models import Client, Officer, Session
from muster.kernel.uow import UnitOfWork

_FACTS: tuple[Any, ...] = (
    Session.id,
    Session.device_id,
    Officer.id.label("officer_id"),
    Officer.number,
    Officer.sworn,
    Officer.unit_id,
    Client.name,
)
_OWNER = (
    select(*_FACTS)
    .join(Officer, Officer.id == Session.officer_id)
    .join(Client, Client.id == Session.client_id)
)


def owner(uow: UnitOfWork, session_id: UUID) -> Row[Any] | None:
    """Return whose session this is, on which terminal and by which app."""
    return uow.session.execute(_OWNER.where(Session.id == session_id)).first()


def end(uow: UnitOfWork, session_id: UUID) -> bool:
    """End a session; False if it had ended already."""
    ended = uow.session.scalar(
        update(Session)
        .where(Session.id == session_id, Session.revoked_at.is_(None))
        .values(revoked_at=uow.now())
        .returning(Session.id)
    )
    gate.look_again(uow, session_id)
    return ended is not None


def note(
    uow: UnitOfWork,
    action: str,
    outcome: Literal["done", "denied"],
    row: Row[Any],
    reason: str = "",
) -> Entry:
    """Record what became of a session; `row` is its `owner`."""
    return uow.record(
        Entry(
            action=action,
            outcome=outcome,
            actor_kind="officer",
            actor_id=row.officer_id,
            actor_label=row.number,
            sworn=row.sworn,
            unit_id=row.unit_id,
            device_id=row.device_id,
            session_id=row.id,
            client=row.name,
            reason=reason,
            at=uow.now(),
        )
    )
