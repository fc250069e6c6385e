"""oauth4webapi as it is: discovery, PAR, sign-in, DPoP with nonces, refresh, and the attacks."""

import pytest

from tests.clients.oauth4webapi.conftest import NUMBER, PIN, SERVER, App

pytestmark = pytest.mark.needs("npm")
OFFICER = {"number": NUMBER, "pin": PIN}


def test_the_whole_flow_and_what_thieves_get(app: App) -> None:
    told = app.do("discover")
    assert told["require_pushed_authorization_requests"] is True
    assert told["introspection_endpoint_auth_methods_supported"] == ["private_key_jwt"]

    tokens = app.do("sign_in", **OFFICER, scope="records")
    assert (tokens["token_type"], tokens["scope"]) == ("dpop", "records")
    assert app.do("me")["officer"]["number"] == NUMBER
    assert app.do("refresh") == "dpop"
    assert app.do("me")["client"] == "muster.field"

    seen = app.do("introspect", server=SERVER)
    assert (seen["active"], seen["client_id"], seen["scope"]) == (True, "muster.field", "records")
    assert app.do("introspect", server=SERVER, token="mrt_guess") == {"active": False}

    assert app.do("stolen") == "invalid_token"
    assert app.do("bearer") == "invalid_token"
    assert app.do("replay") == "invalid_dpop_proof"
    assert app.do("wrong_verifier", **OFFICER) == "invalid_grant"
    assert app.do("me")["officer"]["number"] == NUMBER
    assert app.do("reused_code") == "invalid_grant"
    with pytest.raises(AssertionError, match="invalid_token"):
        app.do("me")

    app.do("sign_in", **OFFICER, scope="records tasks")
    assert app.do("revoke") == "invalid_token"
    assert app.do("introspect", server=SERVER) == {"active": False}
