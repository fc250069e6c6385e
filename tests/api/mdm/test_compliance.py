"""Rules that people make: previewed, escalating, acted on once, and never a wipe without people."""

from typing import Any

import pytest
from sqlalchemy import update

from mdm.devices.models import ManagedDevice
from tests.conftest import House
from tests.factories.mdm import PIN, Console, Force
from tests.factories.terminal import COMPLIANT, TestTerminal

RULES = "/admin/v1/compliance-rules"
DATA = "/mobile/v1/terminals"
OLD_SYSTEM: dict[str, Any] = {
    "id": "old_system",
    "fact": "os_version",
    "operator": "version_at_least",
    "value": "16",
    "severity": "medium",
    "action": "block",
    "grace_hours": 24,
    "deadline_hours": 168,
    "escalation": "wipe_app_data",
    "classes": ["handheld", "vehicle"],
    "sentence_en": "Install Android 16.",
    "sentence_zh": "请安装 Android 16。",
}


@pytest.fixture
def security(force: Force) -> Console:
    return force.console("S1", "security_admin", unit="CITY")


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    force.officer("P1")
    terminal = force.compliant(admin)
    assert terminal.sign_in("P1", PIN).status_code == 200
    return terminal


def kinds(terminal: TestTerminal) -> list[str]:
    return [order["kind"] for order in terminal.check_in().get_json()["commands"]]


def test_a_rule_is_previewed_saved_and_warns_then_closes_then_erases_app_data_once(
    house: House, force: Force, admin: Console, security: Console, terminal: TestTerminal
) -> None:
    fine = force.compliant(admin)
    fine.check_in(inventory={"os_version": "16.1"})
    camera = force.compliant(admin, device_class="body_camera")
    seen = admin.post(f"{RULES}/preview", OLD_SYSTEM).get_json()
    assert (seen["fail"], seen["judged"], seen["closing"], seen["all"]) == (1, 2, 0, True)
    assert [one["label"] for one in seen["terminals"]] == [terminal.label]
    assert security.post(f"{RULES}/preview", OLD_SYSTEM).get_json()["terminals"] == []
    assert admin.post(RULES, OLD_SYSTEM).status_code == 403
    made = security.post(RULES, OLD_SYSTEM)
    assert (made.status_code, made.get_json()["version"]) == (201, 1)
    assert security.post(RULES, OLD_SYSTEM).get_json()["code"] == "compliance_rule_taken"

    force.work()
    (why,) = terminal.check_in().get_json()["reasons"]
    assert (why["id"], why["action"], why["then"]) == ("old_system", "warn", "block")
    assert why["en"].startswith("Install Android 16. Otherwise it is closed to officers from ")
    assert terminal.call("GET", DATA).status_code == 200
    assert camera.check_in().get_json()["reasons"] == []

    house.clock.advance(hours=24)
    terminal.check_in()
    terminal.sign_in("P1", PIN)
    assert terminal.call("GET", DATA).get_json()["reasons"] == ["old_system"]

    house.clock.advance(hours=144)
    force.work()
    force.work()
    admin = force.console("A7", "device_admin")
    queued = admin.get(f"/admin/v1/devices/{terminal.id}/commands").get_json()["items"]
    assert [(one["kind"], one["reason"]) for one in queued] == [
        ("wipe_app_data", "compliance rule old_system")
    ]
    assert kinds(terminal) == ["wipe_app_data"]
    terminal.check_in(results=[{"command_id": queued[0]["id"], "outcome": "done"}])
    house.clock.advance(hours=5)
    force.work()
    assert kinds(terminal) == [], "what was carried out once is not asked for again"
    admin = force.console("A8", "device_admin")
    standing = admin.get(f"/admin/v1/devices/{terminal.id}/compliance").get_json()
    assert (standing["compliant"], standing["reasons"][0]["action"]) == (False, "wipe_app_data")
    failing = admin.get("/admin/v1/compliance-failures?rule=old_system").get_json()["items"]
    assert [one["label"] for one in failing] == [terminal.label]

    mended = terminal.check_in(inventory={"os_version": "16"}).get_json()
    assert (mended["compliant"], mended["reasons"]) == (True, [])
    assert admin.get("/admin/v1/compliance-failures").get_json()["items"] == []


def test_a_rule_that_says_wipe_asks_people_and_wipes_nothing(
    house: House, force: Force, admin: Console, security: Console, terminal: TestTerminal
) -> None:
    path = f"{RULES}/rooted"
    change = {"value": False, "severity": "high", "action": "wipe"}
    saved = security.call("PUT", path, change, headers={"If-Match": '"v0"'})
    assert saved.status_code == 200
    force.work()
    house.clock.advance(minutes=1)
    terminal.check_in(posture=COMPLIANT | {"rooted": True})
    force.work()
    assert terminal.call("GET", DATA).status_code == 403
    assert force.notices().count("mdm.compliance_deadline") == 1
    assert kinds(terminal) == []
    lines = admin.get(f"/admin/v1/devices/{terminal.id}/timeline").get_json()["items"]
    assert "mdm.posture.escalated" in [line["what"] for line in lines]


