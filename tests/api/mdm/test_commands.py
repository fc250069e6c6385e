"""Orders and what becomes of them."""

from typing import Any

import pytest

from tests.conftest import House
from tests.factories.mdm import Console, Force
from tests.factories.terminal import TestTerminal

WHY = "the officer asked for it"


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    return force.compliant(admin)


def give(console: Console, terminal: TestTerminal, kind: str, **body: Any) -> dict[str, Any]:
    path = f"/admin/v1/devices/{terminal.id}/commands"
    answer = console.post(path, {"kind": kind, "reason": WHY, "body": body})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    command: dict[str, Any] = answer.get_json()
    return command


def states(admin: Console, terminal: TestTerminal) -> dict[str, str]:
    listed = admin.get(f"/admin/v1/devices/{terminal.id}/commands").get_json()["items"]
    return {one["id"]: one["state"] for one in listed}


def handed(terminal: TestTerminal, **report: Any) -> list[str]:
    return [one["kind"] for one in terminal.check_in(**report).get_json()["commands"]]


def test_commands_come_most_urgent_first(admin: Console, terminal: TestTerminal) -> None:
    give(admin, terminal, "message", message="Call in")
    give(admin, terminal, "refresh")
    give(admin, terminal, "lock", message="Locked by the station")
    told = terminal.check_in().get_json()["commands"]
    assert [one["kind"] for one in told] == ["lock", "refresh", "message"]
    assert told[0]["body"] == {"message": "Locked by the station"}


def test_fetching_a_command_proves_nothing(admin: Console, terminal: TestTerminal) -> None:
    command = give(admin, terminal, "lock")
    handed(terminal)
    assert states(admin, terminal)[command["id"]] == "delivered"
    done = {"command_id": command["id"], "outcome": "done"}
    assert handed(terminal, results=[done]) == []
    assert states(admin, terminal)[command["id"]] == "acknowledged"


def test_not_now_is_asked_again_after_a_while_and_longer_each_time(
    house: House, admin: Console, terminal: TestTerminal
) -> None:
    command = give(admin, terminal, "refresh")
    handed(terminal)
    later = {"command_id": command["id"], "outcome": "not_now"}
    assert handed(terminal, results=[later]) == []
    assert handed(terminal) == []
    assert states(admin, terminal)[command["id"]] == "not_now"
    house.clock.advance(minutes=3)
    assert handed(terminal) == ["refresh"]
    handed(terminal, results=[later])
    house.clock.advance(minutes=3)
    assert handed(terminal) == [], "now it has ten minutes"
    house.clock.advance(minutes=8)
    assert handed(terminal) == ["refresh"]


def test_a_later_order_replaces_an_earlier_one(admin: Console, terminal: TestTerminal) -> None:
    first = give(admin, terminal, "lock")
    give(admin, terminal, "unlock")
    assert states(admin, terminal)[first["id"]] == "superseded"
    assert handed(terminal) == ["unlock"]


def test_a_command_can_be_taken_back_until_it_is_delivered(
    admin: Console, terminal: TestTerminal
) -> None:
    first, second = give(admin, terminal, "lock"), None
    cancel = f"/admin/v1/commands/{first['id']}/cancel"
    assert admin.post(cancel, {"reason": WHY}).get_json()["state"] == "cancelled"
    assert handed(terminal) == []
    second = give(admin, terminal, "lock")
    handed(terminal)
    answer = admin.post(f"/admin/v1/commands/{second['id']}/cancel", {"reason": WHY})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "command_begun")


def test_what_nobody_fetched_expires_and_what_nobody_answered_is_unconfirmed(
    house: House, force: Force, admin: Console, terminal: TestTerminal
) -> None:
    force.work()
    message = give(admin, terminal, "message", message="Call in")
    handed(terminal)
    refresh = give(admin, terminal, "refresh")
    house.clock.advance(hours=25)
    force.work()
    late = force.console("A7", "device_admin")
    assert states(late, terminal) == {message["id"]: "unconfirmed", refresh["id"]: "expired"}
    shown = {"command_id": message["id"], "outcome": "done"}
    terminal.check_in(results=[shown])
    assert states(late, terminal)[message["id"]] == "acknowledged"


def test_what_waits_is_hinted_at_again(
    house: House, force: Force, admin: Console, terminal: TestTerminal
) -> None:
    force.work()
    heard: list[bytes] = []
    house.kernel.bus.subscribe([f"device:{terminal.id}"], lambda _, news: heard.append(news))
    command = give(admin, terminal, "lock")
    house.clock.advance(minutes=5)
    force.work()
    assert heard == [b'{"look":"commands"}'] * 2
    assert states(admin, terminal)[command["id"]] == "notified"
    assert handed(terminal) == ["lock"]


def test_the_duty_desk_locks_and_tells_and_no_more(force: Force, terminal: TestTerminal) -> None:
    desk = force.console("D1", "duty_desk")
    give(desk, terminal, "message", message="Call in")
    give(desk, terminal, "lock")
    for kind in ("unlock", "refresh", "wipe"):
        path = f"/admin/v1/devices/{terminal.id}/commands"
        assert desk.post(path, {"kind": kind, "reason": WHY}).status_code == 403


@pytest.mark.parametrize(
    "order",
    [
        {"kind": "selfdestruct", "reason": WHY},
        {"kind": "message", "reason": WHY},
        {"kind": "refresh", "reason": WHY, "body": {"message": "hello"}},
        {"kind": "lock"},
        {"kind": "lock", "reason": "\x00" * 9},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    admin: Console, terminal: TestTerminal, order: dict[str, Any]
) -> None:
    answer = admin.post(f"/admin/v1/devices/{terminal.id}/commands", order)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_input")


def test_a_terminal_cannot_answer_for_another(
    force: Force, admin: Console, terminal: TestTerminal
) -> None:
    command = give(admin, terminal, "lock")
    other = force.enrolled(admin)
    path = f"/agent/v1/commands/{command['id']}/result"
    assert other.agent("POST", path, {"outcome": "done"}).status_code == 404
    done = {"command_id": command["id"], "outcome": "done"}
    assert other.check_in(results=[done]).status_code == 200
    assert states(admin, terminal)[command["id"]] == "queued"
