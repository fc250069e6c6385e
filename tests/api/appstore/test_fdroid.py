"""F-Droid repositories: what a terminal sees, at which address, and for how long."""

import gzip
from base64 import b64encode
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import pytest

from appstore.listings.categories import CATEGORIES
from appstore.listings.models import Listing, ReleaseNote
from appstore.rollouts.offers import view_of
from tests.factories.appstore import PACKAGE, REASON, Store, apk
from tests.factories.fdroid import Repository, granted, merge, repository
from tests.factories.mdm import PIN, Console
from tests.factories.terminal import TestTerminal

OTHER = "city.muster.maps"


def report(terminal: TestTerminal, code: int, package: str = PACKAGE) -> None:
    apps = [{"package": package, "state": "installed", "version_code": code}]
    assert terminal.check_in(apps=apps).status_code == 200


def withdrawn(store: Store, release: dict[str, Any]) -> None:
    path = f"/appstore/v1/releases/{release['id']}/block"
    assert store.publisher.post(path, REASON).status_code == 200


def viewed(store: Store, terminal: TestTerminal) -> dict[str, int]:
    assert terminal.id is not None
    with store.house.kernel.reads() as uow:
        return {offer.package: offer.version_code for offer in view_of(uow, terminal.id)}


def test_every_terminal_gets_what_the_resolver_gives_it_and_no_other_byte(store: Store) -> None:
    field = store.group("field")
    first, second, third = (store.approved(apk(code)) for code in (1, 2, 3))
    maps = store.approved(apk(7, package=OTHER))
    store.rolled(first, field)
    store.rolled(first, store.pilot)
    store.rolled(second, store.pilot)
    store.rolled(third, field, percent=50)
    halted = store.rolled(maps, store.pilot)
    terminals = {
        "nowhere": store.terminal(),
        "field": store.terminal(field),
        "pilot": store.terminal(store.pilot),
        "both": store.terminal(field, store.pilot),
        "installed": store.terminal(store.pilot),
    }
    report(terminals["installed"], 2)
    report(terminals["installed"], 7, OTHER)
    stop = f"/appstore/v1/rollouts/{halted['id']}/halt"
    assert store.admin.post(stop, REASON).status_code == 200
    everything = {(PACKAGE, 1), (PACKAGE, 2), (PACKAGE, 3), (OTHER, 7)}
    seen = {}
    for name, terminal in terminals.items():
        repo = repository(store, terminal)
        seen[name] = repo.versions()
        assert {package: codes[0] for package, codes in seen[name].items()} == viewed(
            store, terminal
        )
        shown = {(package, code) for package, codes in seen[name].items() for code in codes}
        for package, code in everything:
            answer = repo.get(f"{package}_{code}.apk")
            assert answer.status_code == (200 if (package, code) in shown else 404), (name, code)
        v1 = repo.v1()
        assert {one["packageName"]: int(one["suggestedVersionCode"]) for one in v1["apps"]} == {
            package: codes[0] for package, codes in seen[name].items()
        }
    assert seen["nowhere"] == {}
    assert seen["pilot"] == {PACKAGE: [2, 1]}
    assert [code for code in seen["field"][PACKAGE] if code != 3] == [1]
    assert seen["installed"] == {PACKAGE: [2], OTHER: [7]}, "nothing that Android would refuse"


