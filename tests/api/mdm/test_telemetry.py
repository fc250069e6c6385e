"""What terminals tell over time, and what becomes of it: deltas, replays, logs, crashes, quarantine."""

import base64
import random
from typing import Any
from uuid import uuid4

import pytest

from appstore.catalogue.models import App
from mdm.commands import queue
from mdm.telemetry.jobs import forget
from muster.kernel.ids import uuid7
from muster.ondevice.canonical import content_hash
from tests.conftest import House
from tests.factories.mdm import Console, Force
from tests.factories.terminal import COMPLIANT, TestTerminal

CHECK_IN = "/agent/v1/check-in"
LOGS = "/agent/v1/logs"
CRASH = """java.lang.IllegalStateException: no record for 13812345678
    at org.muster.field.Form.save(Form.kt:118)
    at android.os.Handler.handleCallback(Handler.java:958)"""


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    return force.compliant(admin)


def shown(admin: Console, terminal: TestTerminal, what: str = "") -> Any:
    answer = admin.get(f"/admin/v1/devices/{terminal.id}{what}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def order(house: House, terminal: TestTerminal, kind: str, **body: Any) -> str:
    """Queue a command and have it delivered; return its id."""
    assert terminal.id is not None
    with house.kernel.writes() as uow:
        queue.put(uow, terminal.id, kind, reason="as the desk asked", body=body)
    (given,) = terminal.check_in().get_json()["commands"]
    return str(given["id"])


def package(code: int) -> dict[str, Any]:
    return {"version_code": code, "version": f"{code}.0"}


def test_software_goes_by_delta_and_one_that_does_not_fit_asks_for_all(
    house: House, force: Force, terminal: TestTerminal, admin: Console
) -> None:
    first = {"org.a": package(1), "org.b": package(1)}
    assert terminal.check_in(software={"full": first}).get_json()["software_resync"] is False
    delta = {"base": content_hash(first), "changed": {"org.a": package(2)}, "removed": ["org.b"]}
    assert terminal.check_in(software=delta).get_json()["software_resync"] is False
    repeated = terminal.check_in(software=delta).get_json()
    assert repeated["software_resync"] is True
    assert shown(admin, terminal)["software"] == {"org.a": package(2)}
    sims = [{"slot": 0, "iccid": "8986001", "operator": "Metro"}]
    terminal.check_in(sims=sims, inventory={"os_version": "16"})
    assert shown(admin, terminal)["sims"] == sims
    past = shown(admin, terminal, "/history")["items"]
    assert [line["kind"] for line in past] == ["change"] * 3
    assert past[0]["detail"]["os_version"] == {"before": "15", "after": "16"}
    assert past[1]["detail"]["software"] == {"removed": ["org.b"], "updated": ["org.a"]}
    house.clock.advance(days=1)
    terminal.check_in(battery=40)
    terminal.check_in(battery=39)
    tomorrow = force.console("A8", "device_admin")
    (day, *before) = shown(tomorrow, terminal, "/history")["items"]
    assert (day["kind"], day["detail"]["battery"], len(before)) == ("day", 40, len(past))
    house.clock.advance(days=401)
    forget(house.kernel, {})
    with house.kernel.reads() as uow:
        assert uow.session.connection().exec_driver_sql(
            "SELECT count(*) FROM mdm_history"
        ).scalar_one() == 0  # fmt: skip


def test_an_older_report_is_answered_and_changes_nothing_but_its_results_count(
    house: House, terminal: TestTerminal, admin: Console
) -> None:
    told = terminal.check_in(sequence=7, battery=70).get_json()
    assert (told["stored"], told["sequence"]) == (True, 7)
    command = order(house, terminal, "refresh")
    result = {"command_id": command, "outcome": "done", "code": "", "data": {"took_ms": 12}}
    late = terminal.check_in(
        sequence=6,
        battery=1,
        posture=COMPLIANT | {"rooted": True},
        inventory={"model": "Older"},
        results=[result],
    ).get_json()
    assert (late["stored"], late["sequence"], late["compliant"]) == (False, 7, True)
    same = terminal.check_in(sequence=7, battery=2, results=[result]).get_json()
    assert (same["stored"], same["commands"]) == (False, [])
    now = shown(admin, terminal)
    assert (now["battery"], now["model"], now["compliant"]) == (70, "Testphone 8", True)
    (line,) = shown(admin, terminal, "/commands")["items"]
    assert line["state"] == "acknowledged"
    assert terminal.check_in(sequence=8, battery=69).get_json()["stored"] is True


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_the_order_the_newest_report_stands_and_each_result_counts_once(
    house: House, terminal: TestTerminal, admin: Console, seed: int
) -> None:
    """Twelve reports, each once or twice, in any order; each answers one command."""
    assert terminal.id is not None
    with house.kernel.writes() as uow:
        given = [queue.put(uow, terminal.id, "message", reason="shuffled") for _ in range(12)]
    reports: list[dict[str, Any]] = [
        {
            "sequence": number,
            "battery": number,
            "sims": [{"slot": 0, "iccid": str(number)}],
            "results": [
                {"command_id": str(command.id), "outcome": "done", "data": {"n": number}},
            ],
        }
        for number, command in enumerate(given, 1)
    ]
    chance = random.Random(seed)
    arriving = reports + chance.sample(reports, 6)
    chance.shuffle(arriving)
    last = 0
    for report in arriving:
        told = terminal.check_in(**report).get_json()
        assert told["stored"] is (report["sequence"] > last)
        last = max(last, report["sequence"])
        assert told["sequence"] == last
    now = shown(admin, terminal)
    assert (now["battery"], now["sims"]) == (12, [{"slot": 0, "iccid": "12"}])
    lines = shown(admin, terminal, "/commands")["items"]
    assert {line["state"] for line in lines} == {"acknowledged"}
    assert sorted(line["evidence"]["data"]["n"] for line in lines) == list(range(1, 13))


def test_a_location_is_taken_only_while_somebody_ordered_it(
    house: House, terminal: TestTerminal, admin: Console
) -> None:
    here = {"lat": 31.23, "lon": 121.47, "at": "2026-11-20T08:00:00Z", "accuracy_m": 12}
    assert terminal.check_in(location=here).get_json()["dropped"] == ["location"]
    assert shown(admin, terminal)["location"] == {}
    command = order(house, terminal, "locate", purpose="officer down")
    shifted = here | {"datum": "gcj02"}
    assert terminal.check_in(location=shifted).get_json()["dropped"] == []
    kept = shown(admin, terminal)["location"]
    assert kept["original"]["lat"] == 31.23
    assert abs(kept["lat"] - 31.23) > 0.001
    done = {"command_id": command, "outcome": "done", "data": here | {"lat": 31.5}}
    terminal.check_in(results=[done])
    assert shown(admin, terminal)["location"]["lat"] == 31.5
    assert terminal.check_in(location=here).get_json()["dropped"] == ["location"]
    lost = {"reason": "left in a taxi"}
    assert admin.post(f"/admin/v1/devices/{terminal.id}/lost", lost).status_code == 200
    assert terminal.check_in(location=here).get_json()["dropped"] == []
    assert shown(admin, terminal)["location"]["lat"] == 31.23


def test_logs_are_scrubbed_counted_once_and_no_more_talkative_than_ordered(
    house: House, force: Force, terminal: TestTerminal, admin: Console
) -> None:
    at = "2026-11-20T08:00:00Z"
    lines = [
        {"at": at, "level": "error", "tag": "net", "text": "call to 13812345678 failed"},
        {"at": at, "level": "debug", "tag": "net", "text": "100% of it"},
    ]
    batch = {"batch": str(uuid7()), "lines": lines}
    first = terminal.agent("POST", LOGS, batch).get_json()
    assert first == {"stored": 1, "dropped": 1, "repeated": False}
    assert terminal.agent("POST", LOGS, batch).get_json()["repeated"] is True
    command = order(house, terminal, "collect_logs", max_lines=100)
    asked = {"batch": str(uuid7()), "lines": lines, "command_id": command}
    assert terminal.agent("POST", LOGS, asked).get_json()["stored"] == 2
    other = force.compliant(admin)
    foreign = {"batch": str(uuid7()), "lines": lines, "command_id": command}
    assert other.agent("POST", LOGS, foreign).get_json()["stored"] == 1

    seen = shown(admin, terminal, "/logs")["items"]
    assert [line["text"] for line in seen][-1] == "call to [phone] failed"
    assert len(seen) == 3
    assert len(shown(admin, terminal, "/logs?level=error")["items"]) == 2
    assert len(shown(admin, terminal, "/logs?text=100%25")["items"]) == 1
    assert len(shown(admin, terminal, f"/logs?command_id={command}")["items"]) == 2
    page = shown(admin, terminal, "/logs?limit=2")
    rest = shown(admin, terminal, f"/logs?limit=2&after={page['next']}")
    assert [line["id"] for line in [*page["items"], *rest["items"]]] == [x["id"] for x in seen]

    desk = force.console("D1", "duty_desk")
    assert desk.get(f"/admin/v1/devices/{terminal.id}/logs").status_code == 403
    house.clock.advance(days=31)
    forget(house.kernel, {})
    with house.kernel.reads() as uow:
        assert uow.session.connection().exec_driver_sql(
            "SELECT count(*) FROM mdm_log_line"
        ).scalar_one() == 0  # fmt: skip


def test_crashes_are_put_together_by_app_version_and_shown_without_personal_data(
    house: House, force: Force, terminal: TestTerminal, admin: Console
) -> None:
    def crash(text: str = CRASH, **more: Any) -> dict[str, Any]:
        usual = {"package": "org.muster.field", "version_code": 7, "version": "1.7"}
        at = {"id": str(uuid4()), "at": "2026-11-20T08:00:00Z"}
        return usual | at | {"text": text} | more

    mine = crash()
    terminal.check_in(crashes=[mine, crash(CRASH.replace(":118", ":120"))])
    terminal.check_in(crashes=[mine])
    force.compliant(admin).check_in(crashes=[crash(), crash(version_code=8)])
    groups = admin.get("/admin/v1/crashes").get_json()["items"]
    assert sorted((group["version_code"], group["count"]) for group in groups) == [(7, 3), (8, 1)]
    seven = next(group for group in groups if group["version_code"] == 7)
    detail = admin.get(f"/admin/v1/crashes/{seven['id']}").get_json()
    assert detail["terminals"] == 2
    assert "13812345678" not in detail["sample"]
    assert "Form.kt:118" in detail["sample"]
    page = admin.get("/admin/v1/crashes?limit=1").get_json()
    rest = admin.get(f"/admin/v1/crashes?limit=1&after={page['next']}").get_json()
    assert {row["id"] for row in [*page["items"], *rest["items"]]} == {x["id"] for x in groups}

    publisher = force.console("P1", "publisher")
    stranger = force.console("P2", "publisher", unit="SOUTH")
    assert publisher.get("/admin/v1/crashes").get_json()["items"] == []
    with house.kernel.writes() as uow:
        uow.session.add(App(package="org.muster.field", unit_id=force.units["NORTH"], label="F"))
    terminal.check_in(crashes=[crash()])
    (own,) = publisher.get("/admin/v1/crashes").get_json()["items"]
    assert own["count"] == 4
    assert publisher.get(f"/admin/v1/crashes/{own['id']}").status_code == 200
    assert stranger.get(f"/admin/v1/crashes/{own['id']}").status_code == 403
    assert stranger.get("/admin/v1/crashes").get_json()["items"] == []


def test_a_malformed_report_is_refused_whole_and_kept_for_the_admin(
    house: House, force: Force, terminal: TestTerminal, admin: Console
) -> None:
    bad = {"battery": 12, "sims": [{"slot": 99}], "inventory": {"model": "Changed"}}
    refused = terminal.check_in(**bad)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid_input")
    assert shown(admin, terminal)["battery"] != 12
    terminal.agent("POST", LOGS, data=b"\xff{", content_type="application/json")
    terminal.agent("POST", LOGS, data=b"\xff{", content_type="application/json")
    force.terminal().agent("POST", CHECK_IN, {"colour": "red"})

    held = admin.get("/admin/v1/agent-quarantine").get_json()["items"]
    assert [(row["path"], row["code"], row["times"]) for row in held] == [
        (LOGS, "malformed", 2),
        (CHECK_IN, "invalid_input", 1),
    ]
    assert "/sims/0/slot" in held[1]["detail"]
    read = admin.get(f"/admin/v1/agent-quarantine/{held[0]['id']}").get_json()
    assert base64.b64decode(read["content"]) == b"\xff{"
    for name in ("red", "blue") * 12:
        terminal.agent("POST", CHECK_IN, {"colour": name + str(uuid4())})
    mine = f"/admin/v1/agent-quarantine?device={terminal.id}&limit=200"
    assert len(admin.get(mine).get_json()["items"]) == 20

    auditor = force.console("U1", "auditor")
    path = f"/admin/v1/agent-quarantine/{admin.get(mine).get_json()['items'][0]['id']}"
    assert auditor.get(path).status_code == 403
    assert admin.call("DELETE", path).status_code == 204
    assert admin.get(path).get_json()["code"] == "quarantined_report_not_found"
    house.clock.advance(days=31)
    forget(house.kernel, {})
    assert force.console("A9", "device_admin").get(mine).get_json()["items"] == []
