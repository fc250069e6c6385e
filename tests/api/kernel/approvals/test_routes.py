"""Approvals over the wire."""

from uuid import uuid4

import pytest

from tests.factories.mdm import Console, Force

PATH = "/admin/v1/approvals"


@pytest.fixture
def asked(force: Force) -> tuple[Console, Console, str]:
    """Two admins, and the id of a wipe that the first asked for."""
    admin, second = force.console("A1", "device_admin"), force.console("A2", "device_admin")
    terminal = force.enrolled(admin)
    order = {"kind": "wipe", "reason": "left in a taxi"}
    answer = admin.post(f"/admin/v1/devices/{terminal.id}/commands", order)
    assert answer.status_code == 202, answer.get_data(as_text=True)
    return admin, second, answer.get_json()["approval_id"]


def test_a_request_is_read_refused_and_then_closed(asked: tuple[Console, Console, str]) -> None:
    admin, second, key = asked
    (item,) = second.get(PATH).get_json()["items"]
    assert (item["id"], item["state"], item["requested_by"]) == (key, "open", str(admin.officer_id))
    assert second.get(f"{PATH}/{key}").get_json() == item
    own = admin.post(f"{PATH}/{key}/approve")
    assert (own.status_code, own.get_json()["code"]) == (403, "second_person_required")
    short = second.post(f"{PATH}/{key}/refuse", {"note": "no"})
    assert short.get_json()["errors"][0]["pointer"] == "/note"
    refused = second.post(f"{PATH}/{key}/refuse", {"note": "found it in the car"})
    assert refused.get_json()["state"] == "refused"
    again = second.post(f"{PATH}/{key}/approve")
    assert (again.status_code, again.get_json()["code"]) == (409, "approval_closed")
    assert second.get(PATH).get_json()["items"] == []
    assert len(second.get(f"{PATH}?state=refused").get_json()["items"]) == 1


def test_pages_of_requests_go_on_where_they_ended(asked: tuple[Console, Console, str]) -> None:
    admin, _, _ = asked
    page = admin.get(f"{PATH}?limit=1").get_json()
    assert page["next"] is None
    for cursor in ("x", "W10", "WzFd", "é"):
        answer = admin.get(PATH, query_string={"after": cursor})
        assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed")
    assert admin.get(f"{PATH}?limit=0").status_code == 422
    assert admin.get(f"{PATH}?sate=open").get_json()["errors"][0]["pointer"] == "/sate"


def test_officers_see_no_requests(force: Force, asked: tuple[Console, Console, str]) -> None:
    officer = force.console("204001", "officer")
    for path in (PATH, f"{PATH}/{asked[2]}", f"{PATH}/{uuid4()}"):
        assert officer.get(path).status_code == 403
    assert officer.post(f"{PATH}/{asked[2]}/approve").status_code == 403
    assert officer.post(f"{PATH}/{uuid4()}/approve").status_code == 404
