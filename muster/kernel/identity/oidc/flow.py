"""The way of a sign-in through the provider: away with a question, back with a code.

The browser carries one random cookie (with the handle of the app's request, if it is for an app).
State, nonce and PKCE verifier derive from it, so an answer fits only the browser that asked (RFC
9700 §2.1.1, §4.7), and only once: the row behind it goes with the first answer, whatever it is.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from sqlalchemy import delete

from muster.kernel.identity import attempts, clients, sign_in
from muster.kernel.identity.actor import Origin
from muster.kernel.identity.attempts import Attempt
from muster.kernel.identity.models import Session
from muster.kernel.identity.oidc import exchange, id_token, links
from muster.kernel.identity.oidc.assurance import proof_of
from muster.kernel.identity.oidc.errors import ProviderRefused
from muster.kernel.identity.oidc.models import ProviderLink, ProviderSession, ProviderSignIn
from muster.kernel.identity.oidc.provider import DIRECTORY, Provider
from muster.kernel.identity.ports import hand_over
from muster.kernel.identity.secrets import secret_hash
from muster.kernel.ids import token

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

LIFE: Final = timedelta(minutes=10)
CALLBACK: Final = "/console/sign-in/provider/callback"


@dataclass(frozen=True)
class Started:
    """Where to send the browser, and the cookie it comes back with."""

    url: str
    cookie: str


@dataclass(frozen=True)
class Pending:
    """What was asked for: where to go on, an app's request to go on with, a sign-in made anew."""

    onwards: str
    handle: str
    fresh: bool
    began_at: datetime


@dataclass(frozen=True)
class Finished:
    """Where to go on; at the console with a session's secret (shown once), for an app without."""

    onwards: str
    secret: str = field(default="", repr=False)
    session: Session | None = None


def begin(kernel: "Kernel", *, onwards: str = "", handle: str = "", fresh: bool = False) -> Started:
    """Begin a sign-in; `fresh` demands that the person signs in at the provider anew (step-up)."""
    settings = kernel.settings
    if not settings.oidc_issuer:
        raise ProviderRefused("no_provider", "This force has set up no provider.")
    provider, cookie = DIRECTORY.get(settings.oidc_issuer), f"{token()}.{handle}"
    now = kernel.clock()
    with kernel.writes() as uow:
        uow.session.execute(delete(ProviderSignIn).where(ProviderSignIn.expires_at < now))
        uow.session.add(
            ProviderSignIn(
                hash=secret_hash(cookie),
                onwards=onwards[:2000],
                fresh=fresh,
                began_at=now,
                expires_at=now + LIFE,
            )
        )
    asked = {"prompt": "login", "max_age": "0"} if fresh else {}
    url = prepare_grant_uri(
        provider.endpoint("authorization_endpoint"),
        client_id=settings.oidc_client_id,
        response_type="code",
        redirect_uri=settings.origin + CALLBACK,
        scope="openid profile email",
        state=_part(cookie, "state"),
        nonce=_part(cookie, "nonce"),
        code_challenge=create_s256_code_challenge(_part(cookie, "verifier")),
        code_challenge_method="S256",
        **asked,
    )
    return Started(url, cookie)


def finish(kernel: "Kernel", cookie: str, answer: Mapping[str, str], origin: Origin) -> Finished:
    """End a sign-in, at the console or for an app, with the provider's answer.

    A refusal is recorded. Raises `ProviderRefused`, `ProviderAway`, and what letting somebody in
    raises.
    """
    try:
        pending = _take(kernel, cookie, answer.get("state", ""))
        claims = _claims(kernel, cookie, answer, pending)
        officer_id = _officer(kernel, claims)
    except ProviderRefused as refused:
        nobody = Attempt("console", clients.CONSOLE, origin, (), None, None)
        attempts.refuse(kernel, nobody, refused, reason=f"provider_{refused.reason}")
    proof = proof_of(claims, kernel.settings.oidc_aal)
    if pending.handle:
        for_app = hand_over(kernel)
        app = for_app.pending(kernel, pending.handle)
        attempt = attempts.begin_for(kernel, "terminal", officer_id, app.client, origin, app.jkt)
        onwards = for_app.complete(kernel, pending.handle, attempt, proof)
        _remember(kernel, officer_id, None, claims)
        return Finished(onwards)
    attempt = attempts.begin_for(kernel, "console", officer_id, clients.CONSOLE, origin)
    secret, session = sign_in.admit_to_console(kernel, attempt, proof)
    _remember(kernel, officer_id, session.id, claims)
    return Finished(pending.onwards, secret, session)


