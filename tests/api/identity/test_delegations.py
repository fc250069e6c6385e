"""Roles lent for hours or weeks: only by their holder, never onwards, never past their end."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.identity.conftest import Desk, Force

WHY = "Covers the night shift"


def lend(force: Force, desk: Desk, number: str, **changes: Any) -> Any:
    until = force.house.clock() + timedelta(hours=8)
    wish = {"number": number, "role": "supervisor", "unit": "NORTH", "reason": WHY}
    return desk.call("POST", "/admin/v1/delegations", json=wish | {"until": str(until)} | changes)


def test_a_lent_role_holds_at_once_without_a_new_sign_in_and_ends_by_itself(force: Force) -> None:
    force.sign_in()
    force.compliant()
    locked = "/mobile/v1/team/lockouts"
    assert force.terminal.call("GET", locked).status_code == 403
    assert lend(force, force.admin("204002"), "204001").status_code == 201
    assert force.terminal.call("GET", locked).status_code == 200
    posts = force.terminal.call("GET", "/mobile/v1/me").get_json()["officer"]["posts"]
    assert {post["role"]: post["kind"] for post in posts} == {
        "supervisor": "delegation",
        "officer": "standing",
    }
    assert force.log("identity.delegation.give")[-1].outcome == "permitted"
    force.house.clock.advance(hours=8, minutes=1)
    force.compliant()
    force.refresh()
    assert force.terminal.call("GET", locked).status_code == 403


def test_it_is_taken_back_at_once(force: Force) -> None:
    giver = force.admin("204002")
    grant = lend(force, giver, "204001").get_json()["id"]
    force.sign_in()
    back = {"reason": "He reports sick"}
    path = f"/admin/v1/delegations/{grant}/revoke"
    assert force.admin("204003").call("POST", path, json=back).status_code == 403
    assert giver.call("POST", path, json=back).status_code == 204
    assert force.terminal.call("GET", "/mobile/v1/me").get_json()["code"] == "session_ended"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"unit": "SOUTH"}, 403),  # not where she holds it
        ({"role": "duty_desk"}, 403),  # not hers to lend
        ({"role": "security_admin"}, 403),
        ({"number": "204002"}, 403),  # to herself
        ({"number": "A2"}, 409),  # a device admin never reads records
        ({"until": "2199-01-01T00:00:00Z"}, 422),
        ({"until": "2020-01-01T00:00:00Z"}, 422),
        ({"number": "999999"}, 404),
    ],
)
def test_what_cannot_be_lent(force: Force, changes: dict[str, str], status: int) -> None:
    answer = lend(force, force.admin("204002"), **{"number": "204001"} | changes)
    assert answer.status_code == status, answer.get_data(as_text=True)


def test_what_was_lent_is_not_lent_on(force: Force) -> None:
    assert lend(force, force.admin("204002"), "204001").status_code == 201
    onwards = lend(force, force.admin("204001"), "204003")
    assert onwards.status_code == 403


def test_a_deputy_is_agreed_one_unit_higher_and_holds_only_during_the_leave(force: Force) -> None:
    start = force.house.clock() + timedelta(days=1)
    wish = {
        "number": "204001",
        "role": "supervisor",
        "unit": "NORTH",
        "since": str(start),
        "until": str(start + timedelta(days=20)),
        "reason": "Annual leave",
    }
    giver = force.admin("204002")
    long = wish | {"until": str(start + timedelta(days=36))}
    assert giver.call("POST", "/admin/v1/deputies", json=long).status_code == 422
    asked = giver.call("POST", "/admin/v1/deputies", json=wish)
    assert asked.status_code == 202, asked.get_data(as_text=True)
    agree = f"/admin/v1/approvals/{asked.get_json()['approval_id']}/approve"
    assert giver.call("POST", agree).status_code == 403  # hers, and NORTH is below what must agree
    assert force.admin("204003").call("POST", agree).status_code == 403  # SOUTH
    agreed = force.admin("A1").call("POST", agree)
    assert agreed.status_code == 200, agreed.get_data(as_text=True)
    assert force.console("204001").get_json()["code"] == "console_closed"  # not before the leave
    force.house.clock.advance(days=2)
    assert force.console("204001").status_code == 201
    force.house.clock.advance(days=20)
    assert force.console("204001").get_json()["code"] == "console_closed"


def test_a_withdrawn_role_takes_what_was_lent_of_it_along(force: Force) -> None:
    assert lend(force, force.admin("204002"), "204001").status_code == 201
    security = force.admin("A1")
    shown = security.call("GET", f"/admin/v1/officers/{force.officer('204002').id}").get_json()
    (held,) = [grant["id"] for grant in shown["grants"] if grant["role"] == "supervisor"]
    out = {"reason": "Relieved of command"}
    assert security.call("POST", f"/admin/v1/roles/{held}/withdraw", json=out).status_code == 204
    assert force.console("204001").get_json()["code"] == "console_closed"
