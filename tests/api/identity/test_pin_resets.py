"""A PIN reset by a supervisor from their own terminal, and the session that may only change it."""

import pytest

from muster.kernel.identity import devices, judge
from tests.api.identity.conftest import PIN, Force, new_terminal
from tests.factories.terminal import TestTerminal

WHY = {"reason": "Forgot it on leave"}
OWN = "729451"


@pytest.fixture
def supervisor(force: Force) -> Force:
    force.sign_in("204002")
    force.compliant()
    return force


def reset(force: Force, number: str) -> str:
    answer = force.terminal.call("POST", "/mobile/v1/team/pin-resets", WHY | {"number": number})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    pin: str = answer.get_json()["pin"]
    return pin


def second_terminal(force: Force) -> TestTerminal:
    terminal, kernel = new_terminal(force.house), force.house.kernel
    with kernel.writes() as uow:
        unit = kernel.people.by_code("NORTH")
        device = devices.admit(uow, label="T-2", unit_id=unit.id, jwk=terminal.jwk)
        uow.session.flush()
        judge(uow, device.id, 2, [])
        terminal.id = device.id
    return terminal


def test_a_locked_out_officer_gets_a_pin_for_one_use_and_chooses_another(supervisor: Force) -> None:
    patrol = second_terminal(supervisor)
    for _ in range(5):
        patrol.sign_in("204001", "000000", client_id="muster.field")
    locked = supervisor.terminal.call("GET", "/mobile/v1/team/lockouts").get_json()["items"]
    assert f"officer:{supervisor.officer('204001').id}" in {row["subject"] for row in locked}
    device = f"device:{patrol.id}"
    pin = reset(supervisor, "204001")
    refused = supervisor.terminal.call(
        "POST", "/mobile/v1/team/lockouts/release", WHY | {"subject": device}
    )
    assert refused.status_code == 204, refused.get_data(as_text=True)
    assert patrol.sign_in("204001", PIN, client_id="muster.field").status_code == 400
    assert patrol.sign_in("204001", pin, client_id="muster.field").status_code == 200
    me = patrol.call("GET", "/mobile/v1/me").get_json()
    assert me["must_change_pin"] is True
    for method, path in (("GET", "/mobile/v1/forms"), ("GET", "/mobile/v1/team/lockouts")):
        answer = patrol.call(method, path)
        assert answer.get_json()["code"] == "secret_change_required", path
    weak = patrol.call("POST", "/mobile/v1/pin", {"current": pin, "new": "121212"})
    assert weak.get_json()["code"] == "weak_secret"
    same = patrol.call("POST", "/mobile/v1/pin", {"current": pin, "new": pin})
    assert same.status_code == 422
    assert patrol.call("POST", "/mobile/v1/pin", {"current": pin, "new": OWN}).status_code == 204
    assert patrol.call("GET", "/mobile/v1/me").status_code == 401
    assert patrol.sign_in("204001", OWN, client_id="muster.field").status_code == 200
    assert patrol.call("GET", "/mobile/v1/me").get_json()["must_change_pin"] is False


def test_never_ones_own_nor_another_units(supervisor: Force) -> None:
    for number, rule in (
        ("204002", "identity.nobody-certifies-or-retires-themselves"),
        ("204003", "default-deny"),
    ):
        answer = supervisor.terminal.call(
            "POST", "/mobile/v1/team/pin-resets", WHY | {"number": number}
        )
        assert (answer.status_code, answer.get_json()["rule"]) == (403, rule)


def test_nobody_without_the_post_resets_anything(force: Force) -> None:
    force.sign_in("204001")
    force.compliant()
    answer = force.terminal.call("POST", "/mobile/v1/team/pin-resets", WHY | {"number": "204002"})
    assert answer.status_code == 403


def test_a_pin_for_one_use_opens_nothing_the_day_after(supervisor: Force) -> None:
    pin = reset(supervisor, "204001")
    supervisor.house.clock.advance(hours=24, minutes=1)
    patrol = second_terminal(supervisor)
    assert patrol.sign_in("204001", pin, client_id="muster.field").status_code == 400


def test_guessing_at_the_change_locks_like_guessing_at_the_door(supervisor: Force) -> None:
    guess = {"current": "000000", "new": OWN}
    for _ in range(5):
        assert supervisor.terminal.call("POST", "/mobile/v1/pin", guess).status_code == 422
    answer = supervisor.terminal.call("POST", "/mobile/v1/pin", {"current": PIN, "new": OWN})
    assert answer.get_json()["code"] == "locked_out"
