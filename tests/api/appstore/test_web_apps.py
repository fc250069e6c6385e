"""A web app goes the whole way of a package: vetted, approved, rolled out, kept by a terminal."""

import hashlib
from typing import Any

from tests.api.appstore.test_registered_client import client_of
from tests.factories.appstore import (
    REASON,
    WEB,
    Store,
    apk,
    compiled,
    desired,
    download,
    png,
    zipped,
)


def test_a_page_with_its_files_reaches_the_terminals_of_one_ring(store: Store) -> None:
    inside, outside = store.terminal(store.pilot), store.terminal()
    content = zipped(index__html="<h1>Roster</h1>", app__js="1")
    bundle = store.bundle(content).get_json()
    assert (bundle["state"], bundle["files"]) == ("read", 2)
    asked = store.web(
        address="https://Roster.Police.Example:443/app/../app/",
        scopes=["tasks"],
        bundle=bundle["id"],
    )
    assert asked.status_code == 201, asked.get_data(as_text=True)
    release = asked.get_json()["release"]
    assert store.agree(release, store.publisher).status_code == 403, "four eyes, as for packages"
    store.rolled(store.agreed(release), store.pilot)

    inside.check_in()
    (told,) = compiled(inside)
    assert told == desired(inside)[0]
    assert (told["package"], told["kind"], told["mode"]) == (WEB, "web", "required")
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    web = told["web"]
    assert web["address"] == "https://roster.police.example/app/"
    assert web["scopes"] == ["tasks"]
    assert web["bundle"] == {"sha256": told["sha256"], "size": len(content), "url": told["url"]}
    assert inside.agent("GET", web["bundle"]["url"]).data == content
    icon = inside.agent("GET", web["icon"]["url"])
    assert (icon.status_code, icon.data, icon.mimetype) == (200, png(192, 192), "image/png")
    assert compiled(outside) == []
    assert download(outside, told["sha256"]).status_code == 404
    assert outside.agent("GET", web["icon"]["url"]).status_code == 404

    report = {"package": WEB, "version_code": 1, "state": "installed"}
    assert inside.check_in(apps=[report]).status_code == 200
    rings = store.admin.get(f"/appstore/v1/releases/{release['id']}/rollouts").get_json()["items"]
    assert rings[0]["health"]["installed"] == 1
    blocked = store.approver.post(f"/appstore/v1/releases/{release['id']}/block", REASON)
    assert blocked.status_code == 200
    store.force.work()
    assert [app["mode"] for app in compiled(inside)] == ["blocked"]
    assert client_of(store.publisher, WEB)["state"] == "blocked"


def test_its_client_is_called_back_at_its_own_origin_and_waits_for_its_scopes(
    store: Store,
) -> None:
    store.agreed(store.web(scopes=["tasks"]).get_json()["release"])
    client = client_of(store.publisher, WEB)
    assert client["redirect_uris"] == ["https://roster.police.example/app/"]
    assert (client["scopes"], client["requested_scopes"]) == ([], ["tasks"])
    path = f"/admin/v1/clients/{client['id']}"
    more = {"redirect_uris": ["https://roster.police.example/back", "https://elsewhere.example/"]}
    changed = store.publisher.call(
        "PATCH", path, more, headers={"If-Match": f'"v{client["version"]}"'}
    )
    assert changed.status_code == 200, changed.get_data(as_text=True)

    store.agreed(store.web(2, scopes=["tasks", "maps"]).get_json()["release"])
    client = client_of(store.publisher, WEB)
    assert client["redirect_uris"] == ["https://roster.police.example/back"]
    assert client["requested_scopes"] == ["tasks", "maps"]

    moved = store.web(3, address="https://new.example/").get_json()
    warned = {check["rule"] for check in moved["checks"] if check["verdict"] == "warn"}
    assert warned == {"host_changed", "host_not_listed"}
    store.agreed(moved["release"])
    assert client_of(store.publisher, WEB)["redirect_uris"] == ["https://new.example/"]


