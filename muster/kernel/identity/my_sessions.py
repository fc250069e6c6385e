"""Sessions that are open: one's own, to look at and to end (ASVS 7.4.4, 7.5.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, and_, or_, select, update

from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import account_news, gate
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.models import Client, Device, Officer, Session
from muster.kernel.uow import UnitOfWork

_MOST = 200


@dataclass(frozen=True)
class OpenSession:
    """A session that still opens doors. `terminal` is the terminal's label, '' at the console."""

    id: UUID
    kind: str
    client: str
    terminal: str
    amr: list[str]
    began_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


def mine(uow: UnitOfWork, actor: Actor) -> list[OpenSession]:
    """Return the actor's open sessions, the newest first."""
    guard.require(
        uow, actor, "identity.session.read_own", _target(actor.session_id, own=_is_session(actor))
    )
    return open_of(uow, actor.id, actor.session_id)


def end(uow: UnitOfWork, actor: Actor, session_id: UUID) -> None:
    """End one of the actor's sessions; raises `NotFound` for one that is not theirs."""
    owner = uow.session.scalar(select(Session.officer_id).where(Session.id == session_id))
    if owner != actor.id:
        raise NotFound("There is no such session of yours.")
    guard.require(uow, actor, "identity.session.end_own", _target(session_id, own=True))
    end_all(uow, [session_id])


def end_others(uow: UnitOfWork, actor: Actor) -> int:
    """End every session of the actor but this one; return how many."""
    target = _target(actor.session_id, own=_is_session(actor))
    decision = guard.require(uow, actor, "identity.session.end_own", target)
    others = [held.id for held in open_of(uow, actor.id, actor.session_id) if not held.current]
    end_all(uow, others)
    if others:
        account_news.tell(uow, actor.id, "sessions_ended")
    decision.note(others=len(others))
    return len(others)


def open_of(uow: UnitOfWork, officer_id: UUID, current: UUID | None = None) -> list[OpenSession]:
    """Return an officer's open sessions, the newest first; who may see them is decided before."""
    now = uow.now()
    awake = or_(Session.kind != "console", Session.seen_at >= now - gate.CONSOLE_IDLE)
    rows = uow.session.execute(
        select(Session, Client.name, Device.label)
        .join(
            Officer,
            and_(Officer.id == Session.officer_id, Officer.epoch == Session.officer_epoch),
        )
        .join(Client, and_(Client.id == Session.client_id, Client.epoch == Session.client_epoch))
        .outerjoin(Device, Device.id == Session.device_id)
        .where(
            Session.officer_id == officer_id,
            Session.revoked_at.is_(None),
            Session.expires_at > now,
            or_(Session.device_id.is_(None), Device.epoch == Session.device_epoch),
            awake,
        )
        .order_by(Session.id.desc())
        .limit(_MOST)
    )
    return [_shown(row, current) for row in rows]


def end_all(uow: UnitOfWork, session_ids: Collection[UUID]) -> None:
    """End sessions: refused from the next request on, their streams cut."""
    if not session_ids:
        return
    uow.session.execute(
        update(Session)
        .where(Session.id.in_(session_ids), Session.revoked_at.is_(None))
        .values(revoked_at=uow.now())
    )
    for session_id in session_ids:
        gate.look_again(uow, session_id)


def _shown(row: Row[Session, str, str], current: UUID | None) -> OpenSession:
    session, client, terminal = row[0], row[1], row[2]
    return OpenSession(
        id=session.id,
        kind=session.kind,
        client=client,
        terminal=terminal or "",
        amr=session.amr,
        began_at=session.auth_at,
        seen_at=session.seen_at,
        expires_at=session.expires_at,
        current=session.id == current,
    )


def _is_session(actor: Actor) -> bool:
    return actor.session_id is not None


def _target(session_id: UUID | None, *, own: bool) -> Target:
    return Target("Session", str(session_id or ""), {"own": own})
