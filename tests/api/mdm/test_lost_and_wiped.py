"""A lost terminal: out at one person's word, wiped at two people's, and never quietly back."""

from typing import Any

import pytest

from tests.factories.mdm import PIN, Console, Force, wipe
from tests.factories.terminal import TestTerminal

FIELD_ROUTES = [("GET", "/mobile/v1/me"), ("GET", "/mobile/v1/terminals")]
WHY = {"reason": "left in a taxi"}


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    """In service, with an officer signed in."""
    force.officer("P1")
    terminal = force.compliant(admin)
    assert terminal.sign_in("P1", PIN).status_code == 200
    return terminal


def lose(console: Console, terminal: TestTerminal) -> None:
    answer = console.post(f"/admin/v1/devices/{terminal.id}/lost", WHY)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "lost")


@pytest.mark.parametrize("role", ["duty_desk", "supervisor", "device_admin"])
def test_one_person_reports_it_lost_and_the_next_request_on_every_surface_is_refused(
    force: Force, terminal: TestTerminal, role: str
) -> None:
    assert terminal.call("GET", "/mobile/v1/me").status_code == 200
    lose(force.console("B1", role), terminal)
    for method, path in FIELD_ROUTES:
        refused = terminal.call(method, path)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "device_blocked"), path
    assert terminal.refresh().status_code == 400
    assert terminal.sign_in("P1", PIN).status_code == 400
    answer = terminal.agent("GET", "/agent/v1/configuration")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "device_out_of_service")
    assert terminal.check_in().status_code == 200
    assert "mdm.device_lost" in force.notices()


def test_somebody_without_a_post_over_it_cannot_report_it(
    force: Force, terminal: TestTerminal
) -> None:
    path = f"/admin/v1/devices/{terminal.id}/lost"
    assert force.console("B1", "duty_desk", unit="SOUTH").post(path, WHY).status_code == 403
    assert force.console("B2", "auditor").post(path, WHY).status_code == 403


def test_its_holder_reports_it_from_another_terminal(
    force: Force, admin: Console, terminal: TestTerminal
) -> None:
    other = force.compliant(admin)
    assert other.sign_in("P1", PIN).status_code == 200
    path = f"/mobile/v1/terminals/{terminal.id}/lost"
    assert other.call("POST", path, WHY).status_code == 403, "they do not hold it yet"
    hand_out(admin, terminal, "P1")
    held = other.call("GET", "/mobile/v1/terminals").get_json()["items"]
    assert [one["label"] for one in held] == [terminal.label]
    assert other.call("POST", path, WHY).get_json()["state"] == "lost"
    assert terminal.call("GET", "/mobile/v1/me").status_code == 403


def hand_out(admin: Console, terminal: TestTerminal, number: str | None) -> None:
    path = f"/admin/v1/devices/{terminal.id}"
    tag = admin.get(path).headers["ETag"]
    answer = admin.call("PATCH", path, {"holder": number}, headers={"If-Match": tag})
    assert (answer.status_code, answer.get_json()["holder"]) == (200, number)


def test_handing_out_from_a_stale_page_is_refused(admin: Console, terminal: TestTerminal) -> None:
    path = f"/admin/v1/devices/{terminal.id}"
    tag = admin.get(path).headers["ETag"]
    terminal.check_in()
    hand_out(admin, terminal, "P1")
    stale = admin.call("PATCH", path, {"holder": None}, headers={"If-Match": tag})
    assert (stale.status_code, stale.get_json()["code"]) == (412, "stale_version")
    unknown = {"If-Match": admin.get(path).headers["ETag"]}
    answer = admin.call("PATCH", path, {"holder": "nobody"}, headers=unknown)
    assert answer.status_code == 422
    assert admin.call("PATCH", path, {"holder": None}).status_code == 428


def test_a_lost_terminal_is_locked_says_whose_it_is_and_gets_nothing_of_the_house(
    admin: Console, terminal: TestTerminal
) -> None:
    admin.post(f"/admin/v1/devices/{terminal.id}/commands", order("message", message="Call in"))
    lose(admin, terminal)
    told = terminal.check_in(applied_hash="sha256:" + "1" * 64).get_json()
    assert (told["state"], told["compliant"], told["configuration"]) == ("lost", False, None)
    given = {command["kind"]: command["body"] for command in told["commands"]}
    assert list(given) == ["lost_mode", "lock"]
    assert given["lost_mode"]["locate_seconds"] == 300
    assert "hand it in" in given["lost_mode"]["message"]


def test_a_found_terminal_sees_data_only_after_it_has_reported(
    admin: Console, terminal: TestTerminal
) -> None:
    lose(admin, terminal)
    for command in terminal.check_in().get_json()["commands"]:
        report(terminal, command, "done")
    found = admin.post(f"/admin/v1/devices/{terminal.id}/found", {"reason": "under the seat"})
    told = found.get_json()
    assert (told["state"], told["tier"], told["wipe"]) == ("enrolled", 0, "none")
    assert terminal.call("GET", "/mobile/v1/me").status_code == 401, "the old session is over"
    terminal.sign_in("P1", PIN)
    refused = terminal.call("GET", "/mobile/v1/terminals")
    assert refused.get_json()["code"] == "posture_not_compliant"
    told = terminal.check_in().get_json()
    assert [command["kind"] for command in told["commands"]] == ["end_lost_mode", "unlock"]
    terminal.comply()
    assert terminal.call("GET", "/mobile/v1/terminals").status_code == 200


