"""Four eyes: whoever brings a release does not approve it."""

from muster.kernel.audit import search
from muster.kernel.identity import client_credentials
from muster.kernel.identity import people as officers
from tests.factories.appstore import APK, PACKAGE, REASON, Store, apk


def test_a_publisher_cannot_approve(store: Store) -> None:
    answer = store.approve(store.submitted(apk(1)), store.publisher)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_permitted")


def test_an_approver_cannot_approve_what_they_brought(store: Store) -> None:
    both = store.force.console("B1", "publisher", "approver")
    release = store.submitted(apk(1), both)
    answer = store.approve(release, both)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "second_person_required")
    assert store.state(release) == "needs_review"
    assert store.approve(release).status_code == 200


def test_an_approver_of_another_unit_has_no_say(store: Store) -> None:
    southern = store.force.console("V9", "approver", unit="SOUTH")
    assert store.approve(store.submitted(apk(1)), southern).status_code == 403


def test_people_without_the_role_bring_nothing(store: Store) -> None:
    answer = store.upload(apk(1), store.approver)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_permitted")


def test_the_approver_is_told_and_the_publisher_hears_the_outcome(store: Store) -> None:
    store.approved(apk(1))
    assert store.force.notices() == ["app.release_waiting", "app.release_approved"]


def test_a_rejected_release_cannot_be_approved_any_more(store: Store) -> None:
    release = store.submitted(apk(1))
    path = f"/appstore/v1/releases/{release['id']}/reject"
    answer = store.approver.post(path, {"reason": "asks for too much"})
    assert (answer.status_code, answer.get_json()["state"]) == (200, "rejected")
    assert store.approve(release).status_code == 409
    assert store.force.notices()[-1] == "app.release_rejected"
    assert store.submitted(apk(1))["state"] == "needs_review"


def test_a_publisher_takes_their_own_release_back(store: Store) -> None:
    release = store.submitted(apk(1))
    path = f"/appstore/v1/releases/{release['id']}/reject"
    assert store.publisher.post(path, REASON).status_code == 200
    assert store.approve(release).get_json()["code"] == "approval_closed"


def test_after_a_request_expired_the_publisher_asks_again(store: Store) -> None:
    release = store.submitted(apk(1))
    path = f"/appstore/v1/releases/{release['id']}/submit"
    assert store.publisher.post(path, REASON).get_json()["code"] == "release_review_open"
    store.house.clock.advance(hours=25)
    asked = store.force.console("P2", "publisher").post(path, REASON)
    assert asked.status_code == 202, asked.get_data(as_text=True)
    second = store.force.console("V3", "approver")
    assert store.approve(asked.get_json(), second).status_code == 200


def test_the_approved_signer_is_pinned(store: Store) -> None:
    store.submitted(apk(1))
    path = f"/appstore/v1/apps/{PACKAGE}"
    assert store.publisher.get(path).get_json()["app"]["signers"] == []
    release = store.approved(apk(2))
    assert store.publisher.get(path).get_json()["app"]["signers"] == [release["signer"]]


def test_every_move_is_in_the_log_with_its_mover(store: Store) -> None:
    release = store.approved(apk(1))
    store.rolled(release, store.pilot)
    with store.house.kernel.reads() as uow:
        page = search.entries(uow, action="app.release.move", resource_id=release["id"])
    moves = [
        (row.document["actor_label"], row.document["result"]["to"]) for row in reversed(page.items)
    ]
    assert moves == [
        ("P1", "scanning"),
        ("P1", "needs_review"),
        ("V1", "approved"),
        ("A1", "rolling"),
    ]


def test_a_pipeline_brings_a_release_with_a_publishers_token(store: Store) -> None:
    token = pipeline_token(store, "publisher")
    headers = {"Authorization": f"Bearer {token}"}
    call = store.house.client
    answer = call.post("/appstore/v1/releases", data=apk(1), content_type=APK, headers=headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    seen = call.get("/appstore/v1/releases", headers=headers).get_json()["items"]
    assert [item["id"] for item in seen] == [answer.get_json()["release"]["id"]]
    approval = answer.get_json()["release"]["approval_id"]
    refused = call.post(f"/admin/v1/approvals/{approval}/approve", headers=headers)
    assert refused.status_code == 401


def test_a_token_for_another_door_brings_nothing(store: Store) -> None:
    headers = {"Authorization": f"Bearer {pipeline_token(store, 'ogc')}"}
    answer = store.house.client.post(
        "/appstore/v1/releases", data=apk(1), content_type=APK, headers=headers
    )
    assert answer.status_code == 401


def pipeline_token(store: Store, surface: str) -> str:
    with store.house.kernel.writes() as uow:
        secret, _ = client_credentials.issue(
            uow,
            officers.actor_for(uow, store.publisher.officer_id),
            surface=surface,
            label="pipeline",
            officer_id=store.publisher.officer_id,
            device_id=None,
            client="field",
        )
    return secret
