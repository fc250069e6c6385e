"""Three administrations in three hands: at every door where a role is given, and at every decision."""

from dataclasses import replace

import pytest

from muster.kernel.guard import Target
from muster.kernel.identity import AdminExists, Officer, RoleGrant
from muster.kernel.identity.actor import Actor, Person, Post
from muster.kernel.identity.duties.exclusion import clashes
from muster.kernel.identity.duties.setup import Appointee, set_up
from muster.kernel.ids import uuid7
from tests.api.identity.conftest import APPOINTED, Force
from tests.conftest import House

WHY = "Posting order 26-118"
_PLAIN = {"Bool": False, "String": "x", "Long": 0, "Set<String>": ["x"]}


@pytest.mark.parametrize(
    ("roles", "clash"),
    [
        ({"system_admin", "security_admin"}, True),
        ({"security_admin", "auditor"}, True),
        ({"device_admin", "officer"}, True),
        ({"device_admin", "supervisor"}, True),
        ({"auditor", "officer"}, True),
        ({"officer", "supervisor", "duty_desk"}, False),
        ({"device_admin", "publisher"}, False),
    ],
)
def test_which_duties_clash(roles: set[str], clash: bool) -> None:
    assert bool(list(clashes(roles))) is clash


def test_an_administration_needs_a_second_person_who_is_not_its_receiver(force: Force) -> None:
    security, system = force.admin("A1"), force.admin("Y1")
    officer = force.officer("204001")
    path = f"/admin/v1/officers/{officer.id}/roles"
    wish = {"role": "data_steward", "unit": "NORTH", "reason": WHY}
    asked = security.call("POST", path, json=wish)
    assert asked.status_code == 201, asked.get_data(as_text=True)
    approval = asked.get_json()["approval_id"]
    assert asked.get_json()["grant"] is None
    agree = f"/admin/v1/approvals/{approval}/approve"
    assert security.call("POST", agree).get_json()["code"] == "second_person_required"
    assert force.admin("A2").call("POST", agree).status_code == 403
    assert system.call("POST", agree).status_code == 200
    shown = security.call("GET", f"/admin/v1/officers/{officer.id}").get_json()
    (given,) = [grant for grant in shown["grants"] if grant["role"] == "data_steward"]
    assert given["granted_by"] == str(force.officer("A1").id)
    withdrawn = security.call(
        "POST", f"/admin/v1/roles/{given['id']}/withdraw", json={"reason": WHY}
    )
    assert withdrawn.status_code == 204


def test_a_post_of_the_line_needs_a_fresh_sign_in_and_never_goes_to_oneself(force: Force) -> None:
    security = force.admin("A1")
    wish = {"role": "duty_desk", "unit": "NORTH", "reason": WHY}
    own = f"/admin/v1/officers/{force.officer('A1').id}/roles"
    assert security.call("POST", own, json=wish).get_json()["rule"] == (
        "identity.nobody-grants-or-confirms-their-own-roles"
    )
    other = f"/admin/v1/officers/{force.officer('204001').id}/roles"
    force.house.clock.advance(minutes=11)
    stale = security.call("POST", other, json=wish)
    assert (stale.status_code, stale.get_json()["code"]) == (401, "step_up_required")
    assert force.admin("A1").call("POST", other, json=wish).status_code == 201


@pytest.mark.parametrize(
    ("number", "role"),
    [("A1", "auditor"), ("Y1", "security_admin"), ("A2", "supervisor"), ("204001", "auditor")],
)
def test_clashing_duties_are_refused_when_granted(force: Force, number: str, role: str) -> None:
    if number == "A1":  # somebody else would have to ask for her
        _make_second_security_admin(force)
    desk = force.admin("204003" if number == "A1" else "A1")
    wish = {"role": role, "unit": "CITY", "reason": WHY}
    answer = desk.call("POST", f"/admin/v1/officers/{force.officer(number).id}/roles", json=wish)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "duties_conflict")


