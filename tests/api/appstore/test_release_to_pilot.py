"""Step by step from a publisher's file to the terminals of one ring, and to no others."""

import hashlib

from tests.factories.appstore import REASON, Store, apk, compiled, desired, download


def test_version_two_reaches_the_pilot_ring_only(store: Store) -> None:
    inside, outside = store.terminal(store.pilot), store.terminal()
    store.approved(apk(1))
    content = apk(2)
    release = store.submitted(content)
    assert store.state(release) == "needs_review"
    assert store.approve(release).status_code == 200
    assert store.state(release) == "approved"
    store.rolled(release, store.pilot)
    assert store.state(release) == "rolling"

    inside.check_in()
    (wanted,) = compiled(inside)
    assert (wanted["version_code"], wanted["mode"]) == (2, "required")
    assert wanted["url"] == f"/appstore/v1/downloads/{wanted['sha256']}"
    fetched = inside.agent("GET", wanted["url"])
    assert fetched.status_code == 200
    assert fetched.data == content
    assert hashlib.sha256(fetched.data).hexdigest() == wanted["sha256"]
    assert fetched.headers["Cache-Control"] == "private, max-age=31536000, immutable"

    report = {"package": wanted["package"], "version_code": 2, "state": "installed"}
    assert inside.check_in(apps=[report]).status_code == 200
    ring = rings(store, release)[0]
    assert ring["health"] == {"ring": 1, "targeted": 1, "installed": 1, "failed": 0}

    assert compiled(outside) == desired(outside) == []
    refused = download(outside, release["sha256"])
    assert (refused.status_code, refused.get_json()["code"]) == (404, "app_not_offered")


def test_a_made_up_hash_looks_like_one_that_is_not_offered(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    answer = download(terminal, "0" * 64)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "app_not_offered")
    assert download(terminal, "short").status_code == 404


def test_an_approved_release_that_is_rolled_out_nowhere_is_for_nobody(store: Store) -> None:
    release, terminal = store.approved(apk(1)), store.terminal(store.pilot)
    assert desired(terminal) == []
    assert download(terminal, release["sha256"]).status_code == 404


def test_a_release_under_review_is_not_rolled_out(store: Store) -> None:
    answer = store.start(store.submitted(apk(1)), store.pilot)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "release_wrong_state")


def test_a_terminal_that_joins_the_ring_gets_the_app(store: Store) -> None:
    store.rolled(store.approved(apk(1)), store.pilot)
    late = store.terminal()
    assert compiled(late) == []
    store.join(store.pilot, late)
    assert [app["version_code"] for app in compiled(late)] == [1]


def test_a_failed_install_counts_and_leaves_what_is_installed(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    first = store.approved(apk(1))
    store.rolled(first, store.pilot)
    told = {"package": first["package"], "version_code": 1, "state": "installed"}
    terminal.check_in(apps=[told])
    second = store.approved(apk(2))
    store.rolled(second, store.pilot)
    terminal.check_in(apps=[told | {"version_code": 2, "state": "failed", "detail": "no space"}])
    assert rings(store, second)[0]["health"]["failed"] == 1
    assert rings(store, first)[0]["health"]["installed"] == 1


def test_reports_about_apps_of_others_are_passed_over(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    foreign = {"package": "com.example.game", "version_code": 3, "state": "installed"}
    assert terminal.check_in(apps=[foreign, foreign]).status_code == 200


def test_a_finished_release_supersedes_the_one_before(store: Store) -> None:
    first, second = store.approved(apk(1)), None
    store.rolled(first, store.pilot)
    assert complete(store, first) == 200
    second = store.approved(apk(2))
    store.rolled(second, store.pilot, percent=50)
    assert complete(store, second) == 409
    path = f"/appstore/v1/rollouts/{rings(store, second)[0]['rollout']['id']}"
    raised = store.admin.call("PATCH", path, {"percent": 100}, headers={"If-Match": '"v1"'})
    assert raised.status_code == 200
    assert complete(store, second) == 200
    assert (store.state(first), store.state(second)) == ("superseded", "released")


def rings(store: Store, release: dict) -> list:
    return store.admin.get(f"/appstore/v1/releases/{release['id']}/rollouts").get_json()["items"]


def complete(store: Store, release: dict) -> int:
    path = f"/appstore/v1/releases/{release['id']}/complete"
    return store.publisher.post(path, REASON).status_code