def test_timestamps_rise_with_every_visible_change_and_diffs_lead_to_the_new_index(
    store: Store,
) -> None:
    """Random walks through the store: each index is reached by every diff from what was read before."""
    draw = Random(20011)
    phone, second = store.terminal(store.pilot), store.terminal(store.pilot)
    loan = store.group("loan")
    notes = [store.approved(apk(code)) for code in (1, 2, 3)]
    store.rolled(store.approved(apk(7, package=OTHER)), loan)
    store.rolled(notes[0], store.pilot)
    repo, beside = repository(store, phone), repository(store, second)

    def move() -> None:
        path = f"/admin/v1/device-groups/{loan}/members/{phone.id}"
        if store.admin.call("DELETE", path).status_code == 404:
            store.join(loan, phone)

    def categorise() -> None:
        path = f"/appstore/v1/apps/{draw.choice((PACKAGE, OTHER))}"
        tag = store.publisher.get(path).headers["ETag"]
        body = {"category": draw.choice((*list(CATEGORIES)[:2], ""))}
        answer = store.publisher.call("PATCH", path, body, headers={"If-Match": tag})
        assert answer.status_code == 200

    changes: list[Callable[[], Any]] = [
        move,
        lambda: store.rolled(notes[1], store.pilot),
        move,
        categorise,
        lambda: None,
        lambda: report(phone, 2),
        move,
        lambda: store.rolled(notes[2], store.pilot),
        lambda: withdrawn(store, notes[1]),
        move,
        categorise,
        move,
    ]
    known: dict[int, dict[str, Any]] = {}
    last: dict[str, Any] = {"repo": {"timestamp": 0}}
    led = 0
    for change in changes:
        change()
        if draw.random() < 0.5:
            beside.entry()  # another terminal stamps views in between
        entry, index = repo.entry(), repo.v2()
        assert entry["timestamp"] == index["repo"]["timestamp"] == repo.v1()["repo"]["timestamp"]
        if _timeless(index) == _timeless(last):
            assert entry["timestamp"] == last["repo"]["timestamp"]
        else:
            assert entry["timestamp"] > last["repo"]["timestamp"]
        for since, file in entry["diffs"].items():
            assert merge(known[int(since)], repo.vouched(file)) == index
            led += 1
        known[entry["timestamp"]] = last = index
        assert len(entry["diffs"]) <= 10
        assert "null" not in repo.read("index-v2.json").decode()
    assert led > 10
    assert repo.get("diff/1.json").status_code == 404


def test_an_assignment_that_takes_another_ones_place_is_seen_at_once(store: Store) -> None:
    for content in (apk(), apk(7, package=OTHER)):
        store.released(content, store.pilot)
    repo = repository(store, store.terminal())
    first = store.assigned("unit", "available", ref="NORTH")
    assert set(repo.v2()["packages"]) == {PACKAGE}
    path = f"/appstore/v1/apps/{PACKAGE}/assignments/{first['id']}"
    gone = store.admin.call("DELETE", path, headers={"If-Match": f'"v{first["version"]}"'})
    assert gone.status_code == 204
    store.assigned("unit", "available", ref="NORTH", package=OTHER)
    assert set(repo.v2()["packages"]) == {OTHER}


def _timeless(index: dict[str, Any]) -> dict[str, Any]:
    return {**index, "repo": {**index["repo"], "timestamp": 0}}


