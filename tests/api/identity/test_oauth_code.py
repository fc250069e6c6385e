"""Signing in for an app: pushed request, page, code, tokens, and everything that must not pass."""

import threading
from typing import Any

import jwt
import pytest

from muster.kernel.identity import clients, move
from muster.kernel.identity.models import Officer
from tests.api.identity.conftest import PIN, Force, new_terminal
from tests.factories.oauth import CALLBACK, FieldApp, answer_of, callable_back

ME = "/mobile/v1/me"


@pytest.fixture
def app(force: Force) -> FieldApp:
    callable_back(force.house, "muster.field", CALLBACK)
    return FieldApp(force.house, force.terminal, "muster.field")


def test_an_officer_signs_in_on_the_page_and_the_app_calls_in_their_name(
    force: Force, app: FieldApp
) -> None:
    back = app.signed_in("204001", PIN, scope="records")
    assert (back["state"], back["iss"]) == (app.state, app.terminal.origin)
    answer = app.redeem(back["code"])
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["DPoP-Nonce"]
    assert answer.get_json()["scope"] == "records"
    claims = jwt.decode(app.terminal.access_token, options={"verify_signature": False})
    assert claims["client_id"] == "muster.field"
    assert claims["scope"] == "records"
    assert claims["acr"] == "urn:passmuster:aal2"
    assert claims["amr"] == ["pin", "hwk"]
    assert abs(claims["auth_time"] - claims["iat"]) <= 1
    assert app.terminal.call("GET", ME).get_json()["officer"]["number"] == "204001"
    assert [row.actor_label for row in force.log("identity.authorize")] == ["204001"]


def test_the_page_asks_by_name_and_lets_its_form_lead_to_the_app_only(app: FieldApp) -> None:
    page = app.house.client.get(app.page())
    text = page.get_data(as_text=True)
    assert "muster.field" in text
    assert "T-1" in text
    assert "form-action 'self' org.passmuster.field:;" in page.headers["Content-Security-Policy"]
    assert "<script>" not in text


def test_a_wrong_pin_asks_again_and_counts(force: Force, app: FieldApp) -> None:
    page = app.page()
    for _attempt in range(5):
        refused = app.submit(page, "204001", "111111")
        assert refused.status_code == 400
        assert "That did not match" in refused.get_data(as_text=True)
    assert app.submit(page, "204001", PIN).status_code == 403
    assert [row.outcome for row in force.log("identity.authorize")] == []


def test_the_officer_may_say_no(app: FieldApp) -> None:
    page = app.page()
    back = answer_of(app.submit(page, "", "", decline="1"))
    assert back == {"error": "access_denied", "state": app.state, "iss": app.terminal.origin}
    assert app.submit(page, "204001", PIN).status_code == 400


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": None}, "invalid_request"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"redirect_uri": "org.passmuster.field:/elsewhere"}, "invalid_request"),
    ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
    ({"redirect_uri": None}, "invalid_request"),
    ({"scope": "records checks"}, "invalid_scope"),
    ({"scope": "everything"}, "invalid_scope"),
    ({"client_id": "nobody"}, "invalid_client"),
    ({"client_id": "console"}, "invalid_client"),
    ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
    ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
    ({"dpop_jkt": "A" * 43}, "invalid_dpop_proof"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"state": "x" * 1001}, "invalid_request"),
    ({"state": "\0"}, "invalid_request"),
]


def test_a_request_that_is_not_right_is_refused_by_the_rfcs_own_code(app: FieldApp) -> None:
    for bent, error in REFUSED:
        app.house.clock.advance(seconds=10)  # a key may push only so often
        answer = app.push(**bent)
        assert answer.get_json()["error"] == error, bent
        assert answer.status_code == (401 if error == "invalid_client" else 400), bent


def test_a_terminal_that_is_not_in_service_pushes_nothing(force: Force, app: FieldApp) -> None:
    stranger = FieldApp(force.house, new_terminal(force.house), "muster.field")
    assert stranger.push().get_json()["error"] == "access_denied"
    assert force.terminal.id
    with force.house.kernel.writes() as uow:
        move(uow, force.terminal.id, "lost")
    assert app.push().get_json()["error"] == "access_denied"


