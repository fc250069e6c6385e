"""Access tokens: ES256 `at+jwt` of five minutes, bound to a device key (RFC 9068, RFC 9449)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import jwt

from muster.kernel.identity.errors import InvalidToken
from muster.kernel.identity.models import Client, Session
from muster.kernel.ids import uuid7

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

LIFETIME = timedelta(minutes=5)
AUDIENCE = "muster"
_REQUIRED = ["iss", "aud", "sub", "client_id", "iat", "exp", "jti", "sid", "cnf"]


@dataclass(frozen=True)
class Claims:
    """What a verified access token says: its session, the key it is bound to, and its scope.

    `all` is every claim, for introspection.
    """

    session_id: UUID
    officer_id: UUID
    jkt: str
    scope: frozenset[str]
    all: dict[str, Any]


def issue(
    kernel: "Kernel", session: Session, client: Client, scope: Sequence[str], now: datetime
) -> str:
    """Sign an access token of a field session with the current key (RFC 9068 §2.2)."""
    key = kernel.keys.signer("access_token")
    claims: dict[str, Any] = {
        "iss": kernel.settings.origin,
        "aud": AUDIENCE,
        "sub": str(session.officer_id),
        "sid": str(session.id),
        "client_id": client.name,
        "device": str(session.device_id),
        "scope": " ".join(scope),
        "auth_time": int(session.auth_at.timestamp()),
        "acr": f"urn:passmuster:aal{session.aal}",
        "amr": list(session.amr),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "jti": str(uuid7()),
        "cnf": {"jkt": session.jkt},
    }
    if client.sandbox_unit_id is not None:
        claims["sandbox"] = True
    return jwt.encode(
        claims, key.private_key, algorithm="ES256", headers={"typ": "at+jwt", "kid": key.kid}
    )


def verify(kernel: "Kernel", token: str) -> Claims:
    """Check signature, type, issuer, audience and times; raise `InvalidToken` otherwise."""
    try:
        kid, claims = kernel.tokens.find(token) or _signed(kernel, token)
        kernel.keys.verifier("access_token", kid)  # a key that was given up takes its tokens along
        _check_times(claims["iat"], claims["exp"], kernel.clock())
        return Claims(
            UUID(claims["sid"]),
            UUID(claims["sub"]),
            str(claims["cnf"]["jkt"]),
            frozenset(str(claims.get("scope", "")).split()),
            claims,
        )
    except (jwt.PyJWTError, LookupError, ValueError, TypeError, RecursionError) as error:
        raise InvalidToken from error


def _signed(kernel: "Kernel", token: str) -> tuple[str, dict[str, Any]]:
    """Check what never changes about a token, and remember it."""
    header = jwt.get_unverified_header(token)
    if header.get("typ") != "at+jwt" or header.get("alg") != "ES256":
        raise InvalidToken("This is not an access token of this server.")
    kid = str(header.get("kid", ""))
    claims = jwt.decode(
        token,
        kernel.keys.verifier("access_token", kid).public_key,
        algorithms=["ES256"],
        audience=AUDIENCE,
        issuer=kernel.settings.origin,
        options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
    )
    kernel.tokens.keep(token, kid, claims)
    return kid, claims


def _check_times(issued: object, expires: object, now: datetime) -> None:
    """Compare with the kernel's clock, which tests may move, instead of the system's."""
    if not isinstance(issued, int) or not isinstance(expires, int):
        raise InvalidToken
    if now.timestamp() >= expires:
        raise InvalidToken("The access token has expired. Refresh it.")
    if issued > now.timestamp() + 60:
        raise InvalidToken("The access token is from the future.")