def test_a_wipe_needs_a_second_person_and_never_the_same_one(
    force: Force, admin: Console, second: Console, terminal: TestTerminal
) -> None:
    lose(admin, terminal)
    asked = admin.post(f"/admin/v1/devices/{terminal.id}/commands", order("wipe"))
    assert asked.status_code == 202
    path = f"/admin/v1/approvals/{asked.get_json()['approval_id']}/approve"
    assert [c["kind"] for c in terminal.check_in().get_json()["commands"]] == ["lost_mode", "lock"]
    own = admin.post(path)
    assert (own.status_code, own.get_json()["code"]) == (403, "second_person_required")
    stranger = force.console("B1", "device_admin", unit="SOUTH")
    assert stranger.post(path).status_code == 403
    assert second.post(path).status_code == 200
    assert [c["kind"] for c in terminal.check_in().get_json()["commands"]] == ["wipe"]


def test_a_wipe_without_a_reason_is_refused(admin: Console, terminal: TestTerminal) -> None:
    path = f"/admin/v1/devices/{terminal.id}/commands"
    answer = admin.post(path, {"kind": "wipe", "reason": ""})
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/reason")


def test_the_whole_story_of_a_wipe_is_on_the_timeline(
    force: Force, admin: Console, second: Console, terminal: TestTerminal
) -> None:
    desk = force.console("D1", "duty_desk")
    lose(desk, terminal)
    wipe(admin, second, terminal)
    told = terminal.check_in().get_json()
    assert [command["kind"] for command in told["commands"]] == ["wipe"], "and only the wipe"
    shown = f"/admin/v1/devices/{terminal.id}"
    assert admin.get(shown).get_json()["state"] == "lost", "wiped only once it says so"
    assert report(terminal, told["commands"][0], "done") == "acknowledged"
    assert admin.get(shown).get_json()["state"] == "wiped"
    lines = pages(admin, f"{shown}/timeline", limit=4)
    assert lines == sorted(lines, key=lambda line: line["at"], reverse=True)
    story = {(line["what"], line["who"], line["why"]) for line in lines}
    assert ("mdm.device.report_lost", "D1", WHY["reason"]) in story
    assert ("mdm.device.wipe", "A1", WHY["reason"]) in story
    assert ("mdm.device.wipe.approve", "A2", WHY["reason"]) in story
    assert ("mdm.agent.result", terminal.label, "") in story
    (command,) = [line for line in lines if line["what"] == "wipe"]
    assert (command["who"], command["detail"]["approved_by"]) == ("A1", "A2")
    assert (command["outcome"], command["detail"]["attempts"]) == ("acknowledged", 1)
    assert {line["what"] for line in lines} >= {"mdm.agent.check_in", "mdm.posture.changed"}


def test_an_approved_wipe_closes_a_terminal_in_service_to_officers_at_once(
    admin: Console, second: Console, terminal: TestTerminal
) -> None:
    wipe(admin, second, terminal)
    assert terminal.call("GET", "/mobile/v1/me").status_code == 401
    told = terminal.check_in().get_json()
    assert (told["state"], told["compliant"]) == ("enrolled", False)
    assert [why["id"] for why in told["reasons"]] == ["wipe_pending"]
    terminal.sign_in("P1", PIN)
    assert terminal.call("GET", "/mobile/v1/terminals").get_json()["reasons"] == ["wipe_pending"]


def test_while_a_wipe_waits_nothing_hides_it(
    admin: Console, second: Console, terminal: TestTerminal
) -> None:
    lose(admin, terminal)
    wipe(admin, second, terminal)
    shown = f"/admin/v1/devices/{terminal.id}"
    for path, body in (
        (f"{shown}/retire", WHY),
        (f"{shown}/commands", order("wipe")),
        (f"{shown}/commands", order("lock")),
    ):
        answer = admin.post(path, body)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "device_wipe_waiting")


def order(kind: str, **body: str) -> dict[str, Any]:
    return {"kind": kind, **WHY, "body": body}


def report(terminal: TestTerminal, command: dict[str, Any], outcome: str) -> str:
    path = f"/agent/v1/commands/{command['id']}/result"
    answer = terminal.agent("POST", path, {"outcome": outcome})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    state: str = answer.get_json()["state"]
    return state


def pages(admin: Console, path: str, *, limit: int) -> list[dict[str, Any]]:
    """Read a whole list page by page."""
    lines, cursor = [], ""
    while cursor is not None:
        query = {"limit": limit} | ({"after": cursor} if cursor else {})
        shown = admin.get(path, query_string=query).get_json()
        lines += shown["items"]
        cursor = shown["next"]
    return lines
