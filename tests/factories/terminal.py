"""A terminal for tests: a device key, DPoP proofs, and calls through Flask's own test client."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from muster.kernel import clock as clocks
from muster.ondevice.canonical import content_hash

COMPLIANT = {"encrypted": True, "passcode_set": True, "rooted": False, "usb_debugging": False}
NONE: Mapping[str, str] = {}
GRANT = "urn:passmuster:oauth:grant:officer-pin"


class TestTerminal:
    """A handheld as the server sees one: it owns a P-256 key and proves it with every request.

    Give the house's clock where a test moves it; proofs must be of the server's time.
    """

    __test__ = False

    def __init__(
        self,
        client: FlaskClient,
        origin: str,
        *,
        clock: clocks.Clock = clocks.now,
        serial: str | None = None,
    ) -> None:
        self.client, self.origin, self.clock = client, origin, clock
        self.serial = serial or f"SN-{uuid4().hex[:12]}"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id: UUID | None = None
        self.label = ""
        self.access_token = ""
        self.refresh_token = ""
        self.applied_hash = ""
        self.nonce = ""

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as a JWK."""
        numbers = self.key.public_key().public_numbers()
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": _b64(numbers.x.to_bytes(32)),
            "y": _b64(numbers.y.to_bytes(32)),
        }

    def proof(self, method: str, path: str, access_token: str | None = None, **claims: Any) -> str:
        """Return a DPoP proof for one request; `claims` overwrite what is usual (RFC 9449 §4.2)."""
        body: dict[str, Any] = {
            "jti": uuid4().hex,
            "htm": method,
            "htu": self.origin + path.partition("?")[0],
            "iat": int(self.clock().timestamp()),
        }
        if self.nonce:
            body["nonce"] = self.nonce
        if access_token is not None:
            body["ath"] = _b64(hashlib.sha256(access_token.encode()).digest())
        return jwt.encode(
            body | claims,
            self.key,
            algorithm="ES256",
            headers={"typ": "dpop+jwt", "jwk": self.jwk},
        )

    def enrol(self, content: str | Mapping[str, Any], **details: Any) -> TestResponse:
        """Enrol from the content of a QR code; `details` overwrite what the terminal says."""
        payload = json.loads(content) if isinstance(content, str) else content
        body = {
            "token": payload["token"],
            "serial": self.serial,
            "model": "Testphone 8",
            "os": "android",
            "os_version": "15",
            "agent_version": "1.0.0",
            "patch_level": self.clock().date().isoformat(),
        }
        answer = self.agent("POST", "/agent/v1/enrol", body | details)
        if answer.status_code == 201:
            told = answer.get_json()
            self.id, self.label = UUID(told["device_id"]), told["label"]
            self.apply(told["configuration"])
        return answer

    def apply(self, sealed: Mapping[str, Any] | None) -> None:
        """Take a sealed desired state: check that its hash is its content's, and keep the hash."""
        if sealed is None:
            return
        manifest = sealed["manifest"]
        assert content_hash(manifest["document"]) == manifest["version"]
        assert manifest["id"] == str(self.id)
        self.applied_hash = manifest["version"]

    def agent(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Call the agent door: a proof by the device key and no token."""
        headers = {"DPoP": self.proof(method, path), **options.pop("headers", {})}
        if json is not None:
            options["json"] = json
        return self.client.open(path, method=method, headers=headers, **options)

    def check_in(self, **report: Any) -> TestResponse:
        """Report in, by default as a terminal with nothing wrong that applied what it was told."""
        usual: dict[str, Any] = {"posture": COMPLIANT}
        if self.applied_hash:
            usual["applied_hash"] = self.applied_hash
        answer = self.agent("POST", "/agent/v1/check-in", usual | report)
        if answer.status_code == 200:
            self.apply(answer.get_json()["configuration"])
        return answer

    def comply(self) -> None:
        """Check in until the configuration is applied and the terminal is found compliant."""
        answer = self.check_in()
        if not answer.get_json()["compliant"]:
            answer = self.check_in()
        assert answer.get_json()["compliant"], answer.get_data(as_text=True)

    def sign_in(self, number: str, pin: str, *, client_id: str = "field") -> TestResponse:
        """Sign an officer in with this terminal's key and their PIN; keep the tokens."""
        return self.token(
            {"grant_type": GRANT, "number": number, "pin": pin, "client_id": client_id}
        )

    def refresh(self, *, client_id: str = "field") -> TestResponse:
        """Exchange the refresh token for new tokens."""
        return self.token(
            {
                "grant_type": "refresh_token",
                "refresh_token": self.refresh_token,
                "client_id": client_id,
            }
        )

    def token(self, form: Mapping[str, str]) -> TestResponse:
        """Ask the token endpoint; keep what it gives."""
        answer = self.post("/oauth/token", form)
        if answer.status_code == 200:
            told = answer.get_json()
            self.access_token = told["access_token"]
            self.refresh_token = told.get("refresh_token", self.refresh_token)
        return answer

    def post(
        self,
        path: str,
        form: Mapping[str, Any],
        *,
        headers: Mapping[str, str] = NONE,
        **claims: Any,
    ) -> TestResponse:
        """Send a form with a proof, once more with the server's nonce if it wants one."""
        answer = self._post(path, form, headers, claims)
        if (answer.get_json(silent=True) or {}).get("error") == "use_dpop_nonce":
            self.nonce = answer.headers["DPoP-Nonce"]
            answer = self._post(path, form, headers, claims)
            self.nonce = ""
        return answer

    def _post(
        self,
        path: str,
        form: Mapping[str, Any],
        headers: Mapping[str, str],
        claims: Mapping[str, Any],
    ) -> TestResponse:
        proof = self.proof("POST", path, **claims)
        return self.client.post(path, data=form, headers={"DPoP": proof, **headers})

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Call as the officer who signed in: token, and a proof that names it (`ath`).

        A POST gets an Idempotency-Key of its own unless one is given in `headers`.
        """
        headers = {
            "Authorization": f"DPoP {self.access_token}",
            "DPoP": self.proof(method, path, self.access_token),
        }
        if method == "POST":
            headers["Idempotency-Key"] = uuid4().hex
        headers |= options.pop("headers", {})
        if json is not None:
            options["json"] = json
        return self.client.open(path, method=method, headers=headers, **options)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
