"""Key material: making it, wrapping it under the master key, signing and verifying with it.

Secrets are kept out of every `repr`, so that neither a log line nor a traceback can show one.
"""

import base64
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from muster.kernel.ids import uuid7
from muster.kernel.keys.models import Key
from muster.kernel.keys.purposes import Algorithm, Purpose, State
from muster.kernel.settings import SettingsError
from muster.ondevice.jwk import thumbprint

PrivateKey = ec.EllipticCurvePrivateKey | Ed25519PrivateKey
PublicKey = ec.EllipticCurvePublicKey | Ed25519PublicKey
_ECDSA = ec.ECDSA(hashes.SHA256())
_NONCE = 12


@dataclass(frozen=True)
class VerifyingKey:
    """The public half of a pair, enough to check what was signed with it."""

    kid: str
    algorithm: Algorithm
    public_key: PublicKey
    public_jwk: dict[str, Any]

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Say whether this raw signature (64 bytes for both algorithms) is over these bytes."""
        try:
            if isinstance(self.public_key, Ed25519PublicKey):
                self.public_key.verify(signature, data)
            elif len(signature) == 64:
                r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
                self.public_key.verify(encode_dss_signature(r, s), data, _ECDSA)
            else:
                return False
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SigningKey(VerifyingKey):
    """A pair that signs. `public_jwk` carries `kid`, `alg` and `use` (RFC 7517)."""

    private_key: PrivateKey = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """Return the raw signature: r || s for ES256 (RFC 7518 §3.4), RFC 8032 for Ed25519."""
        if isinstance(self.private_key, Ed25519PrivateKey):
            return self.private_key.sign(data)
        r, s = decode_dss_signature(self.private_key.sign(data, _ECDSA))
        return r.to_bytes(32) + s.to_bytes(32)


@dataclass(frozen=True)
class Loaded:
    """One row of `kern_key`, unwrapped."""

    id: UUID
    kid: str
    purpose: str
    algorithm: Algorithm
    state: str
    not_after: datetime | None
    secret: bytes = field(repr=False)
    pair: SigningKey | None = field(repr=False)


def make(purpose: Purpose, state: State, master_key: bytes, at: datetime) -> Key:
    """Return a new row with fresh random material."""
    key_id = uuid7()
    if purpose.algorithm.signs:
        private = _generate(purpose.algorithm)
        secret = private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        public = _jwk(private.public_key())
        kid = thumbprint(public)
    else:
        secret, public, kid = os.urandom(32), {}, str(key_id)
    nonce = os.urandom(_NONCE)
    aad = _binding(key_id, purpose.name, purpose.algorithm)
    return Key(
        id=key_id,
        kid=kid,
        purpose=purpose.name,
        algorithm=purpose.algorithm.value,
        state=state,
        wrapped=nonce + AESGCM(master_key).encrypt(nonce, secret, aad),
        public=public,
        created_at=at,
    )


def load(row: Key, master_key: bytes) -> Loaded:
    """Unwrap a row.

    Raises `SettingsError` if the master key is not the one this database was made with.
    """
    algorithm = Algorithm(row.algorithm)
    nonce, wrapped = row.wrapped[:_NONCE], row.wrapped[_NONCE:]
    try:
        secret = AESGCM(master_key).decrypt(
            nonce, wrapped, _binding(row.id, row.purpose, algorithm)
        )
    except InvalidTag:
        raise SettingsError(
            f"MUSTER_MASTER_KEY does not open the {row.purpose!r} key {row.id} of this database. "
            "Give the master key the database was made with; without it the keys are lost."
        ) from None
    pair = _pair(row, algorithm, secret) if algorithm.signs else None
    return Loaded(
        id=row.id,
        kid=row.kid,
        purpose=row.purpose,
        algorithm=algorithm,
        state=row.state,
        not_after=row.not_after,
        secret=secret,
        pair=pair,
    )


def _generate(algorithm: Algorithm) -> PrivateKey:
    if algorithm is Algorithm.ED25519:
        return Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _pair(row: Key, algorithm: Algorithm, secret: bytes) -> SigningKey:
    private = serialization.load_der_private_key(secret, None)
    assert isinstance(private, ec.EllipticCurvePrivateKey | Ed25519PrivateKey)
    return SigningKey(
        kid=row.kid,
        algorithm=algorithm,
        public_key=private.public_key(),
        public_jwk={**row.public, "kid": row.kid, "alg": algorithm.value, "use": "sig"},
        private_key=private,
    )


def _jwk(public: PublicKey) -> dict[str, Any]:
    if isinstance(public, Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": _base64url(public.public_bytes_raw())}
    numbers = public.public_numbers()
    x, y = (_base64url(number.to_bytes(32)) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _binding(key_id: UUID, purpose: str, algorithm: Algorithm) -> bytes:
    return f"{key_id}:{purpose}:{algorithm.value}".encode()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
