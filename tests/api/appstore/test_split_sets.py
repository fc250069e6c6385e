"""Split sets: one release of several files, and a terminal may fetch each of its own."""

import hashlib

from muster.server.demo.apk_extras import square
from muster.server.demo.apks import package_set, split_apk
from tests.api.appstore.test_hostile_uploads import assert_nothing_left
from tests.factories.appstore import PACKAGE, Store, apk, desired, download, key

NAMES = {"config.arm64_v8a": {"abi": "arm64-v8a"}, "config.zh": {"language": "zh"}}


def test_a_set_is_reviewed_rolled_out_and_fetched_whole(store: Store) -> None:
    base = apk(1)
    splits = {name: split_apk(PACKAGE, 1, name, key("Publisher")) for name in NAMES}
    whole = package_set(base, splits)
    release = store.approved(whole)
    assert release["sha256"] == hashlib.sha256(base).hexdigest()
    store.rolled(release, store.pilot)
    inside, outside = store.terminal(store.pilot), store.terminal()
    (entry,) = desired(inside)
    assert entry["kind"] == "apks"
    assert [(file["name"], file["applies_to"]) for file in entry["files"]] == list(NAMES.items())
    for file in entry["files"]:
        assert download(inside, file["sha256"]).get_data() == splits[file["name"]]
        assert download(outside, file["sha256"]).status_code == 404
    again = store.upload(whole)
    assert (again.status_code, again.get_json()["code"]) == (409, "release_duplicate")


def test_a_set_of_two_apps_is_refused_and_leaves_nothing(store: Store) -> None:
    foreign = split_apk("city.muster.other", 1, "config.zh", key("Publisher"))
    answer = store.upload(package_set(apk(1), {"config.zh": foreign}))
    problem = answer.get_json()
    assert (answer.status_code, problem["reason"]) == (422, "split_differs")
    assert_nothing_left(store)


def test_a_file_the_store_has_is_known_by_its_hash_whoever_brings_it(store: Store) -> None:
    content = apk(1)
    release = store.submitted(content)
    southern = store.force.console("P9", "publisher", unit="SOUTH")
    for who in (store.publisher, southern):
        answer = store.upload(content, who)
        problem = answer.get_json()
        assert (answer.status_code, problem["code"]) == (409, "release_duplicate")
        assert (problem["release_id"], problem["state"]) == (release["id"], "needs_review")


def test_the_icon_is_shown_as_the_picture_it_is(store: Store) -> None:
    release = store.submitted(apk(1, icons={160: square(48), 640: square(192)}))
    answer = store.approver.get(f"/appstore/v1/releases/{release['id']}/icon")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.get_data() == square(192)
    plain = store.submitted(apk(2))
    answer = store.approver.get(f"/appstore/v1/releases/{plain['id']}/icon")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "icon_missing")