def _remember(
    kernel: "Kernel", officer_id: UUID, session_id: UUID | None, claims: Mapping[str, Any]
) -> None:
    """Keep which of the provider's sessions opened ours, so that it can end it; link for good.

    Whatever fails here fails before the session's secret, or the app's code, leaves.
    """
    issuer, subject, sid = kernel.settings.oidc_issuer, claims["sub"], claims.get("sid")
    with kernel.writes() as uow:
        now = uow.now()
        over = ProviderSession.began_at < now - sign_in.LONGEST
        uow.session.execute(delete(ProviderSession).where(over))
        uow.session.add(
            ProviderSession(
                officer_id=officer_id,
                session_id=session_id,
                issuer=issuer,
                subject=subject,
                sid=sid[:255] if isinstance(sid, str) else "",
                began_at=now,
            )
        )
        if links.known(uow, issuer, subject) is None:
            uow.session.add(ProviderLink(issuer=issuer, subject=subject, officer_id=officer_id))


def _take(kernel: "Kernel", cookie: str, state: str) -> Pending:
    """Take the row away first: a second answer, or a guess, finds nothing."""
    with kernel.writes() as uow:
        row = uow.session.execute(
            delete(ProviderSignIn)
            .where(ProviderSignIn.hash == secret_hash(cookie))
            .returning(
                ProviderSignIn.onwards,
                ProviderSignIn.fresh,
                ProviderSignIn.began_at,
                ProviderSignIn.expires_at,
            )
        ).first()
    if row is None or row.expires_at <= kernel.clock():
        raise ProviderRefused(
            "not_begun_here", "This sign-in was not begun here, or took too long."
        )
    if not hmac.compare_digest(state.encode(), _part(cookie, "state").encode()):
        raise ProviderRefused("wrong_state")
    return Pending(row.onwards, cookie.partition(".")[2], row.fresh, row.began_at)


def _claims(
    kernel: "Kernel", cookie: str, answer: Mapping[str, str], pending: Pending
) -> dict[str, Any]:
    provider = DIRECTORY.get(kernel.settings.oidc_issuer)
    if answer.get("iss", "" if provider.names_itself else provider.issuer) != provider.issuer:
        raise ProviderRefused("wrong_iss")
    if "error" in answer or not answer.get("code"):
        raise ProviderRefused("not_granted", "The provider did not let you in.")
    settings = kernel.settings
    given = exchange.redeem(
        provider,
        exchange.Client(settings.oidc_client_id, settings.oidc_client_secret),
        code=answer["code"],
        verifier=_part(cookie, "verifier"),
        redirect_uri=settings.origin + CALLBACK,
    )
    wanted = id_token.Expected(
        client_id=settings.oidc_client_id,
        nonce=_part(cookie, "nonce"),
        access_token=given.access_token,
        now=kernel.clock(),
        since=pending.began_at if pending.fresh else None,
    )
    claims = _verified(given.id_token, provider, wanted)
    if settings.oidc_number_claim and settings.oidc_number_claim not in claims:
        said = exchange.userinfo(provider, given.access_token, claims["sub"])
        claims = {**said, **claims}
    return claims


def _verified(token_: str, provider: Provider, wanted: id_token.Expected) -> dict[str, Any]:
    """Check a token; when no key fits, the provider may have a new one."""
    try:
        return id_token.verified(token_, provider, wanted)
    except ProviderRefused as refused:
        if refused.reason != "signature":
            raise
        return id_token.verified(token_, DIRECTORY.get(provider.issuer, anew=True), wanted)


def _officer(kernel: "Kernel", claims: Mapping[str, Any]) -> UUID:
    settings = kernel.settings
    with kernel.reads() as uow:
        linked = links.known(uow, settings.oidc_issuer, claims["sub"])
        if linked is not None:
            return linked
        if not settings.oidc_number_claim:
            raise ProviderRefused("not_linked", links.UNKNOWN)
        return links.claimed(uow, settings.oidc_issuer, claims.get(settings.oidc_number_claim))


def _part(cookie: str, name: str) -> str:
    """Derive one of the flow's secrets from the browser's cookie."""
    return hmac.digest(cookie.encode(), b"oidc " + name.encode(), "sha256").hex()
