"""Names are kept for units before anything exists, and apps change hands under four eyes."""

from typing import Any

from tests.factories.appstore import PACKAGE, REASON, Store, apk
from tests.factories.mdm import Console

PREFIX = "city.muster.*"


def asked(store: Store, pattern: str, who: Console | None = None, unit: str = "NORTH") -> Any:
    wish = {"pattern": pattern, "unit": unit, **REASON}
    return (who or store.publisher).post("/appstore/v1/names", wish)


def granted(store: Store, asking: Any, who: Console) -> Any:
    assert asking.status_code == 202, asking.get_data(as_text=True)
    return who.post(f"/admin/v1/approvals/{asking.get_json()['approval_id']}/approve")


def test_a_prefix_is_granted_from_the_top_and_keeps_others_out(store: Store) -> None:
    root = store.force.console("V0", "approver", unit="CITY")
    southern = store.force.console("P9", "publisher", unit="SOUTH")
    for bad in ("city.*", "city", "city.muster.", "*", "city..muster", "city.muster.*.*"):
        assert asked(store, bad).status_code == 422, bad
    assert asked(store, PREFIX, southern).status_code == 403  # for a unit of others
    asking = asked(store, PREFIX)
    below = granted(store, asking, store.approver)
    assert (below.status_code, below.get_json()["code"]) == (403, "prefix_needs_root_approver")
    assert granted(store, asking, root).status_code == 200
    [kept] = store.publisher.get("/appstore/v1/names").get_json()["items"]
    assert kept["pattern"] == PREFIX
    assert asked(store, PREFIX).get_json()["code"] == "name_reserved_already"
    inside = asked(store, PACKAGE, southern, "SOUTH")
    assert (inside.status_code, inside.get_json()["code"]) == (409, "package_reserved")
    refused = store.upload(apk(1), southern)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "package_reserved")
    unread = store.send(southern, query_string={"package": PACKAGE})
    assert unread.get_json()["code"] == "package_reserved"
    assert store.publisher.get("/appstore/v1/releases").get_json()["items"] == []
    assert store.submitted(apk(1))["state"] == "needs_review"
    elsewhere = apk(1, package="city.mustering.plates")
    assert store.upload(elsewhere, southern).status_code == 201


def test_a_name_of_ones_own_is_granted_by_the_units_approver(store: Store) -> None:
    city = store.force.console("P0", "publisher", unit="CITY")
    assert granted(store, asked(store, PACKAGE, city), store.approver).status_code == 200
    store.submitted(apk(1), city)
    app = store.publisher.get(f"/appstore/v1/apps/{PACKAGE}").get_json()["app"]
    assert app["unit_id"] == str(store.force.units["NORTH"])  # whose name it is, not who typed
    taken = asked(store, "city.*.x".replace(".*", ".muster"), city, "CITY")
    assert taken.status_code == 202  # a name beside it


def test_an_app_goes_to_another_unit_when_somebody_over_both_agrees(store: Store) -> None:
    release = store.approved(apk(1))
    southern = store.force.console("P9", "publisher", unit="SOUTH")
    path = f"/appstore/v1/apps/{PACKAGE}/transfer"
    wish = {"unit": "SOUTH", **REASON}
    assert southern.post(path, wish).status_code == 403
    asking = store.publisher.post(path, wish)
    assert store.publisher.post(path, wish).get_json()["code"] == "app_owner_already"
    assert granted(store, asking, store.approver).status_code == 403  # approves for NORTH only
    root = store.force.console("V0", "approver", unit="CITY")
    done = granted(store, asking, root)
    assert done.status_code == 200, done.get_data(as_text=True)
    owner = southern.get(f"/appstore/v1/apps/{PACKAGE}").get_json()["app"]["unit_id"]
    assert owner == str(store.force.units["SOUTH"])
    assert store.upload(apk(2)).get_json()["checks"][0]["rule"] == "package_of_another_publisher"
    assert store.upload(apk(2), southern).status_code == 201
    retired = southern.post(f"/appstore/v1/releases/{release['id']}/retire", REASON)
    assert retired.status_code == 200
    results = [one.get("result", {}) for one in store.recorded("app.catalogue.transfer.approve")]
    assert ("NORTH", "SOUTH") in [(one.get("from"), one.get("to")) for one in results]
    assert store.force.notices().count("app.handed_over") == 2
