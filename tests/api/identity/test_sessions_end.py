"""What ends a session ends it from the next request on, in every door."""

import json
from types import SimpleNamespace
from typing import Any

from muster.kernel.identity import clients, move
from tests.api.identity.conftest import Force, new_terminal

ME = "/mobile/v1/me"


def code(force: Force) -> str:
    answer = force.terminal.call("GET", ME)
    return "" if answer.status_code == 200 else str(answer.get_json()["code"])


def test_refresh_rotates_and_keeps_the_end(force: Force) -> None:
    force.sign_in()
    first, ends = force.terminal.refresh_token, me_end(force)
    force.house.clock.advance(minutes=30)
    assert force.refresh().status_code == 200
    assert force.terminal.refresh_token != first
    assert me_end(force) == ends


def test_a_refresh_token_used_twice_ends_the_session(force: Force) -> None:
    force.sign_in()
    first = force.terminal.refresh_token
    force.refresh()
    force.refresh()
    again = force.refresh(first)
    assert again.get_json()["error"] == "invalid_grant"
    assert force.refresh().get_json()["error"] == "invalid_grant"
    assert code(force) == "session_ended"
    assert "denied" in [row.outcome for row in force.log("identity.refresh")]


def test_an_answer_that_was_lost_is_given_again(force: Force) -> None:
    force.sign_in()
    first = force.terminal.refresh_token
    force.refresh()  # the answer with its successor never arrives
    force.house.clock.advance(seconds=30)
    assert force.refresh(first).status_code == 200
    assert code(force) == ""
    assert force.refresh().status_code == 200
    assert force.refresh().status_code == 200


def test_a_lost_answer_is_not_given_again_after_a_minute(force: Force) -> None:
    force.sign_in()
    first = force.terminal.refresh_token
    force.refresh()
    force.house.clock.advance(seconds=61)
    assert force.refresh(first).get_json()["error"] == "invalid_grant"
    assert code(force) == "session_ended"


def test_of_two_holders_of_one_refresh_token_both_are_found_out(force: Force) -> None:
    """Somebody copied the token and the key, and uses the minute of grace."""
    force.sign_in()
    first = force.terminal.refresh_token
    force.refresh()
    honest = force.terminal.refresh_token
    assert force.refresh(first).status_code == 200  # the thief's branch voids the other one
    assert force.refresh(honest).get_json()["error"] == "invalid_grant"
    assert code(force) == "session_ended"
    assert [row.reason for row in reused(force)] == ["refresh_token_reused"]


def reused(force: Force) -> list[Any]:
    denied = [row for row in force.log("identity.refresh") if row.outcome == "denied"]
    return [SimpleNamespace(**json.loads(row.canonical)) for row in denied]


def test_a_refresh_may_narrow_an_access_token_but_never_widen_it(force: Force) -> None:
    force.sign_in()
    form = {"grant_type": "refresh_token", "client_id": "muster.field"}
    narrow = {**form, "refresh_token": force.terminal.refresh_token, "scope": "records"}
    assert force.terminal.token(narrow).get_json()["scope"] == "records"
    wide = {**form, "refresh_token": force.terminal.refresh_token, "scope": "records checks"}
    assert force.terminal.token(wide).get_json()["error"] == "invalid_scope"
    assert force.refresh().get_json()["scope"] == "records supervision"


def test_a_refresh_token_is_bound_to_its_key(force: Force) -> None:
    force.sign_in()
    stolen, kept = force.terminal.refresh_token, force.terminal
    force.terminal = new_terminal(force.house)
    assert force.refresh(stolen).get_json()["error"] == "invalid_grant"
    force.terminal = kept
    assert force.refresh().status_code == 200


def test_a_session_ends_for_good_after_twelve_hours(force: Force) -> None:
    force.sign_in()
    force.house.clock.advance(hours=12, seconds=1)
    assert force.refresh().get_json()["error"] == "invalid_grant"


def test_sign_out_ends_the_session_and_its_refresh(force: Force) -> None:
    force.sign_in()
    assert force.terminal.call("POST", "/mobile/v1/sign-out").status_code == 204
    assert code(force) == "session_ended"
    assert force.refresh().status_code == 400


def test_revoking_either_token_ends_the_session(force: Force) -> None:
    for name in ("refresh_token", "access_token"):
        force.sign_in()
        form = {"token": getattr(force.terminal, name), "client_id": "muster.field"}
        assert force.house.client.post("/oauth/revoke", data=form).status_code == 200
        assert code(force) == "session_ended"


def test_revoking_a_token_nobody_gave_is_no_error(force: Force) -> None:
    answer = force.house.client.post("/oauth/revoke", data={"token": "mrt_nothing"})
    assert answer.status_code == 200


def test_another_app_cannot_revoke_the_session(force: Force) -> None:
    force.sign_in()
    form = {"token": force.terminal.refresh_token, "client_id": "somebody.else"}
    force.house.client.post("/oauth/revoke", data=form)
    assert code(force) == ""


def test_suspending_an_officer_refuses_them_at_once(force: Force) -> None:
    force.sign_in()
    assert code(force) == ""
    path = f"/admin/v1/officers/{force.officer('204001').id}/suspend"
    answer = force.admin("204002").call("POST", path, json={"reason": "under investigation"})
    assert answer.get_json()["state"] == "suspended"
    assert code(force) == "session_ended"
    assert force.refresh().status_code == 400
    assert force.sign_in().get_json()["error"] == "invalid_grant"
    refused = force.log("gate.enter")
    assert [(row.actor_label, row.outcome) for row in refused] == [("204001", "denied")]


def test_reinstating_does_not_revive_old_sessions(force: Force) -> None:
    force.sign_in()
    desk, officer = force.admin("204002"), force.officer("204001").id
    body = {"reason": "under investigation"}
    for step in ("suspend", "reinstate"):
        path = f"/admin/v1/officers/{officer}/{step}"
        assert desk.call("POST", path, json=body).status_code == 200
    assert code(force) == "session_ended"
    assert force.sign_in().status_code == 200


def test_nobody_suspends_themselves_or_another_branch(force: Force) -> None:
    for number in ("204002", "204003"):
        path = f"/admin/v1/officers/{force.officer(number).id}/suspend"
        answer = force.admin("204002").call("POST", path, json={"reason": "just to see"})
        assert answer.status_code == 403
        assert force.officer(number).state == "active"


def test_a_lost_terminal_is_refused_at_once(force: Force) -> None:
    force.sign_in()
    assert force.terminal.id
    with force.house.kernel.writes() as uow:
        move(uow, force.terminal.id, "lost")
    assert code(force) == "device_blocked"
    assert force.refresh().status_code == 400


def test_a_blocked_app_is_refused_at_once(force: Force) -> None:
    force.sign_in()
    with force.house.kernel.writes() as uow:
        client = clients.by_name(uow, "muster.field")
        assert client is not None
        clients.block(uow, client.id)
    assert code(force) == "client_blocked"
    assert force.refresh().get_json()["error"] == "unauthorized_client"


def me_end(force: Force) -> str:
    return str(force.terminal.call("GET", ME).get_json()["session_ends_at"])
