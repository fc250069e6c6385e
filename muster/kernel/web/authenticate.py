"""From credential to actor: each auth class knows one way in, all pass the same gate row."""

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from flask import Request, g
from sqlalchemy import update

from muster.kernel.db import Mode
from muster.kernel.errors import DomainError
from muster.kernel.identity import dpop, gate, nonces, tokens
from muster.kernel.identity.actor import NOBODY, Actor, Origin
from muster.kernel.identity.errors import (
    CrossSite,
    InvalidProof,
    InvalidToken,
    SessionEnded,
    Unauthenticated,
)
from muster.kernel.identity.models import Session
from muster.kernel.identity.ports import DEVICE_CERTIFICATES, DEVICE_PATHS
from muster.kernel.identity.secrets import CONSOLE_PREFIX, CREDENTIAL_PREFIX, secret_hash
from muster.kernel.web.marks import Auth, Mark
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

COOKIE = "__Host-muster"
_TOUCH = timedelta(minutes=1)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def csrf_token(secret: str) -> str:
    """Derive the form token of a console session from its secret."""
    return hmac.digest(secret.encode(), b"csrf", "sha256").hex()


def authenticate(kernel: "Kernel", mark: Mark, request: Request, origin: Origin) -> Actor:
    """Return the actor, trying the classes the route declares against what the caller shows."""
    g.muster_secret = ""
    shown = bool(origin.certificate)
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    for auth in mark.auth:
        if _shows(auth, scheme.lower(), credential, request, certificate=shown):
            return _WAYS[auth](kernel, mark, request, origin)
    raise Unauthenticated(headers={"WWW-Authenticate": 'DPoP algs="ES256"'})


def _shows(
    auth: Auth, scheme: str, credential: str, request: Request, *, certificate: bool
) -> bool:
    if auth in (Auth.OPEN, Auth.PATH):
        return True
    if auth in (Auth.FIELD, Auth.DEPOSIT):
        return scheme in ("dpop", "bearer") and not credential.startswith(
            (CONSOLE_PREFIX, CREDENTIAL_PREFIX)
        )
    if auth in (Auth.AGENT, Auth.ENROL):
        proved = "DPoP" in request.headers or (auth is Auth.AGENT and certificate)
        return not scheme and proved
    if auth is Auth.CONSOLE:
        return credential.startswith(CONSOLE_PREFIX) or (not scheme and COOKIE in request.cookies)
    return scheme == "basic" or credential.startswith(CREDENTIAL_PREFIX)


def _open(kernel: "Kernel", mark: Mark, request: Request, origin: Origin) -> Actor:
    return Actor(kind=NOBODY.kind, surface="open", origin=origin)


def _enrol(kernel: "Kernel", mark: Mark, request: Request, origin: Origin) -> Actor:
    g.muster_proof_key = _proof(kernel, request)
    return Actor(kind="nobody", surface="enrol", origin=origin)


def _agent(kernel: "Kernel", mark: Mark, request: Request, origin: Origin) -> Actor:
    """A terminal shows its key by a proof, by its certificate, or by both, which must agree."""
    if "DPoP" not in request.headers:
        certified = _certified_device(kernel, origin)
        if certified is None:
            raise Unauthenticated(headers={"WWW-Authenticate": 'DPoP algs="ES256"'})
        return gate.by_device(kernel, certified, origin)
    g.muster_proof_key = _proof(kernel, request)
    actor = gate.by_key(kernel, thumbprint(g.muster_proof_key), origin)
    try:
        certified = _certified_device(kernel, origin)
    except DomainError:  # a lost terminal's holds no more, and it must still fetch its commands
        certified = None
    _agree(actor, certified)
    return actor


def _certified_device(kernel: "Kernel", origin: Origin) -> UUID | None:
    """Return the terminal whose certificate came with the connection, as its issuer says today."""
    verify = kernel.ports.all(DEVICE_CERTIFICATES).get("issued")
    if verify is None or not origin.certificate:
        return None
    return verify(kernel, origin.certificate, kernel.clock())


def _agree(actor: Actor, certified: UUID | None) -> None:
    """Refuse a token or proof of one terminal on the connection of another (RFC 8705 §3)."""
    if certified is not None and (actor.device is None or actor.device.id != certified):
        raise InvalidToken("The certificate of this connection belongs to another terminal.")


def _field(kernel: "Kernel", mark: Mark, request: Request, origin: Origin) -> Actor:
    return _on_terminal(kernel, request, origin, "field")


