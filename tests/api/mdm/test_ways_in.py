"""Ways in beside a plain token: lists, pre-registration, the approval queue, coming back."""

from typing import Any

from werkzeug.test import TestResponse

from mdm.equipment import Asset
from muster.kernel.ids import uuid7
from tests.api.mdm.test_enrolment import refused
from tests.conftest import House
from tests.factories.mdm import PIN, Console, Force, qr, token_for, wipe

ANDROID = {
    "component": "org.example.agent/.AdminReceiver",
    "location": "https://example.org/agent.apk",
    "checksum": "A" * 43,
    "wifi": {"ssid": "Depot", "security": "WPA", "password": "seven herons"},
    "use_mobile_data": True,
    "skip_encryption": False,
}
HEADING = "serial,imei,unit,device_class,groups,holder,ownership,ring,attributes\n"


def test_a_code_tells_the_wizard_all_it_needs_and_the_server_forgets_the_password(
    house: House, admin: Console
) -> None:
    ca = "https://example.org/root.pem"
    made = token_for(admin, android=ANDROID, ca=[ca])
    said = {key.removeprefix("android.app.extra.PROVISIONING_"): value
            for key, value in made["content"].items()}  # fmt: skip
    assert (said["WIFI_SSID"], said["WIFI_SECURITY_TYPE"]) == ("Depot", "WPA")
    assert said["WIFI_PASSWORD"] == "seven herons"
    assert said["USE_MOBILE_DATA"] is True
    assert said["SKIP_ENCRYPTION"] is said["LEAVE_ALL_SYSTEM_APPS_ENABLED"] is False
    assert said["ADMIN_EXTRAS_BUNDLE"]["ca"] == [ca]
    with house.kernel.db.engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if house.kernel.db.is_sqlite
            else "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        ).scalars()
        rows = [str(connection.exec_driver_sql(f'SELECT * FROM "{table}"').all())
                for table in tables.all()]  # fmt: skip
    assert "Depot" not in "".join(rows)
    assert "seven herons" not in "".join(rows)


def test_a_code_that_no_qr_code_holds_is_refused(admin: Console) -> None:
    long = [f"https://example.org/{number}{'x' * 470}" for number in range(4)]
    wish: dict[str, Any] = {"unit": "NORTH", "ca": long, "android": ANDROID}
    wish["android"] = ANDROID | {"location": f"https://example.org/{'y' * 470}"}
    refused(
        admin.post("/admin/v1/enrolment-tokens", wish | {"label": "x"}),
        422,
        "enrolment_code_too_large",
    )
    for bad in ({"ca": ["http://example.org"]}, {"ca": ["no certificate"]}, {"agent": "other"},
                {"android": ANDROID | {"wifi": {"ssid": "Depot", "security": "WPA"}}}):  # fmt: skip
        answer = admin.post("/admin/v1/enrolment-tokens", {"unit": "NORTH", **bad})
        assert answer.status_code == 422, bad


def test_a_batch_lets_in_each_serial_of_its_list_once_and_alarms_at_any_other(
    force: Force, admin: Console
) -> None:
    made = token_for(admin, kind="batch", serials=["SN-A", "SN-B"], label="Box 7")
    first = force.terminal(serial="SN-A")
    refused(force.terminal(serial="SN-X").enrol(made["content"]), 403, "serial_not_listed")
    assert force.notices() == ["mdm.serial_not_listed"]
    assert first.enrol(made["content"]).status_code == 201
    admin.post(f"/admin/v1/devices/{first.id}/retire", {"reason": "screen broken"})
    refused(force.terminal(serial="SN-A").enrol(made["content"]), 403, "serial_used")
    token = made["enrolment_token"]["id"]
    listed = admin.get(f"/admin/v1/enrolment-tokens/{token}/serials").get_json()["items"]
    assert [(line["serial"], line["device_id"]) for line in listed] == [
        ("SN-A", str(first.id)),
        ("SN-B", None),
    ]
    south = force.console("A9", "device_admin", unit="SOUTH")
    refused(south.get(f"/admin/v1/enrolment-tokens/{token}/serials"), 403, "not_permitted")