def test_clients_resume_revalidate_and_are_never_sent_elsewhere(store: Store) -> None:
    store.rolled(store.approved(apk()), store.pilot)
    repo = repository(store, store.terminal(store.pilot))
    content, name = repo.read(f"{PACKAGE}_1.apk"), f"{PACKAGE}_1.apk"
    whole = repo.get(name)
    tag = whole.headers["ETag"]
    assert tag.startswith('"')
    part = repo.get(name, Range="bytes=100-", **{"If-Range": tag})
    assert (part.status_code, part.get_data()) == (206, content[100:])
    assert part.headers["Content-Range"] == f"bytes 100-{len(content) - 1}/{len(content)}"
    assert repo.get(name, Range="bytes=999999-").status_code == 416
    head = repo.get(name, "HEAD")
    assert (head.status_code, head.get_data()) == (200, b"")
    assert head.headers["Content-Length"] == str(len(content))
    for file in ("entry.jar", "index-v1.jar", "index-v2.json", "icons/muster.png", name):
        answer = repo.get(file)
        again = repo.get(file, **{"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b""), file
        assert again.headers["ETag"] == answer.headers["ETag"]
        assert repo.get(file).get_data() == answer.get_data(), "signed bytes are the same each time"
    plain = repo.get("index-v2.json")
    packed = repo.get("index-v2.json", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for strange in ("", "index.xml", "entry.json", "../repo/entry.jar", "icons/none.png", "x.apk"):
        assert repo.get(strange).status_code == 404, strange


def test_a_secret_address_is_dead_with_its_terminal_or_at_a_word(store: Store) -> None:
    store.rolled(store.approved(apk()), store.pilot)
    phone = store.terminal(store.pilot)
    made, other = granted(store, phone), granted(store, phone, days=1)
    secret = made["links"]["repo_url"].split("/")[-2]
    assert len(secret) * 6 >= 128
    repo = Repository(store.house.client, made["links"]["repo_url"])
    short = Repository(store.house.client, other["links"]["repo_url"])
    assert repo.versions() == short.versions() == {PACKAGE: [1]}
    listed = store.admin.get("/appstore/v1/fdroid/accesses").get_data(as_text=True)
    assert secret not in listed

    phone.check_in(posture={"encrypted": False, "passcode_set": False, "rooted": True})
    store.force.work()
    assert {repo.get(file).status_code for file in ("entry.jar", f"{PACKAGE}_1.apk")} == {403}
    phone.comply()
    assert repo.get("entry.jar").status_code == 200

    path = f"/appstore/v1/fdroid/accesses/{made['access']['id']}/revoke"
    assert store.admin.post(path).status_code == 200
    assert {repo.get(file).status_code for file in ("entry.jar", f"{PACKAGE}_1.apk")} == {404}
    guessed = Repository(store.house.client, f"/fdroid/t/{'x' * 32}/repo")
    assert guessed.get("entry.jar").get_json()["code"] == "fdroid_not_in_repository"

    assert short.get("entry.jar").status_code == 200
    store.house.clock.advance(days=2)
    store.admin = store.force.console("A2", "device_admin")
    phone.comply()
    assert short.get("entry.jar").status_code == 404
    third = repository(store, phone)
    assert third.get("entry.jar").status_code == 200
    lost = store.admin.post(f"/admin/v1/devices/{phone.id}/lost", {"reason": "left in a taxi"})
    assert lost.status_code in (200, 201), lost.get_data(as_text=True)
    assert {third.get(file).status_code for file in ("entry.jar", f"{PACKAGE}_1.apk")} == {403}


def test_a_blocked_release_is_shown_as_vulnerable_where_it_is_installed(store: Store) -> None:
    release = store.approved(apk())
    store.rolled(release, store.pilot)
    has, has_not = store.terminal(store.pilot), store.terminal(store.pilot)
    report(has, 1)
    warned, clean = repository(store, has), repository(store, has_not)
    assert warned.versions() == clean.versions() == {PACKAGE: [1]}
    withdrawn(store, release)
    (version,) = warned.v2()["packages"][PACKAGE]["versions"].values()
    assert list(version["antiFeatures"]) == ["KnownVuln"]
    assert warned.v1()["packages"][PACKAGE][0]["antiFeatures"] == ["KnownVuln"]
    assert warned.get(f"{PACKAGE}_1.apk").status_code == 404
    assert clean.versions() == {}


def test_a_group_is_read_with_a_client_credential(store: Store) -> None:
    store.rolled(store.approved(apk(1)), store.pilot)
    store.rolled(store.approved(apk(2)), store.pilot, percent=50)
    sworn = store.rolled(store.approved(apk(7, package=OTHER)), store.pilot)
    assert sworn["percent"] == 100
    path = f"/appstore/v1/apps/{OTHER}"
    tag = store.publisher.get(path).headers["ETag"]
    body = {"visibility": "sworn"}
    assert store.publisher.call("PATCH", path, body, headers={"If-Match": tag}).status_code == 200
    officer = store.force.officer("204001", unit="N1")
    auxiliary = store.force.officer("904001", unit="N1", sworn=False)
    stranger = store.force.officer("304001", unit="SOUTH")
    phone = store.terminal(store.pilot)
    url = f"http://localhost:8000/fdroid/{store.pilot}/repo"

    def basic(officer_id: UUID, issuer: Console = store.admin, **wish: Any) -> Repository:
        wish = {"surface": "fdroid", "label": "Neo Store", "client": "field", "days": 30} | wish
        wish["officer_id"] = str(officer_id)
        made = issuer.post("/admin/v1/client-credentials", wish)
        assert made.status_code == 201, made.get_data(as_text=True)
        shown = b64encode(f"me:{made.get_json()['secret']}".encode()).decode()
        return Repository(store.house.client, url, {"Authorization": f"Basic {shown}"})

    theirs = basic(officer)
    assert theirs.versions() == {PACKAGE: [1], OTHER: [7]}, "what reaches every member"
    assert theirs.v2()["repo"]["address"] == url, "no secret in what is signed"
    assert basic(auxiliary).versions() == {PACKAGE: [1]}
    assert basic(auxiliary).get(f"{OTHER}_7.apk").status_code == 404
    south = store.force.console("A9", "device_admin", unit="SOUTH")
    assert basic(stranger, south).get("entry.jar").status_code == 403
    on_phone = basic(officer, device_id=str(phone.id))
    assert {p: codes[0] for p, codes in on_phone.versions().items()} == viewed(store, phone)
    asked = store.house.client.get(f"/fdroid/{store.pilot}/repo/entry.jar")
    assert asked.status_code == 401
    assert asked.headers["WWW-Authenticate"].startswith('Basic realm="')
    empty = Repository(store.house.client, url.replace(store.pilot, str(UUID(int=1))))
    empty.headers = theirs.headers
    assert empty.get("entry.jar").status_code == 404
    outside = Repository(store.house.client, url.replace(store.pilot, store.group("loan")))
    outside.headers = on_phone.headers
    assert outside.get("entry.jar").status_code == 404, "the terminal is not in that group"


def test_listings_name_and_picture_the_apps_in_every_language(store: Store) -> None:
    release = store.approved(apk())
    store.rolled(release, store.pilot)
    repo = repository(store, store.terminal(store.pilot))
    before = repo.entry()["timestamp"]
    with store.house.kernel.writes() as uow:
        for locale, name in (("en", "Field notes"), ("zh-Hans", "现场笔记")):
            app_id = UUID(release["app_id"])
            uow.session.add(Listing(app_id=app_id, locale=locale, name=name, summary=f"{name}."))
        note = ReleaseNote(release_id=UUID(release["id"]), locale="en", text="Faster.")
        uow.session.add(note)
    index = repo.v2()
    assert index["repo"]["timestamp"] > before
    said = index["packages"][PACKAGE]
    assert said["metadata"]["name"] == {"en-US": "Field notes", "zh-CN": "现场笔记"}
    (version,) = said["versions"].values()
    assert version["whatsNew"] == {"en-US": "Faster."}
    assert repo.v1()["apps"][0]["localized"]["zh-CN"]["summary"] == "现场笔记."


def test_accesses_are_made_by_device_admins_and_on_the_terminal_in_hand(store: Store) -> None:
    phone, other = store.terminal(store.pilot), store.terminal(store.pilot)
    store.force.officer("204001")
    assert phone.sign_in("204001", PIN).status_code == 200
    path = "/appstore/v1/fdroid/accesses"
    mine = phone.call("POST", path, json={"label": "my F-Droid"})
    assert mine.status_code == 201, mine.get_data(as_text=True)
    assert mine.get_json()["access"]["device_id"] == str(phone.id)
    wish = {"label": "not mine", "device_id": str(other.id)}
    assert phone.call("POST", path, json=wish).status_code == 403
    theirs = granted(store, other)["access"]["id"]
    assert phone.call("POST", f"{path}/{theirs}/revoke").status_code == 403
    listed = phone.call("GET", path).get_json()["items"]
    assert [row["access"]["label"] for row in listed] == ["my F-Droid"]

    south = store.force.console("A9", "device_admin", unit="SOUTH")
    assert south.post(path, wish).status_code == 403
    assert south.get(path).get_json()["items"] == []
    assert store.publisher.post(path, wish).status_code == 403
    both = store.admin.get(path).get_json()["items"]
    assert [row["terminal"] for row in both] == [other.label, phone.label]
    one = store.admin.get(f"{path}?device_id={phone.id}").get_json()["items"]
    assert [row["terminal"] for row in one] == [phone.label]

    facts = store.admin.get("/appstore/v1/fdroid").get_json()
    assert len(facts["fingerprint"]) == 64
    link = mine.get_json()["links"]
    assert link["link"].endswith(f"/repo?fingerprint={facts['fingerprint']}")
    assert link["deep_link"] == f"https://fdroid.link/#{link['link']}"


@pytest.mark.parametrize("sworn", [True, False])
def test_apps_for_sworn_officers_are_on_the_terminals_they_hold(store: Store, sworn: bool) -> None:
    store.rolled(store.approved(apk()), store.pilot)
    tag = store.publisher.get(f"/appstore/v1/apps/{PACKAGE}").headers["ETag"]
    store.publisher.call(
        "PATCH", f"/appstore/v1/apps/{PACKAGE}", {"visibility": "sworn"}, headers={"If-Match": tag}
    )
    phone = store.terminal(store.pilot)
    repo = repository(store, phone)
    assert repo.versions() == {}, "nobody answers for this terminal"
    store.force.officer("204001", sworn=sworn)
    path = f"/admin/v1/devices/{phone.id}"
    tag = store.admin.get(path).headers["ETag"]
    given = store.admin.call("PATCH", path, {"holder": "204001"}, headers={"If-Match": tag})
    assert given.status_code == 200, given.get_data(as_text=True)
    assert repo.versions() == ({PACKAGE: [1]} if sworn else {})
    assert repo.get(f"{PACKAGE}_1.apk").status_code == (200 if sworn else 404)
