"""Auxiliaries, supervisors, auditors, administrators: what each is told of a check."""

import json
from typing import Any

import pytest

from mobile_api.checks import PurposeRow
from muster.kernel.identity import Officer
from tests.factories.field import (
    AGENCY,
    INSTRUCTION,
    PHONE,
    STOLEN_PLATE,
    WANTED_ID,
    WANTED_NAME,
    Patrol,
    stop,
)

SECRETS = (WANTED_NAME, "Zhang Wei", AGENCY, PHONE, INSTRUCTION, "H00002", "armed", "1978-03-04")


def test_an_auxiliary_sees_only_the_category_and_whom_to_call(patrol: Patrol) -> None:
    patrol.sign_in("A1003")
    told = patrol.ask(kind="person_id", value=WANTED_ID, purpose="stop_check").get_json()
    assert (told["signal"], told["redacted"], told["records"]) == ("red", True, [])
    (hit,) = told["hits"]
    assert hit.keys() == {"hit_id", "category", "action_instruction", "must_confirm"}
    assert (hit["category"], hit["action_instruction"]) == ("wanted", "Call a sworn officer.")
    leaks(told)


def test_what_an_auxiliary_was_not_told_is_refused_on_record(patrol: Patrol) -> None:
    patrol.sign_in("A1003")
    patrol.ask()
    (refused,) = patrol.recorded("field.check.see_detail")
    assert (refused["outcome"], refused["purpose"]) == ("denied", "traffic_stop")


def test_nothing_leaks_when_an_auxiliary_reads_the_answer_again(patrol: Patrol) -> None:
    patrol.sign_in("A1003")
    told = patrol.ask(kind="person_id", value=WANTED_ID, purpose="stop_check").get_json()
    again = patrol.terminal.call("GET", told["next"]["url"]).get_json()
    assert again == told


def test_nothing_leaks_in_the_feedback_to_an_auxiliarys_record(patrol: Patrol) -> None:
    patrol.sign_in("A1003")
    document = stop(None, answers={"/data/person_id": WANTED_ID})
    for answer in (patrol.submit(document), patrol.submit(document)):
        told = answer.get_json()
        assert told["feedback"]["signal"] == "red"
        leaks(told)


def test_an_officer_who_becomes_auxiliary_loses_the_detail_of_old_answers(patrol: Patrol) -> None:
    told = patrol.ask().get_json()
    with patrol.house.kernel.writes() as uow:
        uow.session.query(Officer).filter_by(number="1001").one().sworn = False
    again = patrol.terminal.call("GET", told["next"]["url"]).get_json()
    assert again["redacted"] is True
    assert INSTRUCTION not in json.dumps(again, ensure_ascii=False)


def test_supervisors_and_auditors_read_who_asked_but_not_about_whom(patrol: Patrol) -> None:
    patrol.ask(kind="person_id", value=WANTED_ID, purpose="stop_check")
    auditor = patrol.force.console("AUD1", "auditor", unit="CITY")
    for reviewer in (patrol.supervisor, auditor):
        answer = reviewer.get("/admin/v1/checks")
        assert answer.status_code == 200
        (line,) = answer.get_json()["items"]
        assert (line["officer"], line["purpose"], line["signal"]) == ("1001", "stop_check", "red")
        assert WANTED_ID not in answer.get_data(as_text=True)
        assert line["subject"] == "11••••••••••••••39"


def test_a_supervisor_elsewhere_sees_none_of_it(patrol: Patrol) -> None:
    patrol.ask()
    south = patrol.force.console("SUP2", "supervisor", unit="SOUTH")
    assert south.get("/admin/v1/checks").get_json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("device_admin", "CITY"),
        ("publisher", "CITY"),
        ("data_steward", "CITY"),
        ("approver", "CITY"),
    ],
)
def test_nobody_else_at_the_console_sees_checks(patrol: Patrol, role: str, unit: str) -> None:
    other = patrol.force.console("OTH1", role, unit=unit)
    assert other.get("/admin/v1/checks").status_code == 403
    assert [e["outcome"] for e in patrol.recorded("field.check.list")] == ["denied"]


def test_a_device_admin_who_is_also_supervisor_and_officer_never_sees_checks(
    patrol: Patrol,
) -> None:
    both = patrol.force.console("BOTH", "device_admin", "supervisor", unit="CITY")
    assert both.get("/admin/v1/checks").status_code == 403
    patrol.force.officer("1009", "officer", "device_admin", unit="N1")
    patrol.sign_in("1009")
    assert patrol.ask().status_code == 403


def test_the_log_of_checks_goes_on_page_by_page(patrol: Patrol) -> None:
    for _ in range(3):
        patrol.ask()
    first = patrol.supervisor.get("/admin/v1/checks?limit=2").get_json()
    second = patrol.supervisor.get(f"/admin/v1/checks?limit=2&after={first['next']}").get_json()
    assert [len(first["items"]), len(second["items"])] == [2, 1]
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["zzz", "WyJub3QgYW4gaWQiXQ", "WzFd", "W10", "bnVsbA"])
def test_a_cursor_that_is_not_ours_is_malformed(patrol: Patrol, cursor: str) -> None:
    answer = patrol.supervisor.get(f"/admin/v1/checks?after={cursor}")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed")


def test_a_force_may_change_a_purpose_as_data(patrol: Patrol) -> None:
    with patrol.house.kernel.writes() as uow:
        uow.session.add(
            PurposeRow(
                code="traffic_stop",
                label_en="Traffic stop",
                label_zh="交通检查",
                requires=[],
                sources=["wanted"],
                roles=["auxiliary"],
            )
        )
    assert patrol.ask(value=STOLEN_PLATE).get_json()["code"] == "purpose_not_allowed"


def test_a_terminal_that_lost_its_compliance_asks_nothing(patrol: Patrol) -> None:
    patrol.terminal.check_in(posture={"encrypted": False, "rooted": True})
    answer = patrol.ask()
    assert (answer.status_code, answer.get_json()["code"]) == (403, "posture_not_compliant")


def leaks(told: Any) -> None:
    """Fail if any part of the answer tells what is only for sworn officers."""
    text = json.dumps(told, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in text.replace(WANTED_ID, "")] == []