def test_no_file_gives_an_administration_nor_duties_that_clash(force: Force) -> None:
    heading = "number,name,kind,unit,rank,roles,valid_from,valid_until\n"
    rows = "204001,Chen Yu,sworn,NORTH,1,officer;auditor,,\nA2,Sun Lei,sworn,NORTH,2,supervisor,,\n"
    answer = force.admin("A1").call(
        "POST", "/admin/v1/officers/import", data=heading + rows, content_type="text/csv"
    )
    told = {fault["pointer"]: fault["detail"] for fault in answer.get_json()["errors"]}
    assert "no file gives it" in told["/2/roles"]
    assert "device_admin and supervisor" in told["/3/roles"]


def test_who_holds_two_of_the_three_all_the_same_can_do_nothing(force: Force) -> None:
    with force.house.kernel.writes() as uow:
        officer = force.officer("A1")
        uow.session.add(
            RoleGrant(officer_id=officer.id, role="system_admin", unit_id=officer.unit_id)
        )
    desk = force.admin("A1")
    answer = desk.call("GET", "/admin/v1/officers")
    assert (answer.status_code, answer.get_json()["rule"]) == (
        403,
        "duties.three-administrations-in-three-hands",
    )
    assert desk.call("DELETE", "/admin/v1/sessions/current").status_code == 204


def test_auditors_change_nothing_by_any_action(house: House) -> None:
    """Walks every action: whatever else an auditor came to hold, no change is permitted."""
    guard, now = house.kernel.guard, house.clock()
    roles = ("auditor", "officer", "supervisor", "data_steward", "publisher", "approver")
    person = Person(
        uuid7(),
        "U9",
        "Nobody",
        True,
        3,
        uuid7(),
        "CITY",
        "/CITY/",
        tuple(Post(r, "CITY") for r in roles),
    )
    actor = Actor("officer", "console", person, session_id=uuid7(), aal=2, auth_at=now)
    changing = [a for a in guard.actions.values() if a.changes and "Officer" in a.principals]
    assert len(changing) > 60
    for action in changing:
        kind = guard.resources.get(action.resource)
        attributes = dict(kind.attributes) if kind else {}
        facts = {n: _PLAIN[a.type] for n, a in attributes.items() if a.type in _PLAIN}
        target = Target(action.resource, "x", facts, "/CITY/" if "unit" in attributes else None)
        verdict = guard.decide(actor, action.name, target, now, purpose="p", case_ref="c")
        assert not verdict.allowed, action.name
        assert "duties.auditors-change-nothing" in verdict.policies, action.name
    reading = Target("Force", "force")
    assert guard.decide(actor, "audit.entry.list", reading, now).allowed
    lost = replace(actor, person=replace(person, posts=person.posts[1:]))
    assert not guard.decide(lost, "audit.entry.list", reading, now).allowed


def test_the_set_up_makes_the_three_once_and_their_first_sign_in_chooses_a_password(
    house: House,
) -> None:
    three = {role: Appointee(number, number) for number, role in APPOINTED.items()}
    given = set_up(house.kernel, three, unit="HQ")
    assert set(given) == {"Y1", "A1", "U1"}
    others = {role: Appointee(f"9{one.number}", one.name) for role, one in three.items()}
    with pytest.raises(AdminExists):
        set_up(house.kernel, others, unit="HQ")
    body = {"number": "A1", "password": given["A1"]}
    session = house.client.post("/admin/v1/sessions", json=body).get_json()
    bearer = {"Authorization": f"Bearer {session['token']}"}
    refused = house.client.get("/admin/v1/officers", headers=bearer)
    assert refused.get_json()["code"] == "secret_change_required"
    chosen = {"current": given["A1"], "new": "a kingfisher over still water"}
    changed = house.client.post("/admin/v1/sessions/password", json=chosen, headers=bearer)
    assert changed.status_code == 204, changed.get_data(as_text=True)
    assert house.client.get("/admin/v1/officers", headers=bearer).status_code == 401
    body["password"] = chosen["new"]
    token = house.client.post("/admin/v1/sessions", json=body).get_json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    next_door = house.client.get("/admin/v1/officers", headers=bearer)
    assert next_door.get_json()["code"] == "second_factor_required"


def _make_second_security_admin(force: Force) -> None:
    with force.house.kernel.writes() as uow:
        officer = uow.session.get_one(Officer, force.officer("204003").id)
        city = force.house.kernel.people.by_code("CITY").id
        uow.session.add(RoleGrant(officer_id=officer.id, role="security_admin", unit_id=city))
        officer.epoch += 1
