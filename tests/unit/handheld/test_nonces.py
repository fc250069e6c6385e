"""A terminal makes its proof again with the server's nonce, once, and keeps the newest."""

from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from muster.handheld import Terminal
from muster.handheld.connection import Refused
from tests.unit.handheld.conftest import ORIGIN

ME = {"officer": {"id": "chen", "number": "204001"}}
TOKENS = {"access_token": "mat", "refresh_token": "mrt", "session_id": "s"}


class Choosy:
    """Wants a nonce of each server: 400 at the token endpoint, 401 at the API (RFC 9449 §8, §9)."""

    def __init__(self, *, never_content: bool = False) -> None:
        self.nonces = {"/oauth/token": "n1", "/mobile/v1/me": "n2"}
        self.asked: list[tuple[str, Any]] = []
        self.never_content = never_content

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        proof = jwt.decode(request.headers["DPoP"], options={"verify_signature": False})
        self.asked.append((path, proof.get("nonce")))
        headers = {"DPoP-Nonce": self.nonces[path]}
        if proof.get("nonce") == self.nonces[path] and not self.never_content:
            return httpx.Response(200, json=TOKENS if "token" in path else ME, headers=headers)
        if path == "/oauth/token":
            return httpx.Response(400, json={"error": "use_dpop_nonce"}, headers=headers)
        headers["WWW-Authenticate"] = 'DPoP error="use_dpop_nonce", algs="ES256"'
        return httpx.Response(401, json={"code": "use_dpop_nonce"}, headers=headers)


def test_a_proof_is_made_again_with_the_nonce_of_the_answer(tmp_path: Path) -> None:
    server = Choosy()
    terminal = Terminal(tmp_path, ORIGIN, transport=httpx.MockTransport(server))
    terminal.sign_in("204001", "847291")
    assert server.asked == [
        ("/oauth/token", None),
        ("/oauth/token", "n1"),
        ("/mobile/v1/me", None),
        ("/mobile/v1/me", "n2"),
    ]
    terminal.connection.fetch("GET", "/mobile/v1/me")
    assert server.asked[4:] == [("/mobile/v1/me", "n2")]
    terminal.close()


def test_a_server_that_is_never_content_is_asked_twice_and_no_more(tmp_path: Path) -> None:
    server = Choosy(never_content=True)
    terminal = Terminal(tmp_path, ORIGIN, transport=httpx.MockTransport(server))
    with pytest.raises(Refused, match="use_dpop_nonce"):
        terminal.sign_in("204001", "847291")
    assert len(server.asked) == 2
    terminal.close()
