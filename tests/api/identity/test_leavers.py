"""Leavers and movers lose everything in one commit; what they held becomes a supervisor's list."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from muster.kernel.identity import RoleGrant
from muster.kernel.identity.authenticators.models import Totp
from muster.kernel.identity.models import Certification, ClientCredential, Credential
from muster.kernel.notices import Notice
from tests.api.identity.conftest import PIN, Desk, Force

WHY = {"reason": "Retired on 20 November"}


def retire(force: Force, number: str, desk: Desk | None = None) -> Any:
    path = f"/admin/v1/officers/{force.officer(number).id}/retire"
    return (desk or force.admin("A1")).call("POST", path, json=WHY)


def certify(force: Force, number: str) -> None:
    path = f"/admin/v1/officers/{force.officer(number).id}/certifications/registers.persons"
    assert force.admin("A1").call("PUT", path, json=WHY).status_code == 200


def credential(force: Force, number: str) -> None:
    wish = {"surface": "ogc", "label": "GIS desk", "client": "muster.field"}
    answer = force.admin(number).call("POST", "/admin/v1/client-credentials", json=wish)
    assert answer.status_code == 201, answer.get_data(as_text=True)


def left_of(force: Force, number: str) -> list[int]:
    """Count what an officer still has: roles, certifications, secrets, living credentials."""
    mine = force.officer(number).id
    with force.house.kernel.reads() as uow:
        living = (ClientCredential.officer_id == mine, ClientCredential.revoked_at.is_(None))
        return [
            len(uow.session.scalars(query).all())
            for query in (
                select(RoleGrant).where(RoleGrant.officer_id == mine),
                select(Certification).where(Certification.officer_id == mine),
                select(Credential.kind).where(Credential.officer_id == mine),
                select(ClientCredential).where(*living),
                select(Totp.officer_id).where(Totp.officer_id == mine),
            )
        ]


def test_a_leaver_keeps_nothing_and_the_supervisor_gets_a_list(force: Force) -> None:
    certify(force, "204002")
    credential(force, "204002")
    until = str(force.house.clock() + timedelta(hours=8))
    lent = {"number": "204001", "role": "supervisor", "unit": "NORTH", "until": until}
    desk = force.admin("204002")
    assert desk.call("POST", "/admin/v1/delegations", json=lent | WHY).status_code == 201
    deputy = lent | {"since": until, "until": str(force.house.clock() + timedelta(days=9))}
    asked = desk.call("POST", "/admin/v1/deputies", json=deputy | WHY).get_json()["approval_id"]
    force.sign_in("204002")
    assert retire(force, "204002").status_code == 200
    assert force.officer("204002").state == "left"
    assert left_of(force, "204002") == [0, 0, 0, 0, 0]
    assert force.terminal.call("GET", "/mobile/v1/me").get_json()["code"] == "session_ended"
    assert force.refresh().status_code in (400, 401)
    assert force.sign_in("204002", PIN).status_code == 400
    security = force.admin("A1")
    closed = security.call("POST", f"/admin/v1/approvals/{asked}/approve")
    assert closed.get_json()["code"] == "approval_closed"
    held = security.call("GET", "/admin/v1/holdings?unit=NORTH").get_json()["items"]
    assert {line["kind"] for line in held} == {"credential", "delegation", "approval"}
    with force.house.kernel.reads() as uow:
        told = select(Notice.role).where(Notice.kind == "identity.officer.left")
        assert uow.session.scalars(told).all() == ["supervisor"]
    for line in held:
        done = security.call("POST", f"/admin/v1/holdings/{line['id']}/resolve", json=WHY)
        assert done.status_code == 200
    assert security.call("GET", "/admin/v1/holdings?unit=NORTH").get_json()["items"] == []
    again = security.call("POST", f"/admin/v1/holdings/{held[0]['id']}/resolve", json=WHY)
    assert again.status_code == 409


def test_a_mover_loses_what_belonged_to_the_old_unit(force: Force) -> None:
    certify(force, "204001")
    force.sign_in()
    heading = "number,name,kind,unit,rank,roles,valid_from,valid_until\n"
    moved = force.admin("A1").call(
        "POST",
        "/admin/v1/officers/import",
        data=heading + "204001,Chen Yu,sworn,SOUTH,1,officer,,\n",
        content_type="text/csv",
    )
    assert moved.get_json()["changed"] == ["204001"]
    assert left_of(force, "204001")[:2] == [1, 0]
    assert force.terminal.call("GET", "/mobile/v1/me").get_json()["code"] == "session_ended"
    with force.house.kernel.reads() as uow:
        told = select(Notice.unit_id).where(Notice.kind == "identity.officer.moved")
        north = force.house.kernel.people.by_code("NORTH").id
        assert uow.session.scalars(told).all() == [north]


def test_who_may_not_let_anybody_go_and_who_may_not_go(force: Force) -> None:
    assert retire(force, "204001", force.admin("204002")).status_code == 403
    own = retire(force, "A1")
    assert own.get_json()["rule"] == "identity.nobody-certifies-or-retires-themselves"
    assert retire(force, "Y1").get_json()["code"] == "last_administrator"
    assert force.officer("Y1").state == "active"


def test_certifications_come_by_file_with_their_last_day(force: Force) -> None:
    heading = "number,name,kind,unit,rank,roles,valid_from,valid_until,certifications\n"
    row = "204001,Chen Yu,sworn,NORTH,1,officer,,,registers.persons;hot_lists@2031-12-31\n"
    desk = force.admin("A1")
    path = "/admin/v1/officers/import"
    sent = desk.call("POST", path, data=heading + row, content_type="text/csv")
    assert sent.get_json()["changed"] == ["204001"]
    shown = desk.call("GET", f"/admin/v1/officers/{force.officer('204001').id}").get_json()
    assert {leave["dataset"]: leave["valid_until"] for leave in shown["certifications"]} == {
        "registers.persons": None,
        "hot_lists": "2032-01-01T00:00:00+00:00",
    }
    wrong = desk.call(
        "POST", path, data=heading + row.replace("hot_lists", "Hot!"), content_type="text/csv"
    )
    assert wrong.get_json()["errors"][0]["pointer"] == "/2/certifications"


def test_unused_accounts_are_disabled_but_never_the_last_administrators(force: Force) -> None:
    force.house.clock.advance(days=60)
    force.sign_in("204001")
    force.house.clock.advance(days=31)
    force.work()
    assert force.officer("204001").state == "active"
    assert force.officer("204003").state == "suspended"
    assert [force.officer(number).state for number in ("A1", "Y1", "U1")] == ["active"] * 3
    assert {row.resource_id for row in force.log("identity.officer.disable")} >= {
        str(force.officer("204003").id)
    }
    security = force.admin("A1")
    path = f"/admin/v1/officers/{force.officer('204003').id}/reinstate"
    assert security.call("POST", path, json=WHY).status_code == 200
    force.work()
    assert force.officer("204003").state == "active"


def test_an_emergency_account_ends_by_itself(force: Force) -> None:
    now = force.house.clock()
    wish = {"number": "E1", "name": "Su Wen", "unit": "NORTH", "reason": "Flood, mutual aid"}
    desk = force.admin("204002")
    path = "/admin/v1/emergency-accounts"
    late = desk.call("POST", path, json=wish | {"until": str(now + timedelta(hours=73))})
    assert late.status_code == 422
    made = desk.call("POST", path, json=wish | {"until": str(now + timedelta(hours=20))})
    assert made.status_code == 201, made.get_data(as_text=True)
    pin = made.get_json()["pin"]
    assert force.sign_in("E1", pin).status_code == 200
    own = {"current": pin, "new": "729451"}
    assert force.terminal.call("POST", "/mobile/v1/pin", own).status_code == 204
    assert force.sign_in("E1", "729451").status_code == 200
    force.house.clock.advance(hours=20, minutes=1)
    assert force.terminal.call("GET", "/mobile/v1/me").status_code == 401
    assert force.sign_in("E1", "729451").status_code == 400
    force.work()
    assert force.officer("E1").state == "left"
    assert left_of(force, "E1") == [0, 0, 0, 0, 0]
