"""Access reviews: who answers for it confirms or withdraws; what nobody confirms lapses."""

from typing import Any

import pytest

from tests.api.identity.conftest import Desk, Force

NOTE = "Still does this work"


@pytest.fixture
def due(force: Force) -> Force:
    """A quarter later everybody is still there, and the round over every unit opens."""
    for _ in range(2):
        force.house.clock.advance(days=45, hours=1)
        for number in ("204001", "204002", "204003", "A2", "A1", "Y1"):
            force.console(number)
    force.work()
    return force


def items(desk: Desk) -> dict[tuple[str, str], str]:
    told = desk.call("GET", "/admin/v1/access-reviews").get_json()["items"]
    return {(item["officer_id"], item["role"]): item["id"] for item in told}


def decide(desk: Desk, item: str, *, confirm: bool) -> Any:
    body = {"confirm": confirm, "note": NOTE}
    return desk.call("POST", f"/admin/v1/access-reviews/{item}", json=body)


def test_each_decides_on_what_they_answer_for_and_nobody_on_their_own(due: Force) -> None:
    security, system = due.admin("A1"), due.admin("Y1")
    ids = {number: str(due.officer(number).id) for number in ("204002", "204003", "A1", "A2", "Y1")}
    seen = items(security)
    assert (ids["A1"], "security_admin") not in seen
    assert {(ids["A2"], "device_admin"), (ids["204002"], "supervisor")} <= set(seen)
    assert items(system) == {
        (ids["A1"], "security_admin"): items(system)[ids["A1"], "security_admin"]
    }
    assert decide(security, seen[ids["A2"], "device_admin"], confirm=True).status_code == 200
    again = decide(security, seen[ids["A2"], "device_admin"], confirm=True)
    assert again.status_code == 409
    assert due.console("204003").status_code == 201
    assert decide(security, seen[ids["204003"], "supervisor"], confirm=False).get_json() == {
        "decision": "withdrawn"
    }
    assert due.console("204003").status_code != 201
    last = decide(security, seen[ids["Y1"], "system_admin"], confirm=False)
    assert last.get_json()["code"] == "last_administrator"


def test_what_nobody_confirmed_lapses_but_not_the_last_of_the_three(due: Force) -> None:
    kept = items(due.admin("A1"))[str(due.officer("204002").id), "supervisor"]
    assert decide(due.admin("A1"), kept, confirm=True).status_code == 200
    due.house.clock.advance(days=14, hours=1)
    due.work()
    assert due.console("204002").status_code == 201
    assert due.console("A2").status_code != 201  # lapsed
    assert due.console("A1").status_code == 201  # the last security admin
    lapsed = {row.resource_id for row in due.log("identity.role.lapse")}
    assert lapsed == {str(due.officer(number).id) for number in ("204003", "A2")}
    due.work()
    assert items(due.admin("A1")) == {}
