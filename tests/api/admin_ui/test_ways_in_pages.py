"""A device admin's work before terminals are out of their boxes, without scripts."""

import json
import re

from tests.factories.console import Reader
from tests.factories.mdm import Force

WISH = {"name": "Box 7", "unit": "NORTH", "group": "", "uses": "1", "hours": "8"}
ANDROID = {
    "android_component": "org.example.agent/.AdminReceiver",
    "android_location": "https://example.org/agent.apk",
    "android_checksum": "A" * 43,
    "android_wifi_ssid": "Depot",
    "android_wifi_password": "seven herons",
}


def test_a_batch_prints_as_a_sheet_and_its_terminals_wait_for_a_yes(
    admin: Reader, force: Force
) -> None:
    wrong = ANDROID | {"android_checksum": "no hash"}
    answer = admin.post("/console/enrolment/new", **WISH, **wrong, serials="SN-A\nSN-B")
    assert answer.status_code == 422
    assert "seven herons" not in admin.page
    assert 'id="android_checksum-error"' in admin.page
    asked = {**WISH, **ANDROID, "needs_approval": "1", "serials": "SN-A\r\nSN-B"}
    assert admin.post("/console/enrolment/new", **asked).status_code == 200
    assert admin.page.count('aria-label="SN-') == 2
    assert "<svg" in admin.page
    secret = re.search(r'id="secret"[^>]*>(met_[\w-]+)<', admin.page)
    assert secret
    code = json.dumps({"token": secret.group(1)})
    good, bad = force.terminal(serial="SN-A"), force.terminal(serial="SN-B")
    assert good.enrol(code).get_json()["state"] == "awaiting_approval"
    assert bad.enrol(code).status_code == 201
    admin.get("/console/enrolment")
    assert "SN-A" in admin.page
    assert admin.post(f"/console/enrolment/waiting/{good.id}/admit").status_code == 303
    reject = f"/console/enrolment/waiting/{bad.id}/reject"
    assert admin.post(reject, reason="").status_code == 422
    assert admin.post(reject, reason="Nobody ordered it").status_code == 303
    admin.get("/console/enrolment")
    assert "/waiting/" not in admin.page
    good.comply()
    assert bad.check_in().get_json()["state"] == "retired"


def test_a_list_is_taken_in_and_its_bad_rows_are_named(admin: Reader, force: Force) -> None:
    path = "/console/enrolment/pre-registrations"
    rows = "serial,imei,unit,ring\nSN-1,,N1,pilot\nSN-2,,WEST,\n"
    admin.post(path, rows=rows, dry_run="1")
    assert "1 added" in admin.page
    assert "nothing is saved" in admin.page
    admin.post(path, rows=rows)
    assert "There is no unit WEST." in admin.page
    assert "pilot" in admin.page
    assert (
        admin.post("/console/enrolment/rules", unit="N1", needs_approval="yes").status_code == 303
    )
    admin.get(path)
    assert "N1: terminals wait to be let in" in admin.page
    (forget,) = (action for action in admin.forms() if action.endswith("/remove"))
    assert admin.post(forget).status_code == 303
    admin.get(path)
    assert "Nothing is pre-registered" in admin.page


def test_a_rule_is_tried_before_it_is_saved_and_then_fills_its_group(
    admin: Reader, force: Force
) -> None:
    terminal = force.enrolled(force.console("A8", "device_admin"))
    traits = f"/console/devices/{terminal.id}/traits"
    version = {"version": hidden(admin, traits)}
    describe = {"ring": "pilot", "attributes": "duty=harbour", "ownership": "pooled"}
    assert admin.post(traits, **describe, **version).status_code == 303
    assert admin.post(traits, **describe, **version).status_code == 412
    form = {"name": "Harbour", "unit": "NORTH", "priority": "5", "rule_attributes": "duty=harbour"}
    assert admin.get("/console/groups/new").status_code == 200
    admin.post("/console/groups/new", **form, preview="1")
    assert "The rule matches 1 terminal." in admin.page
    assert terminal.label in admin.page
    wrong = admin.post("/console/groups/new", **form, rule_os_at_least="new")
    assert wrong.status_code == 422
    assert 'id="rule_os_at_least-error"' in admin.page
    made = admin.post("/console/groups/new", **form)
    assert made.status_code == 303
    force.work()
    group = made.headers["Location"]
    admin.get(group)
    assert "by rule" in admin.page
    by_hand = {**form, "version": hidden(admin, group), "rule_attributes": ""}
    assert admin.post(group, **by_hand).status_code == 303
    force.work()
    admin.get(group)
    assert "by rule" not in admin.page
    assert admin.post(f"{group}/members", terminal=terminal.label).status_code == 303
    admin.get(traits)
    assert "Harbour" in admin.page
    assert admin.post(f"{group}/members/{terminal.id}/remove").status_code == 303


def hidden(reader: Reader, path: str) -> str:
    reader.get(path)
    found = re.search(r'name="version" value="(\d+)"', reader.page)
    assert found, reader.page
    return found.group(1)
