"""Sign-in, refresh and sign-out, on a terminal and at the console.

These take the kernel, not a unit of work: argon2 runs between two short transactions, and what a
refusal must leave behind (a counted failure, a revoked session) is committed before it is raised.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select, update

from muster.kernel import guard
from muster.kernel.audit.entry import Entry
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import attempts, clients, gate, tokens
from muster.kernel.identity.actor import Actor, Origin
from muster.kernel.identity.attempts import Attempt
from muster.kernel.identity.credentials import normalised
from muster.kernel.identity.dpop import thumbprint
from muster.kernel.identity.errors import (
    ClientBlocked,
    ConsoleClosed,
    DeviceBlocked,
    GateRefusal,
    InvalidClient,
    InvalidGrant,
    InvalidToken,
    SessionEnded,
)
from muster.kernel.identity.models import Client, Device, Officer, RefreshToken, RoleGrant, Session
from muster.kernel.identity.roles import ADMINISTRATIVE
from muster.kernel.identity.secrets import CONSOLE_PREFIX, REFRESH_PREFIX, secret_hash
from muster.kernel.ids import token, uuid7
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

LONGEST = timedelta(hours=12)
"""Absolute end of any session (AC-2(5), SP 800-63B AAL3)."""


@dataclass(frozen=True)
class TokenPair:
    """What a terminal holds after sign-in or refresh; `expires_in` is seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    scope: str
    session_id: UUID
    ends_at: datetime


def sign_in_on_terminal(
    kernel: "Kernel",
    proof_jwk: dict[str, Any],
    number: str,
    pin: str,
    client_name: str,
    origin: Origin,
) -> TokenPair:
    """Open a session for an officer on the terminal that made the proof.

    Raises `DeviceUnknown`, `DeviceBlocked`, `InvalidClient`, `ClientBlocked`, `LockedOut`, `Busy`,
    and `InvalidGrant` alike for an unknown number, a wrong PIN and an officer not in service.
    """
    with kernel.reads() as uow:
        _field_client(uow, client_name)
    jkt = thumbprint(proof_jwk)
    attempt = attempts.begin(kernel, "terminal", number, client_name, origin, jkt)
    officer = _proven(kernel, attempt, pin)
    with kernel.writes() as uow:
        client = _field_client(uow, client_name)
        device = _device_now(uow, jkt)
        session = _open(uow, attempt, officer, client, "field", aal=2)
        session.device_id, session.device_epoch, session.jkt = device.id, device.epoch, jkt
        return _hand_out(uow, session, client)


def sign_in_to_console(
    kernel: "Kernel", number: str, password: str, origin: Origin
) -> tuple[str, Session]:
    """Open a console session; return its secret (shown once) and its row.

    Raises `InvalidGrant`, `LockedOut`, `Busy`, and `ConsoleClosed` for somebody who is who they say
    but holds no administrative role.
    """
    attempt = attempts.begin(kernel, "console", number, clients.CONSOLE, origin)
    officer = _proven(kernel, attempt, password)
    with kernel.reads() as uow:
        held = {grant.role for grant in _grants(uow, officer.id)}
    if not held & ADMINISTRATIVE:
        attempts.refuse(kernel, attempt, ConsoleClosed(), reason="no_administrative_role")
    secret = CONSOLE_PREFIX + token()
    with kernel.writes() as uow:
        client = clients.console(uow)
        if client.state != "active":
            raise ClientBlocked
        session = _open(uow, attempt, officer, client, "console", aal=1)
        session.secret_hash = secret_hash(secret)
    return secret, session


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


_HOLDER = (
    select(Session.id, Session.jkt, Client.name)
    .join(RefreshToken, RefreshToken.session_id == Session.id)
    .join(Client, Client.id == Session.client_id)
)
_OWNER = (
    select(
        Session.id,
        Session.device_id,
        Officer.id.label("officer_id"),
        Officer.number,
        Officer.sworn,
        Officer.unit_id,
        Client.name,
    )
    .join(Officer, Officer.id == Session.officer_id)
    .join(Client, Client.id == Session.client_id)
)


def _proven(kernel: "Kernel", attempt: Attempt, secret: str) -> Officer:
    """Return the officer if the secret is theirs and they are in service; no transaction is open."""
    if not kernel.secrets.verify(attempt.hash, normalised(secret)):
        attempts.fail(kernel, attempt, "unknown_number" if attempt.officer is None else "wrong_secret")
    officer = attempt.officer
    assert officer is not None
    if officer.state != "active":
        attempts.fail(kernel, attempt, f"officer_{officer.state}")
    with kernel.reads() as uow:
        in_force = bool(_grants(uow, officer.id))
    if not in_force:
        attempts.fail(kernel, attempt, "no_role_in_force")
    return officer


def _grants(uow: UnitOfWork, officer_id: UUID) -> list[RoleGrant]:
    now = uow.now()
    held = uow.session.scalars(select(RoleGrant).where(RoleGrant.officer_id == officer_id))
    return [
        grant
        for grant in held
        if (grant.valid_from is None or grant.valid_from <= now)
        and (grant.valid_until is None or now < grant.valid_until)
    ]


def _field_client(uow: UnitOfWork, name: str) -> Client:
    client = clients.by_name(uow, name)
    if client is None or client.kind != "field":
        raise InvalidClient
    if client.state != "active":
        raise ClientBlocked
    return client


def _device_now(uow: UnitOfWork, jkt: str) -> Device:
    """Return the terminal as it is now: it may have been lost while argon2 ran."""
    device = uow.session.scalar(select(Device).where(Device.jkt == jkt))
    if device is None or device.state != "enrolled":
        raise DeviceBlocked
    return device


def _open(
    uow: UnitOfWork, attempt: Attempt, found: Officer, client: Client, kind: str, *, aal: int
) -> Session:
    officer = uow.session.get_one(Officer, found.id)
    if officer.epoch != found.epoch or officer.state != "active":
        raise InvalidGrant
    now = uow.now()
    session = Session(
        id=uuid7(),
        kind=kind,
        officer_id=officer.id,
        client_id=client.id,
        officer_epoch=officer.epoch,
        client_epoch=client.epoch,
        aal=aal,
        auth_at=now,
        seen_at=now,
        expires_at=_end_of(_grants(uow, officer.id), now),
    )
    uow.session.add(session)
    attempts.succeed(uow, attempt, session.id)
    return session


def _end_of(grants: list[RoleGrant], now: datetime) -> datetime:
    """Return 12 hours from now, or the moment the last role runs out if that comes first."""
    latest = now + LONGEST
    return min(latest, max((grant.valid_until or latest for grant in grants), default=latest))


def _hand_out(uow: UnitOfWork, session: Session, client: Client) -> TokenPair:
    now, kernel = uow.now(), uow.kernel
    uow.session.flush()
    secret = REFRESH_PREFIX + token()
    uow.session.add(
        RefreshToken(hash=secret_hash(secret), session_id=session.id, issued_at=now)
    )
    assert session.device_id is not None
    scope = " ".join(client.scopes)
    access = tokens.issue(
        kernel,
        session_id=session.id,
        officer_id=session.officer_id,
        device_id=session.device_id,
        client=client.name,
        scope=scope,
        jkt=session.jkt,
        now=now,
    )
    seconds = int(tokens.LIFETIME.total_seconds())
    return TokenPair(access, secret, seconds, scope, session.id, session.expires_at)


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
        return _hand_out(uow, session, uow.session.get_one(Client, session.client_id))


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
