"""What a terminal is handed: an access token of five minutes and a refresh token for one use."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.kernel.identity import tokens
from muster.kernel.identity.models import Client, RefreshToken, Session
from muster.kernel.identity.secrets import REFRESH_PREFIX, secret_hash
from muster.kernel.ids import token
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class TokenPair:
    """What a terminal holds after sign-in or refresh; `expires_in` is seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    scope: str
    session_id: UUID
    ends_at: datetime


def hand_out(uow: UnitOfWork, session: Session, client: Client) -> TokenPair:
    """Return a new access token and a new refresh token of a field session."""
    now, kernel = uow.now(), uow.kernel
    uow.session.flush()
    secret = REFRESH_PREFIX + token()
    uow.session.add(RefreshToken(hash=secret_hash(secret), session_id=session.id, issued_at=now))
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
