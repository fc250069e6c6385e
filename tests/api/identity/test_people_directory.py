"""The nightly file: good rows in, bad rows listed, nothing bad applied, many removals held."""

from dataclasses import replace
from pathlib import Path

import pytest

from muster.kernel.identity.directory import nightly
from muster.kernel.identity.directory.models import DirectoryRun
from muster.kernel.identity.directory.removals import too_many
from muster.kernel.settings import Settings
from tests.api.identity.conftest import Force

HEADING = "number,name,kind,unit,rank,roles,valid_from,valid_until\n"


def people(numbers: range, roles: str = "officer", unit: str = "SOUTH") -> str:
    return "".join(f"3{n:05},Person {n},sworn,{unit},1,{roles},,\n" for n in numbers)


def take_in(force: Force, rows: str) -> DirectoryRun:
    return nightly.take_in(force.house.kernel, (HEADING + rows).encode())


@pytest.mark.parametrize(
    ("leaving", "known", "many"),
    [
        (3, 5, False),
        (4, 5, True),
        (4, 100, False),
        (6, 100, True),
        (20, 9000, False),
        (21, 9000, True),
    ],
)
def test_how_many_are_too_many(settings: Settings, leaving: int, known: int, many: bool) -> None:
    assert too_many(settings, leaving, known) is many


def test_good_rows_come_in_and_bad_rows_are_listed_and_never_applied(force: Force) -> None:
    rows = (
        people(range(3))
        + "204001,Chen Yu,sworn,NORTH,9,officer;supervisor,,\n"  # no file makes a supervisor
        + "204002,Lin Na,sworn,SOUTH,3,officer,,\n"  # she administers: not moved from outside
        + "300009,Bad Unit,sworn,WEST,1,officer,,\n"
    )
    run = take_in(force, rows)
    assert (run.added, run.changed, run.state) == (3, 0, "done")
    assert {fault["pointer"] for fault in run.faults} == {"/5/roles", "/6/unit", "/7/unit"}
    assert force.officer("204001").rank == 1
    unit = force.house.kernel.people.by_code("NORTH").id
    assert force.officer("204002").unit_id == unit
    shown = force.admin("A1").call("GET", "/admin/v1/directory/runs").get_json()["items"]
    assert shown[0]["faults"] == run.faults


@pytest.mark.parametrize("data", [b"", b"number;name\n", "多".encode("utf-16"), b'a,"b\n'])
def test_a_file_that_cannot_be_read_changes_nobody(force: Force, data: bytes) -> None:
    take_in(force, people(range(3)))
    run = nightly.take_in(force.house.kernel, data)
    assert (run.added, run.changed, run.removed) == (0, 0, 0)
    assert run.faults
    assert not run.held
    assert force.officer("300001").state == "active"


def test_who_is_missing_has_left_and_comes_back_with_the_file(force: Force) -> None:
    take_in(force, people(range(6)))
    run = take_in(force, people(range(5)))
    assert run.removed == 1
    assert force.officer("300005").state == "left"
    assert force.officer("204001").state == "active"  # never came by the directory
    take_in(force, people(range(6)))
    assert force.officer("300005").state == "active"


def test_many_removals_wait_for_a_security_admin(force: Force) -> None:
    take_in(force, people(range(10)))
    run = take_in(force, people(range(3)))
    assert (run.removed, run.state, len(run.held)) == (0, "held", 7)
    assert force.officer("300009").state == "active"
    path = f"/admin/v1/directory/runs/{run.id}/decide"
    order = {"release": True, "reason": "Branch closed, order 26-7"}
    assert force.admin("204002").call("POST", path, json=order).status_code == 403
    security = force.admin("A1")
    assert security.call("POST", path, json=order).status_code == 200
    assert security.call("POST", path, json=order).status_code == 409
    force.work()
    assert {force.officer(line["number"]).state for line in run.held} == {"left"}


def test_removals_wait_when_a_row_names_nobody(force: Force) -> None:
    """A broken number may be the very person who seems to be missing."""
    take_in(force, people(range(3)))
    run = take_in(force, people(range(2)) + "3000 02,Person 2,sworn,SOUTH,1,officer,,\n")
    assert (run.removed, [line["number"] for line in run.held]) == (0, ["300002"])


def test_the_job_picks_the_file_up_once(force: Force, tmp_path: Path) -> None:
    file = tmp_path / "directory.csv"
    kernel = replace(
        force.house.kernel, settings=replace(force.house.kernel.settings, directory_file=file)
    )
    nightly.look(kernel, {})
    file.write_text(HEADING + people(range(2)), encoding="utf-8")
    nightly.look(kernel, {})
    nightly.look(kernel, {})
    runs = force.admin("A1").call("GET", "/admin/v1/directory/runs").get_json()["items"]
    assert [run["added"] for run in runs] == [2]
