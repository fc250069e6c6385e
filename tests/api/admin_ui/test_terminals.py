"""A device admin's work: letting terminals in, finding, locking and wiping them."""

import html
import json
import re

from tests.factories.console import Reader, signed_in
from tests.factories.mdm import Force
from tests.factories.terminal import TestTerminal

REASON = "Left in a taxi at the harbour"
WISH = {"name": "Autumn batch", "unit": "NORTH", "group": "", "uses": "3", "hours": "8"}


def device(terminal: TestTerminal, act: str = "") -> str:
    return f"/console/devices/{terminal.id}{act}"


def test_a_token_is_shown_once_with_its_code(admin: Reader) -> None:
    assert admin.post("/console/enrolment/new", **WISH).status_code == 200
    secret = re.search(r'id="secret"[^>]*>(met_[\w-]+)<', admin.page)
    assert secret
    assert "<svg" in admin.page
    admin.get("/console/enrolment")
    assert "Autumn batch" in admin.page
    later = re.search(r'href="(/console/enrolment/[0-9a-f-]{36})"', admin.page)
    assert later
    admin.get(later.group(1))
    assert "The code was shown once" in admin.page
    assert secret.group(1) not in admin.page


def test_a_terminal_enrols_with_a_token_from_the_page(admin: Reader, force: Force) -> None:
    admin.post("/console/enrolment/new", **WISH)
    secret = re.search(r'id="secret"[^>]*>([^<]+)<', admin.page)
    assert secret
    newcomer = force.terminal()
    assert newcomer.enrol(json.dumps({"token": secret.group(1)})).status_code == 201
    admin.get("/console/devices")
    assert newcomer.label in admin.page


def test_a_wish_beyond_the_bounds_comes_back_with_what_was_typed(admin: Reader) -> None:
    answer = admin.post("/console/enrolment/new", **{**WISH, "uses": "900"})
    assert answer.status_code == 422
    assert "A whole number from 1 to 500." in admin.page
    assert 'value="Autumn batch"' in admin.page


def test_a_revoked_token_lets_nobody_in(admin: Reader, force: Force) -> None:
    admin.post("/console/enrolment/new", **WISH)
    secret = re.search(r'id="secret"[^>]*>([^<]+)<', admin.page)
    assert secret
    admin.get("/console/enrolment")
    (revoke,) = (action for action in admin.forms() if action.endswith("/revoke"))
    assert admin.post(revoke, reason="The box was stolen").status_code == 303
    refused = force.terminal().enrol(json.dumps({"token": secret.group(1)}))
    assert refused.get_json()["code"] == "enrolment_token_revoked"


def test_a_terminal_is_found_by_its_number(admin: Reader, terminal: TestTerminal) -> None:
    admin.get(f"/console/devices?q={terminal.label}")
    assert f'href="{device(terminal)}"' in admin.page
    admin.get("/console/devices?q=T-NOBODY")
    assert "No terminal matches" in admin.page


def test_the_list_says_class_agent_and_lag_and_is_narrowed_by_them(
    admin: Reader, terminal: TestTerminal
) -> None:
    admin.get("/console/devices?class=handheld&agent=native&lag=no&silent=&unit=")
    assert f'href="{device(terminal)}"' in admin.page
    assert "Handheld" in admin.page
    admin.get("/console/devices?class=body_camera")
    assert "No terminal matches" in admin.page


def test_how_terminals_are_told_is_seen_for_all_and_for_each(
    admin: Reader, terminal: TestTerminal
) -> None:
    admin.post(device(terminal, "/lock"), reason=REASON)
    admin.get(device(terminal))
    assert "Carriers, best first" in admin.page
    assert "Polls only" in admin.page
    admin.get("/console/hints")
    assert "Event stream" in admin.page
    assert "Not used yet" in admin.page


def test_a_lock_reaches_the_terminal_and_is_told_once(
    admin: Reader, terminal: TestTerminal
) -> None:
    answer = admin.post(device(terminal, "/lock"), reason=REASON)
    assert answer.headers["Location"] == device(terminal)
    admin.get(device(terminal))
    assert "The terminal will be locked." in admin.page
    admin.get(device(terminal))
    assert "The terminal will be locked." not in admin.page
    orders = terminal.check_in().get_json()["commands"]
    assert [order["kind"] for order in orders] == ["lock"]


