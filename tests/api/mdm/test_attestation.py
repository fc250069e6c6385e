"""A terminal proves by its hardware what it is, and what follows when it cannot or lies."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.test import TestResponse

from mdm.attestation import operators
from tests.conftest import House
from tests.factories.attestation import PACKAGE, SIGNER, Maker, Statement, but
from tests.factories.console import signed_in
from tests.factories.mdm import PIN, Console, Force, qr
from tests.factories.terminal import TestTerminal

VENDOR = Maker()
STATUS = {"entries": {"deadbeef": {"status": "REVOKED", "reason": "KEY_COMPROMISE"}}}
DOOR = "/agent/v1/attestation"


@pytest.fixture
def lists(house: House) -> None:
    """The operator has brought roots, a list of revoked keys and our agent's signer."""
    operators.import_roots(house.kernel, VENDOR.root_pem.encode(), "roots.pem")
    status(house, STATUS)
    operators.register_agent(house.kernel, PACKAGE, SIGNER)


def status(house: House, document: dict[str, Any], **options: Any) -> None:
    data = json.dumps(document).encode()
    operators.import_status(house.kernel, data, "status.json", house.clock(), **options)


def chain(
    terminal: TestTerminal, key: ec.EllipticCurvePrivateKey, statement: Statement
) -> list[str]:
    made = VENDOR.chain(key, statement, terminal.clock())
    return [base64.b64encode(one).decode() for one in made]


