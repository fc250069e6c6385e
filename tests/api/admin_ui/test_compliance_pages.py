"""The security admin's rule, from its preview to a terminal that turns non-compliant."""

from sqlalchemy import update

from mdm.devices.models import ManagedDevice
from tests.conftest import House
from tests.factories.console import Reader, signed_in
from tests.factories.mdm import Force
from tests.factories.terminal import TestTerminal

RULE = {
    "id": "old_system",
    "fact": "os_version",
    "operator": "version_at_least",
    "value": "16",
    "severity": "high",
    "action": "block",
    "grace_hours": "0",
    "escalation": "wipe_app_data",
    "deadline_hours": "168",
    "classes": "handheld",
    "enabled": "1",
    "sentence_en": "Install Android 16.",
    "sentence_zh": "",
}
NEW, LIST = "/console/compliance/new", "/console/compliance"


def test_a_rule_is_previewed_then_saved_and_a_terminal_turns_non_compliant(
    force: Force, terminal: TestTerminal, admin: Reader
) -> None:
    security = signed_in(force, "S1", "security_admin", unit="CITY")
    assert security.post(NEW, **RULE, do="preview").status_code == 200
    assert "1 of 1 terminals would fail." in security.page
    assert "Closed to officers at once: 1." in security.page
    assert 'value="Install Android 16."' in security.page
    assert 'id="class-handheld" name="classes" value="handheld" checked' in security.page
    admin.get(LIST)
    assert "old_system" not in admin.page, "a preview writes nothing"
    assert admin.post(NEW, **RULE, do="save").status_code == 403
    wrong = security.post(NEW, **RULE | {"value": "soon"}, do="save")
    assert (wrong.status_code, "of the kind that the rule compares" in security.page) == (422, True)

    assert security.post(NEW, **RULE, do="save").status_code == 303
    force.work()
    admin.get(f"{LIST}?rule=old_system")
    assert terminal.label in admin.page
    assert "Close to officers · after 168 hours: Erase app data" in admin.page
    admin.get(f"/console/devices/{terminal.id}")
    assert "Install Android 16. Otherwise its work data is erased from" in admin.page
    terminal.check_in(inventory={"os_version": "16"})
    admin.get(LIST)
    assert "No terminal fails" in admin.page

    changed = RULE | {"version": "1", "value": "17"}
    path = "/console/compliance/rules/old_system"
    assert security.post(path, **changed, do="save").status_code == 303
    stale = security.post(path, **changed, do="save")
    assert stale.status_code == 412


def test_the_page_of_a_terminal_shows_its_wearables_and_a_changed_sim(
    house: House, terminal: TestTerminal, force: Force, admin: Reader
) -> None:
    wish = {"device_class": "wearable"}
    code = terminal.agent("POST", "/agent/v1/companions", wish).get_json()["content"]
    wearable = force.terminal()
    wearable.enrol(code)
    wearable.comply()
    with house.kernel.writes() as uow:
        card = {"slot": 0, "iccid": "8986999", "number": "", "operator": ""}
        uow.session.execute(
            update(ManagedDevice)
            .where(ManagedDevice.id == terminal.id)
            .values(sims=[card], accepted_sims=["8986001"])
        )
    terminal.check_in(posture={"encrypted": True})
    admin.get(f"/console/devices/{wearable.id}")
    assert "The terminal that this one belongs to is not in order." in admin.page
    admin.get(f"/console/devices/{terminal.id}")
    assert wearable.label in admin.page
    accept = f"/console/devices/{terminal.id}/sims/accept"
    assert accept in admin.forms()
    assert admin.post(accept, reason="new contract").status_code == 303
    admin.get(f"/console/devices/{terminal.id}")
    assert accept not in admin.forms()
