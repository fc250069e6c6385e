"""The open Headwind agent lives here as any terminal does, and its weak protocol opens nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from muster.kernel.settings import Settings
from tests.clients.headwind.agent import LAUNCHER, HeadwindAgent, LostAnswer, Told
from tests.conftest import House
from tests.factories.mdm import Console, Force, token_for

SECRET = "Xq7mV2rTk9Lw4Zs8Bn3Yc6Hd1Gf5Jp0A"
FLEET = "changeme-C3z9vi54"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, headwind_secret=SECRET, headwind_fleet_secret=FLEET)


@pytest.fixture
def force(house: House) -> Force:
    return Force(house)


@pytest.fixture
def admin(force: Force) -> Console:
    return force.console("A1", "device_admin")


def agent(house: House, number: str, **options: Any) -> HeadwindAgent:
    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Told:
        answer = house.client.open(path, method=method, headers=dict(headers), data=body)
        return Told(answer.status_code, dict(answer.headers), answer.get_data())

    return HeadwindAgent(send, number, **{"secret": SECRET, "checks": True, **options})


def enrolled(house: House, admin: Console, number: str = "HW-1") -> HeadwindAgent:
    phone = agent(house, number, token=token_for(admin, agent="headwind")["token"])
    phone.sync()
    return phone


def device_of(admin: Console, number: str = "HW-1") -> dict[str, Any]:
    listed = admin.get("/admin/v1/devices").get_json()["items"]
    (device,) = (one for one in listed if number in one["serial"])
    return dict(device)


def settle(phone: HeadwindAgent) -> None:
    """Let the phone do what it does within an hour: poll, sync, send its log, report."""
    phone.start_polling()
    phone.poll()
    phone.sync()
    phone.send_log()
    assert phone.info().ok


def order(admin: Console, device: Mapping[str, Any], kind: str, **said: Any) -> str:
    body = {"kind": kind, "reason": "a test of orders", "body": said}
    answer = admin.post(f"/admin/v1/devices/{device['id']}/commands", body)
    assert answer.status_code in (201, 202), answer.get_data(as_text=True)
    return str(answer.get_json().get("id") or answer.get_json()["approval_id"])


def state_of(admin: Console, device: Mapping[str, Any], command: str) -> str:
    listed = admin.get(f"/admin/v1/devices/{device['id']}/commands").get_json()["items"]
    return str(next(one["state"] for one in listed if one["id"] == command))


def test_an_agent_comes_in_by_its_code_moves_to_its_own_path_and_reports(
    house: House, force: Force, admin: Console
) -> None:
    phone = agent(house, "HW-1")
    wizard = {
        "component": f"{LAUNCHER}/{LAUNCHER}.AdminReceiver",
        "location": "https://files.example/hmdm.apk",
        "checksum": "A" * 43,
    }
    phone.scan(token_for(admin, agent="headwind", android=wizard)["content"])
    phone.lose = 1
    with pytest.raises(LostAnswer):
        phone.sync()
    config = phone.sync()
    assert config["newServerUrl"].endswith(phone.project)
    assert phone.project.startswith("hmdm-")
    lists = ("applications", "applicationSettings", "files", "actions")
    assert all(isinstance(config[name], list) for name in lists)
    assert (config["pushOptions"], config["disableScreenshots"]) == ("polling", True)
    settle(phone)
    device = device_of(admin)
    assert (device["serial"], device["model"], device["battery"]) == ("HW-HW-1", "Rugged 5", 81)
    assert not device["lagging"]
    assert not device["compliant"]  # it says nothing of encryption, passcode or root
    assert "storage_not_encrypted" in device["reasons"]
    assert "configuration_not_applied" not in device["reasons"]
    told = admin.get(f"/admin/v1/devices/{device['id']}/headwind").get_json()
    assert {"encryption", "offline_hours", "password.max_failed"} <= set(told["not_applied"])
    assert "lost_mode" in told["not_taken"]
    assert not told["moving"]


def test_the_plain_path_is_closed_once_an_agent_has_moved(
    house: House, force: Force, admin: Console
) -> None:
    token = token_for(admin, agent="headwind")["token"]
    phone = agent(house, "HW-1", token=token)
    phone.sync()
    clone = agent(house, "HW-1", token=token)
    assert clone.fetch().envelope["message"] == "error.duplicate.device"
    assert "mdm.duplicate_serial" in force.notices()
    clone.config = {}
    assert clone.fetch().envelope["message"] == "error.permission.denied"
    for path in ("/rest/public/sync/info", "/rest/plugins/devicelog/log/list/HW-1"):
        assert clone.call("POST", path, {}).status == 404
    other = agent(house, "HW-2", token=token)
    assert other.fetch().envelope["message"] == "error.permission.denied"
    assert agent(house, "HW-3", token="met_" + "x" * 43).fetch().status == 200
    unknown = agent(house, "HW-4")
    unknown.config = {}
    assert unknown.fetch().envelope["message"] == "error.notfound.device"
    assert len(admin.get("/admin/v1/devices").get_json()["items"]) == 1


def test_a_path_serves_its_own_terminal_alone(house: House, admin: Console) -> None:
    one, two = enrolled(house, admin, "HW-1"), enrolled(house, admin, "HW-2")
    stranger = agent(house, "HW-1", project=two.project)
    stranger.config = {}
    assert stranger.fetch().envelope["message"] == "error.permission.denied"
    assert stranger.info().status == 403
    assert stranger.call("GET", "/rest/plugins/devicelog/log/rules/HW-1").status == 403
    forged = agent(house, "HW-1", project=one.project, secret="another")
    forged.config = {}
    assert forged.fetch().envelope["message"] == "error.permission.denied"
    forged.start_polling()
    assert forged.call("GET", "/rest/notification/polling/HW-1", signature="00").status == 403
    guess = agent(house, "HW-1", project="hmdm-" + "0" * 32)
    guess.config = {}
    assert guess.fetch().envelope["message"] == "error.permission.denied"
    assert guess.info().status == 401
    assert one.info(batteryLevel=101).status == 422
    assert device_of(admin, "HW-1")["battery"] is None


def test_orders_hold_until_the_agent_confirms_and_are_cleared_once(
    house: House, force: Force, admin: Console
) -> None:
    phone = enrolled(house, admin)
    settle(phone)
    device = device_of(admin)
    reboot = order(admin, device, "reboot")
    phone.start_polling()
    assert [one["messageType"] for one in phone.poll()] == ["configUpdated"]
    assert phone.poll() == []  # it was told a moment ago
    assert phone.fetch().data["reboot"]
    assert phone.fetch().data["reboot"]  # fetching proves nothing
    assert state_of(admin, device, reboot) == "delivered"
    phone.sync()
    assert phone.acts == ["rebooted"]
    assert state_of(admin, device, reboot) == "acknowledged"
    assert not phone.fetch().data["reboot"]
    again = phone.call("POST", "/rest/plugins/devicereset/public/reboot/HW-1", {})
    assert again.ok  # its answer may have got lost
    assert phone.call("POST", "/rest/plugins/devicereset/public/HW-1", {}).status == 404
    lock = order(admin, device, "lock", message="call the desk")
    phone.sync()
    assert phone.acts[-1] == "lock call the desk"
    assert state_of(admin, device, lock) == "delivered"
    phone.send_log()
    assert state_of(admin, device, lock) == "acknowledged"
    assert phone.fetch().data["lock"]
    order(admin, device, "unlock")
    settle(phone)
    assert not phone.fetch().data["lock"]
    message = order(admin, device, "message", message="come in")
    phone.poll()
    assert phone.acts[-1] == "muster.message come in"
    assert phone.poll() == []
    phone.send_log()
    assert state_of(admin, device, message) == "acknowledged"


def test_a_wipe_is_believed_only_of_an_administrator_and_then_silence_is_expected(
    house: House, force: Force, admin: Console
) -> None:
    phone, second = enrolled(house, admin), force.console("A2", "device_admin")
    device = device_of(admin)
    for admin_left in (False, True):
        phone.admin = admin_left
        approval = order(admin, device, "wipe")
        agreed = second.post(f"/admin/v1/approvals/{approval}/approve")
        assert agreed.status_code == 200, agreed.get_data(as_text=True)
        phone.lose = 0
        phone.sync()
        if not admin_left:
            assert phone.acts == []
            assert "failed" in {
                one["state"]
                for one in admin.get(f"/admin/v1/devices/{device['id']}/commands").get_json()[
                    "items"
                ]
            }
    assert phone.acts == ["wiped"]
    assert device_of(admin)["state"] == "wiped"
    repeated = phone.device_info() | {"factoryReset": True}
    assert phone.call("POST", "/rest/plugins/devicereset/public/HW-1", repeated).ok
    assert "mdm.wiped_device_talks" not in force.notices()
    told = phone.fetch().data
    assert (told["applications"], told["factoryReset"]) == ([], False)
    assert "mdm.wiped_device_talks" in force.notices()
    fresh = enrolled(house, admin, "HW-1")  # out of its box again, with a code of its own
    assert not fresh.fetch().data["factoryReset"]


def test_a_lost_terminal_is_locked_and_told_nothing_else(
    house: House, force: Force, admin: Console
) -> None:
    phone = enrolled(house, admin)
    settle(phone)
    device = device_of(admin)
    lost = admin.post(f"/admin/v1/devices/{device['id']}/lost", {"reason": "not in the car"})
    assert lost.status_code == 200, lost.get_data(as_text=True)
    told = phone.fetch().data
    assert told["lock"]
    assert "restrictions" not in told
    assert phone.info().ok
    assert phone.download(f"http://x/{phone.project}/files/{'0' * 64}.apk").status == 403
    found = admin.post(f"/admin/v1/devices/{device['id']}/found", {"reason": "under the seat"})
    assert found.status_code == 200
    assert not phone.fetch().data["lock"]


def test_a_path_is_changed_and_a_poll_begun_before_goes_on(house: House, admin: Console) -> None:
    phone = enrolled(house, admin)
    settle(phone)
    device, before = device_of(admin), phone.project
    moved = admin.post(
        f"/admin/v1/devices/{device['id']}/headwind/move", {"reason": "seen in a log"}
    )
    assert moved.get_json()["moving"]
    assert phone.info().ok  # the old one holds until the new one is used
    phone.sync()
    assert phone.project != before
    assert phone.poll() == []  # signed with the path of its start
    old = agent(house, "HW-1", project=before)
    old.config = {}
    assert old.fetch().envelope["message"] == "error.permission.denied"


def test_a_running_fleet_is_taken_over_without_a_reset(
    house: House, force: Force, admin: Console
) -> None:
    listed = {"unit": "NORTH", "csv": "number,imei,model\nF-1,490154203237518,Rugged 4\nF-2,,\n"}
    assert admin.post("/admin/v1/headwind/fleet", listed).get_json()["numbers"] == 2
    faulty = admin.post("/admin/v1/headwind/fleet", {"unit": "NORTH", "csv": "number\na/b\n"})
    assert faulty.get_json()["errors"][0]["pointer"] == "/csv/2"
    phone = agent(house, "F-1", secret=FLEET)
    phone.config = {"its": "old server's"}  # it has one, so it only fetches
    phone.sync()
    assert phone.project.startswith("hmdm-")
    assert device_of(admin, "F-1")["model"] == "Rugged 4"
    late, stranger = agent(house, "F-2", secret=FLEET), agent(house, "F-9", secret=FLEET)
    unsigned = agent(house, "F-2", secret="guessed")
    for one in (late, stranger, unsigned):
        one.config = {}
    assert stranger.fetch().envelope["message"] == "error.notfound.device"
    assert unsigned.fetch().envelope["message"] == "error.permission.denied"
    house.clock.advance(days=8)
    assert late.fetch().envelope["message"] == "error.notfound.device"
    again = agent(house, "F-1", secret=FLEET)
    again.config = {}
    assert again.fetch().envelope["message"] == "error.permission.denied"
