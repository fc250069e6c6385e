"""The token endpoint speaks RFC 6749, and its metadata says only what is true."""

from muster.kernel.identity.oauth import CERTIFICATE_GRANT
from tests.api.identity.conftest import PIN_GRANT, Force


def test_metadata_names_what_is_there(force: Force) -> None:
    told = force.house.client.get("/.well-known/oauth-authorization-server").get_json()
    assert told["issuer"] == force.terminal.origin
    assert set(told["grant_types_supported"]) == {
        "authorization_code",
        PIN_GRANT,
        CERTIFICATE_GRANT,
        "refresh_token",
    }
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["require_pushed_authorization_requests"] is True
    assert told["authorization_response_iss_parameter_supported"] is True
    path = told["jwks_uri"].removeprefix(told["issuer"])
    keys = force.house.client.get(path).get_json()["keys"]
    assert len(keys) >= 2
    assert all("d" not in key and key["alg"] == "ES256" for key in keys)


def test_a_grant_nobody_offers_is_named(force: Force) -> None:
    answer = force.terminal.token({"grant_type": "password", "client_id": "muster.field"})
    assert (answer.status_code, answer.get_json()["error"]) == (400, "unsupported_grant_type")


def test_a_missing_or_doubled_field_is_an_invalid_request(force: Force) -> None:
    assert force.sign_in(pin="").get_json()["error"] == "invalid_request"
    path = "/oauth/token"
    answer = force.terminal.post(path, {"grant_type": [PIN_GRANT, "refresh_token"]})
    assert answer.get_json()["error"] == "invalid_request"


def test_without_a_proof_there_is_no_token(force: Force) -> None:
    answer = force.house.client.post("/oauth/token", data={"grant_type": PIN_GRANT})
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_dpop_proof")


def test_a_flood_of_sign_ins_is_slowed(force: Force) -> None:
    answers = [force.refresh("mrt_guess") for _ in range(25)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_descriptions_keep_to_the_characters_of_the_rfc(force: Force) -> None:
    described = force.sign_in(pin="1").get_json()["error_description"]
    assert all(" " <= sign <= "~" and sign not in '"\\' for sign in described)