def unbase(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=")


def challenge(terminal: TestTerminal) -> bytes:
    answer = terminal.agent("POST", f"{DOOR}/challenge")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return unbase(answer.get_json()["challenge"])


def attest(terminal: TestTerminal, **change: Any) -> TestResponse:
    """Make a new key with the server's challenge and show it; use it from now on if it counts."""
    said = but(**{"challenge": challenge(terminal)} | change)
    fresh = ec.generate_private_key(ec.SECP256R1())
    with_new = TestTerminal(terminal.client, terminal.origin, clock=terminal.clock)
    with_new.key = fresh
    answer = terminal.agent(
        "POST",
        DOOR,
        {
            "attestation": chain(terminal, fresh, said),
            "new_key_proof": with_new.proof("POST", DOOR),
        },
    )
    if answer.status_code == 200 and answer.get_json()["result"] == "verified":
        terminal.key = fresh
    return answer


def comes_in(
    force: Force, content: dict[str, Any], **change: Any
) -> tuple[TestTerminal, TestResponse]:
    """Enrol as an agent on Android does: a challenge first, then the key that contains it."""
    terminal = force.terminal()
    told = terminal.agent("POST", "/agent/v1/enrol/challenge", {"token": content["token"]})
    assert told.status_code == 201, told.get_data(as_text=True)
    terminal.key = ec.generate_private_key(ec.SECP256R1())
    said = but(**{"challenge": unbase(told.get_json()["challenge"])} | change)
    return terminal, terminal.enrol(content, attestation=chain(terminal, terminal.key, said))


def tier(terminal: TestTerminal, admin: Console) -> tuple[int, list[str]]:
    shown = admin.get(f"/admin/v1/devices/{terminal.id}").get_json()
    return shown["tier"], shown["reasons"]


def shown(terminal: TestTerminal, admin: Console) -> dict[str, Any]:
    answer = admin.get(f"/admin/v1/devices/{terminal.id}/attestation")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.usefixtures("lists")
def test_a_terminal_that_comes_in_with_its_hardwares_word_is_attested(
    house: House, force: Force, admin: Console
) -> None:
    terminal, answer = comes_in(force, qr(admin))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert answer.get_json()["attestation"] == "verified"
    assert tier(terminal, admin) == (1, ["never_reported"]), "a report opens it, not a chain"
    assert terminal.check_in().get_json()["tier"] == 3
    found = shown(terminal, admin)
    assert (found["result"], found["reason"]) == ("verified", "")
    assert found["evidence"]["security_level"] == "tee"
    assert found["status_list_old"] is False
    told = datetime.fromisoformat(found["expires_at"]) - datetime.fromisoformat(found["checked_at"])
    assert told == timedelta(days=7)


@pytest.mark.usefixtures("lists")
def test_after_a_week_it_is_compliant_but_not_attested(
    house: House, force: Force, admin: Console
) -> None:
    terminal, _ = comes_in(force, qr(admin))
    terminal.check_in()
    force.work()
    house.clock.advance(days=7, minutes=1)
    force.work()
    late = force.console("A9", "device_admin")
    assert tier(terminal, late) == (2, [])
    assert (shown(terminal, late)["result"], shown(terminal, late)["reason"]) == (
        "unknown",
        "expired",
    )
    assert terminal.check_in().get_json()["tier"] == 2
    assert attest(terminal).get_json()["result"] == "verified"
    assert terminal.check_in().get_json()["tier"] == 3


@pytest.mark.usefixtures("lists")
def test_attesting_again_changes_the_key_and_ends_what_the_old_one_carried(
    force: Force, admin: Console
) -> None:
    force.officer("P1")
    terminal, _ = comes_in(force, qr(admin))
    terminal.comply()
    terminal.sign_in("P1", PIN)
    assert terminal.call("GET", "/mobile/v1/terminals").status_code == 200
    old = terminal.key
    assert attest(terminal).get_json()["result"] == "verified"
    assert terminal.call("GET", "/mobile/v1/terminals").status_code == 401
    assert terminal.check_in().get_json()["tier"] == 3
    terminal.key = old
    assert terminal.check_in().status_code == 401


@pytest.mark.usefixtures("lists")
def test_a_lie_closes_the_terminal_at_once_and_showing_nothing_does_not_open_it(
    force: Force, admin: Console
) -> None:
    terminal = force.compliant(admin)
    assert tier(terminal, admin) == (2, [])
    told = attest(terminal, locked=b"\x00").get_json()
    assert (told["result"], told["reason"]) == ("failed", "bootloader_unlocked")
    assert tier(terminal, admin) == (1, ["attestation_failed"])
    assert "mdm.attestation_failed" in force.notices()
    nothing = terminal.agent("POST", DOOR, {"attestation": []})
    assert nothing.get_json()["result"] == "failed"
    assert terminal.check_in().get_json()["compliant"] is False
    assert attest(terminal).get_json()["result"] == "verified"
    assert tier(terminal, admin)[0] == 1, "a report opens it, not a chain"
    assert terminal.check_in().get_json()["tier"] == 3


@pytest.mark.usefixtures("lists")
def test_a_phone_without_google_is_unknown_which_is_for_the_rules_to_judge(
    force: Force, admin: Console
) -> None:
    terminal = force.terminal()
    assert terminal.enrol(qr(admin), attestation=[]).get_json()["attestation"] == "unknown"
    assert terminal.check_in().get_json()["tier"] == 2
    assert shown(terminal, admin)["reason"] == "no_chain"
    security = force.console("S1", "security_admin", unit="CITY")
    change = {"value": True, "severity": "high", "action": "block", "enabled": True}
    path = "/admin/v1/compliance-rules/not_attested"
    assert security.call("PUT", path, change, headers={"If-Match": '"v0"'}).status_code == 200
    told = terminal.check_in().get_json()
    assert (told["tier"], [why["id"] for why in told["reasons"]]) == (1, ["not_attested"])


@pytest.mark.usefixtures("lists")
def test_how_grave_a_lie_is_can_be_set(force: Force, admin: Console) -> None:
    security = force.console("S1", "security_admin", unit="CITY")
    change = {"value": False, "severity": "low", "action": "warn"}
    path = "/admin/v1/compliance-rules/attestation_failed"
    assert security.call("PUT", path, change, headers={"If-Match": '"v0"'}).status_code == 200
    terminal, answer = comes_in(force, qr(admin), boot_state=2)
    assert answer.get_json()["attestation"] == "failed"
    told = terminal.check_in().get_json()
    assert (told["tier"], [why["id"] for why in told["reasons"]]) == (2, ["attestation_failed"])


@pytest.mark.usefixtures("lists")
def test_a_challenge_serves_once_and_only_whom_it_was_given_to(
    house: House, force: Force, admin: Console
) -> None:
    terminal, other = force.compliant(admin), force.compliant(admin)
    mine = challenge(terminal)
    refused(attest(other, challenge=mine))
    refused(attest(terminal, challenge=b"\x00" * 32))
    assert attest(terminal, challenge=mine).get_json()["result"] == "verified"
    refused(attest(terminal, challenge=mine))
    late = challenge(terminal)
    house.clock.advance(minutes=15, seconds=1)
    refused(attest(terminal, challenge=late))
    assert shown(terminal, force.console("A9", "device_admin"))["result"] == "verified"


@pytest.mark.usefixtures("lists")
def test_a_challenge_of_the_door_is_bound_to_the_token_and_used_once(
    force: Force, admin: Console
) -> None:
    batch = qr(admin, kind="batch", uses=5)
    terminal = force.terminal()
    told = terminal.agent("POST", "/agent/v1/enrol/challenge", {"token": batch["token"]})
    given = unbase(told.get_json()["challenge"])
    _, elsewhere = comes_in(force, qr(admin), challenge=given)
    refused(elsewhere)
    _, first = comes_in(force, batch, challenge=given)
    assert first.get_json()["attestation"] == "verified"
    _, again = comes_in(force, batch, challenge=given)
    refused(again)
    assert len(admin.get("/admin/v1/devices").get_json()["items"]) == 1
    invented = terminal.agent("POST", "/agent/v1/enrol/challenge", {"token": "met_" + "x" * 43})
    assert invented.get_json()["code"] == "enrolment_token_invalid"


@pytest.mark.usefixtures("lists")
def test_a_good_phones_chain_does_not_vouch_for_another_key(force: Force, admin: Console) -> None:
    """Relay: the chain is real and fresh, but its key is not the one that knocks."""
    terminal = force.compliant(admin)
    said = but(challenge=challenge(terminal))
    lent = chain(terminal, ec.generate_private_key(ec.SECP256R1()), said)
    told = terminal.agent("POST", DOOR, {"attestation": lent}).get_json()
    assert (told["result"], told["reason"]) == ("failed", "key_differs")


@pytest.mark.usefixtures("lists")
def test_a_new_key_must_be_held_not_only_shown(force: Force, admin: Console) -> None:
    terminal, stranger = force.compliant(admin), force.terminal()
    theirs = {
        "attestation": [],
        "new_key_proof": stranger.proof("POST", "/agent/v1/check-in"),
    }
    wrong = terminal.agent("POST", DOOR, theirs)
    assert (wrong.status_code, wrong.get_json()["code"]) == (401, "invalid_dpop_proof")


@pytest.mark.usefixtures("lists")
def test_a_new_list_takes_back_what_the_old_one_let_pass(
    house: House, force: Force, admin: Console
) -> None:
    terminal, _ = comes_in(force, qr(admin))
    terminal.check_in()
    status(house, {"entries": STATUS["entries"] | {"c0ffee01": {"status": "SUSPENDED"}}})
    force.work()
    assert tier(terminal, admin) == (1, ["attestation_failed"])
    assert shown(terminal, admin)["reason"] == "revoked"
    assert terminal.check_in().get_json()["compliant"] is False


@pytest.mark.usefixtures("lists")
def test_a_root_that_is_not_pinned_any_more_vouches_for_nobody(
    house: House, force: Force, admin: Console
) -> None:
    terminal, _ = comes_in(force, qr(admin))
    terminal.check_in()
    operators.import_roots(house.kernel, Maker(root="next").root_pem.encode(), "next.pem")
    force.work()
    assert shown(terminal, admin)["reason"] == "root_unknown"
    assert tier(terminal, admin) == (1, ["attestation_failed"])


def test_a_server_without_lists_lets_terminals_in_and_knows_nothing_of_their_keys(
    force: Force, admin: Console
) -> None:
    terminal, answer = comes_in(force, qr(admin))
    assert answer.get_json()["attestation"] == "unknown"
    assert shown(terminal, admin)["reason"] == "no_roots"
    assert shown(terminal, admin)["status_list_old"] is True
    assert terminal.check_in().get_json()["tier"] == 2


@pytest.mark.usefixtures("lists")
def test_a_lost_terminal_proves_nothing(force: Force, admin: Console) -> None:
    terminal = force.compliant(admin)
    lost = admin.post(f"/admin/v1/devices/{terminal.id}/lost", {"reason": "left in a taxi"})
    assert lost.status_code == 200
    for path in (f"{DOOR}/challenge", DOOR):
        body = {"attestation": []} if path == DOOR else None
        answer = terminal.agent("POST", path, body)
        assert answer.get_json()["code"] == "device_out_of_service"


@pytest.mark.parametrize(
    "attestation",
    ["no list", [5], ["no base64!"], ["AA=="] * 11, [base64.b64encode(b"x" * 40_000).decode()] * 2],
)
def test_a_chain_of_another_shape_is_refused_with_a_pointer(
    force: Force, admin: Console, attestation: Any
) -> None:
    terminal = force.compliant(admin)
    answer = terminal.agent("POST", DOOR, {"attestation": attestation})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"].startswith("/attestation")


def test_the_verdict_is_for_those_who_may_see_the_terminal(force: Force, admin: Console) -> None:
    terminal = force.compliant(admin)
    elsewhere = force.console("A8", "device_admin", unit="SOUTH")
    path = f"/admin/v1/devices/{terminal.id}/attestation"
    assert elsewhere.get(path).status_code == 403


@pytest.mark.usefixtures("lists")
def test_the_timeline_tells_of_a_proof(force: Force, admin: Console) -> None:
    terminal = force.compliant(admin)
    attest(terminal, locked=b"\x00")
    lines = admin.get(f"/admin/v1/devices/{terminal.id}/timeline").get_json()["items"]
    told = [line["detail"]["result"] for line in lines if line["what"] == "mdm.attestation.submit"]
    assert told == [{"cause": "bootloader_unlocked", "new_key": True, "verdict": "failed"}]


def test_the_terminals_page_says_what_the_hardware_said(
    house: House, force: Force, admin: Console
) -> None:
    terminal = force.compliant(admin)
    reader = signed_in(force, "A7", "device_admin")
    page = f"/console/devices/{terminal.id}"
    reader.get(page)
    assert "This terminal has not shown a chain yet." in reader.page
    operators.import_roots(house.kernel, VENDOR.root_pem.encode(), "roots.pem")
    operators.register_agent(house.kernel, PACKAGE, SIGNER)
    old = house.clock() - timedelta(days=8)
    operators.import_status(house.kernel, json.dumps(STATUS).encode(), "status.json", old)
    attest(terminal, locked=b"\x00")
    reader.get(page)
    for words in ("The boot loader is unlocked", "bootloader_unlocked", "is 8 days old", PACKAGE):
        assert words in reader.page, words


def refused(answer: TestResponse) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (
        403,
        "attestation_challenge_invalid",
    )