def test_what_the_rules_block_is_kept_without_its_files(store: Store) -> None:
    assert rules(store.web(address="http://roster.police.example/")) == ["address_not_https"]
    store.agreed(store.web(5).get_json()["release"])
    assert rules(store.web(5)) == ["version_code_not_higher"]
    stranger = store.force.console("P2", "publisher", unit="SOUTH")
    assert rules(store.web(6, stranger)) == ["package_of_another_publisher"]
    assert rules(store.upload(apk(9, package=WEB))) == ["kind_changed"]
    store.approved(apk(1))
    assert rules(store.web(7, package="city.muster.notes")) == ["kind_changed"]
    waiting = store.web(8).get_json()["release"]
    assert rules(store.web(8)) == ["version_code_in_review"]
    store.agreed(store.web(9).get_json()["release"])
    late = store.agree(waiting, store.approver)
    assert (late.status_code, late.get_json()["checks"]) == (409, ["version_code_not_higher"])


def rules(answer: Any) -> list[str]:
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "release_rejected"), problem
    return [check["rule"] for check in problem["checks"]]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"address": "https://user@roster.police.example/"}, "/address"),
    ({"address": "https://roster.police.example:99999/"}, "/address"),
    ({"address": "https://10.0.0.7/"}, "/address"),
    ({"address": "javascript:alert(1)"}, "/address"),
    ({"address": "https://roster.police.example/#/x"}, "/address"),
    ({"package": "roster"}, "/package"),
    ({"scopes": ["everything"]}, "/scopes/0"),
    ({"icon": "bm90IGEgcGljdHVyZQ=="}, "/icon"),
    ({"icon": ""}, "/icon"),
    ({"version_code": 2**53}, "/version_code"),
    ({"label": "a\x00b"}, "/label"),
]


def test_what_is_no_page_is_refused_at_the_field_it_belongs_to(store: Store) -> None:
    for change, pointer in BAD:
        answer = store.web(**change)
        assert answer.status_code == 422, change
        assert [fault["pointer"] for fault in answer.get_json()["errors"]] == [pointer], change
    assert store.web(bundle="0195c6a0-0000-7000-8000-000000000000").status_code == 404


def hostile() -> dict[str, bytes]:
    plain = zipped(index__html="<h1>")
    encrypted = bytearray(plain)
    encrypted[6] |= 1
    encrypted[plain.index(b"PK\x01\x02") + 8] |= 1
    return {
        "zip_traversal": zipped(**{"index__html": "<h1>", "../up.js": "1"}),
        "zip_flags": bytes(encrypted),
        "zip_duplicate": zipped(index__html="a", index__htm0="b").replace(b".htm0", b".html"),
        "zip_bomb": zipped(index__html="0" * (80 << 20)),
        "bundle_index_missing": zipped(home__html="<h1>"),
        "not_a_zip": b"<html>" * 10,
        "zip_headers_differ": plain.replace(b"index.html", b"Index.html", 1),
    }


def test_a_hostile_bundle_is_refused_and_nothing_of_it_is_kept(store: Store) -> None:
    for reason, content in hostile().items():
        answer = store.bundle(content)
        problem = answer.get_json()
        assert (answer.status_code, problem["code"]) == (422, "bundle_refused"), reason
        assert problem["reason"] == reason
    mine = store.bundle(zipped(index__html="<h1>")).get_json()
    stranger = store.force.console("P2", "publisher", unit="SOUTH")
    assert stranger.get(f"/appstore/v1/web-bundles/{mine['id']}").status_code == 404


def test_a_bundle_by_resumable_upload_is_read_by_a_job_before_a_release_names_it(
    store: Store,
) -> None:
    good = store.tus(zipped(index__html="<h1>"), target="web_bundle")
    early = store.web(bundle=good)
    assert (early.status_code, early.get_json()["code"]) == (409, "bundle_not_ready")
    bad = store.tus(zipped(**{"../index__html": "<h1>"}), target="web_bundle")
    store.force.work()
    seen = store.publisher.get(f"/appstore/v1/web-bundles/{bad}").get_json()
    assert seen["state"] == "refused"
    assert seen["fault"].startswith("zip_traversal")
    assert rules(store.web(bundle=bad)) == ["bundle_refused"]
    assert store.web(bundle=good).status_code == 201
