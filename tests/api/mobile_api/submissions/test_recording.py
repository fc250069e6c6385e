"""An officer hands a record in: once, whole, checked, and answered the same way each time."""

import threading
from typing import Any
from uuid import uuid4

import pytest

from mobile_api.checks import CheckRequest
from mobile_api.evidence import AttachmentSlot
from mobile_api.submissions import Submission, SubmissionCheck, SubmissionVersion
from muster.server.demo.form_stop_check import workbook
from tests.factories.field import (
    CLEAN_PLATE,
    INCIDENT,
    INSTRUCTION,
    STOLEN_PLATE,
    WANTED_ID,
    Patrol,
    stop,
)

TABLES = (Submission, SubmissionVersion, SubmissionCheck, AttachmentSlot, CheckRequest)


def test_a_record_is_answered_with_the_hit_and_what_to_do(patrol: Patrol) -> None:
    answer = patrol.submit(stop())
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told = answer.get_json()
    assert (told["state"], told["incident"], told["feedback"]["signal"]) == (
        "recorded", INCIDENT, "red",
    )  # fmt: skip
    (check,) = told["feedback"]["checks"]
    assert check["path"] == "/data/plate"
    assert check["hits"][0]["action_instruction"] == INSTRUCTION
    (photo,) = told["attachments"]
    assert photo["state"] == "missing"
    assert photo["upload"]["target"] == "submission_attachment"


def test_a_record_sent_three_times_is_recorded_once_and_answered_alike(patrol: Patrol) -> None:
    document = stop()
    answers = [patrol.submit(document) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert answers[0].get_json() == answers[1].get_json() == answers[2].get_json()
    assert [patrol.count(table) for table in TABLES] == [1, 1, 1, 1, 1]


def test_a_record_sent_at_once_from_all_sides_is_recorded_once(patrol: Patrol) -> None:
    document, answers = stop(), []
    gate = threading.Barrier(4)

    def send() -> None:
        with patrol.house.app.test_client() as client:
            gate.wait()
            token = patrol.terminal.access_token
            path = "/mobile/v1/submissions"
            headers = {
                "Authorization": f"DPoP {token}",
                "DPoP": patrol.terminal.proof("POST", path, token),
            }
            answers.append(client.post(path, json=document, headers=headers))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.get_data() for answer in answers}) == 1
    assert patrol.count(Submission) == 1
    assert patrol.count(CheckRequest) == 1


def test_other_content_under_the_same_id_is_refused_and_changes_nothing(patrol: Patrol) -> None:
    document = stop()
    patrol.submit(document)
    answer = patrol.submit(document | {"device_time": "2026-11-20T10:00:01+08:00"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "submission_differs")
    assert patrol.count(SubmissionVersion) == 1
    assert [e["outcome"] for e in patrol.recorded("field.record.create")] == ["permitted", "failed"]


def test_another_officers_record_is_neither_taken_over_nor_shown(patrol: Patrol) -> None:
    document = stop()
    patrol.submit(document)
    patrol.sign_in("1002")
    answer = patrol.submit(document)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "submission_of_another")
    assert "feedback" not in answer.get_json()


def test_work_pushed_by_the_next_officer_stays_the_first_ones(patrol: Patrol) -> None:
    first, document = patrol.session_id(), stop()
    patrol.sign_in("1002")
    sent = [patrol.hand_in(document, first, op_id=f"op-{n}-of-this") for n in (1, 2, 2)]
    assert [answer.status_code for answer in sent] == [200, 200, 200]
    told = [answer.get_json() for answer in sent]
    assert [one["status"] for one in told] == ["recorded"] * 3
    assert len({one["reference"] for one in told}) == 1
    assert told[0]["result"]["feedback"]["checks"][0]["hits"][0]["category"] == "stolen"
    assert told[0]["result"]["feedback"] == told[1]["result"]["feedback"]
    assert patrol.count(Submission) == 1
    (line,) = patrol.supervisor.get("/admin/v1/records").get_json()["items"]
    assert line["officer"] == "1001"


