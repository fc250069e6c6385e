"""The people's pages as a browser without scripts shows them: each user's main task, and its refusal."""

import re
from datetime import timedelta

from muster.kernel.identity import Officer, RoleGrant, credentials
from muster.kernel.identity.directory import nightly
from tests.factories.console import PASSWORD, Reader, reader, signed_in
from tests.factories.mdm import Force

WHY = "Posting order 26-118"
HEADING = "number,name,kind,unit,rank,roles,valid_from,valid_until\n"


def page_of(force: Force, somebody: Reader, number: str) -> str:
    somebody.get("/console/people")
    found = re.search(rf'href="(/console/people/[0-9a-f-]{{36}})">Officer {number}<', somebody.page)
    assert found, somebody.page
    return found.group(1)


def test_a_security_admin_grants_a_post_and_asks_for_an_administration(force: Force) -> None:
    security = signed_in(force, "S1", "security_admin", unit="CITY")
    system = signed_in(force, "Y1", "system_admin", unit="CITY")
    reader(force, "B1", "officer")
    page = page_of(force, security, "B1")
    grant = f"{page}/roles"
    security.get(page)
    assert grant in security.forms()
    done = security.post(grant, role="duty_desk", unit="NORTH", until="2199-01-31", reason=WHY)
    assert done.headers["Location"] == page
    security.get(page)
    assert "Duty desk" in security.page
    assert WHY in security.page
    asked = security.post(grant, role="publisher", unit="NORTH", reason=WHY)
    approval = asked.headers["Location"]
    assert "/console/approvals/" in approval
    system.get(approval)
    assert system.post(f"{approval}/approve").status_code == 303
    security.get(page)
    assert "Publisher" in security.page
    clash = security.post(grant, role="device_admin", unit="NORTH", reason=WHY)
    assert clash.status_code == 409
    assert "Nobody holds device_admin and officer" in security.page
    withdraw = next(form for form in security.forms() if form.endswith("/withdraw"))
    assert security.post(withdraw, reason=WHY).status_code == 303


def test_a_supervisor_reads_out_a_pin_that_is_shown_once(force: Force) -> None:
    supervisor = signed_in(force, "S1", "supervisor")
    reader(force, "B1", "officer")
    page = page_of(force, supervisor, "B1")
    supervisor.get(page)
    shown = supervisor.post(f"{page}/pin", reason="Forgot it on leave")
    assert shown.headers["Cache-Control"] == "no-store"
    assert re.search(r'<code class="secret">[0-9]{6}</code>', supervisor.page)
    supervisor.get(page_of(force, supervisor, "S1"))
    assert not [form for form in supervisor.forms() if form.endswith("/pin")]


def test_a_role_is_lent_shown_and_taken_back(force: Force) -> None:
    giver = signed_in(force, "S1", "supervisor")
    reader(force, "B1", "officer")
    wish = {"number": "B1", "role": "supervisor", "unit": "NORTH", "reason": WHY}
    assert giver.post("/console/delegations", **wish, hours="73").status_code == 422
    assert giver.post("/console/delegations", **wish, hours="8").status_code == 303
    giver.get("/console/delegations")
    assert "delegated" in giver.page
    (revoke,) = (form for form in giver.forms() if form.endswith("/revoke"))
    assert giver.post(revoke, reason=WHY).status_code == 303
    giver.get("/console/delegations")
    assert "Nothing is lent" in giver.page


def test_what_a_duty_desk_breaks_open_waits_for_its_supervisor(force: Force) -> None:
    desk = signed_in(force, "D1", "duty_desk")
    supervisor = signed_in(force, "S1", "supervisor")
    desk.get("/console/delegations")
    need = {"what": "role:supervisor", "minutes": "30", "case_ref": "A2026-1120-0007"}
    opened = desk.post("/console/break-glass", **need, reason="Nobody else on duty")
    assert opened.status_code == 303, desk.page
    assert (
        desk.post("/console/break-glass", **need | {"what": "role:auditor"}, reason=WHY).status_code
        == 422
    )
    supervisor.get("/console/reviews")
    assert "Nobody else on duty" in supervisor.page
    (judge,) = (form for form in supervisor.forms() if "/break-glass/" in form)
    done = supervisor.post(judge, verdict="justified", reason="I was out of reach")
    assert done.status_code == 303
    supervisor.get("/console/reviews")
    assert "Nothing was broken open" in supervisor.page


