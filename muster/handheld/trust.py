"""Which signatures the terminal believes: keys whose thumbprints the enrolment code named."""

from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from muster.handheld.vault import Vault
from muster.ondevice import manifest
from muster.ondevice.jwk import thumbprint

_ROOM = "trusted-keys"


class Trust:
    """The manifest keys this terminal was told of when it enrolled."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def learn(self, keys: list[dict[str, Any]], named: list[str]) -> None:
        """Keep those public keys whose RFC 7638 thumbprint the code named, and no others."""
        for key in keys:
            if thumbprint(key) in named:
                self._vault.put(_ROOM, str(key["kid"]), key)

    def check(self, sealed: dict[str, Any], kind: str) -> dict[str, Any]:
        """Return the manifest inside, or raise `ManifestError` saying what is wrong with it."""
        return manifest.check(sealed, self._verify, datetime.now(UTC), kind=kind)

    def _verify(self, key_id: str, algorithm: str, payload: bytes, signature: bytes) -> bool:
        key = self._vault.get(_ROOM, key_id)
        if key is None or algorithm != "ES256" or len(signature) != 64:
            return False
        public = jwt.PyJWK(key, algorithm="ES256").key
        if not isinstance(public, ec.EllipticCurvePublicKey):
            return False
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        try:
            public.verify(encode_dss_signature(r, s), payload, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True
