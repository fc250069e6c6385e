"""How a terminal comes in, and who stays outside."""

import json
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from mdm.enrolment import qr_svg
from tests.conftest import House
from tests.factories.mdm import Console, Force, qr, token_for


def test_a_terminal_comes_in_from_its_qr_code_and_is_told_who_and_what_it_is(
    force: Force, admin: Console
) -> None:
    content = qr(admin)
    terminal = force.terminal()
    answer = terminal.enrol(json.dumps(content))
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["posture"] == "unknown"
    assert told["label"].startswith("T-")
    assert terminal.applied_hash.startswith("sha256:")
    assert told["configuration"]["key_id"] in content["manifest_keys"]
    assert content["audience"] == "http://localhost:8000"
    shown = admin.get(f"/admin/v1/devices/{terminal.id}").get_json()
    assert (shown["serial"], shown["unit"]) == (terminal.serial, "NORTH")
    assert shown["reasons"] == ["never_reported"]
    assert shown["lagging"] is True


def test_the_echoed_hash_ends_the_lag(force: Force, admin: Console) -> None:
    terminal = force.enrolled(admin)
    terminal.check_in()
    shown = admin.get(f"/admin/v1/devices/{terminal.id}/configuration").get_json()
    assert shown["applied_hash"] == shown["desired_hash"] == terminal.applied_hash
    assert shown["lagging"] is False


def test_the_qr_code_is_an_svg_that_a_strict_csp_draws(admin: Console) -> None:
    drawn = qr_svg(qr(admin))
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert 'class="qr"' in drawn


def test_an_android_agent_travels_in_the_wizards_own_keys(admin: Console) -> None:
    agent = {
        "component": "org.example.agent/.AdminReceiver",
        "location": "https://example.org/agent.apk",
        "checksum": "A" * 43,
    }
    content = qr(admin, android=agent)
    prefix = "android.app.extra.PROVISIONING_"
    assert content[f"{prefix}DEVICE_ADMIN_COMPONENT_NAME"] == agent["component"]
    assert content[f"{prefix}ADMIN_EXTRAS_BUNDLE"]["token"].startswith("met_")


def test_a_lost_answer_is_given_again_to_the_same_key(force: Force, admin: Console) -> None:
    content, terminal = qr(admin), force.terminal()
    first, again = terminal.enrol(content), terminal.enrol(content)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json()["device_id"] == again.get_json()["device_id"]
    assert len(admin.get("/admin/v1/devices").get_json()["items"]) == 1


def test_a_used_token_is_no_good_to_another_key(force: Force, admin: Console) -> None:
    content = qr(admin)
    force.terminal().enrol(content)
    refused(force.terminal().enrol(content), 403, "enrolment_token_used")


def test_a_batch_token_lets_in_as_many_as_it_says(force: Force, admin: Console) -> None:
    content = qr(admin, kind="batch", uses=2)
    answers = [force.terminal().enrol(content).status_code for _ in range(3)]
    assert answers == [201, 201, 403]


def test_an_expired_token_is_refused(house: House, force: Force, admin: Console) -> None:
    content = qr(admin, lasts_minutes=10)
    house.clock.advance(minutes=11)
    refused(force.terminal().enrol(content), 403, "enrolment_token_expired")


def test_a_revoked_token_is_refused(force: Force, admin: Console) -> None:
    made = token_for(admin)
    gone = admin.call("DELETE", f"/admin/v1/enrolment-tokens/{made['enrolment_token']['id']}")
    assert gone.get_json()["revoked_at"] is not None
    refused(force.terminal().enrol(made["content"]), 403, "enrolment_token_revoked")


def test_an_invented_token_is_refused(force: Force, admin: Console) -> None:
    refused(force.terminal().enrol({"token": "met_" + "x" * 43}), 403, "enrolment_token_invalid")


def test_a_serial_number_in_use_is_refused_and_alarms_the_admins(
    force: Force, admin: Console
) -> None:
    first = force.enrolled(admin)
    content = qr(admin)
    twin = force.terminal(serial=first.serial)
    refused(twin.enrol(content), 409, "device_already_enrolled")
    assert "mdm.duplicate_serial" in force.notices()
    assert force.terminal().enrol(content).status_code == 201, "the token was not spent on it"


def test_a_retired_terminal_may_come_in_again_with_a_new_key(force: Force, admin: Console) -> None:
    first = force.enrolled(admin)
    admin.post(f"/admin/v1/devices/{first.id}/retire", {"reason": "screen broken"})
    assert force.terminal(serial=first.serial).enrol(qr(admin)).status_code == 201
    refused(first.enrol(qr(admin)), 409, "device_key_known")


def test_the_secret_of_a_token_is_shown_once(admin: Console) -> None:
    secret = token_for(admin)["token"]
    listed = admin.get("/admin/v1/enrolment-tokens")
    assert len(listed.get_json()["items"]) == 1
    assert secret not in listed.get_data(as_text=True)


def test_an_admin_makes_tokens_for_their_own_units_only(force: Force, admin: Console) -> None:
    answer = admin.post("/admin/v1/enrolment-tokens", {"unit": "SOUTH"})
    refused(answer, 403, "not_permitted")
    south = force.console("A9", "device_admin", unit="SOUTH")
    token_for(admin)
    assert south.get("/admin/v1/enrolment-tokens").get_json()["items"] == []


def test_enrolling_without_a_proof_is_refused(force: Force, admin: Console, house: House) -> None:
    body = {"token": qr(admin)["token"], "serial": "SN-1"}
    answer = house.client.post("/agent/v1/enrol", json=body)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"serial": ""}, "/serial"),
        ({"serial": "x" * 65}, "/serial"),
        ({"serial": "a\x00b"}, "/serial"),
        ({"patch_level": "soon"}, "/patch_level"),
        ({"model": 7}, "/model"),
        ({"shoe_size": 44}, "/shoe_size"),
    ],
)
def test_what_has_not_the_documented_shape_is_pointed_at(
    force: Force, admin: Console, details: dict[str, object], pointer: str
) -> None:
    answer = force.terminal().enrol(qr(admin), **details)
    assert answer.status_code == 422
    assert pointer in [fault["pointer"] for fault in answer.get_json()["errors"]]


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "single", "uses": 3},
        {"uses": 0},
        {"lasts_minutes": 10**9},
        {"group_ids": ["no id"]},
        {"android": {"component": "x"}},
        {"colour": "red"},
    ],
)
def test_a_token_that_makes_no_sense_is_refused(admin: Console, wish: dict[str, object]) -> None:
    answer = admin.post("/admin/v1/enrolment-tokens", {"unit": "NORTH", **wish})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_input")


def test_a_token_for_a_group_that_is_not_there_is_refused(admin: Console) -> None:
    wish = {"unit": "NORTH", "group_ids": [str(uuid4())]}
    refused(admin.post("/admin/v1/enrolment-tokens", wish), 404, "group_not_found")


def refused(answer: TestResponse, status: int, code: str) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
