"""The catalogue as publishers and the console read it."""

from tests.factories.appstore import PACKAGE, Store, apk


def test_apps_are_listed_with_their_newest_release(store: Store) -> None:
    store.approved(apk(1))
    newest = store.submitted(apk(2))
    store.submitted(apk(1, package="city.muster.extra"))
    items = store.admin.get("/appstore/v1/apps").get_json()["items"]
    assert [item["app"]["package"] for item in items] == ["city.muster.extra", PACKAGE]
    assert items[1]["newest"]["id"] == newest["id"]


def test_a_long_catalogue_comes_in_pages(store: Store) -> None:
    for name in "abc":
        store.submitted(apk(1, package=f"city.muster.{name}"))
    first = store.admin.get("/appstore/v1/apps?limit=2").get_json()
    rest = store.admin.get(f"/appstore/v1/apps?limit=2&after={first['next']}").get_json()
    seen = [item["app"]["package"] for item in first["items"] + rest["items"]]
    assert seen == ["city.muster.a", "city.muster.b", "city.muster.c"]
    assert rest["next"] is None


def test_officers_do_not_read_it(store: Store) -> None:
    constable = store.force.console("204001", "officer")
    assert store.admin.get("/appstore/v1/apps").status_code == 200
    assert constable.get("/appstore/v1/apps").status_code == 403


def test_a_change_names_the_version_it_was_made_from(store: Store) -> None:
    store.submitted(apk(1))
    path = f"/appstore/v1/apps/{PACKAGE}"
    change = {"category": "forms"}
    assert store.publisher.call("PATCH", path, change).status_code == 428
    stale = store.publisher.call("PATCH", path, change, headers={"If-Match": '"v99"'})
    assert stale.status_code == 412
    assert store.admin.call("PATCH", path, change, headers={"If-Match": '"v1"'}).status_code == 403
    done = store.publisher.call("PATCH", path, change, headers={"If-Match": '"v1"'})
    assert (done.status_code, done.get_json()["category"]) == (200, "forms")


def test_an_unknown_app_is_explained(store: Store) -> None:
    answer = store.admin.get("/appstore/v1/apps/com.example.none")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "app_not_found")


def test_a_made_up_cursor_is_explained(store: Store) -> None:
    for path in ("/appstore/v1/apps", "/appstore/v1/releases"):
        for cursor in ("nonsense", "WyJ4Il0"):
            answer = store.admin.get(f"{path}?after={cursor}")
            assert answer.status_code in (200, 400), (path, cursor)
    made_up = store.admin.get("/appstore/v1/releases?after=WyJ4Il0")
    assert made_up.get_json()["code"] == "malformed"
