"""A sensitive change needs two approvers, and neither of them may have brought it."""

from muster.kernel.audit import search
from tests.factories.appstore import REASON, Store, apk, sensitive_apk


def test_a_sensitive_release_goes_with_two_approvers_and_says_how_far_it_is(store: Store) -> None:
    release = store.submitted(sensitive_apk(1))
    waits = store.sight(release)["progress"]
    assert (waits["waits_for"], waits["needed"], waits["given"]) == ("approver", 2, [])
    half = store.agree(release, store.approver, "the microphone is what it is for").get_json()
    assert half["release"]["state"] == "needs_review"
    assert half["release"]["approval_id"] != release["approval_id"]
    assert (half["progress"]["waits_for"], half["progress"]["needed"]) == ("approver", 2)
    [first] = half["progress"]["given"]
    assert (first["officer_id"], first["note"]) == (
        str(store.approver.officer_id),
        "the microphone is what it is for",
    )
    again = store.agree(release, store.approver)
    assert (again.status_code, again.get_json()["code"]) == (409, "release_approved_by_you")
    assert store.state(release) == "needs_review"
    whole = store.agree(release, store.second_approver).get_json()
    assert whole["release"]["state"] == "approved"
    assert (whole["progress"]["waits_for"], len(whole["progress"]["given"])) == ("rollout", 2)
    assert store.force.notices() == [
        "app.release_waiting",
        "app.release_half_approved",
        "app.release_approved",
    ]
    with store.house.kernel.reads() as uow:
        page = search.entries(uow, action="app.release.move", resource_id=release["id"])
    assert {row.document["result"]["rules"] for row in page.items}  # each move names the rules
    assert page.items[0].document["actor_label"] == "V2"


def test_the_submitter_does_not_approve_where_a_colleague_asked_again(store: Store) -> None:
    """The attack: let the request lapse and a second publisher ask, so it is not one's own."""
    both = store.force.console("B1", "publisher", "approver")
    release = store.submitted(apk(1), both)
    store.house.clock.advance(hours=25)
    asked = store.force.console("P2", "publisher").post(
        f"/appstore/v1/releases/{release['id']}/submit", REASON
    )
    assert asked.status_code == 202
    for answer in (
        store.agree(release, store.force.console("B2", "publisher")),
        store.force.console("V9", "approver", unit="SOUTH").post(
            f"/appstore/v1/releases/{release['id']}/approve", {}
        ),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (403, "not_permitted")
    store.house.clock.advance(hours=-25)
    mine = store.agree(release, both)
    assert (mine.status_code, mine.get_json()["code"]) == (403, "second_person_required")
    assert store.agree(release, store.approver).status_code == 200


def test_each_approval_judges_on_the_facts_of_its_day(store: Store) -> None:
    older, newer = store.submitted(sensitive_apk(1)), store.submitted(sensitive_apk(2))
    assert store.agree(older, store.approver).status_code == 200
    for approver in (store.approver, store.second_approver):
        assert store.agree(newer, approver).status_code == 200
    late = store.agree(older, store.second_approver)
    assert (late.status_code, late.get_json()["code"]) == (409, "release_outdated")
    assert late.get_json()["checks"] == ["version_code_not_higher"]


def test_a_release_says_that_it_waits_for_its_publisher(store: Store) -> None:
    release = store.submitted(apk(1))
    store.house.clock.advance(hours=25)
    publisher = store.force.console("P2", "publisher")
    seen = publisher.get(f"/appstore/v1/releases/{release['id']}").get_json()["progress"]
    assert (seen["waits_for"], seen["due_at"]) == ("submitter", None)
    late = store.force.console("V3", "approver")
    assert store.agree(release, late).get_json()["code"] == "release_wrong_state"
