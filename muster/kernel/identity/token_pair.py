"""What a terminal is handed: an access token of five minutes and a refresh token for one use."""

from collections.abc import Collection
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


def hand_out(
    uow: UnitOfWork,
    session: Session,
    client: Client,
    *,
    scope: Collection[str] | None = None,
    parent: str | None = None,
) -> TokenPair:
    """Return a new access token and a new refresh token of a field session.

    `scope` narrows this access token alone (RFC 6749 §6); `parent` is the hash of the refresh token
    that was spent for them.
    """
    now, kernel = uow.now(), uow.kernel
    uow.session.flush()
    secret = REFRESH_PREFIX + token()
    uow.session.add(
        RefreshToken(
            hash=secret_hash(secret), session_id=session.id, parent_hash=parent, issued_at=now
        )
    )
    held = [name for name in session.scope if name in client.scopes]
    given = [name for name in held if scope is None or name in scope]
    access = tokens.issue(kernel, session, client, given, now)
    seconds = int(tokens.LIFETIME.total_seconds())
    return TokenPair(access, secret, seconds, " ".join(given), session.id, session.expires_at)
