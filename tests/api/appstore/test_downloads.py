"""Who gets the bytes of a release, and how they travel."""

from dataclasses import replace

from tests.factories.appstore import REASON, Store, apk, desired, download
from tests.factories.mdm import PIN
from tests.factories.terminal import COMPLIANT, TestTerminal


def lose(store: Store, terminal: TestTerminal) -> None:
    path = f"/admin/v1/devices/{terminal.id}/lost"
    assert store.admin.post(path, {"reason": "left in a taxi"}).status_code == 200


def break_rules(terminal: TestTerminal) -> None:
    answer = terminal.check_in(posture=COMPLIANT | {"rooted": True})
    assert answer.get_json()["compliant"] is False


def test_a_lost_terminal_gets_neither_the_list_nor_the_file(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    release = store.approved(apk(1))
    store.rolled(release, store.pilot)
    assert download(terminal, release["sha256"]).status_code == 200
    lose(store, terminal)
    for path in ("/agent/v1/apps/desired", f"/appstore/v1/downloads/{release['sha256']}"):
        answer = terminal.agent("GET", path)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "device_out_of_service")


def test_a_terminal_that_is_not_compliant_gets_the_required_cure_only(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    cure = store.approved(apk(1))
    store.rolled(cure, store.pilot, mode="required")
    extra = store.approved(apk(1, package="city.muster.extra"))
    store.rolled(extra, store.pilot, mode="available")
    break_rules(terminal)
    assert download(terminal, cure["sha256"]).status_code == 200
    answer = download(terminal, extra["sha256"])
    assert (answer.status_code, answer.get_json()["code"]) == (403, "posture_not_compliant")
    assert "only required apps" in answer.get_json()["detail"]
    assert [app["mode"] for app in desired(terminal)] == ["available", "required"]


def test_an_officer_fetches_on_a_compliant_terminal_only(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    release = store.approved(apk(1))
    store.rolled(release, store.pilot)
    store.force.officer("204001")
    assert terminal.sign_in("204001", PIN).status_code == 200
    path = f"/appstore/v1/downloads/{release['sha256']}"
    assert terminal.call("GET", path).status_code == 200
    assert terminal.call("GET", f"/appstore/v1/downloads/{'0' * 64}").status_code == 404
    break_rules(terminal)
    answer = terminal.call("GET", path)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "posture_not_compliant")


def test_an_app_for_sworn_officers_is_not_for_auxiliaries(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    release = store.approved(apk(1))
    store.rolled(release, store.pilot)
    app = f"/appstore/v1/apps/{release['package']}"
    tag = store.publisher.get(app).headers["ETag"]
    change = {"visibility": "sworn"}
    edited = store.publisher.call("PATCH", app, change, headers={"If-Match": tag})
    assert edited.status_code == 200
    store.force.officer("F1", sworn=False)
    terminal.sign_in("F1", PIN)
    answer = terminal.call("GET", f"/appstore/v1/downloads/{release['sha256']}")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "app_for_sworn_officers")


def test_nobody_downloads_without_a_terminal(store: Store) -> None:
    release = store.approved(apk(1))
    path = f"/appstore/v1/downloads/{release['sha256']}"
    assert store.publisher.get(path).status_code == 401
    assert store.house.client.get(path).status_code == 401


def test_a_broken_download_goes_on_where_it_stopped(store: Store) -> None:
    terminal, content = store.terminal(store.pilot), apk(1, extra=bytes(600_000))
    release = store.approved(content)
    store.rolled(release, store.pilot)
    sha256 = release["sha256"]
    part = download(terminal, sha256, headers={"Range": "bytes=300000-"})
    assert (part.status_code, part.data) == (206, content[300_000:])
    assert part.headers["Content-Range"] == f"bytes 300000-{len(content) - 1}/{len(content)}"
    middle = download(terminal, sha256, headers={"Range": "bytes=10-19"})
    assert (middle.data, middle.headers["Content-Length"]) == (content[10:20], "10")
    last = download(terminal, sha256, headers={"Range": "bytes=-7"})
    assert last.data == content[-7:]
    other = download(terminal, sha256, headers={"Range": "bytes=9-", "If-Range": '"other"'})
    assert (other.status_code, other.data) == (200, content)


def test_what_is_there_already_is_not_sent_again(store: Store) -> None:
    terminal, content = store.terminal(store.pilot), apk(1)
    release = store.approved(content)
    store.rolled(release, store.pilot)
    first = download(terminal, release["sha256"])
    assert first.headers["ETag"] == f'"{release["sha256"]}"'
    again = download(terminal, release["sha256"], headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = terminal.agent("HEAD", f"/appstore/v1/downloads/{release['sha256']}")
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(content)))


def test_a_range_beyond_the_end_is_explained(store: Store) -> None:
    terminal, content = store.terminal(store.pilot), apk(1)
    release = store.approved(content)
    store.rolled(release, store.pilot)
    answer = download(terminal, release["sha256"], headers={"Range": "bytes=99999999-"})
    assert (answer.status_code, answer.get_json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{len(content)}"


def test_a_download_costs_few_statements(store: Store) -> None:
    terminal, release = store.terminal(store.pilot), store.approved(apk(1))
    store.rolled(release, store.pilot)
    listed = terminal.agent("GET", "/agent/v1/apps/desired")  # with what its apps are told
    for answer, most in ((download(terminal, release["sha256"]), 10), (listed, 13)):
        timing = answer.headers["Server-Timing"]  # on SQLite each of three BEGINs counts too
        assert int(timing.split('"')[1]) <= most, timing  # five of them are the view


def test_a_retired_release_is_gone_at_once(store: Store) -> None:
    terminal, release = store.terminal(store.pilot), store.approved(apk(1))
    store.rolled(release, store.pilot)
    path = f"/appstore/v1/releases/{release['id']}/retire"
    assert store.publisher.post(path, REASON).status_code == 200
    assert download(terminal, release["sha256"]).status_code == 404
    store.force.work()
    assert desired(terminal) == []


def test_only_our_own_proxy_is_left_to_send_the_file(store: Store) -> None:
    terminal, content = store.terminal(store.pilot), apk(1)
    store.rolled(store.approved(content), store.pilot)
    sha256 = desired(terminal)[0]["sha256"]
    kernel, secret = store.house.kernel, "j8Jx2mVq0Zr7Lw4Tn6Yb1Kd5Hs9Gf3Pc"
    kernel.settings = replace(kernel.settings, proxy_secret=secret, accel_root="/_objects")
    for said in ({}, {"X-Muster-Proxy": "guess"}, {"X-Accel-Redirect": "/_objects/x"}):
        answer = download(terminal, sha256, headers=said)
        assert (answer.status_code, answer.data) == (200, content)
        assert "X-Accel-Redirect" not in answer.headers
    handed = download(terminal, sha256, headers={"X-Muster-Proxy": secret})
    place = f"/_objects/sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    assert (handed.headers["X-Accel-Redirect"], handed.data) == (place, b"")
    assert handed.headers["ETag"] == f'"{sha256}"'
    refused = download(terminal, "0" * 64, headers={"X-Muster-Proxy": secret})
    assert (refused.status_code, refused.headers.get("X-Accel-Redirect")) == (404, None)
