"""Server nonces: wanted at the authorization server, checked wherever they are shown."""

from dataclasses import replace

import pytest

from muster.kernel.identity import nonces
from tests.api.identity.conftest import Force, new_terminal

ME = "/mobile/v1/me"
PATH = "/oauth/token"


def ask(force: Force, **claims: object) -> dict[str, str]:
    proof = force.terminal.proof("POST", PATH, **claims)
    answer = force.house.client.post(PATH, data={"grant_type": "x"}, headers={"DPoP": proof})
    body: dict[str, str] = answer.get_json()
    assert answer.status_code == 400
    return {**body, "nonce": answer.headers["DPoP-Nonce"]}


def test_the_authorization_server_wants_its_nonce(force: Force) -> None:
    first = ask(force)
    assert first["error"] == "use_dpop_nonce"
    assert ask(force, nonce=first["nonce"])["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("nonce", ["AAAA", "", "\ud800", 7, None])
def test_a_nonce_nobody_gave_is_refused(force: Force, nonce: object) -> None:
    assert ask(force, nonce=nonce)["error"] == "use_dpop_nonce"


def test_a_nonce_lasts_its_window_and_the_next(force: Force) -> None:
    nonce = nonces.current(force.house.kernel)
    force.house.clock.advance(seconds=nonces.SECONDS)
    assert nonces.accepts(force.house.kernel, nonce)
    force.house.clock.advance(seconds=nonces.SECONDS)
    assert not nonces.accepts(force.house.kernel, nonce)
    assert ask(force, nonce=nonce)["error"] == "use_dpop_nonce"


def test_the_api_takes_a_proof_without_but_never_one_with_a_wrong_nonce(force: Force) -> None:
    force.sign_in()
    assert force.terminal.call("GET", ME).status_code == 200
    force.terminal.nonce = "AAAA"
    answer = force.terminal.call("GET", ME)
    assert answer.status_code == 401
    assert 'error="use_dpop_nonce"' in answer.headers["WWW-Authenticate"]
    force.terminal.nonce = answer.headers["DPoP-Nonce"]
    assert force.terminal.call("GET", ME).status_code == 200


def test_the_api_can_be_told_to_want_nonces(force: Force) -> None:
    kernel = force.house.kernel
    force.sign_in()
    kernel.settings = replace(kernel.settings, dpop_nonce_at_api=True)
    refused = force.terminal.call("GET", ME)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "use_dpop_nonce")
    force.terminal.nonce = refused.headers["DPoP-Nonce"]
    answer = force.terminal.call("GET", ME)
    assert answer.status_code == 200
    assert answer.headers["DPoP-Nonce"]


def test_the_agent_door_works_without(force: Force) -> None:
    answer = new_terminal(force.house).agent("POST", "/agent/v1/check-in", {})
    assert answer.get_json()["code"] == "device_unknown"
