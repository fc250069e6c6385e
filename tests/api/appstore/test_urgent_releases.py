"""An urgent security release goes with one approver, and somebody else looks at it within a day."""

from typing import Any

import pytest

from tests.factories.appstore import REASON, Store, desired, sensitive_apk
from tests.factories.mdm import Console

URGENT = {"urgent": "true", "reason": "closes a hole that is being used"}
CONFIRM = {"verdict": "confirmed", "note": "the change is what it says"}


def out(store: Store) -> dict[str, Any]:
    """Bring an urgent, sensitive release out to the pilot ring with one approver."""
    release = store.submitted(sensitive_apk(1), query_string=URGENT)
    assert store.agree(release, store.approver).get_json()["release"]["state"] == "approved"
    store.rolled(release, store.pilot)
    return release


def review(release: dict[str, Any], who: Console, **said: str) -> Any:
    path = f"/appstore/v1/releases/{release['id']}/review"
    return who.post(path, CONFIRM | said)


def test_it_goes_with_one_approver_and_another_confirms_it(store: Store) -> None:
    release = out(store)
    waits = store.sight(release)["progress"]
    assert (waits["waits_for"], waits["needed"]) == ("review", 1)
    [owed] = store.second_approver.get("/appstore/v1/reviews").get_json()["items"]
    assert owed["release"]["id"] == release["id"]
    assert owed["urgent_reason"] == URGENT["reason"]
    assert owed["due_at"] == waits["due_at"]
    for part_in_it in (store.approver, store.force.console("P2", "publisher")):
        assert review(release, part_in_it).status_code == 403
    assert review(release, store.approver).get_json()["code"] == "second_person_required"
    assert review(release, store.second_approver).get_json()["verdict"] == "confirmed"
    assert review(release, store.second_approver).get_json()["code"] == "release_review_closed"
    assert store.second_approver.get("/appstore/v1/reviews").get_json()["items"] == []
    store.house.clock.advance(minutes=2)
    store.force.work()
    assert store.state(release) == "rolling"


def test_the_submitter_who_may_approve_does_not_review_their_own(store: Store) -> None:
    both = store.force.console("B1", "publisher", "approver")
    release = store.submitted(sensitive_apk(1), both, query_string=URGENT)
    store.agree(release, store.approver)
    assert review(release, both).get_json()["code"] == "second_person_required"


@pytest.mark.parametrize("consequence", ["halted", "blocked"])
def test_an_objection_stops_it_and_it_goes_no_further(store: Store, consequence: str) -> None:
    terminal = store.terminal(store.pilot)
    release = out(store)
    assert [one["sha256"] for one in desired(terminal)] == [release["sha256"]]
    objection = {"verdict": "objected", "note": "it sends the sound abroad"}
    answer = review(release, store.second_approver, consequence=consequence, **objection)
    assert answer.get_json()["release"]["state"] == consequence
    store.force.work()
    assert desired(terminal) == []
    [ring] = store.admin.get(f"/appstore/v1/releases/{release['id']}/rollouts").get_json()["items"]
    resumed = store.admin.post(f"/appstore/v1/rollouts/{ring['rollout']['id']}/resume", REASON)
    assert resumed.get_json()["code"] == "release_review_missing"
    widened = store.start(release, store.group("more"))
    assert widened.get_json()["code"] == "release_review_missing"
    assert store.force.notices()[-3:] == ["app.release_objected"] * 3


def test_what_nobody_reviewed_is_halted_by_the_clock_until_somebody_does(store: Store) -> None:
    release = out(store)
    store.house.clock.advance(hours=23, minutes=59)
    store.force.work()
    desk = store.force.console("A2", "device_admin")
    publisher = store.force.console("P2", "publisher")
    seen = publisher.get(f"/appstore/v1/releases/{release['id']}").get_json()
    assert seen["release"]["state"] == "rolling"
    store.house.clock.advance(minutes=2)
    [ring] = desk.get(f"/appstore/v1/releases/{release['id']}/rollouts").get_json()["items"]
    path = f"/appstore/v1/rollouts/{ring['rollout']['id']}"
    raised = desk.call("PATCH", path, {"percent": 100}, headers={"If-Match": '"v1"'})
    assert raised.get_json()["code"] == "release_review_missing"  # even before the clock came by
    store.force.work()
    told = store.force.notices()
    seen = publisher.get(f"/appstore/v1/releases/{release['id']}").get_json()
    assert seen["release"]["state"] == "halted"
    assert told[-3:] == ["app.release_review_overdue"] * 3
    store.house.clock.advance(minutes=5)
    store.force.work()
    assert store.force.notices() == told
    late = store.force.console("V3", "approver")
    assert review(release, late).status_code == 200
    assert desk.post(f"{path}/resume", REASON).get_json()["state"] == "rolling"


def test_urgency_has_a_reason_and_may_be_said_later(store: Store) -> None:
    hushed = store.upload(sensitive_apk(1), query_string={"urgent": "true"})
    assert (hushed.status_code, hushed.get_json()["errors"][0]["pointer"]) == (422, "/reason")
    release = store.submitted(sensitive_apk(1))
    path = f"/appstore/v1/releases/{release['id']}/submit"
    assert store.publisher.post(path, REASON).get_json()["code"] == "release_review_open"
    asked = store.publisher.post(path, REASON | {"urgent": True})
    assert asked.status_code == 202
    assert store.approve(release).get_json()["code"] == "approval_closed"  # frozen as not urgent
    assert store.agree(release, store.approver).get_json()["progress"]["waits_for"] == "review"
