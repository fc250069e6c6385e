"""What an ID token must be before it says anything (OpenID Connect Core 1.0 §3.1.3.7).

The signature is checked with the provider's published keys alone: a key that the token itself
brings (`jwk`, `jku`, `x5u`) is never looked at, and `alg` is held against a list of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError

from muster.kernel.identity.oidc.errors import ProviderRefused
from muster.kernel.identity.oidc.provider import ALGORITHMS, Provider

LEEWAY: Final = 60
OLDEST: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Expected:
    """What this sign-in asked for."""

    client_id: str
    nonce: str
    access_token: str
    now: datetime
    since: datetime | None = None
    """Set when the person must have signed in at the provider anew: the moment we asked."""


def verified(token: str, provider: Provider, wanted: Expected) -> dict[str, Any]:
    """Return the claims of a token that passes every check; raises `ProviderRefused`."""
    header, claims = signed(token, provider)
    if header.get("typ", "JWT").upper() != "JWT":
        raise ProviderRefused("id_token_wrong_typ")
    checked = CodeIDToken(
        claims,
        header,
        options={
            "iss": {"essential": True, "values": [provider.issuer]},
            "aud": {"essential": True, "value": wanted.client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "nonce": {"essential": True},
        },
        params={
            "client_id": wanted.client_id,
            "nonce": wanted.nonce,
            "access_token": wanted.access_token,
        },
    )
    try:
        checked.validate(now=int(wanted.now.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise ProviderRefused(f"id_token_{getattr(error, 'claim', 'claim')}") from error
    _check_rest(claims, wanted)
    return claims


def signed(token: str, provider: Provider) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a JWT that one of the provider's keys signed."""
    try:
        found = jwt.decode(token, provider.keys, algorithms=list(ALGORITHMS))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderRefused("signature", "The provider's signature is not valid.") from error
    if not isinstance(found.claims, dict):
        raise ProviderRefused("claims_unreadable")
    return dict(found.header), dict(found.claims)


def moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    """Return a NumericDate claim, None when there is none or it is no date."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _check_rest(claims: dict[str, Any], wanted: Expected) -> None:
    subject, audience = claims["sub"], claims["aud"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
        raise ProviderRefused("id_token_sub")
    if audience not in (wanted.client_id, [wanted.client_id]) and (
        claims.get("azp") != wanted.client_id
    ):
        raise ProviderRefused("id_token_azp")
    issued = moment(claims, "iat")
    if issued is None or wanted.now - issued > OLDEST:
        raise ProviderRefused("id_token_iat")
    if wanted.since is not None:
        signed_in = moment(claims, "auth_time")
        if signed_in is None or signed_in < wanted.since - timedelta(seconds=LEEWAY):
            raise ProviderRefused("not_signed_in_anew", "Sign in at the provider anew, then go on.")