def test_a_pushed_record_that_does_not_fit_its_form_is_kept_and_not_recorded(
    patrol: Patrol,
) -> None:
    document = stop(answers={"/data/outcome": "nothing listed"})
    answer = patrol.hand_in(document, patrol.session_id(), op_id="op-that-fails")
    assert answer.get_json()["status"] == "kept"
    assert patrol.count(Submission) == 0


def test_the_position_is_kept_as_measured_and_in_wgs84(patrol: Patrol) -> None:
    record = patrol.submit(stop()).get_json()["record_id"]
    place = patrol.supervisor.get(f"/admin/v1/records/{record}").get_json()["place"]
    assert (place["original_lon"], place["original_lat"], place["datum"]) == (104.1, 30.6, "gcj02")
    assert 0 < abs(place["lon"] - 104.1) < 0.01


def test_without_an_incident_the_record_stands_and_the_feedback_says_why_not(
    patrol: Patrol,
) -> None:
    answer = patrol.submit(stop(None, incident="", answers={"/data/incident": ""}))
    assert answer.status_code == 201
    (check,) = answer.get_json()["feedback"]["checks"]
    assert (check["state"], check["code"]) == ("not_checked", "purpose_required")
    assert answer.get_json()["feedback"]["signal"] == "grey"
    assert [e["outcome"] for e in patrol.recorded("field.check.run")] == ["denied"]
    assert patrol.count(Submission) == 1


def test_every_subject_of_a_record_is_checked_and_the_worst_signal_stands(patrol: Patrol) -> None:
    answers = {"/data/plate": CLEAN_PLATE, "/data/person_id": WANTED_ID}
    told = patrol.submit(stop(None, answers=answers)).get_json()["feedback"]
    assert {c["path"]: c["signal"] for c in told["checks"]} == {
        "/data/person_id": "red",
        "/data/plate": "green",
    }
    assert told["signal"] == "red"


def test_a_subject_that_cannot_be_read_does_not_cost_the_record(patrol: Patrol) -> None:
    told = patrol.submit(stop(None, answers={"/data/plate": "···"}))
    assert told.status_code == 201
    (check,) = told.get_json()["feedback"]["checks"]
    assert check["code"] == "check_subject_unreadable"


def test_a_record_with_nothing_to_check_says_so_in_grey(patrol: Patrol) -> None:
    told = patrol.submit(stop(None, answers={"/data/plate": ""})).get_json()
    assert told["feedback"] == {"signal": "grey", "checks": []}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"answers": {"/data/plate": 7}}, "/answers/~1data~1plate"),
        ({"answers": {"/data/plate": "x" * 10_001}}, "/answers/~1data~1plate"),
        ({"answers": {"/data/plate": "a\x00b"}}, "/answers/~1data~1plate"),
        ({"answers": {"/data/reason": "boredom"}}, "/answers/~1data~1reason"),
        ({"answers": {"/data/reason": ["traffic"]}}, "/answers/~1data~1reason"),
        ({"answers": {"/data/outcome": None}}, "/answers/~1data~1outcome"),
        ({"answers": {"/data/place": "here"}}, "/answers/~1data~1place"),
        ({"answers": {"/data/place": {"lon": 500, "lat": 1}}}, "/answers/~1data~1place"),
        ({"answers": {"/data/unheard_of": "x"}}, "/answers/~1data~1unheard_of"),
        ({"answers": {"/data/incident": "B1"}}, "/incident"),
        ({"answers": {"/data/photo": "other.jpg"}}, "/answers/~1data~1photo"),
        ({"attachments": []}, "/answers/~1data~1photo"),
        ({"attachments": [{"name": "../x", "sha256": "0" * 64, "size": 1}]}, "/attachments/0/name"),
        ({"attachments": [{"name": "a", "sha256": "short", "size": 1}]}, "/attachments/0/sha256"),
        (
            {"attachments": [{"name": "a", "sha256": "0" * 64, "size": 2**40}]},
            "/attachments/0/size",
        ),
        ({"instance_id": "not-an-id"}, "/instance_id"),
        ({"device_time": "yesterday"}, "/device_time"),
        ({"device_time": "2026-11-20T10:00:00"}, "/device_time"),
        ({"place": {"lon": 1, "lat": 91}}, "/place/lat"),
        ({"answers": ["a"]}, "/answers"),
        ({"surprise": 1}, "/surprise"),
        ({"incident": "x" * 65}, "/incident"),
    ],
)
def test_each_fault_of_a_record_is_pointed_at_and_nothing_is_kept(
    patrol: Patrol, change: dict[str, Any], pointer: str
) -> None:
    document = stop()
    for name, value in change.items():
        merged = name == "answers" and isinstance(value, dict)
        document[name] = document["answers"] | value if merged else value
    answer = patrol.submit(document)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "submission_invalid")
    assert pointer in [fault["pointer"] for fault in answer.get_json()["errors"]]
    assert [patrol.count(table) for table in TABLES] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("change", [{"form_version": "1"}, {"form_id": "unheard_of"}])
