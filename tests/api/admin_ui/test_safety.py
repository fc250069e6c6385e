"""What keeps a page's acts with the person who meant them, and refusals that name their rule."""

from tests.conftest import House
from tests.factories.console import Reader, signed_in
from tests.factories.mdm import Force
from tests.factories.terminal import TestTerminal

REASON = "Left in a taxi at the harbour"


def test_a_form_without_the_sessions_token_does_nothing(
    admin: Reader, terminal: TestTerminal
) -> None:
    for token in ("", "0" * 64):
        path = f"/console/devices/{terminal.id}/lost"
        answer = admin.client.post(path, data={"reason": REASON, "csrf_token": token})
        assert answer.status_code == 403
        assert "cross_site" in answer.get_data(as_text=True)
    admin.get(f"/console/devices/{terminal.id}")
    assert "Full access" in admin.page


def test_a_form_of_another_site_does_nothing_even_with_the_token(
    admin: Reader, terminal: TestTerminal
) -> None:
    form = {"reason": REASON, "csrf_token": admin.token()}
    path, headers = f"/console/devices/{terminal.id}/lost", {"Sec-Fetch-Site": "cross-site"}
    assert admin.client.post(path, data=form, headers=headers).status_code == 403


def test_the_token_of_one_session_is_worth_nothing_in_another(
    admin: Reader, second: Reader, terminal: TestTerminal
) -> None:
    form = {"reason": REASON, "csrf_token": second.token()}
    assert admin.client.post(f"/console/devices/{terminal.id}/lock", data=form).status_code == 403


def test_a_device_admin_gets_no_records_and_the_page_names_the_rule(admin: Reader) -> None:
    for room in ("records", "checks"):
        answer = admin.get(f"/console/{room}")
        assert answer.status_code == 403
        assert f"{room}.never-for-those-who-run-terminals-and-apps" in admin.page
        assert answer.content_type.startswith("text/html")


def test_what_no_policy_allows_is_said_so(force: Force) -> None:
    publisher = signed_in(force, "B1", "publisher")
    assert publisher.get("/console/audit").status_code == 403
    assert "What no access policy allows is denied." in publisher.page


def test_a_person_sees_the_rooms_they_may_open_and_no_others(
    force: Force, admin: Reader, auditor: Reader
) -> None:
    rooms = {
        admin: {"devices", "enrolment", "configurations", "approvals", "apps", "people"},
        auditor: {"devices", "configurations", "approvals", "apps", "checks", "people", "audit"},
        signed_in(force, "B1", "publisher"): {"approvals", "apps"},
        signed_in(force, "S1", "supervisor"): {
            "devices",
            "approvals",
            "records",
            "checks",
            "people",
        },
    }
    every = set().union(*rooms.values())
    for person, open_rooms in rooms.items():
        person.get("/console")
        drawn = {
            room for room in every if f'class="rail-link" href="/console/{room}"' in person.page
        }
        assert drawn == open_rooms, person.number
        for room in open_rooms:
            assert person.get(f"/console/{room}").status_code == 200, (person.number, room)


def test_an_auditor_is_offered_nothing_that_changes_anything(
    admin: Reader, auditor: Reader, terminal: TestTerminal
) -> None:
    number = terminal.label
    admin.post(f"/console/devices/{terminal.id}/wipe", reason=REASON, confirmation=number)
    pages = ("", "/devices", f"/devices/{terminal.id}", "/configurations", "/approvals", "/people")
    for page in pages:
        assert auditor.get(f"/console{page}").status_code == 200
        assert auditor.forms() == set(), page
    auditor.get("/console/audit")
    assert auditor.forms() == {"/console/audit/verify"}


def test_every_page_keeps_to_the_content_policy(house: House, admin: Reader) -> None:
    answer = admin.get("/console")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_that_leads_nowhere_is_a_page(admin: Reader) -> None:
    assert admin.get("/console/nowhere").status_code == 404
    assert "<h1>Error 404</h1>" in admin.page
