"""Importing units and officers: one bad row changes nothing, and the answer says what to do."""

from typing import Any

import pytest
from sqlalchemy import select

from muster.kernel.identity import RoleGrant
from tests.api.identity.conftest import OFFICERS, UNITS, Desk, Force

HEADING = "number,name,kind,unit,rank,roles,valid_from,valid_until\n"


@pytest.fixture
def desk(force: Force) -> Desk:
    return force.admin("A1")


def send(desk: Desk, what: str, data: bytes | str, **query: Any) -> Any:
    return desk.call(
        "POST",
        f"/admin/v1/{what}/import",
        data=data,
        query_string=query,
        content_type="text/csv",
    )


def faults(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert answer.get_json()["code"] == "people_file"
    return {fault["pointer"]: fault["detail"] for fault in answer.get_json()["errors"]}


def test_importing_again_changes_nothing(desk: Desk) -> None:
    report = send(desk, "officers", OFFICERS).get_json()
    assert report == {"added": [], "changed": [], "unchanged": 7, "faults": []}
    report = send(desk, "units", UNITS).get_json()
    assert (report["added"], report["changed"], report["unchanged"]) == ([], [], 3)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(desk: Desk) -> None:
    data = b"\xef\xbb\xbf" + OFFICERS.replace(b"\n", b"\r\n")
    assert send(desk, "officers", data).get_json()["unchanged"] == 7


def test_one_bad_row_changes_nothing_and_every_fault_is_listed(force: Force, desk: Desk) -> None:
    rows = (
        "204008,New One,sworn,NORTH,1,officer,,\n"
        "204001,Other Name,soldier,NORTH,1,officer,,\n"
        "204007,Bad Unit,sworn,WEST,x,wizard,2031-13-01,\n"
        "204008,Twice,sworn,NORTH,1,officer@WEST,,\n"
    )
    found = faults(send(desk, "officers", HEADING + rows))
    assert set(found) == {
        "/3/kind",
        "/4/unit",
        "/4/rank",
        "/4/roles",
        "/4/valid_from",
        "/5/roles",
        "/5/number",
    }
    assert "line 2" in found["/5/number"]
    assert force.officer("204001").name == "Chen Yu"
    assert send(desk, "officers", OFFICERS).get_json()["unchanged"] == 7


def test_a_dry_run_reports_and_changes_nothing(force: Force, desk: Desk) -> None:
    rows = "204001,Chen Yu,sworn,SOUTH,1,officer,,\n204008,New One,sworn,NORTH,1,,,\n"
    report = send(desk, "officers", HEADING + rows, dry_run="true").get_json()
    assert (report["added"], report["changed"]) == (["204008"], ["204001"])
    assert force.officer("204001").epoch == 1
    broken = send(desk, "officers", HEADING + "x,,,,,,,\n", dry_run="true")
    assert broken.status_code == 200
    assert {fault["pointer"] for fault in broken.get_json()["faults"]} >= {"/2/name", "/2/kind"}


def test_leaving_somebody_out_does_not_remove_them(force: Force, desk: Desk) -> None:
    assert send(desk, "officers", HEADING + "204001,Chen Yu,sworn,NORTH,1,officer,,\n").get_json()
    assert force.officer("204002").state == "active"


@pytest.mark.parametrize(
    "row",
    [
        "204001,Chen Yu,sworn,SOUTH,1,officer,,",
        "204001,Chen Yu,sworn,NORTH,1,officer;duty_desk@CITY,,",
        "204001,Chen Yu,sworn,NORTH,1,,,",
        "204001,Chen Yu,sworn,NORTH,1,officer,,2040-01-01",
    ],
)
def test_a_new_unit_or_role_ends_the_session_at_once(force: Force, desk: Desk, row: str) -> None:
    force.sign_in()
    assert send(desk, "officers", HEADING + row + "\n").get_json()["changed"] == ["204001"]
    answer = force.terminal.call("GET", "/mobile/v1/me")
    assert answer.get_json()["code"] == "session_ended"


def test_a_new_name_or_rank_leaves_the_session_alone(force: Force, desk: Desk) -> None:
    force.sign_in()
    send(desk, "officers", HEADING + "204001,Chen Yulan,sworn,NORTH,2,officer,,\n")
    me = force.terminal.call("GET", "/mobile/v1/me").get_json()
    assert (me["officer"]["name"], me["officer"]["rank"]) == ("Chen Yulan", 2)


def test_a_role_may_be_held_at_another_unit_until_the_end_of_a_day(
    force: Force, desk: Desk
) -> None:
    row = "204001,Chen Yu,sworn,NORTH,1,officer;duty_desk@CITY,2031-01-01,2031-12-31\n"
    send(desk, "officers", HEADING + row)
    with force.house.kernel.reads() as uow:
        grants = select(RoleGrant).where(RoleGrant.officer_id == force.officer("204001").id)
        held = {grant.role: grant for grant in uow.session.scalars(grants)}
    assert held["duty_desk"].unit_id == force.house.kernel.people.by_code("CITY").id
    assert held["officer"].valid_until is not None
    assert held["officer"].valid_until.isoformat() == "2032-01-01T00:00:00+00:00"


def test_nobody_changes_their_own_roles(desk: Desk) -> None:
    row = "A1,Wu Jing,sworn,CITY,2,duty_desk,,\n"
    assert "own roles" in faults(send(desk, "officers", HEADING + row))["/2/roles"]


def test_only_security_admins_import(force: Force) -> None:
    answer = send(force.admin("A2"), "officers", OFFICERS)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("data", "pointer", "says"),
    [
        (OFFICERS.replace(b",", b"|"), "/1", "bars"),
        (OFFICERS.replace(b",", b"\t"), "/1", "tabs"),
        (OFFICERS.decode().encode("utf-16"), "/1", "UTF-16"),
        (OFFICERS.replace(b"Lin Na", "林娜".encode("gb18030")), "/3", "another encoding"),
        (b"number,name,kind\n1,a,sworn\n", "/1/unit", "missing"),
        (OFFICERS.replace(b"valid_until", b"valid_untill"), "/1/valid_untill", "not known"),
        (OFFICERS.replace(b",rank,", b",unit,"), "/1/unit", "twice"),
        (OFFICERS.replace(b"1,officer,,", b"1,officer,,,", 1), "/2", "9 cells"),
        (OFFICERS.replace(b"Chen Yu", b'"Chen\nYu"'), "/2/name", "line break"),
        (OFFICERS.replace(b"Chen Yu", b'"Chen Yu'), "/8", "not CSV"),
        (HEADING.encode(), "/", "no rows"),
        (b"", "/1", "empty"),
    ],
)
def test_a_file_of_another_shape_is_explained(
    desk: Desk, data: bytes, pointer: str, says: str
) -> None:
    assert says in faults(send(desk, "officers", data))[pointer]