def test_pre_registration_decides_where_a_terminal_goes(force: Force, admin: Console) -> None:
    force.officer("P1", "officer")
    group = admin.post("/admin/v1/device-groups", {"name": "Boats", "unit": "NORTH"}).get_json()
    rows = (
        "SN-1,,N1,vehicle,Boats,P1,personal,pilot,boat=7;port=left\n"
        ",356938035643809,N1,,,,,,\n"
        "SN-3,,NOWHERE,,,,,,\n"
        "SN-4,,SOUTH,,,,,,\n"
        "SN-1,,N1,,,,,,\n"
        "SN-6,,N1,Big Car,No such,P9,mine,A B,x\n"
    )
    report = take_in(admin, HEADING + rows)
    assert (report["added"], report["changed"], report["unchanged"]) == (2, 0, 0)
    assert {fault["pointer"] for fault in report["faults"]} == {
        "/4/unit", "/5/unit", "/6/serial", "/7/device_class", "/7/groups", "/7/holder",
        "/7/ownership", "/7/ring", "/7/attributes",
    }  # fmt: skip
    assert take_in(admin, HEADING + rows)["unchanged"] == 2
    terminal = force.terminal(serial="SN-1")
    assert terminal.enrol(qr(admin)).status_code == 201
    shown = admin.get(f"/admin/v1/devices/{terminal.id}").get_json()
    assert (shown["unit"], shown["device_class"], shown["holder"]) == ("N1", "vehicle", "P1")
    members = admin.get(f"/admin/v1/device-groups/{group['id']}/members").get_json()["items"]
    assert members == [str(terminal.id)]
    by_imei = force.terminal(serial="SN-2")
    assert by_imei.enrol(qr(admin), imei="356938035643809").status_code == 201
    assert admin.get(f"/admin/v1/devices/{by_imei.id}").get_json()["unit"] == "N1"
    south = force.console("A9", "device_admin", unit="SOUTH")
    assert south.get("/admin/v1/pre-registrations").get_json()["items"] == []
    theft = take_in(south, HEADING + "SN-1,,SOUTH,,,,,,\n")
    assert (theft["changed"], theft["faults"][0]["pointer"]) == (0, "/2/serial")
    items = admin.get("/admin/v1/pre-registrations").get_json()["items"]
    used = {item["serial"]: item for item in items}["SN-1"]
    assert (used["device_id"], used["ring"]) == (str(terminal.id), "pilot")
    gone = f"/admin/v1/pre-registrations/{used['id']}"
    refused(south.call("DELETE", gone), 403, "not_permitted")
    assert admin.call("DELETE", gone).status_code == 204


def test_a_terminal_that_waits_gets_nothing_until_somebody_lets_it_in(
    force: Force, admin: Console
) -> None:
    force.officer("P1", "officer")
    rule = admin.call("PUT", "/admin/v1/enrolment-rules/NORTH", {"needs_approval": True})
    assert rule.get_json() == {"unit": "NORTH", "needs_approval": True}
    terminal = force.terminal()
    told = terminal.enrol(qr(admin, unit="N1")).get_json()
    assert (told["state"], told["configuration"], told["certificate"]) == (
        "awaiting_approval",
        None,
        None,
    )
    for _ in range(2):
        answer = terminal.check_in().get_json()
        assert (answer["tier"], answer["compliant"], answer["configuration"]) == (0, False, None)
        assert [reason["id"] for reason in answer["reasons"]] == ["awaiting_approval"]
    refused(terminal.agent("GET", "/agent/v1/configuration"), 403, "awaiting_approval")
    refused(terminal.agent("GET", "/agent/v1/apps/desired"), 403, "device_out_of_service")
    no_sign_in(terminal.sign_in("P1", PIN), "let it in")
    south = force.console("A9", "device_admin", unit="SOUTH")
    assert queue(south) == []
    approve = f"/admin/v1/enrolment-queue/{terminal.id}/approve"
    refused(south.post(approve), 403, "not_permitted")
    assert queue(admin) == [terminal.serial]
    assert "mdm.awaiting_approval" in force.notices()
    assert admin.post(approve).status_code == 200
    refused(admin.post(approve), 409, "not_awaiting_approval")
    assert queue(admin) == []
    terminal.comply()
    assert terminal.sign_in("P1", PIN).status_code == 200


