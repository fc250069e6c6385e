"""Proof of possession: each request shows that it holds the key its token names (RFC 9449)."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jwt

from muster.kernel.identity.errors import InvalidProof, ProofReplayed
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

WINDOW = timedelta(seconds=60)
_SECOND = timedelta(seconds=1)  # what `iat` loses by counting whole seconds
_MEMBERS = ("crv", "kty", "x", "y")


def verify(
    kernel: "Kernel", proof: str, method: str, path: str, access_token: str | None = None
) -> dict[str, Any]:
    """Check one proof for one request and return the public JWK that made it.

    `path` is the request's path without query: the expected `htu` is built from the configured
    public origin, never from the Host header (RFC 9449 §4.3 and §11.10).
    """
    header, claims = _decode(proof)
    if claims["htm"] != method or not _same_url(claims["htu"], kernel.settings.origin + path):
        raise InvalidProof("The DPoP proof names another method or address (htm, htu).")
    if access_token is not None and claims.get("ath") != _hash(access_token):
        raise InvalidProof("The DPoP proof does not name this access token (ath).")
    moment = _moment(claims["iat"])
    now = kernel.clock()
    replay = kernel.limits.replay
    if abs(now - moment) > WINDOW or moment + _SECOND < replay.started:
        raise InvalidProof("The DPoP proof is too old or from the future (iat).")
    if replay.seen(f"{thumbprint(header['jwk'])}:{claims['jti']}", now + 2 * WINDOW):
        raise ProofReplayed
    jwk: dict[str, Any] = {name: header["jwk"][name] for name in _MEMBERS}
    return jwk


def check_public_ec_key(jwk: object) -> dict[str, Any]:
    """Return a P-256 public JWK reduced to its members, or raise `InvalidProof`."""
    if (
        not isinstance(jwk, dict)
        or "d" in jwk
        or jwk.get("kty") != "EC"
        or jwk.get("crv") != "P-256"
        or not all(_is_coordinate(jwk.get(name)) for name in ("x", "y"))
    ):
        raise InvalidProof("The key must be a public P-256 JWK.")
    return {name: jwk[name] for name in _MEMBERS}


def _is_coordinate(text: object) -> bool:
    """Whether this is the one base64url spelling of 32 bytes: a key has one thumbprint only."""
    if not isinstance(text, str) or len(text) != 43 or not text.isascii():
        return False
    return _b64(base64.urlsafe_b64decode(text + "=")) == text


def _decode(proof: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        header = jwt.get_unverified_header(proof)
        if header.get("typ") != "dpop+jwt" or header.get("alg") != "ES256":
            raise InvalidProof("A DPoP proof is a dpop+jwt signed with ES256.")
        header["jwk"] = check_public_ec_key(header.get("jwk"))
        key = jwt.PyJWK(header["jwk"], algorithm="ES256")
        claims = jwt.decode(
            proof,
            key,
            algorithms=["ES256"],
            options={"require": ["jti", "htm", "htu", "iat"], "verify_iat": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidProof from error
    if not isinstance(claims["jti"], str) or not 8 <= len(claims["jti"]) <= 128:
        raise InvalidProof("A DPoP proof needs a jti of 8 to 128 characters.")
    return header, claims


def _same_url(claimed: object, expected: str) -> bool:
    if not isinstance(claimed, str):
        return False
    try:
        given, wanted = urlsplit(claimed), urlsplit(expected)
    except ValueError:
        return False
    return (given.scheme.lower(), given.netloc.lower(), given.path) == (
        wanted.scheme.lower(),
        wanted.netloc.lower(),
        wanted.path,
    )


def _moment(issued: object) -> datetime:
    if not isinstance(issued, int | float) or not 0 <= issued < 2**33:
        raise InvalidProof("The DPoP proof needs iat in seconds.")
    return datetime.fromtimestamp(issued, UTC)


def _hash(token: str) -> str:
    return _b64(hashlib.sha256(token.encode()).digest())


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
