"""Sealed bytes: AES-256-GCM with a header that says which key opens them.

    version (1) | key id (16, a UUID) | nonce (12) | ciphertext | tag (16)

Version 1 is A256GCM with a random nonce; at most 2^32 seals per key (SP 800-38D §8.3), far above
what is sealed between two rotations. The header is authenticated together with the caller's aad.
"""

import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from muster.kernel.keys.errors import SealBrokenError

_VERSION = b"\x01"
_HEADER = 1 + 16 + 12
_TAG = 16


def seal(key_id: UUID, secret: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Return the plaintext sealed under one key and bound to `aad`."""
    nonce = os.urandom(12)
    header = _VERSION + key_id.bytes + nonce
    return header + AESGCM(secret).encrypt(nonce, plaintext, header + aad)


def key_of(sealed: bytes) -> UUID:
    """Return the id of the key that opens these bytes, or raise `SealBrokenError`."""
    if len(sealed) < _HEADER + _TAG or sealed[:1] != _VERSION:
        raise SealBrokenError("these are not sealed bytes of a known version")
    return UUID(bytes=sealed[1:17])


def unseal(secret: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Return the plaintext, or raise `SealBrokenError` if anything at all was changed."""
    header, body = sealed[:_HEADER], sealed[_HEADER:]
    try:
        return AESGCM(secret).decrypt(header[17:], body, header + aad)
    except InvalidTag:
        raise SealBrokenError("the seal is broken: changed, moved or sealed elsewhere") from None
