"""The terminal's key: proofs of possession (RFC 9449) and signatures over what it made."""

import base64
import hashlib
import time
from typing import Any
from uuid import uuid4

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from muster.handheld.vault import Vault
from muster.ondevice.canonical import canonical_json

_ROOM, _NAME = "identity", "device-key"


class DeviceKey:
    """A P-256 pair that never leaves the vault; made at first use."""

    def __init__(self, vault: Vault) -> None:
        kept = vault.get(_ROOM, _NAME)
        if kept is None:
            made = ec.generate_private_key(ec.SECP256R1())
            kept = made.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            vault.append(_ROOM, _NAME, kept)
        loaded = serialization.load_der_private_key(kept, None)
        if not isinstance(loaded, ec.EllipticCurvePrivateKey):
            raise TypeError("the vault holds another kind of device key")
        self._key = loaded

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as a JWK."""
        numbers = self._key.public_key().public_numbers()
        x, y = _b64(numbers.x.to_bytes(32)), _b64(numbers.y.to_bytes(32))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def proof(self, method: str, url: str, access_token: str = "", nonce: str = "") -> str:
        """Return a DPoP proof for one request, naming access token and server nonce if any."""
        claims: dict[str, Any] = {
            "jti": uuid4().hex,
            "htm": method,
            "htu": url.partition("?")[0],
            "iat": int(time.time()),
        }
        if nonce:
            claims["nonce"] = nonce
        if access_token:
            claims["ath"] = _b64(hashlib.sha256(access_token.encode()).digest())
        headers = {"typ": "dpop+jwt", "jwk": self.jwk}
        return jwt.encode(claims, self._key, algorithm="ES256", headers=headers)

    def certificate_request(self) -> str:
        """Return a PKCS#10 request in PEM; it asks for no name, the server knows who we are."""
        asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        signed = asked.sign(self._key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM).decode()

    def sign(self, document: dict[str, Any], kind: str) -> str:
        """Return a compact JWS over a document's canonical form; `kind` is its `typ` (RFC 7515)."""
        headers = {"typ": kind, "jwk": self.jwk}
        return jwt.api_jws.encode(
            canonical_json(document), self._key, algorithm="ES256", headers=headers
        )


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
