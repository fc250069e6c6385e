"""The download centre: who brings files, who sees them, and when they are gone."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.factories.appstore import REASON, Store
from tests.factories.clamd import EICAR, clamd
from tests.factories.downloads import (
    EXE,
    FILES,
    PDF,
    SHELF,
    Centre,
    packed,
    required,
    slugs,
)
from tests.factories.mdm import PIN
from tests.factories.terminal import TestTerminal


@pytest.fixture
def centre(store: Store) -> Centre:
    return Centre(store)


def officer(centre: Centre, number: str, terminal: TestTerminal, **facts: object) -> TestTerminal:
    centre.force.officer(number, **facts)  # type: ignore[arg-type]
    assert terminal.sign_in(number, PIN).status_code == 200
    return terminal


def test_a_document_reaches_officers_and_agents_and_is_only_ever_saved(centre: Centre) -> None:
    version = centre.shelved(content=PDF)
    assert (version["state"], version["media_type"]) == ("current", "application/pdf")
    terminal = officer(centre, "F1", centre.store.terminal())
    listed = terminal.call("GET", SHELF)
    (item,) = listed.get_json()["items"]
    assert (item["slug"], item["name"], item["required"]) == ("handbook", "handbook.pdf", False)
    again = terminal.call("GET", SHELF, headers={"If-None-Match": listed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    whole = terminal.call("GET", item["url"])
    assert (whole.status_code, whole.data) == (200, PDF)
    assert whole.headers["Content-Disposition"] == "attachment; filename=handbook.pdf"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    part = terminal.agent("GET", item["url"], headers={"Range": "bytes=9-"})
    assert (part.status_code, part.data) == (206, PDF[9:])
    beyond = terminal.agent("GET", item["url"], headers={"Range": "bytes=999-"})
    assert (beyond.status_code, beyond.get_json()["code"]) == (416, "range_not_satisfiable")
    assert terminal.agent("GET", item["url"]).status_code == 200
    (counted,) = centre.read()["fetched"].values()
    assert (counted["terminals"], counted["officers"], counted["times"]) == (1, 0, 2)


def test_each_audience_gets_its_own_and_what_is_not_for_one_looks_like_nothing(
    centre: Centre,
) -> None:
    group = centre.store.pilot
    hashes = {}
    for slug, said in {
        "for-all": {},
        "for-sworn": {"audience": "sworn"},
        "for-north": {"audience": "unit", "audience_unit": "NORTH"},
        "for-south": {"audience": "unit", "audience_unit": "SOUTH"},
        "for-pilot": {"audience": "group", "audience_group": group},
        "for-supervisors": {"audience": "role", "audience_role": "supervisor"},
    }.items():
        hashes[slug] = centre.shelved(slug, PDF + slug.encode(), **said)["sha256"]
    inside, outside = centre.store.terminal(group), centre.store.terminal()
    views = {
        "sworn of North in the pilot": officer(centre, "F1", inside, unit="N1").call("GET", SHELF),
        "auxiliary of South": officer(centre, "F2", outside, unit="SOUTH", sworn=False).call(
            "GET", SHELF
        ),
        "agent in the pilot": inside.agent("GET", SHELF),
        "agent outside": outside.agent("GET", SHELF),
    }
    assert {who: slugs(answer) for who, answer in views.items()} == {
        "sworn of North in the pilot": ["for-all", "for-north", "for-pilot", "for-sworn"],
        "auxiliary of South": ["for-all", "for-south"],
        "agent in the pilot": ["for-all", "for-north", "for-pilot"],
        "agent outside": ["for-all", "for-north"],
    }
    nothing = outside.call("GET", f"{SHELF}/{'0' * 64}")
    for slug in ("for-sworn", "for-north", "for-pilot", "for-supervisors"):
        refused = outside.call("GET", f"{SHELF}/{hashes[slug]}")
        told, same = refused.get_json(), nothing.get_json()
        assert (refused.status_code, told["code"]) == (404, "file_not_on_shelf"), slug
        assert told | {"instance": ""} == same | {"instance": ""}
    boss = officer(centre, "S1", centre.store.terminal(), unit="SOUTH")
    assert "for-supervisors" not in slugs(boss.call("GET", SHELF))
    centre.force.officer("S2", "supervisor", "officer", unit="SOUTH")
    assert boss.sign_in("S2", PIN).status_code == 200
    assert "for-supervisors" in slugs(boss.call("GET", SHELF))
    first = boss.call("GET", f"{SHELF}?limit=2").get_json()
    after = boss.call("GET", f"{SHELF}?limit=2&after={first['next']}").get_json()
    shown = [item["slug"] for item in first["items"] + after["items"]]
    assert shown == ["for-all", "for-south", "for-supervisors", "for-sworn"]


def test_expired_and_withdrawn_files_are_gone_at_once(centre: Centre) -> None:
    terminal = officer(centre, "F1", centre.store.terminal(centre.store.pilot))
    house = centre.store.house
    soon = (house.clock() + timedelta(minutes=2)).isoformat()
    centre.make("menu")
    expiring = centre.upload("menu", PDF + b"menu", expires_at=soon).get_json()
    other = centre.shelved("order", PDF + b"order")
    centre.assign("menu", centre.store.pilot)
    house.clock.advance(minutes=3)
    assert slugs(terminal.call("GET", SHELF)) == ["order"]
    gone = terminal.call("GET", f"{SHELF}/{expiring['sha256']}")
    assert (gone.status_code, gone.get_json()["code"]) == (410, "file_expired")
    path = f"{FILES}/order/versions/1/withdraw"
    assert centre.store.admin.post(path, REASON).status_code == 200
    gone = terminal.call("GET", f"{SHELF}/{other['sha256']}")
    assert (gone.status_code, gone.get_json()["code"]) == (410, "file_withdrawn")
    assert slugs(terminal.call("GET", SHELF)) == []
    assert centre.store.publisher.post(f"{FILES}/order/withdraw", REASON).status_code == 200
    assert [entry["slug"] for entry in required(terminal)] == ["menu"]
    house.clock.advance(minutes=9)
    centre.force.work()  # the schedule's turn has come
    assert centre.read("menu")["versions"][0]["state"] == "expired"
    assert required(terminal) == []
    refused = centre.upload("order")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "file_version_wrong_state")


def test_what_a_computer_runs_needs_a_second_person(centre: Centre) -> None:
    centre.make("tool", kind="tool")
    version = centre.upload("tool", EXE, "reader setup.exe").get_json()
    assert (version["state"], version["number"]) == ("waiting", 1)
    terminal = officer(centre, "F1", centre.store.terminal())
    fetch = f"{SHELF}/{version['sha256']}"
    assert terminal.call("GET", fetch).status_code == 404
    approve = f"/admin/v1/approvals/{version['approval_id']}/approve"
    own = centre.store.publisher.post(approve)
    assert own.status_code == 403
    assert centre.store.approver.post(approve).status_code == 200
    assert terminal.call("GET", fetch).data == EXE
    assert centre.force.notices() == ["app.file_waiting", "app.file_approved"]
    for content, name in (
        (packed("a.txt", "word/vbaProject.bin"), "form.docx"),
        (packed("a.txt"), "many.zip"),
        (b"Get-ChildItem\r\n", "clean.ps1"),
    ):
        waiting = centre.upload("tool", content, name).get_json()
        assert waiting["state"] == "waiting", name
    taken = centre.store.publisher.post(f"{FILES}/tool/versions/4/withdraw", REASON)
    assert taken.get_json()["state"] == "withdrawn"
    late = centre.store.approver.post(f"/admin/v1/approvals/{waiting['approval_id']}/approve")
    assert late.status_code == 409
    assert terminal.call("GET", fetch).status_code == 200


def test_what_is_not_what_it_says_is_refused_and_not_kept(centre: Centre) -> None:
    centre.make()
    for content, name, code in (
        (EXE, "handbook.pdf", "file_type_refused"),
        (packed("AndroidManifest.xml", "classes.dex"), "letter.docx", "file_is_an_app"),
    ):
        answer = centre.upload("handbook", content, name)
        assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert centre.read()["versions"] == []


def test_a_name_that_climbs_or_deceives_is_only_a_name(centre: Centre) -> None:
    centre.make()
    for given, kept in {
        "../../etc/plan.pdf": "plan.pdf",
        r"C:\Users\me\plan.PDF": "plan.pdf",
        "plan\u202efdp.exe.pdf": "planfdp.exe.pdf",
        'a"; filename="x.exe.pdf': 'a"; filename="x.exe.pdf',
        "巡逻手册.pdf": "巡逻手册.pdf",
    }.items():
        assert centre.upload("handbook", name=given).get_json()["original_name"] == kept
    terminal = officer(centre, "F1", centre.store.terminal())
    (item,) = terminal.call("GET", SHELF).get_json()["items"]
    told = terminal.call("GET", item["url"]).headers["Content-Disposition"]
    assert told.startswith("attachment; filename*=UTF-8''%E5%B7%A1")


def test_a_required_file_is_named_in_the_signed_desired_state(centre: Centre) -> None:
    inside = centre.store.terminal(centre.store.pilot)
    outside = centre.store.terminal()
    version = centre.shelved("root-ca", audience="sworn")
    centre.assign("root-ca", centre.store.pilot)
    (entry,) = required(inside)
    assert entry == {
        "slug": "root-ca",
        "version": 1,
        "kind": "document",
        "name": "handbook.pdf",
        "sha256": version["sha256"],
        "size": version["size"],
        "url": f"{SHELF}/{version['sha256']}",
    }
    assert required(outside) == []
    assert inside.agent("GET", entry["url"]).status_code == 200
    assert outside.agent("GET", entry["url"]).status_code == 404
    inside.check_in(posture={"rooted": True})
    assert inside.agent("GET", entry["url"]).status_code == 200
    other = centre.shelved("song", PDF + b"song")
    refused = inside.agent("GET", f"{SHELF}/{other['sha256']}")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "posture_not_compliant")
    path = f"{FILES}/root-ca/groups/{centre.store.pilot}"
    assert centre.store.admin.call("DELETE", path, REASON).status_code == 204
    centre.force.work()
    assert required(inside) == []


def test_only_a_files_publishers_touch_it_and_edits_name_their_version(centre: Centre) -> None:
    centre.make()
    other = centre.force.console("P2", "publisher", unit="SOUTH")
    auditor = centre.force.console("X1", "auditor")
    body = {"slug": "handbook", "title": "Mine", "unit": "NORTH"}
    assert other.post(FILES, body).status_code == 403
    assert other.post(f"{FILES}/handbook/withdraw", REASON).status_code == 403
    assert centre.upload("handbook", who=other).status_code == 403
    assert centre.upload("handbook", who=auditor).status_code == 403
    assert auditor.get(f"{FILES}/handbook").status_code == 200
    taken = centre.store.publisher.post(FILES, body)
    assert (taken.status_code, taken.get_json()["code"]) == (409, "file_slug_taken")
    path = f"{FILES}/handbook"
    change = {"title": "The handbook", "audience": "unit", "audience_unit": "N1"}
    publisher = centre.store.publisher
    tag = publisher.get(path).headers["ETag"]
    assert publisher.call("PATCH", path, change).status_code == 428
    edited = publisher.call("PATCH", path, change, headers={"If-Match": tag})
    assert (edited.status_code, edited.get_json()["audience"]) == (200, "unit")
    assert publisher.call("PATCH", path, change, headers={"If-Match": tag}).status_code == 412
    for wrong in (
        {"audience": "unit"},
        {"audience": "everyone", "audience_unit": "N1"},
        {"slug": "x"},
        {"title": "a\0b"},
    ):
        answer = publisher.call("PATCH", path, wrong, headers={"If-Match": edited.headers["ETag"]})
        assert answer.status_code in (400, 422), wrong
    assert [row["file"]["slug"] for row in publisher.get(FILES).get_json()["items"]] == ["handbook"]


def test_nothing_is_taken_that_the_scanner_has_not_let_pass(centre: Centre) -> None:
    centre.make()
    kernel = centre.store.house.kernel
    with clamd() as address:
        kernel.settings = replace(kernel.settings, scanner_clamd=address)
        assert centre.upload("handbook").get_json()["state"] == "current"
        answer = centre.upload("handbook", PDF + EICAR)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "file_harmful")
    silent = centre.upload("handbook", PDF + b"more")
    assert (silent.status_code, silent.get_json()["code"]) == (503, "file_not_scanned")
    assert len(centre.read()["versions"]) == 1


def resumable(centre: Centre, content: bytes, **metadata: str) -> TestResponse:
    told = {"target": "file", "slug": "handbook", "filename": "handbook.pdf", **metadata}
    named = (f"{name} {b64encode(value.encode()).decode()}" for name, value in told.items())
    return centre.store.publisher.call(
        "POST",
        "/uploads",
        data=content,
        content_type="application/offset+octet-stream",
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(len(content)),
            "Upload-Metadata": ",".join(named),
        },
    )


def test_a_resumable_upload_waits_sealed_until_it_was_looked_at(centre: Centre) -> None:
    centre.make()
    for wrong in ({"slug": "nowhere"}, {"filename": "x.html"}, {"expires_at": "2001-01-01T00:00Z"}):
        assert resumable(centre, PDF, **wrong).status_code in (404, 422), wrong
    for content in (PDF, EXE):
        answer = resumable(centre, content, notes="by night")
        assert answer.status_code == 201, answer.get_data(as_text=True)
    assert [version["state"] for version in centre.read()["versions"]] == ["scanning"] * 2
    centre.force.work()
    hostile, good = centre.read()["versions"]
    assert (good["state"], good["notes"], good["size"]) == ("current", "by night", len(PDF))
    assert (hostile["state"], hostile["refused"]) == ("rejected", "file_type_refused")
    assert centre.force.notices() == ["app.file_rejected"]
    sealed = centre.store.house.kernel.settings.state_dir / "blobs" / "sealed"
    assert [path for path in sealed.rglob("*") if path.is_file()] == []