def test_a_lock_can_be_undone_until_it_is_delivered(admin: Reader, terminal: TestTerminal) -> None:
    admin.post(device(terminal, "/lock"), reason=REASON)
    admin.get(device(terminal))
    undo = next(action for action in admin.forms() if action.endswith("/cancel"))
    assert admin.post(undo).status_code == 303
    assert terminal.check_in().get_json()["commands"] == []


def test_an_act_without_a_reason_comes_back_with_its_dialog_open(
    admin: Reader, terminal: TestTerminal
) -> None:
    assert admin.post(device(terminal, "/lock"), reason="no").status_code == 422
    assert re.search(r'<dialog class="confirm" id="lock"[^>]* open>', admin.page)
    assert "Say why, in a few words" in admin.page


def test_a_wipe_wants_the_number_typed_and_then_waits(
    admin: Reader, terminal: TestTerminal
) -> None:
    wrong = {"reason": REASON, "confirmation": "T-OTHER"}
    assert admin.post(device(terminal, "/wipe"), **wrong).status_code == 422
    assert f"This must read {terminal.label}." in html.unescape(admin.page)
    right = {"reason": REASON, "confirmation": terminal.label}
    assert admin.post(device(terminal, "/wipe"), **right).status_code == 303
    admin.get(device(terminal))
    assert "A wipe has been asked for" in admin.page
    assert terminal.check_in().get_json()["commands"] == []


def test_a_second_person_approves_and_the_timeline_names_both(
    admin: Reader, second: Reader, terminal: TestTerminal
) -> None:
    admin.post(device(terminal, "/wipe"), reason=REASON, confirmation=terminal.label)
    second.get("/console/approvals")
    request = re.search(r'href="(/console/approvals/[0-9a-f-]{36})"', second.page)
    assert request
    second.get(request.group(1))
    assert REASON in second.page
    assert second.post(f"{request.group(1)}/approve").status_code == 303
    orders = terminal.check_in().get_json()["commands"]
    assert [order["kind"] for order in orders] == ["wipe"]
    second.get(device(terminal))
    assert "Approved by Officer A2 A2" in second.page


def test_nobody_approves_what_they_asked_for(admin: Reader, terminal: TestTerminal) -> None:
    admin.post(device(terminal, "/wipe"), reason=REASON, confirmation=terminal.label)
    admin.get("/console/approvals")
    request = re.search(r'href="(/console/approvals/[0-9a-f-]{36})"', admin.page)
    assert request
    admin.get(request.group(1))
    assert admin.forms() == {f"{request.group(1)}/withdraw"}
    assert admin.post(f"{request.group(1)}/approve").status_code == 403
    assert "second_person_required" in admin.page


def test_a_lost_terminal_is_shown_as_such_and_can_be_found_again(
    admin: Reader, terminal: TestTerminal
) -> None:
    admin.post(device(terminal, "/lost"), reason=REASON)
    admin.get(device(terminal))
    assert "No access" in admin.page
    assert device(terminal, "/found") in admin.forms()
    assert device(terminal, "/lost") not in admin.forms()
    assert admin.post(device(terminal, "/lost"), reason=REASON).status_code == 303
    admin.get("/console")
    assert f"{terminal.label} reported lost" in admin.page
    admin.post(device(terminal, "/found"), reason="Handed in at the desk")
    terminal.comply()
    admin.get(device(terminal))
    assert "Full access" in admin.page


def test_the_page_says_which_rule_a_terminal_fails(admin: Reader, force: Force) -> None:
    failing = force.enrolled(force.console("A8", "device_admin"))
    failing.check_in(posture={"encrypted": False, "passcode_set": True, "rooted": False})
    admin.get(device(failing))
    assert "May hand in only" in admin.page
    assert "Storage is not encrypted. Turn on encryption" in admin.page
    admin.get(device(failing) + "?lang=zh-Hans")
    assert "存储未加密" in admin.page


def test_an_admin_of_another_unit_sees_neither_list_nor_page(
    force: Force, terminal: TestTerminal
) -> None:
    elsewhere = signed_in(force, "A5", "device_admin", unit="SOUTH")
    elsewhere.get("/console/devices")
    assert terminal.label not in elsewhere.page
    assert elsewhere.get(device(terminal)).status_code == 403