def test_an_access_review_is_gone_through_line_by_line(force: Force) -> None:
    supervisor = signed_in(force, "S1", "supervisor", unit="CITY")
    reader(force, "S2", "supervisor")
    force.work()
    for _ in range(2):
        force.house.clock.advance(days=46)
        supervisor.sign_in()
    with force.house.kernel.writes() as uow:  # they signed in meanwhile: nobody is disabled
        for officer in uow.session.query(Officer):
            officer.last_sign_in_at = uow.now()
    force.work()
    supervisor.get("/console/reviews")
    confirms = [form for form in supervisor.forms() if form.endswith("/confirm")]
    assert len(confirms) == 1  # not her own
    assert supervisor.post(confirms[0], reason="Leads the night shift").status_code == 303
    supervisor.get("/console/reviews")
    assert "No review waits for you" in supervisor.page


def test_a_leavers_list_is_crossed_off_and_removals_are_decided(force: Force) -> None:
    security = signed_in(force, "S1", "security_admin", unit="CITY")
    terminal = force.compliant(force.console("A9", "device_admin"))
    force.officer("B1")
    path, console = f"/admin/v1/devices/{terminal.id}", force.console("A8", "device_admin")
    tag = {"If-Match": console.get(path).headers["ETag"]}
    assert console.call("PATCH", path, {"holder": "B1"}, headers=tag).status_code == 200
    page = page_of(force, security, "B1")
    assert security.post(f"{page}/retire", reason=WHY, confirmation="B2").status_code == 422
    assert security.post(f"{page}/retire", reason=WHY, confirmation="B1").status_code == 303
    security.get("/console/leavers?unit=NORTH")
    assert terminal.label in security.page
    (resolve,) = (form for form in security.forms() if form.endswith("/resolve"))
    assert security.post(resolve, reason="Handed in at the counter").status_code == 303
    people = "".join(f"3000{n},Person {n},sworn,SOUTH,1,officer,,\n" for n in range(6))
    nightly.take_in(force.house.kernel, (HEADING + people).encode())
    nightly.take_in(force.house.kernel, (HEADING + people.splitlines()[0]).encode())
    security.get("/console/leavers")
    assert "5 removals wait" in security.page
    refuse = next(form for form in security.forms() if form.endswith("/refuse"))
    assert security.post(refuse, reason="The export failed").status_code == 303


def test_whoever_comes_with_a_password_of_others_chooses_their_own_first(force: Force) -> None:
    somebody = reader(force, "S1", "supervisor")
    with force.house.kernel.writes() as uow:
        officer = uow.session.query(Officer).filter_by(number="S1").one()
        credentials.set_one_time(uow, officer, "password", PASSWORD)
    assert somebody.sign_in().status_code == 303
    assert somebody.get("/console").headers["Location"].endswith("/console/password")
    somebody.get("/console/password")
    token = re.search(r'name="csrf_token" value="([0-9a-f]+)"', somebody.page)
    assert token
    form = {"csrf_token": token.group(1), "current": PASSWORD, "new": "one heron and one weir"}
    twice = somebody.client.post("/console/password", data=form | {"again": "other"})
    assert twice.status_code == 422
    done = somebody.client.post("/console/password", data=form | {"again": form["new"]})
    assert done.status_code == 303
    assert somebody.sign_in(password=form["new"]).status_code == 303
    assert somebody.get("/console").status_code == 200


def test_auditors_see_the_reviews_and_may_do_nothing_about_them(force: Force) -> None:
    auditor = signed_in(force, "U1", "auditor", unit="CITY")
    holder = force.officer("S2", "supervisor")
    with force.house.kernel.writes() as uow:
        end = uow.now() + timedelta(hours=1)
        unit = force.units["NORTH"]
        uow.session.add(
            RoleGrant(
                officer_id=holder, role="duty_desk", unit_id=unit, kind="deputy", valid_until=end
            )
        )
    for path in ("/console/people", "/console/reviews", "/console/leavers", "/console/delegations"):
        assert auditor.get(path).status_code == 200, path
        assert auditor.forms() == set(), path