def test_a_lost_and_found_terminal_still_waits_and_a_refused_one_is_out(
    force: Force, admin: Console
) -> None:
    terminal = force.enrolled(admin, needs_approval=True)
    why = {"reason": "nobody ordered it"}
    admin.post(f"/admin/v1/devices/{terminal.id}/lost", why)
    admin.post(f"/admin/v1/devices/{terminal.id}/found", why)
    assert terminal.check_in().get_json()["tier"] == 0
    answer = admin.post(f"/admin/v1/enrolment-queue/{terminal.id}/refuse", why)
    assert answer.get_json()["state"] == "retired"
    refused(terminal.enrol(qr(admin)), 409, "device_key_known")


def test_a_personal_terminal_is_its_holders_alone(force: Force, admin: Console) -> None:
    force.officer("P1", "officer")
    force.officer("P2", "officer")
    own = force.compliant(admin, ownership="personal", holder="P1")
    no_sign_in(own.sign_in("P2", PIN), "personal terminal")
    assert own.sign_in("P1", PIN).status_code == 200
    version = admin.get(f"/admin/v1/devices/{own.id}").headers["ETag"]
    admin.call(
        "PATCH",
        f"/admin/v1/devices/{own.id}",
        {"holder": "P2"},
        headers={"If-Match": version},
    )
    no_sign_in(own.refresh(), "personal terminal")
    assert own.sign_in("P2", PIN).status_code == 200
    pooled = force.compliant(admin, holder="P1")
    assert pooled.sign_in("P2", PIN).status_code == 200
    wish = {"unit": "NORTH", "kind": "batch", "uses": 2, "holder": "P1"}
    assert admin.post("/admin/v1/enrolment-tokens", wish).status_code == 422


def test_coming_back_ends_the_enrolment_before_and_its_wipe_stays_with_it(
    force: Force, admin: Console, second: Console
) -> None:
    first = force.compliant(admin)
    other = force.enrolled(admin)
    wipe(admin, second, first)
    made = token_for(admin, replaces=str(first.id))
    refused(force.terminal(serial="SN-OTHER").enrol(made["content"]), 409, "token_replaces_another")
    refused(force.terminal(serial=other.serial).enrol(made["content"]), 409,
            "device_already_enrolled")  # fmt: skip
    again = force.terminal(serial=first.serial)
    assert again.enrol(made["content"]).status_code == 201
    assert again.check_in().get_json()["commands"] == []
    assert admin.get(f"/admin/v1/devices/{first.id}").get_json()["state"] == "retired"
    assert first.check_in().get_json()["commands"] == []
    states = admin.get(f"/admin/v1/devices/{first.id}/commands").get_json()["items"]
    assert [command["state"] for command in states] == ["expired"]
    south = force.console("A9", "device_admin", unit="SOUTH")
    theft = {"unit": "SOUTH", "replaces": str(again.id)}
    refused(south.post("/admin/v1/enrolment-tokens", theft), 403, "not_permitted")
    gone = {"unit": "NORTH", "replaces": str(first.id)}
    refused(admin.post("/admin/v1/enrolment-tokens", gone), 409, "nothing_to_replace")


def test_a_terminal_is_the_thing_we_own_by_its_serial_number(
    house: House, force: Force, admin: Console
) -> None:
    with house.kernel.writes() as uow:
        asset = Asset(
            id=uuid7(),
            serial="SN-CAM",
            device_class="body_camera",
            unit_id=force.units["NORTH"],
            stage_at=uow.now(),
        )
        uow.session.add(asset)
    terminal = force.terminal(serial="SN-CAM")
    terminal.enrol(qr(admin))
    shown = admin.get(f"/admin/v1/devices/{terminal.id}").get_json()
    assert shown["device_class"] == "body_camera"


def take_in(admin: Console, data: str) -> dict[str, Any]:
    path = "/admin/v1/pre-registrations/import"
    answer: TestResponse = admin.call("POST", path, data=data, content_type="text/csv")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    report: dict[str, Any] = answer.get_json()
    return report


def no_sign_in(answer: TestResponse, because: str) -> None:
    told = answer.get_json()
    assert (answer.status_code, told["error"]) == (400, "invalid_grant")
    assert because in told["error_description"]


def queue(admin: Console) -> list[str]:
    items = admin.get("/admin/v1/enrolment-queue").get_json()["items"]
    return [item["serial"] for item in items]
