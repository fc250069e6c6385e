"""Tokens for pipelines: made for some apps and some acts, shown once, ended in many ways."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from appstore.releases import Release
from muster.kernel.identity import CREDENTIAL_PREFIX, Officer, officers
from muster.kernel.identity import people as persons
from tests.factories.appstore import APK, PACKAGE, REASON, Store, apk

OTHER = "city.muster.plates"


@dataclass
class Pipeline:
    """A program that shows a token."""

    store: Store
    secret: str

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.secret}", **options.pop("headers", {})}
        return self.store.house.client.open(path, method=method, headers=headers, **options)

    def upload(self, content: bytes, **query: str) -> TestResponse:
        path = "/appstore/v1/releases"
        return self.call("POST", path, data=content, content_type=APK, query_string=query)

    def tus(self, content: bytes, **metadata: str) -> TestResponse:
        said = {"target": "release", **metadata}
        packed = ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in said.items())
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": packed,
        }
        stream = "application/offset+octet-stream"
        return self.call("POST", "/uploads", headers=headers, data=content, content_type=stream)


def issued(store: Store, who: Any = None, **wish: Any) -> TestResponse:
    usual = {"label": "nightly build", "packages": [PACKAGE], "acts": ["upload"], "days": 30}
    return (who or store.publisher).post("/appstore/v1/tokens", usual | wish)


def pipeline(store: Store, **wish: Any) -> Pipeline:
    answer = issued(store, **wish)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return Pipeline(store, answer.get_json()["secret"])


def kept(store: Store) -> int:
    with store.house.kernel.reads() as uow:
        return uow.session.scalar(select(func.count()).select_from(Release)) or 0


def test_a_token_is_shown_once_and_listed_without_its_secret(store: Store) -> None:
    made = issued(store, acts=["upload", "promote"]).get_json()
    assert made["secret"].startswith(CREDENTIAL_PREFIX)
    [listed] = store.publisher.get("/appstore/v1/tokens").get_json()["items"]
    assert "secret" not in listed
    assert (listed["packages"], listed["acts"]) == ([PACKAGE], ["upload", "promote"])
    for wrong in ({"days": 367}, {"acts": []}, {"packages": ["x"]}, {"acts": ["approve"]}):
        assert issued(store, **wrong).status_code == 422
    assert issued(store, store.approver).status_code == 403


def test_a_token_for_one_app_brings_no_other(store: Store) -> None:
    """The attack: say nothing, say the truth, or lie about what is in the file."""
    ci = pipeline(store)
    assert ci.upload(apk(1)).status_code == 201
    before = kept(store)
    for query in ({}, {"package": OTHER}, {"package": PACKAGE}):
        refused = ci.upload(apk(1, package=OTHER), **query)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "token_package_missing")
    unread = ci.call("POST", "/appstore/v1/releases", query_string={"package": OTHER})
    assert unread.get_json()["code"] == "token_package_missing"  # there were no bytes to read
    assert ci.tus(apk(1, package=OTHER)).status_code == 422
    assert ci.tus(apk(1, package=OTHER), package=OTHER).status_code == 403
    assert kept(store) == before
    lied = ci.tus(apk(1, package=OTHER), package=PACKAGE)
    assert lied.status_code == 201
    store.force.work()
    release = lied.headers["Location"].rpartition("/")[2]
    seen = ci.call("GET", f"/appstore/v1/releases/{release}").get_json()
    assert (seen["release"]["state"], seen["release"]["app_id"]) == ("rejected", None)
    assert [check["rule"] for check in seen["checks"]] == ["package_not_announced"]
    assert ci.tus(apk(2), package=PACKAGE).status_code == 201
    theirs = store.submitted(apk(1, package=OTHER))
    again = ci.call("POST", f"/appstore/v1/releases/{theirs['id']}/submit", json=REASON)
    assert again.get_json()["code"] == "token_package_missing"


def test_a_token_does_only_what_it_was_made_for(store: Store) -> None:
    release = store.approved(apk(1))
    ring = {"rings": [{"group_id": store.pilot}]}
    path = f"/appstore/v1/apps/{PACKAGE}/tracks/internal"
    set_up = store.publisher.call("PUT", path, ring, headers={"If-Match": '"v0"'})
    assert set_up.status_code == 200, set_up.get_data(as_text=True)
    wish = {"track": "internal", **REASON}
    promote = f"/appstore/v1/releases/{release['id']}/promote"
    reader, uploader = pipeline(store, acts=["read"]), pipeline(store, acts=["upload"])
    promoter = pipeline(store, acts=["promote"])
    for ci in (reader, uploader, promoter):
        assert ci.call("GET", f"/appstore/v1/releases/{release['id']}").status_code == 200
    for answer in (
        reader.upload(apk(2)),
        reader.tus(apk(2), package=PACKAGE),
        promoter.upload(apk(2)),
        reader.call("POST", promote, json=wish),
        uploader.call("POST", promote, json=wish),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (403, "token_scope_missing")
    other = pipeline(store, acts=["promote"], packages=[OTHER])
    assert other.call("POST", promote, json=wish).get_json()["code"] == "token_package_missing"
    assert promoter.call("POST", promote, json=wish).get_json()["rollouts"][0]["percent"] == 100
    assert uploader.upload(apk(2)).status_code == 201
    assert pipeline(store, packages=["*"]).upload(apk(1, package=OTHER)).status_code == 201


@pytest.mark.parametrize("end", ["owner", "colleague", "security", "date", "leaver"])
def test_a_token_ends(store: Store, end: str) -> None:
    made = issued(store).get_json()
    ci = Pipeline(store, made["secret"])
    assert ci.call("GET", "/appstore/v1/releases").status_code == 200
    revoke = f"/appstore/v1/tokens/{made['id']}/revoke"
    stranger = store.force.console("P9", "publisher", unit="SOUTH")
    assert stranger.post(revoke, REASON).status_code == 403
    assert stranger.get("/appstore/v1/tokens").get_json()["items"] == []
    ends = {
        "owner": store.publisher,
        "colleague": store.force.console("P2", "publisher", unit="CITY"),
        "security": store.force.console("S1", "security_admin", unit="CITY"),
    }
    if end in ends:
        [listed] = ends[end].get("/appstore/v1/tokens").get_json()["items"]
        assert listed["id"] == made["id"]
        assert ends[end].post(revoke, REASON).status_code == 204
        assert ends[end].post(revoke, REASON).status_code == 204
    elif end == "date":
        store.house.clock.advance(days=31)
    else:
        with store.house.kernel.writes() as uow:
            row = uow.session.get_one(Officer, store.publisher.officer_id)
            boss = persons.actor_for(uow, ends["security"].officer_id)
            officers.suspend(uow, boss, row.id, "has left the force")
    assert ci.call("GET", "/appstore/v1/releases").status_code == 401


def test_nobody_makes_a_token_for_an_app_of_others(store: Store) -> None:
    southern = store.force.console("P9", "publisher", unit="SOUTH")
    store.submitted(apk(1))
    refused = issued(store, southern)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "package_reserved")
