"""What is said of a wipe is what is known of it, whatever becomes of the terminal."""

from typing import Any

import pytest

from tests.conftest import House
from tests.factories.mdm import Console, Force, qr, wipe
from tests.factories.terminal import TestTerminal

WHY = {"reason": "left in a taxi"}


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    return force.compliant(admin)


def shown(console: Console, terminal: TestTerminal) -> dict[str, Any]:
    listed = console.get(f"/admin/v1/devices/{terminal.id}/commands").get_json()["items"]
    found: dict[str, Any] = next(one for one in listed if one["kind"] == "wipe")
    return found


def state(console: Console, terminal: TestTerminal) -> str:
    said: str = console.get(f"/admin/v1/devices/{terminal.id}").get_json()["state"]
    return said


def act(console: Console, terminal: TestTerminal, what: str) -> Any:
    return console.post(f"/admin/v1/devices/{terminal.id}/{what}", WHY)


def handed(terminal: TestTerminal) -> list[dict[str, Any]]:
    commands: list[dict[str, Any]] = terminal.check_in().get_json()["commands"]
    return commands


def report(terminal: TestTerminal, command: dict[str, Any], outcome: str, detail: str = "") -> str:
    path = f"/agent/v1/commands/{command['id']}/result"
    answer = terminal.agent("POST", path, {"outcome": outcome, "detail": detail})
    said: str = answer.get_json()["state"]
    return said


def later(house: House, force: Force, number: str, **ahead: float) -> Console:
    """Move on, let the clock's work be done, and return an admin whose session is fresh."""
    house.clock.advance(**ahead)
    for _ in range(3):
        house.clock.advance(minutes=2)
        force.work()
    return force.console(number, "device_admin")


def test_offline_it_waits_for_ever(
    house: House, force: Force, admin: Console, second: Console, terminal: TestTerminal
) -> None:
    force.work()
    wipe(admin, second, terminal)
    admin = later(house, force, "A7", days=400)
    assert shown(admin, terminal)["state"] == "notified"
    (command,) = handed(terminal)
    assert report(terminal, command, "done") == "acknowledged"
    assert state(admin, terminal) == "wiped"


def test_delivered_and_silent_is_unconfirmed_and_stays_in_force_beyond_retirement(
    house: House, force: Force, admin: Console, second: Console, terminal: TestTerminal
) -> None:
    force.work()
    wipe(admin, second, terminal)
    (command,) = handed(terminal)
    admin = later(house, force, "A7", hours=26)
    assert shown(admin, terminal)["state"] == "unconfirmed", "we do not know"
    assert state(admin, terminal) == "enrolled", "nobody says that it is wiped"
    assert "mdm.wipe_unconfirmed" in force.notices()
    assert [one["id"] for one in handed(terminal)] == [command["id"]], "it came back: not erased"
    assert shown(admin, terminal)["state"] == "unconfirmed", "handing it out proves nothing"
    assert act(admin, terminal, "retire").get_json()["state"] == "retired"
    newborn = force.terminal(serial=terminal.serial)
    assert newborn.enrol(qr(admin)).status_code == 201
    force.work()
    assert "mdm.wipe_of_old_enrolment" in force.notices()
    assert handed(newborn) == [], "it never fires on the next enrolment"
    assert [one["id"] for one in handed(terminal)] == [command["id"]], "nor does it get lost"
    assert report(terminal, command, "done") == "acknowledged"
    assert handed(terminal) == []
    assert state(admin, terminal) == "retired"


def test_refused_or_impossible_is_failed_with_its_code_and_the_terminal_stays_blocked(
    force: Force, admin: Console, second: Console, terminal: TestTerminal
) -> None:
    wipe(admin, second, terminal)
    (command,) = handed(terminal)
    assert report(terminal, command, "failed", "not_device_admin") == "failed"
    assert shown(admin, terminal)["code"] == "not_device_admin"
    assert "mdm.wipe_failed" in force.notices()
    assert state(admin, terminal) == "lost", "until somebody has seen to it"
    assert terminal.check_in().get_json()["compliant"] is False
    wipe(admin, second, terminal)
    (again,) = handed(terminal)
    assert report(terminal, again, "failed", "the battery is low") == "failed"
    assert shown(admin, terminal)["code"] == "unspecified"


def test_a_confirmation_sent_twice_or_contradicted_changes_nothing_and_more_talk_is_an_alarm(
    force: Force, admin: Console, second: Console, terminal: TestTerminal
) -> None:
    wipe(admin, second, terminal)
    (command,) = handed(terminal)
    assert report(terminal, command, "done") == "acknowledged"
    assert report(terminal, command, "failed") == "acknowledged"
    again = {"command_id": command["id"], "outcome": "done"}
    assert terminal.check_in(results=[again]).get_json()["state"] == "wiped"
    assert shown(admin, terminal)["evidence"]["outcome"] == "done"
    assert "mdm.wiped_device_talks" not in force.notices()
    for _ in range(2):
        told = terminal.check_in().get_json()
        assert (told["state"], told["commands"], told["configuration"]) == ("wiped", [], None)
    assert force.notices().count("mdm.wiped_device_talks") == 1, "one line in the inbox"


def test_found_in_time_cancels_it_and_what_still_waits_for_a_second_person(
    admin: Console, second: Console, terminal: TestTerminal
) -> None:
    act(admin, terminal, "lost")
    asked = act_wipe(admin, terminal)
    found = act(admin, terminal, "found").get_json()
    assert (found["state"], found["wipe"]) == ("enrolled", "cancelled")
    assert second.post(f"/admin/v1/approvals/{asked}/approve").status_code == 409
    act(admin, terminal, "lost")
    handed(terminal)
    wipe(admin, second, terminal)
    found = act(admin, terminal, "found").get_json()
    assert (found["state"], found["wipe"]) == ("enrolled", "cancelled")
    assert shown(admin, terminal)["state"] == "cancelled"
    undone = [command["kind"] for command in handed(terminal)]
    assert undone == ["end_lost_mode", "unlock"], "the lock went out before the wipe replaced it"


def test_found_too_late_says_so_and_it_stays_lost(
    admin: Console, second: Console, terminal: TestTerminal
) -> None:
    act(admin, terminal, "lost")
    wipe(admin, second, terminal)
    (command,) = handed(terminal)
    found = act(admin, terminal, "found").get_json()
    assert (found["state"], found["wipe"]) == ("lost", "under_way")
    assert report(terminal, command, "done") == "acknowledged"
    assert state(admin, terminal) == "wiped"


def act_wipe(console: Console, terminal: TestTerminal) -> str:
    asked = console.post(
        f"/admin/v1/devices/{terminal.id}/commands", {"kind": "wipe", **WHY}
    ).get_json()
    approval: str = asked["approval_id"]
    return approval
