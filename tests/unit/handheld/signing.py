"""A server's manifest key, for tests that need something signed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from muster.handheld.proofs import DeviceKey
from muster.handheld.vault import Vault
from muster.ondevice import manifest
from muster.ondevice.jwk import thumbprint


class Signer:
    """Signs manifests as the server does: ES256, r and s side by side."""

    def __init__(self, vault: Vault) -> None:
        key = DeviceKey(vault)  # any P-256 pair will do
        self._key: ec.EllipticCurvePrivateKey = key._key
        self.kid = thumbprint(key.jwk)
        self.jwk = key.jwk | {"kid": self.kid}

    def seal(self, kind: str, id: str, lasts: timedelta = timedelta(hours=1), **more: Any) -> Any:
        expires = (datetime.now(UTC) + lasts).isoformat()
        content = {"kind": kind, "id": id, "version": "1", "files": [], "expires": expires}
        return manifest.seal(content | more, self._sign, self.kid, "ES256")

    def _sign(self, payload: bytes) -> bytes:
        r, s = decode_dss_signature(self._key.sign(payload, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)
