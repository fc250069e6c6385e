"""What the rules keep out: it is recorded with its evidence, and its bytes are not kept."""

from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from appstore.releases import Release
from muster.kernel.blobs import Blob
from tests.factories.appstore import PACKAGE, Store, apk, key

DANGEROUS = "android.permission.READ_SMS"


def test_an_update_signed_by_another_key_is_rejected_and_recorded(store: Store) -> None:
    store.approved(apk(1))
    blobs = count(store, Blob)
    answer = store.upload(apk(2, signer="Somebody else"))
    assert rejected(answer) == ["signer_not_pinned"]
    kept = store.publisher.get(f"/appstore/v1/releases/{answer.get_json()['release_id']}")
    shown = kept.get_json()
    assert shown["release"]["state"] == "rejected"
    (blocking,) = [check for check in shown["checks"] if check["verdict"] == "block"]
    assert blocking["evidence"] == [
        f"signed by {key('Somebody else').sha256}",
        f"pinned is {key('Publisher').sha256}",
    ]
    assert count(store, Blob) == blobs


def test_two_first_releases_by_different_keys_the_approved_one_pins(store: Store) -> None:
    first = store.submitted(apk(1))
    second = store.submitted(apk(2, signer="Somebody else"))
    assert store.approve(first).status_code == 200
    answer = store.approve(second)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "release_outdated")
    assert answer.get_json()["checks"] == ["signer_not_pinned"]
    assert store.state(second) == "needs_review"


@pytest.mark.parametrize("code", [1, 2])
def test_a_version_code_that_does_not_rise_is_rejected(store: Store, code: int) -> None:
    store.approved(apk(2))
    assert rejected(store.upload(apk(code))) == ["version_code_not_higher"]


def test_a_version_code_in_review_is_not_taken_twice(store: Store) -> None:
    store.submitted(apk(1))
    assert rejected(store.upload(apk(1))) == ["version_code_in_review"]


def test_a_lower_version_is_not_approved_after_a_higher_one(store: Store) -> None:
    low, high = store.submitted(apk(1)), store.submitted(apk(2))
    assert store.approve(high).status_code == 200
    answer = store.approve(low)
    assert answer.get_json()["checks"] == ["version_code_not_higher"]


def test_several_faults_are_all_named(store: Store) -> None:
    answer = store.upload(apk(1, debuggable=True, target_sdk=29))
    assert rejected(answer) == ["debuggable", "target_sdk_too_low"]


def test_a_rejected_first_upload_claims_no_package(store: Store) -> None:
    store.upload(apk(1, debuggable=True))
    assert store.publisher.get(f"/appstore/v1/apps/{PACKAGE}").status_code == 404
    southern = store.force.console("P9", "publisher", unit="SOUTH")
    assert store.submitted(apk(1), southern)["state"] == "needs_review"


def test_the_package_of_another_publisher_is_rejected(store: Store) -> None:
    store.approved(apk(1))
    southern = store.force.console("P9", "publisher", unit="SOUTH")
    answer = store.upload(apk(2), southern)
    assert rejected(answer) == ["package_of_another_publisher"]
    shown = store.publisher.get(f"/appstore/v1/apps/{PACKAGE}").get_json()
    assert [release["version_code"] for release in shown["releases"]] == [1]


def test_what_was_blocked_does_not_come_back(store: Store) -> None:
    content = apk(1)
    release = store.approved(content)
    path = f"/appstore/v1/releases/{release['id']}/block"
    assert store.admin.post(path, {"reason": "it drains batteries"}).status_code == 200
    assert rejected(store.upload(content)) == ["version_code_not_higher", "content_retired"]


def test_the_approver_sees_new_permissions_against_the_release_before(store: Store) -> None:
    store.approved(apk(1, permissions=("android.permission.CAMERA",)))
    answer = store.upload(apk(2, permissions=("android.permission.INTERNET", DANGEROUS)))
    shown = answer.get_json()
    warned = {c["rule"]: c["evidence"] for c in shown["checks"] if c["verdict"] == "warn"}
    assert warned["permissions_added"] == [DANGEROUS]
    assert {(p["name"].rsplit(".")[-1], p["change"]) for p in shown["permissions"]} == {
        ("READ_SMS", "added"),
        ("INTERNET", "added"),
        ("CAMERA", "removed"),
    }


def rejected(answer: TestResponse) -> list[str]:
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "release_rejected"), problem
    return [check["rule"] for check in problem["checks"]]


def count(store: Store, model: Any) -> int:
    with store.house.kernel.reads() as uow:
        return uow.session.scalars(select(func.count()).select_from(model)).one()


def test_rejections_stay_readable_in_the_list(store: Store) -> None:
    store.upload(apk(1, debuggable=True))
    assert count(store, Release) == 1
    listed = store.publisher.get("/appstore/v1/releases?state=rejected").get_json()["items"]
    assert [(item["package"], item["app_id"]) for item in listed] == [(PACKAGE, None)]