def test_only_a_report_opens_a_terminal_again_not_a_rule_that_is_switched_off(
    house: House, force: Force, security: Console, terminal: TestTerminal
) -> None:
    terminal.check_in(posture=COMPLIANT | {"rooted": True})
    off = {"value": False, "severity": "high", "action": "block", "enabled": False}
    assert (
        security.call("PUT", f"{RULES}/rooted", off, headers={"If-Match": '"v0"'}).status_code
        == 200
    )
    force.work()
    assert terminal.call("GET", DATA).get_json()["reasons"] == ["rooted"]
    terminal.check_in(posture=COMPLIANT | {"rooted": True})
    assert terminal.call("GET", DATA).status_code == 200


def test_silence_is_judged_by_the_clock_and_escalates(
    house: House, force: Force, security: Console, terminal: TestTerminal
) -> None:
    on = {"value": 2, "severity": "high", "action": "block", "enabled": True}
    steps = {"deadline_hours": 10, "escalation": "wipe_app_data"}
    path = f"{RULES}/no_contact"
    assert security.call("PUT", path, on | steps, headers={"If-Match": '"v0"'}).status_code == 200
    force.work()
    assert terminal.call("GET", DATA).status_code == 200
    house.clock.advance(hours=3)
    force.work()
    terminal.sign_in("P1", PIN)
    assert terminal.call("GET", DATA).get_json()["reasons"] == ["no_contact"]
    house.clock.advance(hours=10, minutes=1)
    force.work()
    assert kinds(terminal) == ["wipe_app_data"]
    assert terminal.check_in().get_json()["compliant"] is True


def test_another_sim_is_told_until_an_admin_accepts_it(
    house: House, admin: Console, terminal: TestTerminal
) -> None:
    path = f"/admin/v1/devices/{terminal.id}/sims/accept"
    why = {"reason": "new contract"}
    assert admin.post(path, why).get_json()["code"] == "no_sims_reported"
    insert(house, terminal, "8986001")
    assert terminal.check_in().get_json()["reasons"] == [], "the first it names is its own"
    insert(house, terminal, "8986999")
    assert [why["id"] for why in terminal.check_in().get_json()["reasons"]] == ["sim_changed"]
    assert admin.post(path, why).status_code == 200
    assert terminal.check_in().get_json()["reasons"] == []


def test_forbidden_apps_of_the_configuration_and_of_a_rule_close_a_terminal(
    house: House, admin: Console, security: Console, terminal: TestTerminal
) -> None:
    install(house, terminal, "com.example.game")
    assert terminal.check_in().get_json()["compliant"] is True
    rule = {
        "id": "no_games",
        "fact": "apps",
        "operator": "has_none",
        "value": ["com.example.game"],
        "severity": "low",
        "action": "block",
    }
    assert security.post(RULES, rule | {"value": "com.example.game"}).status_code == 422
    assert security.post(RULES, rule | {"fact": "rooted"}).status_code == 422
    assert security.post(RULES, rule).status_code == 201
    told = terminal.check_in().get_json()
    assert [why["id"] for why in told["reasons"]] == ["no_games"]
    document = {"apps": {"blocked": ["com.example.game"]}}
    body = {"scope_kind": "device", "scope_id": str(terminal.id), "document": document}
    draft = admin.post("/admin/v1/configurations", body)
    assert draft.status_code == 201, draft.get_data(as_text=True)
    published = admin.post(f"/admin/v1/configurations/{draft.get_json()['id']}/publish")
    assert published.status_code == 200, published.get_data(as_text=True)
    terminal.check_in()
    told = terminal.check_in().get_json()
    assert {why["id"] for why in told["reasons"]} == {"no_games", "forbidden_app_installed"}


def insert(house: House, terminal: TestTerminal, iccid: str) -> None:
    """Let another SIM be in the terminal, as its inventory says."""
    put(house, terminal, sims=[{"slot": 0, "iccid": iccid, "number": "", "operator": ""}])


def install(house: House, terminal: TestTerminal, package: str) -> None:
    put(house, terminal, software={package: {"version_code": 1, "version": "1"}})


def put(house: House, terminal: TestTerminal, **columns: Any) -> None:
    with house.kernel.writes() as uow:
        uow.session.execute(
            update(ManagedDevice).where(ManagedDevice.id == terminal.id).values(**columns)
        )
