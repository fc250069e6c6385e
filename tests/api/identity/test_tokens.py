"""Tokens and proofs: everything that is not exactly right is refused (RFC 9068, RFC 9449)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from werkzeug.test import TestResponse

from muster.kernel.identity import nonces
from tests.api.identity.conftest import Force, new_terminal

ME = "/mobile/v1/me"


def present(
    force: Force, token: str, proof: str | None = None, scheme: str = "DPoP"
) -> TestResponse:
    headers = {"Authorization": f"{scheme} {token}"}
    headers["DPoP"] = proof or force.terminal.proof("GET", ME, token)
    return force.house.client.get(ME, headers=headers)


def forged(
    force: Force, *, key: Any = None, header: dict[str, str] | None = None, **claims: Any
) -> str:
    """Return the session's token with some claims changed, signed by the server's own key."""
    signer = force.house.kernel.keys.signer("access_token")
    usual = jwt.decode(force.terminal.access_token, options={"verify_signature": False})
    return jwt.encode(
        {**usual, **claims},
        key or signer.private_key,
        algorithm="ES256",
        headers={"typ": "at+jwt", "kid": signer.kid} | (header or {}),
    )


@pytest.fixture
def signed_in(force: Force) -> Force:
    assert force.sign_in().status_code == 200
    return force


def test_the_right_token_and_proof_are_let_in(signed_in: Force) -> None:
    assert present(signed_in, signed_in.terminal.access_token).status_code == 200
    assert present(signed_in, forged(signed_in)).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"sid": "not-a-uuid"},
        {"cnf": {}},
        {"iat": 2**33},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(signed_in: Force, claims: dict[str, Any]) -> None:
    answer = present(signed_in, forged(signed_in, **claims))
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "invalid_token"


@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"typ": "dpop+jwt"}, {"kid": "unknown"}])
def test_a_token_with_a_wrong_header_is_refused(signed_in: Force, header: dict[str, str]) -> None:
    assert (
        present(signed_in, forged(signed_in, header=header)).get_json()["code"] == "invalid_token"
    )


def test_a_token_signed_by_another_key_is_refused(signed_in: Force) -> None:
    token = forged(signed_in, key=signed_in.terminal.key)
    assert present(signed_in, token).get_json()["code"] == "invalid_token"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_an_unsigned_or_symmetric_token_is_refused(signed_in: Force, algorithm: str) -> None:
    claims = jwt.decode(signed_in.terminal.access_token, options={"verify_signature": False})
    key = None if algorithm == "none" else "k" * 32
    token = jwt.encode(claims, key, algorithm=algorithm, headers={"typ": "at+jwt"})
    assert present(signed_in, token).get_json()["code"] == "invalid_token"


def test_a_token_ends_after_five_minutes(signed_in: Force) -> None:
    signed_in.house.clock.advance(minutes=5, seconds=1)
    assert present(signed_in, signed_in.terminal.access_token).get_json()["code"] == "invalid_token"


def test_a_bound_token_as_bearer_is_refused(signed_in: Force) -> None:
    answer = present(signed_in, signed_in.terminal.access_token, scheme="Bearer")
    assert answer.get_json()["code"] == "invalid_token"


def test_a_stolen_token_with_another_key_is_refused(signed_in: Force) -> None:
    token = signed_in.terminal.access_token
    proof = new_terminal(signed_in.house).proof("GET", ME, token)
    assert present(signed_in, token, proof).get_json()["code"] == "invalid_token"


def test_a_proof_is_good_for_one_request(signed_in: Force) -> None:
    token = signed_in.terminal.access_token
    proof = signed_in.terminal.proof("GET", ME, token)
    assert present(signed_in, token, proof).status_code == 200
    assert present(signed_in, token, proof).get_json()["code"] == "dpop_proof_replayed"


@pytest.mark.parametrize(
    "claims",
    [
        {"htm": "POST"},
        {"htu": "http://localhost:8000/mobile/v1/sign-out"},
        {"htu": "https://elsewhere.example/mobile/v1/me"},
        {"htu": "http://[half"},
        {"htu": 7},
        {"ath": "AAAA"},
        {"jti": "short"},
        {"jti": 7},
        {"iat": "now"},
        {"iat": None},
    ],
)
def test_a_proof_for_something_else_is_refused(signed_in: Force, claims: dict[str, Any]) -> None:
    token = signed_in.terminal.access_token
    answer = present(signed_in, token, signed_in.terminal.proof("GET", ME, token, **claims))
    assert answer.status_code == 401
    assert answer.get_json()["code"] == "invalid_dpop_proof"


@pytest.mark.parametrize("seconds", [-120, 120])
def test_an_old_proof_or_one_from_the_future_is_refused(signed_in: Force, seconds: int) -> None:
    token = signed_in.terminal.access_token
    moment = signed_in.house.clock() + timedelta(seconds=seconds)
    proof = signed_in.terminal.proof("GET", ME, token, iat=int(moment.timestamp()))
    assert present(signed_in, token, proof).get_json()["code"] == "invalid_dpop_proof"


def test_two_proofs_are_one_too_many(signed_in: Force) -> None:
    token = signed_in.terminal.access_token
    answer = signed_in.house.client.get(
        ME,
        headers=[
            ("Authorization", f"DPoP {token}"),
            ("DPoP", signed_in.terminal.proof("GET", ME, token)),
            ("DPoP", signed_in.terminal.proof("GET", ME, token)),
        ],
    )
    assert answer.get_json()["code"] == "invalid_dpop_proof"


def test_a_proof_that_shows_its_private_key_is_refused(force: Force) -> None:
    private = force.terminal.key.private_numbers().private_value
    shown = {**force.terminal.jwk, "d": jwt.utils.to_base64url_uint(private).decode()}
    assert refused_proof(force, {"typ": "dpop+jwt", "jwk": shown}) == "invalid_dpop_proof"


@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"jwk": None}, {"jwk": {"kty": "oct"}}])
def test_a_proof_with_a_wrong_header_is_refused(force: Force, header: dict[str, Any]) -> None:
    usual = {"typ": "dpop+jwt", "jwk": force.terminal.jwk}
    assert refused_proof(force, usual | header) == "invalid_dpop_proof"


def test_an_unsigned_proof_is_refused(force: Force) -> None:
    header = {"typ": "dpop+jwt", "jwk": force.terminal.jwk}
    assert refused_proof(force, header, algorithm="none") == "invalid_dpop_proof"


def refused_proof(force: Force, header: dict[str, Any], algorithm: str = "ES256") -> str:
    claims = {
        "jti": uuid4().hex,
        "htm": "POST",
        "htu": f"{force.terminal.origin}/oauth/token",
        "iat": int(force.house.clock().timestamp()),
        "nonce": nonces.current(force.house.kernel),
    }
    key = None if algorithm == "none" else force.terminal.key
    proof = jwt.encode(claims, key, algorithm=algorithm, headers=header)  # type: ignore[arg-type]
    answer = force.house.client.post("/oauth/token", headers={"DPoP": proof})
    assert answer.status_code == 400
    code: str = answer.get_json()["error"]
    return code


def test_a_forged_token_stands_in_the_log_once_a_minute(signed_in: Force) -> None:
    signed_in.house.clock.advance(minutes=2)
    for _ in range(3):
        answer = present(signed_in, forged(signed_in, aud="somebody-else"))
        assert answer.get_json()["code"] == "invalid_token"
    (entry,) = signed_in.log("gate.enter")
    assert (entry.outcome, entry.actor_kind, entry.actor_id) == ("denied", "nobody", None)
    signed_in.house.clock.advance(minutes=1)
    present(signed_in, forged(signed_in, aud="somebody-else"))
    assert len(signed_in.log("gate.enter")) == 2
