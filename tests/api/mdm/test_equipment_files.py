"""Equipment by the hundred: CSV in and out, SIM cards, and counting what is there."""

from typing import Any

from werkzeug.test import TestResponse

from tests.factories.equipment import BOOK, ICCID, issued, moved, registered, stage
from tests.factories.mdm import Console, Force

SIMS, COUNTS = "/admin/v1/sims", "/admin/v1/stock-takes"
HEADING = "serial,imei,model,vendor,device_class,unit,note"
GOOD = "SN-1,490154203237518,XCover 7,Acme,handheld,NORTH,"


def sent(admin: Console, text: str | bytes, path: str = BOOK, **query: Any) -> TestResponse:
    """Send a CSV file."""
    data = text.encode() if isinstance(text, str) else text
    return admin.post(f"{path}/import", data=data, content_type="text/csv", query_string=query)


def test_good_rows_are_taken_and_bad_ones_named(force: Force, admin: Console) -> None:
    registered(force.console("A5", "device_admin", unit="SOUTH"), "SN-9", unit="SOUTH")
    rows = [
        HEADING,
        GOOD,
        "SN-2,490154203237519,XCover 7,Acme,handheld,NORTH,",
        "SN-3,,XCover 7,Acme,telescope,NOWHERE,",
        "SN-4,,XCover 7,Acme,handheld,SOUTH,",
        "SN-9,,XCover 7,Acme,handheld,NORTH,",
        "sn-1,,XCover 7,Acme,handheld,NORTH,",
        "SN-5,,Body 3,Acme,body_camera,N1,=HYPERLINK(1)",
        "SN-6,,short",
    ]
    file = b"\xef\xbb\xbf" + "\r\n".join(rows).encode()
    dry = sent(admin, file, dry_run="true").get_json()
    assert (dry["added"], dry["refused"], dry["dry_run"]) == (2, 6, True)
    assert [one["serial"] for one in admin.get(BOOK).get_json()["items"]] == []
    told = sent(admin, file).get_json()
    assert (told["added"], told["changed"], told["refused"]) == (2, 0, 6)
    assert [(one["line"], one["column"]) for one in told["faults"]] == [
        (3, "imei"),
        (4, "device_class"),
        (4, "unit"),
        (5, "unit"),
        (6, "serial"),
        (7, "serial"),
        (9, ""),
    ]
    again = sent(admin, "\n".join([HEADING, GOOD, rows[7]])).get_json()
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 2)
    changed = sent(admin, "\n".join([HEADING, GOOD.replace("XCover 7", "XCover 8")])).get_json()
    assert (changed["added"], changed["changed"]) == (0, 1)

    exported = admin.get(f"{BOOK}/export")
    assert exported.mimetype == "text/csv"
    assert "'=HYPERLINK(1)" in exported.get_data(as_text=True)
    back = sent(admin, exported.data).get_json()
    assert (back["unchanged"], back["faults"]) == (2, [])
    for wrong in ("serial;model;unit\n", "a,b\n1,2\n", HEADING.encode("utf-16")):
        answer = sent(admin, wrong)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "equipment_file"), wrong
    assert sent(force.console("U1", "auditor"), file).status_code == 403


