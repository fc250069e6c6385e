"""A terminal as police equipment: in the book from the box to the shredder, with who had it."""

from tests.factories.equipment import (
    BOOK,
    at_counter,
    custody,
    issued,
    moved,
    offered,
    registered,
    stage,
)
from tests.factories.mdm import PIN, Console, Force, wipe


def test_from_the_box_to_the_shredder(force: Force, admin: Console, second: Console) -> None:
    force.officer("P1")
    approver = force.console("W1", "approver")
    terminal = force.compliant(admin)
    asset = registered(admin, terminal.serial, imei="490154203237518")
    told = admin.get(f"{BOOK}/{asset}").get_json()
    assert (told["stage"], told["holder"], told["serial"]) == (
        "in_stock",
        None,
        terminal.serial.upper(),
    )
    issued(admin, asset, "P1", condition="new, with case")
    device = f"/admin/v1/devices/{terminal.id}"
    assert admin.get(device).get_json()["holder"] == "P1"
    again = admin.post(f"{BOOK}/{asset}/hand-overs", {"officer": "P1"})
    assert (again.status_code, again.get_json()["code"]) == (409, "asset_wrong_stage")
    assert again.get_json()["detail"] == "It is issued; take it back first."
    assert "take_back" in again.get_json()["instead"]

    admin.post(f"{device}/lost", {"reason": "left in a taxi"})
    assert stage(admin, asset) == "lost"
    assert moved(admin, asset, "report_found").status_code == 200
    assert admin.get(device).get_json()["state"] == "enrolled"
    refused = admin.post(f"{BOOK}/{asset}/return", {"condition": "scratched"})
    assert refused.get_json()["detail"] == "It is found; inspect it first."
    assert moved(admin, asset, "inspect").get_json()["stage"] == "inspected"
    back = admin.post(f"{BOOK}/{asset}/return", {"condition": "screen scratched"})
    assert (back.get_json()["stage"], back.get_json()["holder"]) == ("in_stock", None)
    assert admin.get(device).get_json().get("holder") is None
    (had,) = admin.get(f"{BOOK}/{asset}/custody").get_json()["items"]
    assert (had["officer"], had["how"]) == ("P1", "counter")
    assert (had["condition_out"], had["condition_in"]) == ("new, with case", "screen scratched")

    early = moved(admin, asset, "retire")
    assert (early.status_code, early.get_json()["code"]) == (409, "asset_still_enrolled")
    wipe(admin, approver, terminal)
    (order,) = terminal.check_in().get_json()["commands"]
    terminal.check_in(results=[{"command_id": order["id"], "outcome": "done"}])
    assert stage(admin, asset) == "wiped"
    assert moved(second, asset, "retire").get_json()["stage"] == "retired"


def test_an_officer_signs_on_a_terminal_of_theirs_what_they_read(
    force: Force, admin: Console
) -> None:
    force.officer("P1")
    force.officer("P2")
    terminal = force.compliant(admin)
    terminal.sign_in("P1", PIN)
    asset = registered(admin, "CAM-0001", device_class="body_camera")
    hand_over = offered(admin, asset, "P1", condition="used")
    (shown,) = terminal.call("GET", "/mobile/v1/hand-overs").get_json()["items"]
    assert shown["content"] == hand_over["content"]
    assert shown["content"]["asset"]["serial"] == "CAM-0001"
    path = f"/mobile/v1/hand-overs/{shown['id']}/signature"
    other = terminal.call("POST", path, {"content_hash": "sha256:" + "0" * 64})
    assert other.get_json()["code"] == "hand_over_changed"
    stranger = force.compliant(admin)
    stranger.sign_in("P2", PIN)
    assert stranger.call("GET", "/mobile/v1/hand-overs").get_json()["items"] == []
    seen = {"content_hash": shown["content_hash"]}
    assert stranger.call("POST", path, seen).status_code == 403
    signed = terminal.call("POST", path, seen)
    assert (signed.status_code, signed.get_json()["state"]) == (200, "signed")
    assert terminal.call("POST", path, seen).status_code == 200
    assert custody(admin, asset) == [("P1", "terminal", False)]
    assert terminal.call("GET", "/mobile/v1/hand-overs").get_json()["items"] == []
    late = at_counter(admin, shown["id"], "P1")
    assert late.get_json()["code"] == "hand_over_closed"


