"""The eleven controls that CJIS 5.13.2 (2) asks of device management; `docs/protocols/compliance.md` lists them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from mdm.commands import queue
from mdm.devices.models import ManagedDevice
from tests.conftest import House
from tests.factories.mdm import PIN, Console, Force, wipe
from tests.factories.terminal import COMPLIANT, TestTerminal


def given(terminal: TestTerminal) -> list[str]:
    return [order["kind"] for order in terminal.check_in().get_json()["commands"]]


def test_a_terminal_is_locked_located_and_wiped_from_afar(
    house: House, force: Force, admin: Console, second: Console
) -> None:
    terminal = force.compliant(admin)
    lock = {"kind": "lock", "reason": "left in a taxi"}
    assert admin.post(f"/admin/v1/devices/{terminal.id}/commands", lock).status_code == 201
    assert terminal.id is not None
    with house.kernel.writes() as uow:
        queue.put(uow, terminal.id, "locate", reason="lost", body={"purpose": "lost terminal"})
    assert given(terminal) == ["lock", "locate"]
    wipe(admin, second, terminal)
    assert given(terminal) == ["wipe"]


def test_mandatory_settings_come_signed_and_a_terminal_without_them_sees_nothing(
    force: Force, admin: Console
) -> None:
    force.officer("P1")
    terminal = force.enrolled(admin)
    told = terminal.check_in(applied_hash=None).get_json()
    sealed = told["configuration"]
    settings = sealed["manifest"]["document"]["configuration"]
    assert sealed["signature"], "nobody on the terminal changes it unnoticed"
    assert settings["encryption"] is True
    assert 3 <= settings["password"]["max_failed"] <= 10, "then the terminal erases itself"
    assert [why["id"] for why in told["reasons"]] == ["configuration_not_applied"]
    terminal.sign_in("P1", PIN)
    assert terminal.call("GET", "/mobile/v1/terminals").status_code == 403


def test_tampering_missing_encryption_old_patches_and_forbidden_software_close_it(
    house: House, force: Force, admin: Console
) -> None:
    force.officer("P1")
    terminal = force.compliant(admin)
    terminal.sign_in("P1", PIN)
    old = (house.clock().date() - timedelta(days=121)).isoformat()
    new = house.clock().date().isoformat()
    forbid(house, admin, terminal)
    faults: list[tuple[dict[str, Any], str]] = [
        ({"posture": {**COMPLIANT, "rooted": True}}, "rooted"),
        ({"posture": {**COMPLIANT, "encrypted": False}}, "storage_not_encrypted"),
        ({"inventory": {"patch_level": old}}, "patch_too_old"),
        ({"applied_hash": "sha256:" + "0" * 64}, ""),
    ]
    for report, reason in faults:
        told = terminal.check_in(**report).get_json()
        reasons = {why["id"] for why in told["reasons"]}
        assert reasons == {"forbidden_app_installed", *([reason] if reason else [])}
        refused = terminal.call("GET", "/mobile/v1/terminals")
        assert (refused.status_code, set(refused.get_json()["reasons"])) == (403, reasons)
        terminal.check_in(inventory={"patch_level": new})


def forbid(house: House, admin: Console, terminal: TestTerminal) -> None:
    """Forbid an app by configuration that the terminal has installed."""
    document = {"apps": {"blocked": ["com.example.game"]}}
    body = {"scope_kind": "device", "scope_id": str(terminal.id), "document": document}
    draft = admin.post("/admin/v1/configurations", body).get_json()
    admin.post(f"/admin/v1/configurations/{draft['id']}/publish")
    with house.kernel.writes() as uow:
        uow.session.execute(
            update(ManagedDevice)
            .where(ManagedDevice.id == terminal.id)
            .values(software={"com.example.game": {"version_code": 1, "version": "1"}})
        )
    terminal.check_in()
