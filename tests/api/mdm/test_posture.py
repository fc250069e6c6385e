"""A terminal passes muster before it sees data, and its agent may always report."""

import pytest

from tests.conftest import House
from tests.factories.mdm import PIN, Console, Force
from tests.factories.terminal import COMPLIANT, TestTerminal

DATA = "/mobile/v1/terminals"


@pytest.fixture
def terminal(force: Force, admin: Console) -> TestTerminal:
    """Enrolled, an officer signed in, nothing reported yet."""
    force.officer("P1")
    terminal = force.enrolled(admin)
    assert terminal.sign_in("P1", PIN).status_code == 200
    return terminal


def test_before_its_report_data_is_refused_with_the_reason_while_check_in_is_accepted(
    terminal: TestTerminal,
) -> None:
    refused = terminal.call("GET", DATA)
    assert refused.status_code == 403
    assert refused.get_json()["code"] == "posture_not_compliant"
    assert refused.get_json()["reasons"] == ["never_reported"]
    told = terminal.check_in()
    assert told.status_code == 200
    assert told.get_json()["compliant"] is True
    assert terminal.call("GET", DATA).status_code == 200


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"encrypted": False}, "storage_not_encrypted"),
        ({"passcode_set": False}, "no_passcode"),
        ({"rooted": True}, "rooted"),
        ({"rooted": None}, "rooted"),
    ],
)
def test_a_terminal_with_a_fault_is_told_what_to_do_and_refused(
    terminal: TestTerminal, fault: dict[str, bool | None], reason: str
) -> None:
    told = terminal.check_in(posture=COMPLIANT | fault).get_json()
    assert told["compliant"] is False
    assert [why["id"] for why in told["reasons"]] == [reason]
    assert all(why["en"] and why["zh"] for why in told["reasons"])
    refused = terminal.call("GET", DATA)
    assert (refused.status_code, refused.get_json()["reasons"]) == (403, [reason])
    terminal.comply()
    assert terminal.call("GET", DATA).status_code == 200


def test_a_warning_is_shown_and_blocks_nothing(terminal: TestTerminal) -> None:
    told = terminal.check_in(posture=COMPLIANT | {"usb_debugging": True}).get_json()
    assert told["compliant"] is True
    assert [why["id"] for why in told["reasons"]] == ["usb_debugging"]


def test_a_terminal_that_never_applied_its_configuration_is_not_compliant(
    terminal: TestTerminal,
) -> None:
    told = terminal.check_in(applied_hash=None).get_json()
    assert [why["id"] for why in told["reasons"]] == ["configuration_not_applied"]
    assert told["configuration"]["manifest"]["version"] == told["desired_hash"]


def test_an_echo_of_a_document_that_never_was_counts_for_nothing(terminal: TestTerminal) -> None:
    told = terminal.check_in(applied_hash="sha256:" + "0" * 64).get_json()
    assert [why["id"] for why in told["reasons"]] == ["configuration_not_applied"]


def test_a_patch_grows_too_old_without_anybody_reporting_it(
    house: House, force: Force, terminal: TestTerminal, admin: Console
) -> None:
    patch = house.clock().date().replace(day=1).isoformat()
    terminal.check_in(inventory={"patch_level": patch})
    force.work()
    house.clock.advance(days=160)
    force.work()
    late = force.console("A5", "device_admin")
    shown = late.get(f"/admin/v1/devices/{terminal.id}").get_json()
    assert (shown["tier"], shown["reasons"]) == (1, ["patch_too_old"])


def test_the_sweep_never_makes_a_quiet_terminal_fresh(
    house: House, force: Force, terminal: TestTerminal
) -> None:
    terminal.comply()
    force.work()
    house.clock.advance(days=2)
    force.work()
    terminal.sign_in("P1", PIN)
    assert terminal.call("GET", DATA).get_json()["code"] == "posture_not_compliant"


def test_a_stricter_rule_reaches_terminals_that_stay_silent(
    force: Force, terminal: TestTerminal
) -> None:
    terminal.comply()
    security = force.console("S1", "security_admin", unit="CITY")
    change = {"value": "9.0", "severity": "high", "action": "block"}
    path = "/admin/v1/compliance-rules/agent_too_old"
    changed = security.call("PUT", path, change, headers={"If-Match": '"v0"'})
    assert (changed.status_code, changed.get_json()["version"]) == (200, 1)
    force.work()
    assert terminal.call("GET", DATA).get_json()["reasons"] == ["agent_too_old"]
    stale = security.call("PUT", path, change, headers={"If-Match": '"v0"'})
    assert stale.get_json()["code"] == "stale_version"


@pytest.mark.parametrize(
    ("rule", "value"),
    [("rooted", "no"), ("patch_too_old", True), ("agent_too_old", 3), ("patch_too_old", -1)],
)
def test_a_rule_takes_only_a_value_it_can_compare(force: Force, rule: str, value: object) -> None:
    security = force.console("S1", "security_admin", unit="CITY")
    change = {"value": value, "severity": "high", "action": "block"}
    path = f"/admin/v1/compliance-rules/{rule}"
    answer = security.call("PUT", path, change, headers={"If-Match": '"v0"'})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "compliance_rule_value")


def test_device_admins_read_the_rules_and_leave_them_alone(admin: Console) -> None:
    assert len(admin.get("/admin/v1/compliance-rules").get_json()["items"]) == 15
    change = {"value": False, "severity": "low", "action": "warn"}
    path = "/admin/v1/compliance-rules/rooted"
    assert admin.call("PUT", path, change, headers={"If-Match": '"v0"'}).status_code == 403


def test_a_changed_verdict_is_on_the_timeline(terminal: TestTerminal, admin: Console) -> None:
    terminal.comply()
    terminal.check_in(posture=COMPLIANT | {"rooted": True})
    lines = admin.get(f"/admin/v1/devices/{terminal.id}/timeline").get_json()["items"]
    verdicts = [line["detail"]["result"] for line in lines if line["what"] == "mdm.posture.changed"]
    assert verdicts == [{"reasons": ["rooted"], "tier": 1}, {"reasons": [], "tier": 2}]
