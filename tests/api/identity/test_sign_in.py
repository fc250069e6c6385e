"""Signing in on a terminal and at the console: what opens, what locks, what is recorded."""

from datetime import timedelta

import pytest

from muster.kernel.identity import credentials, devices, judge, move, people, system
from tests.api.identity.conftest import PASSWORD, PIN, Force, new_terminal
from tests.factories.terminal import TestTerminal


def test_an_officer_signs_in_and_is_known(force: Force) -> None:
    told = force.sign_in().get_json()
    assert told["token_type"] == "DPoP"
    assert told["expires_in"] == 300
    me = force.terminal.call("GET", "/mobile/v1/me").get_json()
    assert me["officer"]["number"] == "204001"
    assert me["officer"]["roles"] == ["officer"]
    assert me["terminal"]["label"] == "T-1"
    assert me["session_id"] == told["session_id"]


def test_sign_in_is_recorded_with_officer_and_terminal(force: Force) -> None:
    force.sign_in()
    (row,) = force.log("identity.sign_in")
    assert (row.outcome, row.actor_label, row.device_id) == ("done", "204001", force.terminal.id)


def test_an_unknown_number_cannot_be_told_from_a_wrong_pin(force: Force) -> None:
    wrong, unknown = force.sign_in(pin="836195"), force.sign_in(number="999999")
    assert (wrong.status_code, wrong.get_json()) == (unknown.status_code, unknown.get_json())
    assert wrong.get_json()["error"] == "invalid_grant"
    assert [row.actor_label for row in force.log("identity.sign_in")] == ["204001", ""]


@pytest.mark.parametrize("number", ["204001", "999999"])
def test_five_failures_lock_the_number_known_or_not(force: Force, number: str) -> None:
    other = new_terminal(force.house)
    enrol(force, other, "T-2")
    for terminal in (force.terminal, other, force.terminal, other, force.terminal):
        force.terminal, kept = terminal, force.terminal
        assert force.sign_in(number, "000001").get_json()["error"] == "invalid_grant"
        force.terminal = kept
    answer = force.sign_in(number, PIN)
    assert "Locked" in answer.get_json()["error_description"]


def test_five_failures_lock_the_terminal_for_everybody(force: Force) -> None:
    for number in range(5):
        force.sign_in(f"99999{number}", "000001")
    assert "Locked" in force.sign_in().get_json()["error_description"]


def test_a_lock_stays_until_a_supervisor_releases_it(force: Force) -> None:
    for _ in range(5):
        force.sign_in(pin="000001")
    force.house.clock.advance(days=3)
    assert force.sign_in().status_code == 400
    desk = force.admin("204002")
    for row in desk.call("GET", "/admin/v1/lockouts").get_json()["items"]:
        body = {"subject": row["subject"], "reason": "he stood before me"}
        assert desk.call("POST", "/admin/v1/lockouts/release", json=body).status_code == 204
    assert force.sign_in().status_code == 200


def test_a_supervisor_of_another_branch_releases_nobody(force: Force) -> None:
    for _ in range(5):
        force.sign_in(pin="000001")
    desk = force.admin("204003")
    assert desk.call("GET", "/admin/v1/lockouts").get_json()["items"] == []
    body = {"subject": f"officer:{force.officer('204001').id}", "reason": "he asked me to"}
    assert desk.call("POST", "/admin/v1/lockouts/release", json=body).status_code == 403


def test_guessing_at_the_console_leaves_the_terminal_open(force: Force) -> None:
    for _ in range(5):
        assert force.console("204002", "wrong wrong wrong").status_code == 400
    assert force.console("204002").get_json()["code"] == "locked_out"
    assert force.sign_in("204002").status_code == 200


def test_a_key_nobody_enrolled_opens_nothing(force: Force) -> None:
    force.terminal = new_terminal(force.house)
    answer = force.sign_in()
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "invalid_grant"


def test_a_lost_terminal_opens_nothing_and_says_so(force: Force) -> None:
    assert force.terminal.id
    with force.house.kernel.writes() as uow:
        move(uow, force.terminal.id, "lost")
    assert "lost" in force.sign_in().get_json()["error_description"]
    assert force.log("identity.sign_in")[-1].outcome == "denied"


def test_an_expired_role_opens_nothing(force: Force) -> None:
    rows = b"204009,Gao Li,auxiliary,NORTH,0,officer,,2020-01-01\n"
    add(force, rows, "204009")
    assert force.sign_in("204009").get_json()["error"] == "invalid_grant"


def test_a_session_ends_with_the_last_role(force: Force) -> None:
    end = force.house.clock().replace(microsecond=0) + timedelta(hours=2)
    until = end.isoformat().replace("+00:00", "Z")
    add(force, f"204009,Gao Li,auxiliary,NORTH,0,officer,,{until}\n".encode(), "204009")
    assert force.sign_in("204009").status_code == 200
    me = force.terminal.call("GET", "/mobile/v1/me").get_json()
    assert me["session_ends_at"].startswith(until[:19])


def test_an_unknown_app_is_an_invalid_client(force: Force) -> None:
    answer = force.sign_in(client_id="somebody.else")
    assert answer.status_code == 401
    assert answer.get_json()["error"] == "invalid_client"


def test_the_console_is_for_administrative_roles(force: Force) -> None:
    assert force.console("204001").get_json()["code"] == "console_closed"
    assert force.console("204002").status_code == 201
    assert force.console("204002", PASSWORD + ".").get_json()["code"] == "invalid_grant"


def test_console_sign_out_ends_the_session(force: Force) -> None:
    desk = force.admin("204002")
    assert desk.call("GET", "/admin/v1/officers").status_code == 200
    assert desk.call("DELETE", "/admin/v1/sessions/current").status_code == 204
    assert desk.call("GET", "/admin/v1/officers").get_json()["code"] == "session_ended"


def test_fifteen_idle_minutes_end_a_console_session(force: Force) -> None:
    desk = force.admin("204002")
    force.house.clock.advance(minutes=14)
    assert desk.call("GET", "/admin/v1/officers").status_code == 200
    force.house.clock.advance(minutes=16)
    assert desk.call("GET", "/admin/v1/officers").get_json()["code"] == "session_ended"


def test_posture_is_shown_to_its_bearer(force: Force) -> None:
    force.sign_in()
    assert force.terminal.id
    with force.house.kernel.writes() as uow:
        judge(uow, force.terminal.id, 1, ["encryption"])
    me = force.terminal.call("GET", "/mobile/v1/me").get_json()
    assert (me["terminal"]["tier"], me["terminal"]["reasons"]) == (1, ["encryption"])


def enrol(force: Force, terminal: TestTerminal, label: str) -> None:
    kernel = force.house.kernel
    with kernel.writes() as uow:
        unit = kernel.people.by_code("NORTH")
        devices.admit(uow, label=label, unit_id=unit.id, jwk=terminal.jwk)


def add(force: Force, rows: bytes, number: str) -> None:
    heading = b"number,name,kind,unit,rank,roles,valid_from,valid_until\n"
    with force.house.kernel.writes() as uow:
        people.import_officers(uow, system("test"), heading + rows)
    with force.house.kernel.writes() as uow:
        credentials.set_pin(uow, uow.session.merge(force.officer(number)), PIN)
