"""A release goes from the internal track to the pilot and to production."""

from typing import Any

from tests.factories.appstore import PACKAGE, REASON, Store, apk


def track(store: Store, name: str, version: int = 0, **rings: int) -> Any:
    body = {"rings": [{"group_id": group, "percent": part} for group, part in rings.items()]}
    path = f"/appstore/v1/apps/{PACKAGE}/tracks/{name}"
    return store.publisher.call("PUT", path, body, headers={"If-Match": f'"v{version}"'})


def promote(store: Store, release: dict[str, Any], to: str, **wish: Any) -> Any:
    path = f"/appstore/v1/releases/{release['id']}/promote"
    return store.publisher.post(path, {"track": to, **REASON, **wish})


def rings(store: Store, release: dict[str, Any]) -> dict[str, int]:
    path = f"/appstore/v1/releases/{release['id']}/rollouts"
    items = store.publisher.get(path).get_json()["items"]
    return {item["rollout"]["group_id"]: item["rollout"]["percent"] for item in items}


def test_a_release_goes_from_track_to_track_and_rises_in_each(store: Store) -> None:
    inside, everyone = store.group("inside"), store.group("everyone")
    release = store.approved(apk(1))
    assert promote(store, release, "internal").get_json()["code"] == "track_empty"
    assert track(store, "internal", **{inside: 100}).get_json()["version"] == 1
    assert track(store, "internal", **{inside: 50}).status_code == 412
    assert track(store, "internal", 1, **{inside: 50}).get_json()["version"] == 2
    track(store, "pilot", **{store.pilot: 10})
    track(store, "production", **{everyone: 20, store.pilot: 20})
    assert promote(store, release, "internal").get_json()["skipped"] == []
    assert rings(store, release) == {inside: 50}
    assert promote(store, release, "pilot", percent=25).status_code == 200
    assert promote(store, release, "pilot").status_code == 200  # never falls
    assert rings(store, release)[store.pilot] == 25
    out = promote(store, release, "production", percent=40, mode="available").get_json()
    assert (out["skipped"], out["approval_id"]) == ([], None)
    assert rings(store, release) == {inside: 50, store.pilot: 40, everyone: 40}
    assert [one["mode"] for one in out["rollouts"]].count("available") == 1
    lanes = store.admin.get(f"/appstore/v1/apps/{PACKAGE}/tracks").get_json()["items"]
    assert [lane["name"] for lane in lanes] == ["internal", "pilot", "production"]


def test_leaving_a_track_out_is_told_and_the_pilot_is_left_out_only_with_an_approver(
    store: Store,
) -> None:
    everyone = store.group("everyone")
    for name, group in (("pilot", store.pilot), ("production", everyone)):
        store.submitted(apk(1)) if name == "pilot" else None
        assert track(store, name, **{group: 100}).status_code == 200
    release = store.approved(apk(2))
    asking = promote(store, release, "production").get_json()
    assert (asking["rollouts"], asking["skipped"]) == ([], ["internal", "pilot"])
    assert rings(store, release) == {}
    assert promote(store, release, "production").get_json()["code"] == "promotion_open"
    path = f"/admin/v1/approvals/{asking['approval_id']}/approve"
    assert store.publisher.post(path).status_code == 403
    agreed = store.approver.post(path)
    assert agreed.status_code == 200, agreed.get_data(as_text=True)
    assert rings(store, release) == {everyone: 100}
    told = promote(store, release, "pilot").get_json()
    assert (told["skipped"], told["approval_id"]) == (["internal"], None)


def test_tracks_are_the_publishers_own(store: Store) -> None:
    release = store.approved(apk(1))
    track(store, "internal", **{store.pilot: 100})
    southern = store.force.console("P9", "publisher", unit="SOUTH")
    path = f"/appstore/v1/releases/{release['id']}/promote"
    assert southern.post(path, {"track": "internal", **REASON}).status_code == 403
    rings_path = f"/appstore/v1/apps/{PACKAGE}/tracks/internal"
    changed = southern.call("PUT", rings_path, {"rings": []}, headers={"If-Match": '"v1"'})
    assert changed.status_code == 403
    unknown = {"rings": [{"group_id": release["id"]}]}
    missing = store.publisher.call("PUT", rings_path, unknown, headers={"If-Match": '"v1"'})
    assert missing.status_code == 404