def test_a_file_that_is_too_large_is_explained(desk: Desk) -> None:
    assert "larger" in faults(send(desk, "officers", b"a" * (10 * 1024 * 1024 + 1)))["/"]
    answer = send(desk, "officers", b"a" * (11 * 1024 * 1024))
    assert answer.get_json()["code"] == "body_too_large"


def test_a_unit_moves_with_all_below_it(force: Force, desk: Desk) -> None:
    more = UNITS + b"N1,First station,NORTH\nEAST,East branch,CITY\n"
    assert send(desk, "units", more).get_json()["added"] == ["N1", "EAST"]
    kernel = force.house.kernel
    assert kernel.people.by_code("N1").path == "/CITY/NORTH/N1/"
    moved = b"code,name,parent\nNORTH,North branch,EAST\n"
    assert send(desk, "units", moved).get_json()["changed"] == ["NORTH"]
    assert kernel.people.by_code("N1").path == "/CITY/EAST/NORTH/N1/"


def test_units_that_cannot_be_are_explained(desk: Desk) -> None:
    rows = b"code,name,parent\nCITY,City,N9\nN9,Nine,CITY\nB/D,Slash,\nX,,WHERE\n"
    found = faults(send(desk, "units", rows))
    assert set(found) == {"/2/parent", "/3/parent", "/4/code", "/5/name", "/5/parent"}
    assert "above itself" in found["/2/parent"]
