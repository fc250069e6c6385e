"""What each kind says, proves and keeps to itself."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text

from mdm.commands.models import Command
from muster.kernel.audit.models import ENTRIES
from tests.conftest import House
from tests.factories.mdm import Console, Force
from tests.factories.terminal import TestTerminal

WHY = "the officer asked for it"
PASSCODE = "4711-0815"


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    return force.compliant(admin)


def ask(console: Console, terminal: TestTerminal, kind: str, **body: Any) -> Any:
    order = {"kind": kind, "reason": WHY, "body": body}
    return console.post(f"/admin/v1/devices/{terminal.id}/commands", order)


def give(console: Console, terminal: TestTerminal, kind: str, **body: Any) -> str:
    answer = ask(console, terminal, kind, **body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    command: str = answer.get_json()["id"]
    return command


def handed(terminal: TestTerminal) -> dict[str, Any]:
    commands = terminal.check_in().get_json()["commands"]
    return {command["kind"]: command["body"] for command in commands}


@pytest.mark.parametrize(
    ("kind", "body", "pointer"),
    [
        ("refresh", {"soon": True}, "/body/soon"),
        ("message", {"message": "   "}, "/body/message"),
        ("message", {"message": "Call in", "receipt": "yes"}, "/body/receipt"),
        ("reset_passcode", {"passcode": "123"}, "/body/passcode"),
        ("install", {"package": "../../etc"}, "/body/package"),
        ("ring", {"seconds": 86_400}, "/body/seconds"),
        ("lost_mode", {"phone": "110"}, "/body/message"),
        ("wipe_app_data", {"packages": ["org.app", "*"]}, "/body/packages/1"),
    ],
)
def test_every_kind_has_a_shape_of_its_own(
    admin: Console, terminal: TestTerminal, kind: str, body: dict[str, Any], pointer: str
) -> None:
    answer = ask(admin, terminal, kind, **body)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.get_json()["errors"]] == [pointer]


def test_a_passcode_is_told_to_the_terminal_and_to_nobody_else(
    house: House, admin: Console, terminal: TestTerminal
) -> None:
    answer = ask(admin, terminal, "reset_passcode", passcode=PASSCODE)
    assert answer.get_json()["body"] == {}
    assert handed(terminal)["reset_passcode"] == {"passcode": PASSCODE}
    listed = admin.get(f"/admin/v1/devices/{terminal.id}/commands")
    timeline = admin.get(f"/admin/v1/devices/{terminal.id}/timeline")
    assert PASSCODE not in listed.text + timeline.text
    with house.kernel.reads() as uow:
        rows = uow.session.execute(text("SELECT * FROM mdm_command")).all()
        entries = uow.session.execute(select(ENTRIES)).all()
        assert PASSCODE not in str(rows) + str(entries)
        assert uow.session.scalars(select(Command.sealed)).one() is not None
    done = {"command_id": answer.get_json()["id"], "outcome": "done"}
    terminal.check_in(results=[done])
    with house.kernel.reads() as uow:
        assert uow.session.scalars(select(Command.sealed)).one() is None, "forgotten"


def test_asking_where_somebody_is_takes_a_purpose_and_can_be_shown_to_them(
    house: House, admin: Console, terminal: TestTerminal
) -> None:
    refused = ask(admin, terminal, "locate", purpose="welfare")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "purpose_required")
    house.kernel.settings = replace(house.kernel.settings, locate_shown=True)
    why = {"purpose": "welfare", "case_ref": "2026-118"}
    assert ask(admin, terminal, "locate", **why).status_code == 201
    told = handed(terminal)
    assert told["locate"] == {"purpose": "welfare"}, "the case is nobody's on the street"
    assert "Purpose: welfare" in told["message"]["message"]


def test_a_restart_is_told_once_and_a_lost_answer_leaves_it_unconfirmed(
    house: House, force: Force, admin: Console, terminal: TestTerminal
) -> None:
    force.work()
    give(admin, terminal, "reboot")
    assert "reboot" in handed(terminal)
    assert handed(terminal) == {}, "an agent that forgot it must not restart again and again"
    house.clock.advance(minutes=12)
    force.work()
    listed = admin.get(f"/admin/v1/devices/{terminal.id}/commands").get_json()["items"]
    assert [one["state"] for one in listed] == ["unconfirmed"]


def test_a_lock_without_an_answer_stays_in_force_until_it_is_lifted(
    house: House, force: Force, admin: Console, terminal: TestTerminal
) -> None:
    force.work()
    give(admin, terminal, "lock")
    handed(terminal)
    house.clock.advance(hours=25)
    force.work()
    admin = force.console("A7", "device_admin")
    listed = admin.get(f"/admin/v1/devices/{terminal.id}/commands").get_json()["items"]
    assert [one["state"] for one in listed] == ["unconfirmed"]
    assert "lock" in handed(terminal)
    give(admin, terminal, "unlock")
    assert list(handed(terminal)) == ["unlock"]


def test_an_agent_is_not_told_what_it_cannot_do(
    house: House, admin: Console, terminal: TestTerminal
) -> None:
    with house.kernel.writes() as uow:
        uow.session.execute(text("UPDATE mdm_device SET agent = 'headwind'"))
    answer = ask(admin, terminal, "ring")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "command_agent_cannot")
    assert answer.get_json()["agent"] == "headwind"
