"""The life of a session: sign-in (`sign_in.py`), refresh (`refreshing.py`), revocation, sign-out."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard
from muster.kernel.errors import NotFound
from muster.kernel.guard import Target
from muster.kernel.identity import ending, tokens
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.authenticators.entering import (
    sign_in_to_console,
    sign_in_with_passkey,
)
from muster.kernel.identity.errors import InvalidToken
from muster.kernel.identity.models import RefreshToken, Session
from muster.kernel.identity.refreshing import refresh
from muster.kernel.identity.secrets import REFRESH_PREFIX, secret_hash
from muster.kernel.identity.sign_in import sign_in_on_terminal
from muster.kernel.identity.token_pair import TokenPair
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

__all__ = [
    "TokenPair",
    "current",
    "refresh",
    "revoke",
    "sign_in_on_terminal",
    "sign_in_to_console",
    "sign_in_with_passkey",
    "sign_out",
]


def revoke(kernel: "Kernel", presented: str, client_name: str = "") -> None:
    """End the session behind a refresh or access token (RFC 7009); unknown tokens are no error."""
    session_id = _session_behind(kernel, presented)
    if session_id is None:
        return
    with kernel.writes() as uow:
        row = ending.owner(uow, session_id)
        if row is None or row.name != (client_name or row.name):
            return
        if ending.end(uow, session_id):
            ending.note(uow, "identity.session.revoke", "done", row)


def sign_out(uow: UnitOfWork, actor: Actor) -> None:
    """End the actor's own session, on a terminal or at the console."""
    guard.require(uow, actor, "identity.session.end_own", _own(actor))
    if actor.session_id is not None:
        ending.end(uow, actor.session_id)


def current(uow: UnitOfWork, actor: Actor) -> Session:
    """Return the actor's own session."""
    guard.require(uow, actor, "identity.session.read_own", _own(actor))
    session = uow.session.get(Session, actor.session_id) if actor.session_id else None
    if session is None:
        raise NotFound("There is no session behind this credential.")
    return session


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


def _own(actor: Actor) -> Target:
    own = actor.session_id is not None
    return Target("Session", str(actor.session_id or ""), {"own": own})