def test_a_card_is_in_one_thing_at_most_and_remembers_the_others(
    force: Force, admin: Console
) -> None:
    first, second = registered(admin, "SN-1"), registered(admin, "SN-2")
    body = {"iccid": ICCID, "number": "+86 138 0000 1111", "operator": "Tel", "unit": "NORTH"}
    wrong = admin.post(SIMS, {**body, "iccid": ICCID[::-1]})
    assert wrong.get_json()["errors"][0]["pointer"] == "/iccid"
    assert admin.post(SIMS, {**body, "number": "13800001111"}).status_code == 422
    card = admin.post(SIMS, body).get_json()
    assert card["number"] == "+8613800001111"
    assert admin.post(SIMS, body).get_json()["code"] == "sim_iccid_taken"
    place = f"{SIMS}/{card['id']}/place"
    assert admin.call("PUT", place, {"asset_id": first}).get_json()["serial"] == "SN-1"
    elsewhere = admin.call("PUT", place, {"asset_id": second})
    assert (elsewhere.status_code, elsewhere.get_json()["code"]) == (409, "sim_elsewhere")
    admin.call("PUT", place, {"asset_id": None})
    admin.call("PUT", place, {"asset_id": second})
    uses = admin.get(f"{SIMS}/{card['id']}/uses").get_json()["items"]
    assert [(use["serial"], use["until"] is None) for use in uses] == [
        ("SN-2", True),
        ("SN-1", False),
    ]
    file = admin.get(f"{SIMS}/export").data
    assert b"'+8613800001111" in file
    assert sent(admin, file, SIMS).get_json()["unchanged"] == 1
    moved_by_file = file.replace(b"SN-2", b"SN-1").replace(b"active", b"lost")
    (flaw,) = sent(admin, moved_by_file, SIMS).get_json()["faults"]
    assert (flaw["line"], flaw["column"]) == (2, "serial")
    assert sent(admin, file.replace(b"SN-2", b""), SIMS).get_json()["changed"] == 1
    assert admin.get(f"{SIMS}/{card['id']}").get_json()["asset_id"] is None
    assert force.console("U1", "auditor").post(SIMS, body).status_code == 403


def test_a_stock_take_tells_what_is_there_and_freezes_what_is_not(
    force: Force, admin: Console
) -> None:
    force.officer("P1")
    terminal = force.compliant(admin)
    here, below = registered(admin, "SN-1"), registered(admin, "SN-2", unit="N1")
    gone = registered(admin, terminal.serial)
    away = registered(admin, "SN-4")
    registered(force.console("A5", "device_admin", unit="SOUTH"), "SN-5", unit="SOUTH")
    issued(admin, gone, "P1")
    moved(admin, away, "repair")
    take = admin.post(COUNTS, {"unit": "NORTH", "note": "Autumn"}).get_json()
    assert (take["expected"], take["missing"]) == (3, 3)
    path = f"{COUNTS}/{take['id']}"
    scans = {"serials": ["sn-1", " SN-1 ", "SN-2", "SN-4", "SN-5", "0000"]}
    items = admin.post(f"{path}/scans", scans).get_json()["items"]
    assert [(one["serial"], one["result"], one["why"]) for one in items] == [
        ("SN-1", "present", ""),
        ("SN-2", "present", ""),
        ("SN-4", "unexpected", "in_repair"),
        ("SN-5", "unexpected", "other_unit"),
        ("0000", "unknown", "not_in_book"),
    ]
    admin.post(f"{path}/scans", {"serials": ["SN-1"]})
    counted = admin.get(path).get_json()
    assert [counted[name] for name in ("present", "missing", "unexpected", "unknown")] == [
        2, 1, 2, 1,
    ]  # fmt: skip
    (missing,) = admin.get(f"{path}/missing").get_json()["items"]
    assert missing["serial"] == terminal.serial.upper()
    early = admin.post(f"{path}/reports", {"asset_id": gone, "reason": "not in the locker"})
    assert early.get_json()["code"] == "stock_take_open"
    closed = admin.post(f"{path}/close").get_json()
    assert (closed["state"], closed["missing"], closed["present"]) == ("closed", 1, 2)

    late = admin.post(f"{path}/scans", {"serials": [terminal.serial]})
    assert late.get_json()["code"] == "stock_take_closed"
    moved(admin, here, "retire")
    assert admin.get(path).get_json()["present"] == 2
    (line,) = admin.get(f"{path}/lines", query_string={"result": "missing"}).get_json()["items"]
    report = {"asset_id": line["asset_id"], "reason": "not in the locker"}
    reported = admin.post(f"{path}/reports", report)
    assert reported.status_code == 200, reported.get_data(as_text=True)
    assert stage(admin, gone) == "lost"
    assert admin.get(f"/admin/v1/devices/{terminal.id}").get_json()["state"] == "lost"
    present = admin.post(f"{path}/reports", {**report, "asset_id": below})
    assert present.get_json()["code"] == "stock_line_not_missing"
    auditor = force.console("U1", "auditor")
    assert auditor.get(path).get_json()["missing"] == 1
    assert auditor.post(COUNTS, {"unit": "NORTH"}).status_code == 403
