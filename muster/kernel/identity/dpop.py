"""Proof of possession: each request shows that it holds the key its token names (RFC 9449)."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from muster.kernel.identity import nonces
from muster.kernel.identity.errors import InvalidProof, ProofReplayed
from muster.ondevice.jwk import thumbprint

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

WINDOW = timedelta(seconds=60)
_SECOND = timedelta(seconds=1)  # what `iat` loses by counting whole seconds
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_COORDINATE = 32  # bytes
_CURVE, _ES256 = ec.SECP256R1(), ec.ECDSA(SHA256())
_MEMBERS = ("crv", "kty", "x", "y")


def verify(
    kernel: "Kernel",
    proof: str,
    method: str,
    path: str,
    access_token: str | None = None,
    *,
    nonce: bool = False,
) -> dict[str, Any]:
    """Check one proof for one request and return the public JWK that made it.

    `path` is the request's path without query: the expected `htu` is built from the configured
    public origin (or the one of the listener that takes certificates, RFC 8705 §5), never from the
    Host header (RFC 9449 §4.3 and §11.10). `nonce` asks for one of ours; one that is there is
    checked either way (§8). Raises `UseDpopNonce` before the proof is remembered, `InvalidProof`
    and `ProofReplayed`.
    """
    header, claims = _decode(proof)
    origins = filter(None, (kernel.settings.origin, kernel.settings.certificate_origin))
    if claims["htm"] != method or not any(_same_url(claims["htu"], o + path) for o in origins):
        raise InvalidProof("The DPoP proof names another method or address (htm, htu).")
    if access_token is not None and claims.get("ath") != _hash(access_token):
        raise InvalidProof("The DPoP proof does not name this access token (ath).")
    moment = _moment(claims["iat"])
    now = kernel.clock()
    if (nonce or "nonce" in claims) and not nonces.accepts(kernel, claims.get("nonce")):
        raise nonces.challenge(kernel)
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
    """Read a compact JWS (RFC 7515 §5.2) by the key in its own header.

    By hand, because the library reads the header twice and this is on the way of every request.
    """
    try:
        if not _COMPACT.fullmatch(proof):
            raise InvalidProof("A DPoP proof is a dpop+jwt signed with ES256.")
        head, body, tail = proof.split(".")
        header, claims = (json.loads(_unb64(part)) for part in (head, body))
        if not isinstance(header, dict) or not isinstance(claims, dict):
            raise InvalidProof("A DPoP proof is a dpop+jwt signed with ES256.")
        typed = header.get("typ") == "dpop+jwt" and header.get("alg") == "ES256"
        if not typed or "crit" in header:
            raise InvalidProof("A DPoP proof is a dpop+jwt signed with ES256.")
        header["jwk"] = check_public_ec_key(header.get("jwk"))
        _verify(header["jwk"], f"{head}.{body}".encode(), _unb64(tail))
    except (InvalidSignature, ValueError, RecursionError) as error:
        raise InvalidProof from error
    if any(claims.get(name) is None for name in ("htm", "htu", "iat")):
        raise InvalidProof("A DPoP proof needs jti, htm, htu and iat.")
    if not isinstance(claims.get("jti"), str) or not 8 <= len(claims["jti"]) <= 128:
        raise InvalidProof("A DPoP proof needs a jti of 8 to 128 characters.")
    return header, claims


def _verify(jwk: dict[str, Any], signed: bytes, signature: bytes) -> None:
    """Raise `InvalidSignature`, or `ValueError` for a point that is not on the curve."""
    if len(signature) != 2 * _COORDINATE:
        raise InvalidSignature
    x, y = (int.from_bytes(_unb64(jwk[name])) for name in ("x", "y"))
    key = ec.EllipticCurvePublicNumbers(x, y, _CURVE).public_key()
    r, s = signature[:_COORDINATE], signature[_COORDINATE:]
    key.verify(encode_dss_signature(int.from_bytes(r), int.from_bytes(s)), signed, _ES256)


def _unb64(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


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
