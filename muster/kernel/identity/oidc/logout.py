"""The provider says that somebody signed out there (OpenID Connect Back-Channel Logout 1.0).

Every check of §2.6, and §4's explicit type: what was made for signing in must not sign anybody out,
nor the reverse.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select, update

from muster.kernel.audit.entry import Entry
from muster.kernel.identity import clients
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.gate import look_again
from muster.kernel.identity.models import Session
from muster.kernel.identity.oidc import id_token
from muster.kernel.identity.oidc.assurance import FEDERATED
from muster.kernel.identity.oidc.errors import LogoutTokenRefused, ProviderRefused
from muster.kernel.identity.oidc.models import ProviderSession
from muster.kernel.identity.oidc.provider import DIRECTORY
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
LONGEST: Final = timedelta(minutes=10)
_LEEWAY: Final = timedelta(seconds=id_token.LEEWAY)


def end_sessions(kernel: "Kernel", token: str, origin: Origin) -> int:
    """End every session that the named session or subject of the provider opened; return how many.

    Raises `LogoutTokenRefused`, or `ProviderAway` when its keys cannot be had.
    """
    issuer = kernel.settings.oidc_issuer
    if not issuer:
        raise LogoutTokenRefused("This force has set up no provider.")
    claims = _verified(kernel, token)
    with kernel.writes() as uow:
        wanted = _sessions(uow, issuer, claims)
        ended = uow.session.scalars(
            update(Session)
            .where(Session.id.in_(wanted), Session.revoked_at.is_(None))
            .values(revoked_at=uow.now())
            .returning(Session.id)
        ).all()
        for session_id in ended:
            look_again(uow, session_id)
        _note(uow, list(ended), origin)
    return len(ended)


def _sessions(uow: UnitOfWork, issuer: str, claims: dict[str, Any]) -> list[UUID]:
    """Return the sessions that the provider's session, or every one of its subject, opened here."""
    held = select(ProviderSession).where(ProviderSession.issuer == issuer)
    if "sid" in claims:
        held = held.where(ProviderSession.sid == claims["sid"])
    if "sub" in claims:
        held = held.where(ProviderSession.subject == claims["sub"])
    rows = list(uow.session.scalars(held))
    by_app = {row.officer_id for row in rows if row.session_id is None}
    on_terminals = uow.session.scalars(
        select(Session).where(
            Session.officer_id.in_(by_app), Session.kind == "field", Session.revoked_at.is_(None)
        )
    )
    return [
        *(row.session_id for row in rows if row.session_id is not None),
        *(session.id for session in on_terminals if FEDERATED in session.amr),
    ]


def _verified(kernel: "Kernel", token: str) -> dict[str, Any]:
    issuer = kernel.settings.oidc_issuer
    try:
        header, claims = id_token.signed(token, DIRECTORY.get(issuer))
    except ProviderRefused:
        try:
            header, claims = id_token.signed(token, DIRECTORY.get(issuer, anew=True))
        except ProviderRefused as refused:
            raise LogoutTokenRefused(refused.detail) from refused
    _check(kernel, header, claims)
    return claims


def _check(kernel: "Kernel", header: dict[str, Any], claims: dict[str, Any]) -> None:
    kind = str(header.get("typ", "")).lower().removeprefix("application/")
    if kind != "logout+jwt":
        raise LogoutTokenRefused("The token's typ is not logout+jwt.")
    audience = claims.get("aud")
    if claims.get("iss") != kernel.settings.oidc_issuer or kernel.settings.oidc_client_id not in (
        audience if isinstance(audience, list) else [audience]
    ):
        raise LogoutTokenRefused("The token is from or for somebody else (iss, aud).")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise LogoutTokenRefused("The token does not say that somebody signed out (events).")
    if "nonce" in claims:
        raise LogoutTokenRefused("A logout token has no nonce.")
    named = [claims[name] for name in ("sid", "sub") if name in claims]
    if not named or not all(isinstance(name, str) and name for name in named):
        raise LogoutTokenRefused("The token names neither session nor subject (sid, sub).")
    _check_time(kernel, claims)


def _check_time(kernel: "Kernel", claims: dict[str, Any]) -> None:
    now = kernel.clock()
    issued, ends = id_token.moment(claims, "iat"), id_token.moment(claims, "exp")
    if issued is None or ends is None or ends + _LEEWAY <= now or abs(now - issued) > LONGEST:
        raise LogoutTokenRefused("The token is too old or from the future (iat, exp).")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= 255:
        raise LogoutTokenRefused("The token has no jti.")
    if kernel.limits.replay.seen(f"logout:{claims['iss']}:{jti}", now + LONGEST + LONGEST):
        raise LogoutTokenRefused("The token was used before (jti).")


def _note(uow: UnitOfWork, ended: list[UUID], origin: Origin) -> None:
    uow.record(
        Entry(
            action="identity.session.revoke",
            outcome="done",
            reason="provider_logout",
            actor_kind="nobody",
            client=clients.CONSOLE,
            zone=origin.zone,
            source=origin.address,
            request_id=origin.request_id,
            result={"ended": [str(session_id) for session_id in ended]},
            at=uow.now(),
        )
    )