def test_an_unknown_form_version_is_named_as_such(patrol: Patrol, change: dict[str, str]) -> None:
    answer = patrol.submit(stop() | change)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "form_version_unknown")


def test_an_old_version_of_a_form_is_taken_for_what_was_filled_with_it(patrol: Patrol) -> None:
    assert patrol.publish(workbook("2026112002")).status_code == 201
    assert patrol.submit(stop()).status_code == 201


def test_an_administrator_at_the_console_cannot_hand_records_in(patrol: Patrol) -> None:
    answer = patrol.admin.post("/mobile/v1/submissions", stop())
    assert answer.status_code == 401
    assert patrol.count(Submission) == 0


def test_a_terminal_gone_stale_may_read_and_not_record(patrol: Patrol) -> None:
    patrol.house.clock.advance(minutes=61)
    assert patrol.terminal.refresh().status_code == 200
    answer = patrol.submit(stop())
    assert (answer.status_code, answer.get_json()["code"]) == (403, "posture_stale")
    assert [e["outcome"] for e in patrol.recorded("field.record.create")] == ["denied"]


def test_own_records_can_be_read_and_others_cannot(patrol: Patrol) -> None:
    told = patrol.submit(stop()).get_json()
    path = f"/mobile/v1/records/{told['record_id']}"
    mine = patrol.terminal.call("GET", path)
    assert mine.get_json()["answers"]["/data/plate"] == STOLEN_PLATE
    assert mine.get_json()["feedback"] == told["feedback"]
    patrol.sign_in("1002")
    assert patrol.terminal.call("GET", path).status_code == 403
    assert patrol.terminal.call("GET", f"/mobile/v1/records/{uuid4()}").status_code == 404


def test_supervisors_read_records_of_their_units_only(patrol: Patrol) -> None:
    record = patrol.submit(stop()).get_json()["record_id"]
    south = patrol.force.console("SUP2", "supervisor", unit="SOUTH")
    assert patrol.supervisor.get(f"/admin/v1/records/{record}").status_code == 200
    assert south.get("/admin/v1/records").get_json()["items"] == []
    assert south.get(f"/admin/v1/records/{record}").status_code == 403


@pytest.mark.parametrize("role", ["device_admin", "publisher", "auditor", "data_steward"])
def test_nobody_else_at_the_console_reads_records(patrol: Patrol, role: str) -> None:
    record = patrol.submit(stop()).get_json()["record_id"]
    other = patrol.force.console("OTH1", role, unit="CITY")
    assert other.get("/admin/v1/records").status_code == 403
    assert other.get(f"/admin/v1/records/{record}").status_code == 403
    assert [e["outcome"] for e in patrol.recorded("field.record.review")] == ["denied"]


def test_records_are_found_by_their_incident(patrol: Patrol) -> None:
    patrol.submit(stop(None))
    other = stop(None, incident="A2026-1120-0008", answers={"/data/incident": ""})
    patrol.submit(other)
    found = patrol.supervisor.get("/admin/v1/records?incident=A2026-1120-0008").get_json()
    assert [line["instance_id"] for line in found["items"]] == [other["instance_id"]]


def test_a_record_costs_few_statements(patrol: Patrol) -> None:
    patrol.submit(stop())
    timing = patrol.submit(stop()).headers["Server-Timing"]
    assert int(timing.split('"')[1]) <= 18
