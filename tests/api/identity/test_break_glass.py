"""Break-glass: at once, for an hour, for a reason and a case, told and reviewed, and never silently."""

from typing import Any

import pytest
from sqlalchemy import select

from muster.kernel.notices import Notice
from tests.api.identity.conftest import Force

NEED = {
    "kind": "certification",
    "name": "registers.persons",
    "reason": "Missing child, mother at the scene",
    "case_ref": "A2026-1120-0007",
}


@pytest.fixture
def patrol(force: Force) -> Force:
    force.sign_in()
    force.compliant()
    return force


def begin(force: Force, **changes: Any) -> Any:
    return force.terminal.call("POST", "/mobile/v1/break-glass", NEED | changes)


def certifications(force: Force) -> list[str]:
    told = force.terminal.call("GET", "/mobile/v1/me").get_json()
    held: list[str] = told["officer"]["certifications"]
    return held


def test_it_holds_at_once_is_told_with_the_commit_and_ends_after_the_hour(patrol: Force) -> None:
    answer = begin(patrol)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert certifications(patrol) == ["registers.persons"]
    with patrol.house.kernel.reads() as uow:
        told = uow.session.scalars(
            select(Notice).where(Notice.kind == "identity.break_glass.begun")
        )
        assert {notice.role for notice in told} == {"supervisor", "security_admin"}
    (entry,) = patrol.log("identity.break_glass.begin")
    assert (entry.outcome, entry.case_ref) == ("permitted", NEED["case_ref"])
    patrol.house.clock.advance(minutes=61)
    patrol.refresh()
    assert certifications(patrol) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"name": "informants"}, 403),
        ({"kind": "role", "name": "security_admin"}, 403),
        ({"kind": "role", "name": "supervisor"}, 403),  # not for a constable
        ({"minutes": 61}, 422),
        ({"case_ref": ""}, 422),
        ({"reason": "x"}, 422),
    ],
)
def test_only_what_a_policy_lists_can_be_broken(
    patrol: Force, changes: dict[str, Any], status: int
) -> None:
    assert begin(patrol, **changes).status_code == status
    assert certifications(patrol) == []


def test_it_asks_who_is_there_and_for_a_sound_terminal(patrol: Force) -> None:
    patrol.house.clock.advance(minutes=11)
    patrol.refresh()
    assert begin(patrol).get_json()["code"] == "step_up_required"
    patrol.sign_in()
    patrol.house.clock.advance(hours=25)
    patrol.sign_in()
    assert begin(patrol).get_json()["code"] == "posture_not_compliant"


def test_an_overdue_review_bars_the_next_and_nobody_reviews_their_own(patrol: Force) -> None:
    opened = begin(patrol).get_json()["id"]
    patrol.house.clock.advance(hours=73)
    patrol.compliant()
    patrol.sign_in()
    assert begin(patrol, name="registers.vehicles").get_json()["code"] == (
        "break_glass_review_overdue"
    )
    verdict = {"verdict": "justified", "note": "The child was found by it"}
    path = f"/admin/v1/break-glass/{opened}/review"
    assert patrol.admin("204003").call("POST", path, json=verdict).status_code == 403  # SOUTH
    supervisor = patrol.admin("204002")
    (waits,) = supervisor.call("GET", "/admin/v1/break-glass").get_json()["items"]
    assert waits["id"] == opened
    assert supervisor.call("POST", path, json=verdict).status_code == 200
    assert supervisor.call("POST", path, json=verdict).status_code == 409
    assert begin(patrol, name="registers.vehicles").status_code == 201


def test_a_sergeant_opens_a_post_for_herself_but_never_reviews_it(force: Force) -> None:
    force.sign_in("204002")
    force.compliant()
    need = NEED | {"kind": "role", "name": "duty_desk"}
    opened = force.terminal.call("POST", "/mobile/v1/break-glass", need)
    assert opened.status_code == 201, opened.get_data(as_text=True)
    posts = force.terminal.call("GET", "/mobile/v1/me").get_json()["officer"]["posts"]
    assert ("duty_desk", "break_glass") in {(post["role"], post["kind"]) for post in posts}
    verdict = {"verdict": "justified", "note": "I was right about it"}
    path = f"/admin/v1/break-glass/{opened.get_json()['id']}/review"
    assert force.admin("204002").call("POST", path, json=verdict).get_json()["rule"] == (
        "identity.nobody-reviews-their-own-break-glass"
    )
