"""An OpenID provider on loopback that says whatever a test wants, true or false."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from muster.kernel import clock as clocks

CLIENT_ID, CLIENT_SECRET = "muster", "a secret: with signs/of its own"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Provider:
    """`claims`, `header`, `userinfo` and `metadata` overwrite what is true; None leaves out."""

    def __init__(self, clock: clocks.Clock = clocks.now) -> None:
        self.clock = clock
        self.key: Any = ec.generate_private_key(ec.SECP256R1())
        self.algorithm = "ES256"
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.published = [self.jwk(self.key, "k1")]
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.nonce = self.issuer = ""
        self.token_status = 200

    @staticmethod
    def jwk(key: ec.EllipticCurvePrivateKey, kid: str) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
        return {**public, "kid": kid, "use": "sig", "alg": "ES256"}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        """Sign what is left once None is taken out."""
        whole = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": "k1", **self.header, **header}
        kept = {name: value for name, value in headers.items() if value is not None}
        return jwt.encode(whole, self.key, algorithm=self.algorithm, headers=kept)

    def id_token(self, access_token: str) -> str:
        now = int(self.clock().timestamp())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        at_hash = base64.urlsafe_b64encode(half).rstrip(b"=").decode()
        true = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "at_hash": at_hash,
            "preferred_username": "A1",
            "sid": "session-1",
        }
        return self.sign(true | self.claims)

    def logout_token(self, **claims: Any) -> str:
        now = int(self.clock().timestamp())
        header = {"typ": "logout+jwt", **claims.pop("header", {})}
        true = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "subject-1",
            "sid": "session-1",
            "iat": now,
            "exp": now + 120,
            "jti": uuid4().hex,
            "events": {EVENT: {}},
        }
        return self.sign(true | claims, **header)

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        self.asked.append((path, form, authorization))
        if path == "/.well-known/openid-configuration":
            return 200, self._described()
        if path == "/jwks":
            return 200, {"keys": self.published}
        if path == "/token":
            access = uuid4().hex
            tokens = {"access_token": access, "token_type": "Bearer"}
            return self.token_status, {**tokens, "id_token": self.id_token(access)}
        if path == "/userinfo":
            return 200, {"sub": "subject-1", **self.userinfo}
        return 404, {}

    def _described(self) -> dict[str, Any]:
        true = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
        }
        return true | self.metadata


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """Serve it on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self._do({name: values[0] for name, values in parse_qs(body).items()})

        def _do(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            status, said = provider.answer(path, form, self.headers.get("Authorization", ""))
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
