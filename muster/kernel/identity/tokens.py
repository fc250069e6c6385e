"""Access tokens: ES256 `at+jwt` of five minutes, bound to a device key (RFC 9068, RFC 9449)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import jwt

from muster.kernel.identity.errors import InvalidToken
from muster.kernel.ids import uuid7

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

LIFETIME = timedelta(minutes=5)
AUDIENCE = "muster"
_REQUIRED = ["iss", "aud", "sub", "client_id", "iat", "exp", "jti", "sid", "cnf"]


@dataclass(frozen=True)
class Claims:
    """What a verified access token says: its session and the key it is bound to."""

    session_id: UUID
    officer_id: UUID
    jkt: str


def issue(
    kernel: "Kernel",
    *,
    session_id: UUID,
    officer_id: UUID,
    device_id: UUID,
    client: str,
    scope: str,
    jkt: str,
    now: datetime,
) -> str:
    """Sign an access token with the current key."""
    key = kernel.keys.signer("access_token")
    claims = {
        "iss": kernel.settings.origin,
        "aud": AUDIENCE,
        "sub": str(officer_id),
        "sid": str(session_id),
        "client_id": client,
        "device": str(device_id),
        "scope": scope,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "jti": str(uuid7()),
        "cnf": {"jkt": jkt},
    }
    return jwt.encode(
        claims, key.private_key, algorithm="ES256", headers={"typ": "at+jwt", "kid": key.kid}
    )


def verify(kernel: "Kernel", token: str) -> Claims:
    """Check signature, type, issuer, audience and times; raise `InvalidToken` otherwise."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != "at+jwt" or header.get("alg") != "ES256":
            raise InvalidToken("This is not an access token of this server.")
        key = kernel.keys.verifier("access_token", str(header.get("kid", ""))).public_key
        claims = jwt.decode(
            token,
            key,
            algorithms=["ES256"],
            audience=AUDIENCE,
            issuer=kernel.settings.origin,
            options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
        )
        _check_times(claims["iat"], claims["exp"], kernel.clock())
        return Claims(UUID(claims["sid"]), UUID(claims["sub"]), str(claims["cnf"]["jkt"]))
    except (jwt.PyJWTError, LookupError, ValueError, TypeError, RecursionError) as error:
        raise InvalidToken from error


def _check_times(issued: object, expires: object, now: datetime) -> None:
    """Compare with the kernel's clock, which tests may move, instead of the system's."""
    if not isinstance(issued, int) or not isinstance(expires, int):
        raise InvalidToken
    if now.timestamp() >= expires:
        raise InvalidToken("The access token has expired. Refresh it.")
    if issued > now.timestamp() + 60:
        raise InvalidToken("The access token is from the future.")
