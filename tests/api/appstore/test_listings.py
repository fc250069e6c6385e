"""What people read of an app: written by its publishers, at once, in each reader's language."""

from typing import Any

from werkzeug.test import TestResponse

from tests.factories.appstore import PACKAGE, WEB, Store, apk, png
from tests.factories.mdm import PIN, Console

APP = f"/appstore/v1/apps/{PACKAGE}"
EN = {"name": "Notes", "summary": "Write it down.", "description": "Line one\nLine two"}
ZH = {"name": "记事本", "summary": "随手记录。", "contact": "信通处 5566"}


def write(store: Store, locale: str, text: dict[str, str], tag: str = "") -> TestResponse:
    headers = {"If-Match": tag} if tag else {}
    return store.publisher.call("PUT", f"{APP}/listing/{locale}", text, headers=headers)


def upload(
    store: Store, kind: str, content: bytes, locale: str = "en", who: Console | None = None
) -> TestResponse:
    path = f"{APP}/listing/{locale}/pictures?kind={kind}"
    return (who or store.publisher).call("POST", path, data=content, content_type="image/png")


def shelf(terminal: Any, language: str, door: str = "agent") -> list[dict[str, Any]]:
    call = terminal.agent if door == "agent" else terminal.call
    answer = call("GET", "/appstore/v1/catalogue", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def test_a_listing_is_live_at_once_for_those_who_may_have_the_app(store: Store) -> None:
    release = store.approved(apk())
    store.rolled(release, store.pilot)
    inside, outside = store.terminal(store.pilot), store.terminal()
    (bare,) = shelf(inside, "en")
    assert (bare["name"], bare["locale"], bare["icon"]) == ("Notes", "", None)

    assert write(store, "EN", EN).status_code == 200
    assert write(store, "zh-hans", ZH).status_code == 200
    for kind, size in (("icon", (96, 96)), ("feature", (64, 32)), ("phone", (32, 64))):
        answer = upload(store, kind, png(*size))
        assert answer.status_code == 201, answer.get_data(as_text=True)
    note = f"/appstore/v1/releases/{release['id']}/notes/en"
    assert store.publisher.call("PUT", note, {"text": "Faster."}).status_code == 200
    assert store.publisher.call("PUT", note, {"text": "Slower."}).status_code == 428

    (english,) = shelf(inside, "de, en-GB;q=0.8")
    assert (english["name"], english["description"]) == ("Notes", "Line one\nLine two")
    assert english["notes"] == "Faster."
    assert [english["icon"]["width"], english["feature"]["width"]] == [96, 64]
    store.force.officer("204001")
    assert inside.sign_in("204001", PIN).status_code == 200
    (chinese,) = shelf(inside, "zh-CN", "field")
    assert (chinese["name"], chinese["contact"]) == ("记事本", "信通处 5566")
    assert shelf(outside, "en") == []

    url = english["screenshots"][0]["url"]
    sent = inside.agent("GET", url)
    assert (sent.data, sent.mimetype) == (png(32, 64), "image/png")
    assert sent.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    again = inside.agent("GET", url, headers={"If-None-Match": sent.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert store.admin.get(url).status_code == 200
    for stranger in (outside.agent("GET", url), inside.agent("GET", url[:-1] + "x")):
        assert (stranger.status_code, stranger.get_json()["code"]) == (404, "picture_not_found")


def test_an_app_for_sworn_officers_is_not_on_the_shelf_of_others(store: Store) -> None:
    store.rolled(store.approved(apk()), store.pilot)
    sworn = {"visibility": "sworn", "category": "forms"}
    assert (
        store.publisher.call("PATCH", APP, sworn, headers={"If-Match": '"v2"'}).status_code == 200
    )
    terminal = store.terminal(store.pilot)
    write(store, "en", EN)
    upload(store, "phone", png(32, 64))
    (seen,) = shelf(terminal, "en")
    assert seen["category"] == "forms"
    store.force.officer("204001", sworn=False)
    terminal.sign_in("204001", PIN)
    assert shelf(terminal, "en", "field") == []
    assert terminal.call("GET", seen["screenshots"][0]["url"]).status_code == 404


def test_texts_are_plain_and_bounded_and_have_versions(store: Store) -> None:
    store.submitted(apk())
    for bad in (
        {"name": ""},
        {"name": "<b>Notes</b>"},
        {"name": "two\nlines"},
        {"name": "safe\u202egpj"},
        {"summary": "s" * 201},
        {"description": "\x07"},
        {"colour": "red"},
    ):
        assert write(store, "en", EN | bad).status_code == 422, bad
    assert write(store, "en", EN | {"description": "1 < 2 && 3 > 2"}).status_code == 200
    assert write(store, "en", EN).status_code == 428
    assert write(store, "en", EN, '"v7"').status_code == 412
    tag = store.publisher.get(f"{APP}/listing/en").headers["ETag"]
    changed = write(store, "en", EN | {"name": "Notebook"}, tag)
    assert changed.status_code == 200
    assert write(store, "en", EN, tag).status_code == 412
    for locale in ("english", "e", "en_GB", "zh-Hans-x-evil"):
        assert write(store, locale, EN).status_code == 422, locale
    stranger = store.force.console("P2", "publisher", unit="SOUTH")
    assert stranger.call("PUT", f"{APP}/listing/fr", EN).status_code == 403
    assert upload(store, "icon", png(64, 64), who=stranger).status_code == 403
    write(store, "zh-Hans", ZH)
    listed = store.approver.get(f"{APP}/listing").get_json()["items"]
    assert [one["locale"] for one in listed] == ["zh-Hans", "en"]
    gone = {"If-Match": changed.headers["ETag"]}
    assert store.publisher.call("DELETE", f"{APP}/listing/en", headers=gone).status_code == 204
    assert store.publisher.get(f"{APP}/listing/en").get_json()["code"] == "listing_not_found"


def test_screenshots_are_ordered_and_limited_and_a_new_icon_replaces_the_old(store: Store) -> None:
    store.submitted(apk())
    assert upload(store, "icon", png(64, 64)).status_code == 404, "no listing yet"
    write(store, "en", EN)
    for content, kind in (
        (b"<svg onload=alert(1)>", "phone"),
        (png(64, 64)[:20], "phone"),
        (png(64, 8), "phone"),
        (png(64, 48), "icon"),
        (png(32, 64), "feature"),
    ):
        assert upload(store, kind, content).get_json()["code"] == "picture_refused"
    assert upload(store, "poster", png(64, 64)).status_code == 422
    for width in range(20, 28):
        assert upload(store, "phone", png(width, 64)).status_code == 201
    assert upload(store, "phone", png(30, 64)).get_json()["code"] == "listing_pictures_full"
    upload(store, "icon", png(64, 64))
    both = upload(store, "icon", png(96, 96))
    ids = pictures(both, "phone")
    assert len(pictures(both, "icon")) == 1

    path, tag = f"{APP}/listing/en/pictures", {"If-Match": both.headers["ETag"]}
    turned = store.publisher.call("PUT", path, {"ids": ids[::-1]}, headers=tag)
    assert pictures(turned, "phone") == ids[::-1]
    assert store.publisher.call("PUT", path, {"ids": ids}, headers=tag).status_code == 412
    tag = {"If-Match": turned.headers["ETag"]}
    for wrong in (ids[1:], [ids[0], *ids[:-1]]):
        assert store.publisher.call("PUT", path, {"ids": wrong}, headers=tag).status_code == 422
    left = store.publisher.call("DELETE", f"{APP}/pictures/{ids[0]}")
    assert pictures(left, "phone") == ids[:0:-1]
    assert store.publisher.call("DELETE", f"{APP}/pictures/{ids[0]}").status_code == 404

    store.tus(png(40, 64), target="picture", package=PACKAGE, locale="en", kind="phone")
    assert len(pictures(store.publisher.get(f"{APP}/listing/en"), "phone")) == 8
    assert (
        both.get_json()["version"] < store.publisher.get(f"{APP}/listing/en").get_json()["version"]
    )


def test_a_listing_s_icon_can_be_that_of_a_web_app_s_next_release(store: Store) -> None:
    store.agreed(store.web().get_json()["release"])
    path = f"/appstore/v1/apps/{WEB}/listing/en"
    store.publisher.call("PUT", path, EN)
    added = store.publisher.call(
        "POST", f"{path}/pictures?kind=icon", data=png(48, 48), content_type="image/png"
    )
    (icon,) = pictures(added, "icon")
    assert store.web(2, icon="", icon_picture=icon).status_code == 201


def pictures(answer: TestResponse, kind: str) -> list[str]:
    body = answer.get_json()
    return [one["id"] for one in body["pictures"] if one["kind"] == kind]
