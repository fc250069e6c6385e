"""The hot path: what a report costs, what it may say, and what bad ones are told."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from tests.conftest import House
from tests.factories.mdm import Console, Force
from tests.factories.terminal import COMPLIANT, TestTerminal

PATH = "/agent/v1/check-in"


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    return force.compliant(admin)


@pytest.fixture
def ledger(house: House) -> Iterator[list[str]]:
    """Every statement sent and every commit made, in order; SQLite's BEGIN is no statement."""
    lines: list[str] = []
    engine = house.kernel.db.engine

    def statement(_conn: object, _cursor: object, sql: str, *_: object) -> None:
        if not sql.startswith("BEGIN"):
            lines.append(sql)

    def commit(_conn: object) -> None:
        lines.append("COMMIT")

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    yield lines
    event.remove(engine, "before_cursor_execute", statement)
    event.remove(engine, "commit", commit)


def statements(ledger: list[str]) -> list[str]:
    """What one report asked the database; the rules are read every five seconds by all together."""
    return [line for line in ledger if line != "COMMIT" and "mdm_compliance_rule" not in line]


def test_a_report_costs_at_most_five_statements_and_one_commit(
    house: House, terminal: TestTerminal, ledger: list[str]
) -> None:
    house.clock.advance(minutes=15)
    ledger.clear()
    assert terminal.check_in(battery=80).status_code == 200
    assert len(statements(ledger)) <= 5, ledger
    assert ledger.count("COMMIT") == 1


def test_a_report_that_changes_the_verdict_writes_its_news_in_the_same_commit(
    house: House, terminal: TestTerminal, ledger: list[str]
) -> None:
    house.clock.advance(minutes=15)
    ledger.clear()
    terminal.check_in(posture=COMPLIANT | {"rooted": True})
    assert len(statements(ledger)) <= 9, ledger
    assert ledger.count("COMMIT") == 1
    ledger.clear()
    terminal.check_in(posture=COMPLIANT | {"rooted": True})
    again = [line for line in ledger if line != "COMMIT"]
    assert len(again) <= 7, again
    assert not [line for line in again if line.startswith(("INSERT INTO mdm", "DELETE"))]


def test_inventory_is_a_delta_and_posture_is_the_whole_truth(
    terminal: TestTerminal, admin: Console
) -> None:
    terminal.check_in(inventory={"os_version": "16", "storage_free_mb": 900}, battery=41)
    terminal.check_in(inventory={"carrier": "Metro"}, posture={"encrypted": True})
    shown = admin.get(f"/admin/v1/devices/{terminal.id}").get_json()
    assert (shown["os_version"], shown["model"], shown["battery"]) == ("16", "Testphone 8", 41)
    assert shown["inventory"] == {"storage_free_mb": 900, "carrier": "Metro"}
    assert shown["facts"] == {"encrypted": True}
    assert shown["compliant"] is False


def test_a_report_without_facts_is_accepted_and_judges_nothing(
    terminal: TestTerminal, admin: Console
) -> None:
    before = admin.get(f"/admin/v1/devices/{terminal.id}").get_json()
    told = terminal.agent("POST", PATH, {}).get_json()
    after = admin.get(f"/admin/v1/devices/{terminal.id}").get_json()
    assert told["compliant"] is True
    assert before["posture_at"] == after["posture_at"]
    assert before["last_seen"] < after["last_seen"]


def test_a_report_does_not_make_an_admins_page_stale(
    terminal: TestTerminal, admin: Console
) -> None:
    path = f"/admin/v1/devices/{terminal.id}"
    tag = admin.get(path).headers["ETag"]
    terminal.check_in()
    assert admin.get(path).headers["ETag"] == tag


@pytest.mark.parametrize(
    ("report", "pointer"),
    [
        ({"posture": {"rooted": "no"}}, "/posture/rooted"),
        ({"posture": {"magic": True}}, "/posture"),
        ({"battery": 101}, "/battery"),
        ({"battery": True}, "/battery"),
        ({"applied_hash": "sha256:short"}, "/applied_hash"),
        ({"inventory": {"model": "a\x00b"}}, "/inventory/model"),
        ({"inventory": {"patch_level": "soon"}}, "/inventory/patch_level"),
        ({"inventory": {"storage_free_mb": 2**60}}, "/inventory/storage_free_mb"),
        ({"results": [{"command_id": "x", "outcome": "done"}]}, "/results/0/command_id"),
        ({"results": [{"outcome": "done"}]}, "/results/0"),
        ({"apps": [{"package": "a", "state": "ok"}] * 501}, "/apps"),
        ({"colour": "red"}, ""),
        ([], ""),
    ],
)
def test_what_has_not_the_documented_shape_is_pointed_at(
    terminal: TestTerminal, report: object, pointer: str
) -> None:
    answer = terminal.agent("POST", PATH, report)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.get_json()["errors"]] == [pointer]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"battery":1}x', b'{"a":"\\ud800"}'])
def test_what_is_no_json_is_a_clear_refusal(terminal: TestTerminal, body: bytes) -> None:
    answer = terminal.agent("POST", PATH, data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.get_json()["code"] in ("malformed", "invalid_input")


def test_an_oversize_report_is_refused(terminal: TestTerminal) -> None:
    body = b'{"battery":1' + b" " * 300_000 + b"}"
    answer = terminal.agent("POST", PATH, data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (413, "body_too_large")


def test_a_report_in_another_media_type_is_refused(terminal: TestTerminal) -> None:
    answer = terminal.agent("POST", PATH, data=b"{}", content_type="text/plain")
    assert answer.status_code == 415


def test_a_stranger_and_a_replayed_proof_are_refused(force: Force, terminal: TestTerminal) -> None:
    assert force.terminal().check_in().get_json()["code"] == "device_unknown"
    proof = {"DPoP": terminal.proof("POST", PATH)}
    assert terminal.client.post(PATH, json={}, headers=proof).status_code == 200
    replayed = terminal.client.post(PATH, json={}, headers=proof)
    assert (replayed.status_code, replayed.get_json()["code"]) == (401, "dpop_proof_replayed")


def test_a_result_for_a_command_that_never_was_blocks_nothing(terminal: TestTerminal) -> None:
    ghost: dict[str, Any] = {"command_id": str(terminal.id), "outcome": "done"}
    assert terminal.check_in(results=[ghost]).status_code == 200
    path = f"/agent/v1/commands/{terminal.id}/result"
    answer = terminal.agent("POST", path, {"outcome": "done"})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "command_not_found")


def test_the_agents_stream_is_refused_where_nobody_holds_it(terminal: TestTerminal) -> None:
    answer = terminal.agent("GET", "/agent/v1/events")
    assert answer.get_json()["code"] == "streams_elsewhere"
    held = terminal.agent("GET", "/agent/v1/events", environ_overrides={"muster.front": True})
    assert held.status_code == 200
    assert f"device:{terminal.id}" in held.headers["X-Muster-Stream"]