def test_a_request_uri_is_good_once_for_its_app_and_for_a_minute(app: FieldApp) -> None:
    uri = app.pushed()
    assert app.open(uri, "console").status_code == 400
    assert app.open(uri).status_code == 303
    again = app.open(uri)
    assert (again.status_code, "invalid_request_uri" in again.get_data(as_text=True)) == (400, True)
    late = app.pushed()
    app.house.clock.advance(seconds=61)
    assert app.open(late).status_code == 400
    assert app.house.client.get("/oauth/authorize?client_id=muster.field").status_code == 400


def test_the_page_waits_five_minutes(app: FieldApp) -> None:
    page = app.page()
    app.house.clock.advance(minutes=5, seconds=1)
    assert app.house.client.get(page).status_code == 400
    assert app.submit(page, "204001", PIN).status_code == 400


def test_a_form_that_another_site_sends_is_refused(app: FieldApp) -> None:
    form = {"username": "204001", "pin": PIN}
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert app.house.client.post(app.page(), data=form, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "bent",
    [
        {"code_verifier": "v" * 43},
        {"code_verifier": "short"},
        {"redirect_uri": "org.passmuster.field:/elsewhere"},
    ],
)
def test_a_code_with_a_wrong_verifier_or_address_is_spent(app: FieldApp, bent: Any) -> None:
    code = app.signed_in("204001", PIN)["code"]
    assert app.redeem(code, **bent).get_json()["error"] == "invalid_grant"
    assert app.redeem(code).get_json()["error"] == "invalid_grant"


def test_a_code_is_worthless_on_another_terminal(force: Force, app: FieldApp) -> None:
    code = app.signed_in("204001", PIN)["code"]
    thief = FieldApp(force.house, new_terminal(force.house), "muster.field", verifier=app.verifier)
    assert thief.redeem(code).get_json()["error"] == "invalid_grant"
    assert app.redeem(code).status_code == 200  # whose code it is is not disturbed


def test_a_code_is_good_for_a_minute(app: FieldApp) -> None:
    code = app.signed_in("204001", PIN)["code"]
    app.house.clock.advance(seconds=61)
    assert app.redeem(code).get_json()["error"] == "invalid_grant"


def test_a_code_used_twice_ends_the_session_it_opened(force: Force, app: FieldApp) -> None:
    code = app.signed_in("204001", PIN)["code"]
    assert app.redeem(code).status_code == 200
    assert app.terminal.call("GET", ME).status_code == 200
    assert app.redeem(code).get_json()["error"] == "invalid_grant"
    assert app.terminal.call("GET", ME).get_json()["code"] == "session_ended"
    assert len(force.log("identity.session.revoke")) == 1


def test_of_two_that_redeem_one_code_at_once_neither_keeps_a_session(
    force: Force, app: FieldApp
) -> None:
    code = app.signed_in("204001", PIN)["code"]
    twins = [FieldApp(force.house, app.terminal, app.client_id, verifier=app.verifier)] * 2
    answers: list[int] = []
    app.terminal.nonce = app.push().headers["DPoP-Nonce"]

    def race(twin: FieldApp) -> None:
        answers.append(twin.redeem(code).status_code)

    racers = [threading.Thread(target=race, args=(twin,)) for twin in twins]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(answers) == [200, 400]
    app.terminal.nonce = ""
    assert app.terminal.call("GET", ME).get_json()["code"] == "session_ended"


def test_an_officer_suspended_in_between_gets_no_session(force: Force, app: FieldApp) -> None:
    code = app.signed_in("204001", PIN)["code"]
    with force.house.kernel.writes() as uow:
        officer = uow.session.get_one(Officer, force.officer("204001").id)
        officer.state, officer.epoch = "suspended", officer.epoch + 1
    assert app.redeem(code).get_json()["error"] == "invalid_grant"


def test_an_app_blocked_in_between_gets_no_session(force: Force, app: FieldApp) -> None:
    code = app.signed_in("204001", PIN)["code"]
    with force.house.kernel.writes() as uow:
        client = clients.by_name(uow, "muster.field")
        assert client is not None
        clients.block(uow, client.id)
    assert app.redeem(code).get_json()["error"] == "unauthorized_client"
    assert app.push().get_json()["error"] == "unauthorized_client"
