"""Challenges: one-time, five minutes, bound to the browser that asked (WebAuthn §13.4.3).

The browser keeps the handle, we keep its hash. Whoever answers spends the row, right or wrong.
"""

from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from muster.kernel.identity.authenticators.errors import CeremonyOver
from muster.kernel.identity.authenticators.models import Ceremony
from muster.kernel.identity.secrets import secret_hash
from muster.kernel.ids import token
from muster.kernel.uow import UnitOfWork

Kind = Literal["create", "get", "totp"]
LASTS: Final = timedelta(minutes=5)


def begin(uow: UnitOfWork, kind: Kind, secret: bytes, officer_id: UUID | None = None) -> str:
    """Keep a challenge and return the handle of the browser that will answer it."""
    handle = token()
    uow.session.add(
        Ceremony(
            hash=secret_hash(handle),
            kind=kind,
            secret=secret,
            officer_id=officer_id,
            expires_at=uow.now() + LASTS,
        )
    )
    return handle


def take(uow: UnitOfWork, kind: Kind, handle: str, officer_id: UUID | None = None) -> bytes:
    """Spend a challenge and return it; also if the unit is rolled back it is spent.

    Raises `CeremonyOver` for one that is unknown, answered, late or somebody else's.
    """
    mine = _mine(uow, kind, handle, officer_id)
    uow.afterwards(lambda unit: _forget(unit, handle))
    secret: bytes | None = uow.session.scalar(
        delete(Ceremony).where(*mine).returning(Ceremony.secret)
    )
    if secret is None:
        raise CeremonyOver
    return secret


def peek(uow: UnitOfWork, kind: Kind, handle: str, officer_id: UUID) -> bytes:
    """Return a challenge without spending it; raises as `take` does."""
    mine = _mine(uow, kind, handle, officer_id)
    secret = uow.session.scalar(select(Ceremony.secret).where(*mine))
    if secret is None:
        raise CeremonyOver
    return secret


def forget_late(uow: UnitOfWork) -> None:
    """Delete what nobody answered in time."""
    uow.session.execute(delete(Ceremony).where(Ceremony.expires_at <= uow.now()))


def _forget(uow: UnitOfWork, handle: str) -> None:
    uow.session.execute(delete(Ceremony).where(Ceremony.hash == secret_hash(handle)))


def _mine(
    uow: UnitOfWork, kind: Kind, handle: str, officer_id: UUID | None
) -> tuple[ColumnElement[bool], ...]:
    return (
        Ceremony.hash == secret_hash(handle),
        Ceremony.kind == kind,
        Ceremony.officer_id.is_not_distinct_from(officer_id),
        Ceremony.expires_at > uow.now(),
    )
