"""Exchanges a refresh token for a new pair: once, but for an answer that was lost on its way.

A token shown twice is a sign of theft and ends its session (RFC 9700 §4.14.2). On a bad network
the same happens to honest terminals: the answer with the successor never came. So for a minute
the same key may show the same token again, as long as nobody has used the successor; that one is
then worthless, and using it ends the session. Two holders of one token still find each other out:
only one of the branches lives on.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select, update

from muster.kernel.audit.entry import Entry
from muster.kernel.identity import ending, gate
from muster.kernel.identity.actor import Actor, Origin
from muster.kernel.identity.errors import GateRefusal, InvalidGrant, InvalidScope, SessionEnded
from muster.kernel.identity.models import Client, RefreshToken, Session
from muster.kernel.identity.ports import not_theirs
from muster.kernel.identity.secrets import secret_hash
from muster.kernel.identity.token_pair import TokenPair, hand_out
from muster.kernel.uow import UnitOfWork
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

GRACE: Final = timedelta(seconds=60)

_HOLDER = (
    select(Session.id, Session.jkt, Client.name)
    .join(RefreshToken, RefreshToken.session_id == Session.id)
    .join(Client, Client.id == Session.client_id)
)


def refresh(
    kernel: "Kernel",
    proof_jwk: dict[str, Any],
    refresh_token: str,
    client_name: str,
    origin: Origin | None = None,
    scope: str = "",
) -> TokenPair:
    """Exchange a refresh token for a new pair; the session's end stays where it is.

    `scope` narrows the access token, not what later ones may have. Raises `InvalidGrant` for a
    token of another key or client, and for one used before, which ends the session; `InvalidScope`;
    `SessionEnded`, `DeviceBlocked` or `ClientBlocked` when the gate no longer lets this officer,
    terminal or app through.
    """
    hashed, origin = secret_hash(refresh_token), origin or Origin()
    with kernel.reads() as uow:
        held = uow.session.execute(_HOLDER.where(RefreshToken.hash == hashed)).first()
    if held is None or (held.jkt, held.name) != (thumbprint(proof_jwk), client_name):
        raise InvalidGrant
    actor = _standing(kernel, held.id, origin)
    if actor.device is None or actor.device.jkt != held.jkt:
        raise SessionEnded("This terminal has a new key since the session began. Sign in again.")
    wanted = set(scope.split())
    if not wanted <= set(actor.scope):
        raise InvalidScope("This session has not the scope that is asked for.")
    pair = _rotate(kernel, hashed, held.id, actor, wanted or None)
    if pair is None:
        raise InvalidGrant("This refresh token was used before; its session has ended.")
    return pair


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


def _rotate(
    kernel: "Kernel", hashed: str, session_id: UUID, actor: Actor, scope: Collection[str] | None
) -> TokenPair | None:
    """Spend the token and hand out its successor; a token spent before ends the session: None."""
    with kernel.writes() as uow:
        _refuse_stranger(uow, actor)
        if not _spend(uow, RefreshToken.hash == hashed) and not _answer_was_lost(uow, hashed):
            ending.end(uow, session_id)
            row = ending.owner(uow, session_id)
            assert row is not None
            entry = ending.note(uow, "identity.refresh", "denied", row, "refresh_token_reused")
            entry.source, entry.request_id = actor.origin.address, actor.origin.request_id
            return None
        session = uow.session.get_one(Session, session_id)
        session.seen_at = uow.now()
        client = uow.session.get_one(Client, session.client_id)
        return hand_out(uow, session, client, scope=scope, parent=hashed)


def _refuse_stranger(uow: UnitOfWork, actor: Actor) -> None:
    """Refuse an officer whose terminal has become another one's since the session began."""
    if actor.device is None or actor.person is None:
        return
    refused = not_theirs(uow, actor.device.id, actor.person.id)
    if refused is not None:
        raise refused


def _answer_was_lost(uow: UnitOfWork, hashed: str) -> bool:
    """Whether the token was spent a moment ago and its successor never used; void the successor."""
    spent_at = uow.session.scalar(select(RefreshToken.used_at).where(RefreshToken.hash == hashed))
    if spent_at is None or uow.now() - spent_at > GRACE:
        return False
    return _spend(uow, RefreshToken.parent_hash == hashed)


def _spend(uow: UnitOfWork, which: Any) -> bool:
    spent = uow.session.scalars(
        update(RefreshToken)
        .where(which, RefreshToken.used_at.is_(None))
        .values(used_at=uow.now())
        .returning(RefreshToken.hash)
        .execution_options(synchronize_session=False)
    )
    return bool(spent.all())
