"""A data steward loads files: whole or not at all, faults by line, one switch."""

import pytest

from mobile_api.imports import ImportPointer, ImportVersion
from mobile_api.incidents import Incident
from mobile_api.registers import WantedRecord, hot_entries
from mobile_api.tasks import Shift, Task
from muster.ondevice.subjects import Subject, SubjectKind
from tests.factories.field import (
    CLEAN_PLATE,
    INCIDENT,
    STOLEN_PLATE,
    Patrol,
    csv_of,
    incidents_csv,
    wanted_csv,
)


def test_a_new_hot_list_replaces_the_old_one_at_once(patrol: Patrol) -> None:
    assert patrol.ask().get_json()["signal"] == "red"
    row = {"record_ref": "H7", "plate": CLEAN_PLATE}
    patrol.load("wanted", wanted_csv(row).replace(STOLEN_PLATE, "桂ZX9X99"))
    assert patrol.ask().get_json()["signal"] == "green"
    assert patrol.ask(value=CLEAN_PLATE).get_json()["signal"] == "red"


def test_a_dry_run_says_what_is_wrong_and_changes_nothing(patrol: Patrol) -> None:
    before = patrol.count(ImportVersion)
    broken = wanted_csv().replace("stolen", "purloined")
    answer = patrol.load("wanted", broken, dry_run="true")
    assert answer.status_code == 200
    assert answer.get_json()["faults"][0]["pointer"] == "/2/category"
    assert patrol.count(ImportVersion) == before


@pytest.mark.parametrize(
    ("damage", "pointer"),
    [
        (("stolen", "purloined"), "/2/category"),
        (("2099-01-05T08:00:00Z", "tomorrow"), "/2/expires_at"),
        (("armed;violent", "armed;grumpy"), "/3/caution"),
        (("1978-03-04", "1978-30-40"), "/3/dob"),
        (("H00002", "H00001"), "/3/record_ref"),
        (("H00001", ""), "/2/record_ref"),
    ],
)
def test_one_bad_cell_refuses_the_file_with_its_line(
    patrol: Patrol, damage: tuple[str, str], pointer: str
) -> None:
    before = patrol.count(WantedRecord)
    answer = patrol.load("wanted", wanted_csv().replace(*damage))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "import_file")
    assert pointer in [fault["pointer"] for fault in answer.get_json()["errors"]]
    assert patrol.count(WantedRecord) == before
    assert patrol.recorded("field.import.run")[-1]["outcome"] == "failed"


@pytest.mark.parametrize("data", [b"", b"\xff\xfeh", b"a;b\n1;2\n", b'record_ref\n"', b"\x00" * 50])
def test_what_is_no_csv_is_refused(patrol: Patrol, data: bytes) -> None:
    assert patrol.load("wanted", data).status_code == 422


def test_an_unknown_kind_is_told_which_there_are(patrol: Patrol) -> None:
    answer = patrol.load("horoscopes", "a\n1\n")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "import_kind_unknown")
    assert "wanted" in answer.get_json()["detail"]


def test_only_a_data_steward_loads_files(patrol: Patrol) -> None:
    patrol.steward = patrol.supervisor
    assert patrol.load("wanted", wanted_csv()).status_code == 403
    assert patrol.recorded("field.import.run")[-1]["outcome"] == "denied"


def test_the_kept_versions_are_listed_newest_first(patrol: Patrol) -> None:
    patrol.load("wanted", wanted_csv())
    items = patrol.steward.get("/admin/v1/imports").get_json()["items"]
    assert [(one["kind"], one["state"]) for one in items] == [
        ("wanted", "current"),
        ("vehicles", "current"),
        ("wanted", "superseded"),
    ]
    assert patrol.count(ImportPointer) == 2


def test_incidents_are_brought_up_to_date_by_number(patrol: Patrol) -> None:
    patrol.load("incidents", incidents_csv())
    patrol.load("incidents", incidents_csv("A2026-1120-0008"))
    patrol.load("incidents", incidents_csv(state="closed"))
    patrol.load("incidents", incidents_csv(state="closed"))
    with patrol.house.kernel.reads() as uow:
        rows = {row.number: (row.state, row.rev) for row in uow.session.query(Incident)}
    assert rows == {INCIDENT: ("closed", 2), "A2026-1120-0008": ("open", 1)}


def test_an_incident_of_no_unit_is_refused_by_line(patrol: Patrol) -> None:
    answer = patrol.load("incidents", incidents_csv(unit="NOWHERE"))
    assert answer.get_json()["errors"][0]["pointer"] == "/2/unit"


def test_shifts_and_tasks_name_officers_that_exist(patrol: Patrol) -> None:
    shift = {"officer": "1001", "beat": "N1-B1", "starts_at": "2026-11-20T07:00:00+08:00",
             "ends_at": "2026-11-20T15:00:00+08:00"}  # fmt: skip
    for _ in range(2):
        assert patrol.load("shifts", csv_of([shift])).status_code == 200
    assert patrol.count(Shift) == 1
    task = {"number": "T1", "kind": "patrol", "title_zh": "辖区巡逻", "title_en": "Patrol",
            "incident": "", "assignee": "1001", "unit": "N1", "beat": "N1-B1",
            "due_at": "2026-11-20T15:00:00+08:00", "state": "assigned"}  # fmt: skip
    assert patrol.load("tasks", csv_of([task])).status_code == 200
    assert patrol.count(Task) == 1
    answer = patrol.load("tasks", csv_of([task | {"assignee": "9999"}]))
    assert answer.get_json()["errors"][0]["pointer"] == "/2/assignee"


def test_terminals_of_the_unit_hold_its_incidents_and_the_form(patrol: Patrol) -> None:
    patrol.load("incidents", incidents_csv())
    patrol.load("incidents", incidents_csv("A2026-1120-0009", unit="SOUTH"))
    held = {
        name: patrol.terminal.call(
            "POST", f"/sync/v1/{name}/pull", {"checkpoint": None, "limit": 50}
        )
        for name in ("incidents", "forms", "tasks")
    }
    bodies = {name: answer.get_json()["documents"] for name, answer in held.items()}
    assert [one["number"] for one in bodies["incidents"]] == [INCIDENT]
    assert [one["form_id"] for one in bodies["forms"]] == ["stop_check"]
    assert bodies["tasks"] == []


def test_the_hot_list_for_terminals_names_each_record_by_all_it_is_found_by(patrol: Patrol) -> None:
    with patrol.house.kernel.reads() as uow:
        entries = {entry.id: entry for entry in hot_entries(uow)}
    assert entries.keys() == {"H00001", "H00002"}
    assert Subject(SubjectKind.PLATE, STOLEN_PLATE) in entries["H00001"].subjects
    assert Subject(SubjectKind.NAME, "ZHANG WEI|1978-03-04") in entries["H00002"].subjects
