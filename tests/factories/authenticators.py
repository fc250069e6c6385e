"""Authenticator apps and keys in the hand of a test."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from muster.kernel.identity.authenticators import totp
from muster.kernel.identity.authenticators.models import Totp
from muster.kernel.kernel import Kernel


@dataclass
class App:
    """Shows each of its codes once; whoever needs a third within half a minute waits for it."""

    secret: str
    clock: Any
    officer_id: UUID
    shown: int = 0

    def code(self) -> str:
        """Return the next code that was not shown yet."""
        self.shown = max(totp.step_of(self.clock()), self.shown + 1)
        while self.shown > totp.step_of(self.clock()) + 1:  # the server takes one early
            self.clock.advance(seconds=30)
        return totp.code_at(self.secret, self.shown)

    def forget(self, kernel: Kernel) -> None:
        """Take the app away again, as if its owner had never had one."""
        with kernel.writes() as uow:
            uow.session.delete(uow.session.get_one(Totp, self.officer_id))


def install(kernel: Kernel, officer_id: UUID, secret: str = "") -> App:
    """Give an officer an app, as if they had confirmed it long ago and not used it since."""
    app = App(secret or totp.fresh(), kernel.clock, officer_id)
    with kernel.writes() as uow:
        totp.put(uow, officer_id, app.secret)
    return app


@dataclass
class SoftKey:
    """A WebAuthn authenticator in software (level 3, §6): what it says can be bent by a test."""

    origin: str
    rp_id: str = "localhost"
    credential_id: bytes = b""
    count: int = 0
    verified: bool = True
    user_handle: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: dict[str, Any]) -> str:
        """Make a credential for `PublicKeyCredentialCreationOptionsJSON`."""
        self.credential_id = os.urandom(32)
        self.user_handle = _unb64(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32) for number in (numbers.x, numbers.y))
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        length = len(self.credential_id).to_bytes(2)
        attested = bytes(16) + length + self.credential_id + cose
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(0x40) + attested}
        response = {
            "clientDataJSON": _b64(self._client("webauthn.create", options["challenge"])),
            "attestationObject": _b64(cbor2.dumps(statement)),
            "transports": ["internal"],
        }
        return self._answer(response)

    def get(self, options: dict[str, Any]) -> str:
        """Sign for `PublicKeyCredentialRequestOptionsJSON`."""
        self.count += 1
        data = self._data()
        client = self._client("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": _b64(client),
            "authenticatorData": _b64(data),
            "signature": _b64(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": _b64(self.user_handle),
        }
        return self._answer(response)

    def _data(self, flags: int = 0) -> bytes:
        flags |= 0x05 if self.verified else 0x01
        return (
            hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        name = _b64(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "===")