def test_a_command_is_ordered_from_a_page_that_says_what_it_proves(
    admin: Reader, terminal: TestTerminal
) -> None:
    admin.get(device(terminal, "/commands"))
    assert "Proves that it rang; not that anybody heard it." in admin.page
    ring = device(terminal, "/commands/ring")
    assert admin.post(ring, reason=REASON, seconds="900").status_code == 422
    assert re.search(r'<dialog class="confirm" id="ring"[^>]* open>', admin.page)
    assert admin.post(ring, reason=REASON, seconds="30").status_code == 303
    grave = {"reason": REASON, "passcode": "4711-0815"}
    path = device(terminal, "/commands/reset_passcode")
    assert admin.post(path, **grave, confirmation="T-OTHER").status_code == 422
    assert "4711-0815" not in admin.page
    assert admin.post(path, **grave, confirmation=terminal.label).status_code == 303
    why = {"reason": REASON, "purpose": "welfare", "case_ref": "2026-118"}
    assert admin.post(device(terminal, "/commands/locate"), **why).status_code == 303
    told = {one["kind"]: one["body"] for one in terminal.check_in().get_json()["commands"]}
    assert told == {
        "reset_passcode": {"passcode": "4711-0815"},
        "locate": {"purpose": "welfare"},
        "ring": {"seconds": 30},
    }
    admin.get(device(terminal, "/commands"))
    assert admin.page.count("Delivered, not yet confirmed") == 3
    assert admin.post(device(terminal, "/commands/selfdestruct"), reason=REASON).status_code == 404


def test_found_with_a_waiting_wipe_cancels_it_and_too_late_is_said(
    admin: Reader, second: Reader, terminal: TestTerminal
) -> None:
    def ask_and_agree() -> None:
        admin.post(device(terminal, "/lost"), reason=REASON)
        admin.post(device(terminal, "/wipe"), reason=REASON, confirmation=terminal.label)
        second.get("/console/approvals")
        request = re.search(r'href="(/console/approvals/[0-9a-f-]{36})"', second.page)
        assert request
        assert second.post(f"{request.group(1)}/approve").status_code == 303

    ask_and_agree()
    admin.get(device(terminal))
    assert "The terminal has not fetched it; it can still be cancelled." in admin.page
    admin.post(device(terminal, "/found"), reason="Handed in at the desk")
    admin.get(device(terminal))
    assert "the wipe is cancelled" in admin.page
    ask_and_agree()
    terminal.check_in()
    admin.post(device(terminal, "/found"), reason="Handed in at the desk")
    admin.get(device(terminal))
    assert "Too late: the wipe is under way." in admin.page
    assert "has not confirmed it: not known yet" in admin.page


def test_many_are_ordered_by_unit_and_each_is_followed(
    admin: Reader, second: Reader, terminal: TestTerminal, force: Force
) -> None:
    admin.get("/console/orders")
    assert "No mass order yet" in admin.page
    wish = {"kind": "message", "detail": "Call in", "reason": REASON}
    assert admin.post("/console/orders/new", **wish, unit="", group="").status_code == 422
    placed = admin.post("/console/orders/new", **wish, unit="NORTH", group="")
    assert placed.status_code == 303, admin.page
    admin.get(placed.headers["Location"])
    assert terminal.label in admin.page
    assert "0 of 1 confirmed by the terminal" in admin.page
    grave = {"kind": "wipe_app_data", "detail": "", "reason": REASON, "unit": "NORTH", "group": ""}
    asked = admin.post("/console/orders/new", **grave)
    admin.get(asked.headers["Location"])
    assert "Nothing happens until a second person approves." in admin.page
    request = re.search(r'href="(/console/approvals/[0-9a-f-]{36})"', admin.page)
    assert request
    second.get(request.group(1))
    assert f"{request.group(1)}/approve" in second.forms()
    assert second.post(f"{request.group(1)}/approve").status_code == 303
    assert "wipe_app_data" in [c["kind"] for c in terminal.check_in().get_json()["commands"]]


def test_many_are_ordered_at_once_from_the_list(
    admin: Reader, terminal: TestTerminal, force: Force
) -> None:
    other = force.compliant(force.console("A7", "device_admin"))
    ticked = {"id": [str(terminal.id), str(other.id)], "action": "lock", "reason": REASON}
    assert admin.post("/console/devices", **ticked).status_code == 303
    for each in (terminal, other):
        assert [c["kind"] for c in each.check_in().get_json()["commands"]] == ["lock"]
    assert admin.post("/console/devices", action="lock", reason=REASON).status_code == 422


def test_a_cursor_that_is_not_ours_is_refused_on_a_page(admin: Reader) -> None:
    assert admin.get("/console/devices?cursor=nonsense").status_code == 400
    assert "<h1>Error 400</h1>" in admin.page
