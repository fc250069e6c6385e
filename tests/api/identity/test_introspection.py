"""Introspection: by registered servers only, about what concerns them, and only what is good now."""

import time
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.api.identity.conftest import Force, new_terminal

SERVER = "records.archive"
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Server:
    """A server of the force with a key of its own."""

    def __init__(self, force: Force) -> None:
        self.force, self.key = force, ec.generate_private_key(ec.SECP256R1())
        holder = new_terminal(force.house)
        holder.key = self.key
        body = {"name": SERVER, "jwks": {"keys": [holder.jwk]}, "scopes": ["records"]}
        answer = force.admin("A1").call("POST", "/admin/v1/clients/servers", json=body)
        assert answer.status_code == 201, answer.get_data(as_text=True)

    def assertion(self, key: Any = None, **claims: Any) -> str:
        body = {
            "iss": SERVER,
            "sub": SERVER,
            "aud": self.force.terminal.origin,
            "jti": uuid4().hex,
            "exp": int(time.time()) + 60,
        }
        return jwt.encode(body | claims, key or self.key, algorithm="ES256")

    def ask(self, token: str, assertion: str | None = None, **form: str) -> Any:
        usual = {
            "token": token,
            "client_assertion_type": TYPE,
            "client_assertion": assertion or self.assertion(),
        }
        return self.force.house.client.post("/oauth/introspect", data=usual | form)


@pytest.fixture
def server(force: Force) -> Server:
    force.sign_in()
    return Server(force)


def test_a_good_token_is_told_with_its_claims(force: Force, server: Server) -> None:
    told = server.ask(force.terminal.access_token).get_json()
    assert (told["active"], told["token_type"], told["username"]) == (True, "DPoP", "204001")
    assert (told["client_id"], told["scope"]) == ("muster.field", "records")
    assert told["cnf"]["jkt"]


def test_what_is_not_good_now_is_inactive_and_nothing_else(force: Force, server: Server) -> None:
    access, refresh = force.terminal.access_token, force.terminal.refresh_token
    form = {"grant_type": "refresh_token", "client_id": "muster.field", "refresh_token": refresh}
    force.terminal.token({**form, "scope": "supervision"})
    inactive = [refresh, "guess", "e30.e30.e30", force.terminal.access_token]
    force.terminal.call("POST", "/mobile/v1/sign-out")
    for token in (*inactive, access):
        assert server.ask(token).get_json() == {"active": False}, token


def test_only_a_registered_key_and_a_fresh_assertion_are_believed(
    force: Force, server: Server
) -> None:
    token, other = force.terminal.access_token, ec.generate_private_key(ec.SECP256R1())
    used = server.assertion()
    assert server.ask(token, used).status_code == 200
    refused = [
        used,
        server.assertion(other),
        server.assertion(aud="https://elsewhere.example"),
        server.assertion(iss="somebody"),
        server.assertion(sub="muster.field", iss="muster.field"),
        server.assertion(sub="console", iss="console"),
        server.assertion(exp=int(time.time()) - 1),
        server.assertion(exp=int(time.time()) + 3600),
        server.assertion(exp="soon"),
        server.assertion(jti="x"),
        jwt.encode({"iss": SERVER, "sub": SERVER}, "k" * 32, algorithm="HS256"),
        "nonsense",
        "a.b.c",
    ]
    for assertion in refused:
        answer = server.ask(token, assertion)
        assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")
    assert server.ask(token, client_assertion_type="none").status_code == 401
    assert server.ask(token, client_id="muster.field").status_code == 401


def test_a_private_or_foreign_key_is_not_registered(force: Force) -> None:
    admin = force.admin("A1")
    public = force.terminal.jwk
    for key in ({**public, "d": public["x"]}, {"kty": "oct", "k": "AAAA"}, "key"):
        body = {"name": "x1", "jwks": {"keys": [key]}, "scopes": ["records"]}
        answer = admin.call("POST", "/admin/v1/clients/servers", json=body)
        assert answer.get_json()["errors"][0]["pointer"] == "/jwks/keys/0"
    body = {"name": "x1", "jwks": {"keys": [public]}, "scopes": ["records"]}
    refused = force.admin("204002").call("POST", "/admin/v1/clients/servers", json=body)
    assert refused.status_code == 403
