"""The life of a session: sign-in (see `sign_in.py`), refresh, revocation and sign-out."""

from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import Row, select, update

from muster.kernel import guard
from muster.kernel.audit.entry import Entry
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import gate, tokens
from muster.kernel.identity.actor import Actor, Origin
from muster.kernel.identity.errors import GateRefusal, InvalidGrant, InvalidToken, SessionEnded
from muster.kernel.identity.models import Client, Officer, RefreshToken, Session
from muster.kernel.identity.secrets import REFRESH_PREFIX, secret_hash
from muster.kernel.identity.sign_in import sign_in_on_terminal, sign_in_to_console
from muster.kernel.identity.token_pair import TokenPair, hand_out
from muster.kernel.uow import UnitOfWork
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

__all__ = [
    "TokenPair",
    "current",
    "refresh",
    "revoke",
    "sign_in_on_terminal",
    "sign_in_to_console",
    "sign_out",
]

_HOLDER = (
    select(Session.id, Session.jkt, Client.name)
    .join(RefreshToken, RefreshToken.session_id == Session.id)
    .join(Client, Client.id == Session.client_id)
)
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


def refresh(
    kernel: "Kernel",
    proof_jwk: dict[str, Any],
    refresh_token: str,
    client_name: str,
    origin: Origin | None = None,
) -> TokenPair:
    """Exchange a refresh token for a new pair; the session's end stays where it is.

    Raises `InvalidGrant` for a token of another key or client, and for one used before, which
    ends the session (RFC 9700 §4.14.2); `SessionEnded`, `DeviceBlocked` or `ClientBlocked` when
    the gate no longer lets this officer, terminal or app through.
    """
    hashed, origin = secret_hash(refresh_token), origin or Origin()
    with kernel.reads() as uow:
        held = uow.session.execute(_HOLDER.where(RefreshToken.hash == hashed)).first()
    if held is None or (held.jkt, held.name) != (thumbprint(proof_jwk), client_name):
        raise InvalidGrant
    actor = _standing(kernel, held.id, origin)
    if actor.device is None or actor.device.jkt != held.jkt:
        raise SessionEnded("This terminal has a new key since the session began. Sign in again.")
    pair = _rotate(kernel, hashed, held.id, actor)
    if pair is None:
        raise InvalidGrant("This refresh token was used before; its session has ended.")
    return pair


def revoke(kernel: "Kernel", presented: str, client_name: str = "") -> None:
    """End the session behind a refresh or access token (RFC 7009); unknown tokens are no error."""
    session_id = _session_behind(kernel, presented)
    if session_id is None:
        return
    with kernel.writes() as uow:
        row = uow.session.execute(_OWNER.where(Session.id == session_id)).first()
        if row is None or row.name != (client_name or row.name):
            return
        if _end(uow, session_id):
            _note(uow, "identity.session.revoke", "done", row)


def sign_out(uow: UnitOfWork, actor: Actor) -> None:
    """End the actor's own session, on a terminal or at the console."""
    guard.require(uow, actor, "identity.session.end_own", _own(actor))
    if actor.session_id is not None:
        _end(uow, actor.session_id)


def current(uow: UnitOfWork, actor: Actor) -> Session:
    """Return the actor's own session."""
    guard.require(uow, actor, "identity.session.read_own", _own(actor))
    session = uow.session.get(Session, actor.session_id) if actor.session_id else None
    if session is None:
        raise NotFound("There is no session behind this credential.")
    return session


def _standing(kernel: "Kernel", session_id: UUID, origin: Origin) -> Actor:
    """Ask the gate; a refusal of somebody known is recorded."""
    try:
        return gate.by_session(kernel, session_id, "field", origin)
    except GateRefusal as refused:
        if refused.actor is not None:
            with kernel.writes() as uow:
                uow.record(
                    Entry(
                        action="identity.refresh",
                        outcome="denied",
                        reason=refused.code,
                        zone=origin.zone,
                        source=origin.address,
                        request_id=origin.request_id,
                        at=uow.now(),
                        **refused.actor,
                    )
                )
        raise


def _rotate(kernel: "Kernel", hashed: str, session_id: UUID, actor: Actor) -> TokenPair | None:
    """Spend the token and hand out its successor; a token spent before ends the session: None."""
    with kernel.writes() as uow:
        spent = uow.session.scalar(
            update(RefreshToken)
            .where(RefreshToken.hash == hashed, RefreshToken.used_at.is_(None))
            .values(used_at=uow.now())
            .returning(RefreshToken.session_id)
        )
        session = uow.session.get_one(Session, session_id)
        if spent is None:
            _end(uow, session_id)
            row = uow.session.execute(_OWNER.where(Session.id == session_id)).one()
            entry = _note(uow, "identity.refresh", "denied", row)
            entry.reason, entry.source = "refresh_token_reused", actor.origin.address
            entry.request_id = actor.origin.request_id
            return None
        session.seen_at = uow.now()
        return hand_out(uow, session, uow.session.get_one(Client, session.client_id))


def _session_behind(kernel: "Kernel", presented: str) -> UUID | None:
    if presented.startswith(REFRESH_PREFIX):
        with kernel.reads() as uow:
            return uow.session.scalar(
                select(RefreshToken.session_id).where(RefreshToken.hash == secret_hash(presented))
            )
    try:
        return tokens.verify(kernel, presented).session_id
    except InvalidToken:
        return None


def _end(uow: UnitOfWork, session_id: UUID) -> bool:
    ended = uow.session.scalar(
        update(Session)
        .where(Session.id == session_id, Session.revoked_at.is_(None))
        .values(revoked_at=uow.now())
        .returning(Session.id)
    )
    gate.look_again(uow, session_id)
    return ended is not None


def _own(actor: Actor) -> Target:
    own = actor.session_id is not None
    return Target("Session", str(actor.session_id or ""), {"own": own})


def _note(uow: UnitOfWork, action: str, outcome: Literal["done", "denied"], row: Row[Any]) -> Entry:
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
            at=uow.now(),
        )
    )