def _deposit(kernel: "Kernel", mark: Mark, request: Request, origin: Origin) -> Actor:
    return _on_terminal(kernel, request, origin, "deposit")


def _on_terminal(kernel: "Kernel", request: Request, origin: Origin, surface: str) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "dpop":
        raise InvalidToken("Access tokens are bound to a key: use the DPoP scheme with a proof.")
    claims = tokens.verify(kernel, token)
    if thumbprint(_proof(kernel, request, token, nonce=_wants_nonce(kernel))) != claims.jkt:
        raise InvalidToken("This token belongs to another key.")
    actor = gate.by_session(kernel, claims.session_id, surface, origin)
    if actor.device is None or actor.device.jkt != claims.jkt:
        raise SessionEnded("This terminal has a new key since the session began. Sign in again.")
    _agree(actor, _certified_device(kernel, origin))
    return replace(actor, scope=tuple(name for name in actor.scope if name in claims.scope))


def _wants_nonce(kernel: "Kernel") -> bool:
    """Whether proofs must carry a nonce here too; the answer then brings the next one along."""
    if kernel.settings.dpop_nonce_at_api:
        g.muster_dpop_nonce = nonces.current(kernel)
    return kernel.settings.dpop_nonce_at_api


def _proof(
    kernel: "Kernel", request: Request, token: str | None = None, *, nonce: bool = False
) -> dict[str, str]:
    proofs = request.headers.getlist("DPoP")
    if len(proofs) != 1:
        raise InvalidProof("Send exactly one DPoP header.")
    return dpop.verify(kernel, proofs[0], request.method, request.path, token, nonce=nonce)


def _console(kernel: "Kernel", mark: Mark, request: Request, origin: Origin) -> Actor:
    """A cookie is sent by browsers on their own, so unsafe methods must prove our own page."""
    secret = request.headers.get("Authorization", "").partition(" ")[2]
    if not secret:
        secret = request.cookies[COOKIE]
        if request.method not in _SAFE:
            _own_page(request, secret)
    session = gate.by_console_secret(kernel, secret_hash(secret), origin)
    g.muster_secret = secret
    if kernel.clock() - session.seen_at > _TOUCH:
        _touch(kernel, session.actor)
    return session.actor


def _own_page(request: Request, secret: str) -> None:
    site, sender = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and sender is not None:  # browsers older than Fetch Metadata send Origin
        site = "same-origin" if urlsplit(sender).netloc == request.host else "cross-site"
    if site not in (None, "same-origin", "none"):
        raise CrossSite
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not hmac.compare_digest(given.encode(), csrf_token(secret).encode()):
        raise CrossSite


def _touch(kernel: "Kernel", actor: Actor) -> None:
    with kernel.db.session(Mode.WRITES) as session:
        session.execute(
            update(Session).where(Session.id == actor.session_id).values(seen_at=kernel.clock())
        )
        session.commit()


def _credential(kernel: "Kernel", mark: Mark, request: Request, origin: Origin) -> Actor:
    secret = _password(request) or request.headers.get("Authorization", "").partition(" ")[2]
    surface = "publisher" if Auth.PUBLISHER in mark.auth else mark.surface
    return gate.by_credential(kernel, secret_hash(secret), surface, origin)


def _path(kernel: "Kernel", mark: Mark, request: Request, origin: Origin) -> Actor:
    """A terminal shows the secret part of its path; the gateway of the route knows whose it is."""
    find = kernel.ports.all(DEVICE_PATHS).get(mark.surface)
    named = find(kernel, str((request.view_args or {}).get("secret", ""))) if find else None
    if named is None:
        raise InvalidToken("This path belongs to no terminal.")
    return gate.by_device(kernel, named, origin)


def _password(request: Request) -> str:
    try:
        basic = request.authorization
    except ValueError:  # werkzeug lets base64 of other letters than ASCII through to its decoder
        return ""
    return (basic.password or "") if basic is not None and basic.type == "basic" else ""


_WAYS: dict[Auth, Callable[["Kernel", Mark, Request, Origin], Actor]] = {
    Auth.OPEN: _open,
    Auth.ENROL: _enrol,
    Auth.AGENT: _agent,
    Auth.FIELD: _field,
    Auth.DEPOSIT: _deposit,
    Auth.CONSOLE: _console,
    Auth.PUBLISHER: _credential,
    Auth.CLIENT: _credential,
    Auth.PATH: _path,
}
