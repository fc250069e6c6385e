"""Which carrier a terminal is told by: as configured, where it left an address, and as people see it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from muster.kernel import hints
from muster.kernel.settings import Settings
from tests.api.mdm.test_configuration import publish
from tests.conftest import House
from tests.factories.mdm import Console, Force


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    account = tmp_path / "account.json"
    account.write_text(
        json.dumps(
            {
                "type": "service_account",
                "project_id": "city-police",
                "client_email": "muster@city-police.invalid",
                "private_key": pem.decode(),
                "token_uri": "http://127.0.0.1:9/token",
            }
        )
    )
    return replace(settings, fcm_credentials=str(account), fcm_endpoint="http://127.0.0.1:9")


def test_a_terminal_is_told_as_its_configuration_says_and_people_see_how_it_goes(
    house: House, force: Force, admin: Console
) -> None:
    chief = force.console("C1", "device_admin", unit="CITY")
    terminal = force.compliant(admin)
    where = f"/admin/v1/devices/{terminal.id}/hints"
    answer = terminal.agent("PUT", "/agent/v1/hints/fcm", {"token": "fcm-token"})
    assert answer.status_code == 204
    shown = admin.get(where).get_json()
    assert shown["carriers"] == ["stream", "long_poll", "mqtt", "fcm"]
    assert (shown["usable"], shown["last_outcome"]) == (["fcm"], "")

    publish(chief, "organisation", None, {"hints": {"carriers": ["long_poll", "fcm"]}})
    force.work()
    body = {"kind": "refresh", "reason": "look at the news"}
    assert admin.post(f"/admin/v1/devices/{terminal.id}/commands", body).status_code == 201
    shown = admin.get(where).get_json()
    assert shown["carriers"] == ["long_poll", "fcm"]
    assert (shown["last_carrier"], shown["last_look"]) == ("fcm", "commands")
    force.work()  # nobody answers where FCM should be
    told = {one["name"]: one for one in admin.get("/admin/v1/hints").get_json()["items"]}
    assert list(told) == ["fcm", "long_poll", "stream"]
    assert told["fcm"]["failed"] >= 1
    assert told["fcm"]["last_error"].startswith("FCM cannot be reached")
    assert house.app.test_client().get("/readyz").status_code == 200

    house.clock.advance(seconds=2)
    terminal.check_in()
    house.clock.advance(seconds=61)
    force.work()
    assert terminal.agent("DELETE", "/agent/v1/hints/fcm").status_code == 204
    assert admin.get(where).get_json()["usable"] == []


def test_what_the_house_does_not_have_cannot_be_registered(force: Force, admin: Console) -> None:
    terminal = force.compliant(admin)
    answer = terminal.agent("POST", "/agent/v1/hints/mqtt")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "hint_carrier_absent")
    endless = terminal.agent("PUT", "/agent/v1/hints/fcm", {"token": "x" * 513})
    assert endless.status_code == 422
    stranger = force.console("P1", "publisher")
    assert stranger.get("/admin/v1/hints").status_code == 403
    assert stranger.get(f"/admin/v1/devices/{terminal.id}/hints").status_code in (403, 404)


def test_a_change_for_many_is_told_in_one_unit(house: House, force: Force, admin: Console) -> None:
    terminals = [force.compliant(admin) for _ in range(3)]
    heard: list[str] = []
    for terminal in terminals:
        assert terminal.id is not None
        house.kernel.bus.subscribe([hints.topic(terminal.id)], lambda topic, _: heard.append(topic))
    with house.kernel.writes() as uow:
        hints.send_many(uow, [one.id for one in terminals if one.id], "configuration")
    for _ in range(50):
        if len(heard) == 3:
            break
        house.kernel.bus.wait(0.1)
    assert sorted(heard) == sorted(hints.topic(one.id) for one in terminals if one.id)