def test_what_changed_since_it_was_offered_is_not_signed(force: Force, admin: Console) -> None:
    force.officer("P1")
    asset = registered(admin, "SN-77")
    hand_over = offered(admin, asset, "P1")["id"]
    version = {"If-Match": admin.get(f"{BOOK}/{asset}").headers["ETag"]}
    admin.call("PATCH", f"{BOOK}/{asset}", {"imei": "490154203237518"}, headers=version)
    assert at_counter(admin, hand_over, "P1").get_json()["code"] == "hand_over_changed"
    taken = admin.post(f"{BOOK}/{asset}/hand-overs", {"officer": "P1"})
    assert taken.get_json()["code"] == "hand_over_open"
    withdrawn = admin.post(f"/admin/v1/hand-overs/{hand_over}/withdraw")
    assert withdrawn.get_json()["state"] == "withdrawn"
    force.house.clock.advance(minutes=1)
    late = offered(admin, asset, "P1")["id"]
    force.house.clock.advance(days=8)
    admin = force.console("A8", "device_admin")
    assert at_counter(admin, late, "P1").get_json()["code"] == "hand_over_closed"
    issued(admin, asset, "P1", pool="N1")
    assert custody(admin, asset) == [("N1", "counter", False)]


def test_guessing_a_pin_at_the_counter_locks_the_counter_and_no_patrol(
    force: Force, admin: Console
) -> None:
    force.officer("P1")
    force.officer("P2")
    asset = registered(admin, "SN-78")
    hand_over = offered(admin, asset, "P1")["id"]
    other = at_counter(admin, hand_over, "P2")
    assert (other.status_code, other.get_json()["code"]) == (422, "invalid_input")
    for _ in range(5):
        answer = at_counter(admin, hand_over, "P1", "100200")
        assert (answer.status_code, answer.get_json()["code"]) == (422, "pin_not_accepted")
    assert at_counter(admin, hand_over, "P1").get_json()["code"] == "locked_out"
    assert stage(admin, asset) == "in_stock"
    terminal = force.compliant(admin)
    assert terminal.sign_in("P1", PIN).status_code == 200
    chief = force.console("S1", "supervisor")
    (locked,) = chief.get("/admin/v1/lockouts").get_json()["items"]
    release = {"subject": locked["subject"], "reason": "mistyped at the counter"}
    assert chief.post("/admin/v1/lockouts/release", release).status_code == 204
    assert at_counter(admin, hand_over, "P1").status_code == 200


def test_a_device_that_is_assigned_is_in_custody_and_a_leaver_still_holds_it(
    force: Force, admin: Console
) -> None:
    officer = force.officer("P1")
    terminal = force.enrolled(admin)
    device = f"/admin/v1/devices/{terminal.id}"
    version = {"If-Match": admin.get(device).headers["ETag"]}
    admin.call("PATCH", device, {"holder": "P1"}, headers=version)
    asset = registered(admin, terminal.serial)
    assert custody(admin, asset) == [("P1", "assigned", False)]
    assert stage(admin, asset) == "issued"
    version = {"If-Match": admin.get(device).headers["ETag"]}
    assert admin.call("PATCH", device, {"holder": None}, headers=version).status_code == 200
    assert (custody(admin, asset), stage(admin, asset)) == (
        [("P1", "assigned", True)],
        "in_stock",
    )
    camera = registered(admin, "CAM-9", device_class="body_camera")
    for thing in (asset, camera):
        issued(admin, thing, "P1")
    offered(admin, registered(admin, "CAM-10"), "P1")
    security = force.console("X1", "security_admin", unit="CITY")
    left = security.post(f"/admin/v1/officers/{officer}/retire", {"reason": "moved abroad"})
    assert left.status_code == 200, left.get_data(as_text=True)
    chief = force.console("S1", "supervisor")
    rows = chief.get("/admin/v1/holdings?unit=NORTH").get_json()["items"]
    kinds = sorted((row["kind"], row["label"]) for row in rows if row["kind"] != "role")
    assert kinds == [("equipment", "Testphone 8 CAM-9"), ("terminal", terminal.label)]


def test_who_may_see_and_who_may_manage(force: Force, admin: Console) -> None:
    asset = registered(admin, "SN-1", unit="N1")
    for role in ("supervisor", "auditor"):
        reader = force.console(f"R-{role}", role)
        assert [one["serial"] for one in reader.get(BOOK).get_json()["items"]] == ["SN-1"]
        assert reader.get(f"{BOOK}/{asset}/custody").status_code == 200
        assert moved(reader, asset, "repair").status_code == 403
        assert reader.post(f"{BOOK}/{asset}/hand-overs", {"officer": "P1"}).status_code == 403
    south = force.console("A5", "device_admin", unit="SOUTH")
    assert south.get(BOOK).get_json()["items"] == []
    assert south.get(f"{BOOK}/{asset}").status_code == 403
    assert south.post(BOOK, {"serial": "SN-2", "unit": "NORTH"}).status_code == 403
    twice = admin.post(BOOK, {"serial": "sn-1", "unit": "NORTH"})
    assert twice.get_json()["code"] == "asset_serial_taken"
    slip = admin.post(BOOK, {"serial": "SN-3", "unit": "NORTH", "imei": "490154203237519"})
    assert slip.get_json()["errors"][0]["pointer"] == "/imei"
    assert admin.get(BOOK, query_string={"text": "sn-1", "stage": "in_stock"}).get_json()["items"]
    assert admin.get(BOOK, query_string={"stage": "lost"}).get_json()["items"] == []
