"""From draft to terminal: difference, impact, second person, race, roll-back, lag, secrets."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from mdm import configuration
from mdm.configuration import publishing
from mdm.configuration.errors import Overtaken
from mdm.devices.models import ManagedDevice
from muster.kernel.identity import RoleGrant
from muster.kernel.identity.people import actor_for
from tests.conftest import House
from tests.factories.mdm import Console, Force
from tests.factories.terminal import TestTerminal

LAYERS = "/admin/v1/configurations"


@pytest.fixture
def chief(force: Force) -> Console:
    return force.console("C1", "device_admin", unit="CITY")


def draft(console: Console, kind: str, document: dict[str, Any], **scope: Any) -> dict[str, Any]:
    made = console.post(LAYERS, {"scope_kind": kind, "document": document, **scope})
    assert made.status_code == 201, made.get_data(as_text=True)
    shown: dict[str, Any] = made.get_json()
    return shown


def publish(console: Console, kind: str, document: dict[str, Any], **scope: Any) -> str:
    made: str = draft(console, kind, document, **scope)["id"]
    put = console.post(f"{LAYERS}/{made}/publish", {"reason": "as agreed"})
    assert put.status_code == 200, put.get_data(as_text=True)
    return made


def sight(admin: Console, terminal: TestTerminal) -> dict[str, Any]:
    shown: dict[str, Any] = admin.get(f"/admin/v1/devices/{terminal.id}/configuration").get_json()
    return shown


def strict(house: House, most: int) -> None:
    """Let a second person be needed beyond so many terminals."""
    house.kernel.settings = replace(house.kernel.settings, four_eyes_terminals=most)


def test_classes_and_roles_speak_to_a_terminal_and_are_named(
    house: House, force: Force, admin: Console, chief: Console
) -> None:
    terminal = force.compliant(admin)
    holder = force.officer("P7", "officer", "supervisor")
    publish(chief, "class", {"camera": False, "log_level": "info"}, scope_name="handheld")
    publish(chief, "class", {"camera": True}, scope_name="vehicle")
    publish(admin, "unit", {"log_level": "debug"}, scope_id=str(force.units["NORTH"]))
    publish(chief, "role", {"log_level": "error"}, scope_name="supervisor")
    force.work()
    told = sight(admin, terminal)
    assert (told["values"]["camera"], told["provenance"]["camera"]) == (False, "class handheld")
    assert told["provenance"]["log_level"] == "unit NORTH"
    path, tag = f"/admin/v1/devices/{terminal.id}", {"If-Match": '"v1"'}
    held = admin.call("PATCH", path, {"holder": "P7"}, headers=tag)
    assert held.status_code == 200, held.get_data(as_text=True)
    force.work()
    assert sight(admin, terminal)["provenance"]["log_level"] == "role supervisor"
    assert [layer["kind"] for layer in sight(admin, terminal)["layers"]] == [
        "class",
        "unit",
        "role",
    ]
    assert wanted(house, terminal) == sight(admin, terminal)["desired_hash"]
    before = wanted(house, terminal)
    end_by_clock(house, holder, "supervisor")
    house.clock.advance(minutes=12)
    force.work()
    assert wanted(house, terminal) != before, "the clock ends a role, too"
    assert sight(admin, terminal)["provenance"]["log_level"] == "unit NORTH"
    for scope in ({"scope_name": "drone"}, {"scope_id": str(force.units["N1"])}, {}):
        refused = chief.post(LAYERS, {"scope_kind": "class", "document": {}, **scope})
        assert refused.get_json()["code"] == "configuration_scope_invalid"


def wanted(house: House, terminal: TestTerminal) -> str:
    with house.kernel.reads() as uow:
        return uow.session.get_one(ManagedDevice, terminal.id).desired_hash


def end_by_clock(house: House, officer_id: UUID, role: str) -> None:
    """Let a grant end a moment from now; nobody is told when it does."""
    with house.kernel.writes() as uow:
        mine = (RoleGrant.officer_id == officer_id, RoleGrant.role == role)
        uow.session.execute(update(RoleGrant).where(*mine).values(valid_until=uow.now()))


def test_the_impact_is_what_publishing_then_does(
    house: House, force: Force, admin: Console, chief: Console
) -> None:
    terminals = [force.compliant(admin), force.compliant(admin, unit="N1"), force.compliant(admin)]
    publish(admin, "device", {"camera": False}, scope_id=str(terminals[2].id))
    publish(admin, "unit", {"offline_hours": 8}, scope_id=str(force.units["NORTH"]))
    force.work()
    wish = {"camera": False, "offline_hours": 8, "log_level": "debug"}
    made = draft(admin, "unit", wish, scope_id=str(force.units["N1"]))
    path = f"{LAYERS}/{made['id']}"
    changed = admin.get(f"{path}/diff").get_json()["items"]
    assert [(one["key"], one["kind"]) for one in changed] == [
        ("camera", "added"),
        ("log_level", "added"),
        ("offline_hours", "added"),
    ]
    seen = admin.get(f"{path}/impact").get_json()
    assert (seen["concerned"], seen["changed"], seen["failing"]) == (1, 1, 0)
    assert seen["keys"] == {"camera": 1, "log_level": 1}, "8 hours hold there already"
    wide = draft(
        admin, "unit", {"offline_hours": 8, "camera": False}, scope_id=str(force.units["NORTH"])
    )
    seen = admin.get(f"{LAYERS}/{wide['id']}/impact").get_json()
    assert (seen["concerned"], seen["changed"], seen["complete"]) == (3, 2, True)
    before = {one.id: wanted(house, one) for one in terminals}
    admin.post(f"{LAYERS}/{wide['id']}/publish")
    force.work()
    moved = [one.id for one in terminals if wanted(house, one) != before[one.id]]
    assert moved == [terminals[0].id, terminals[1].id]
    lag = admin.get(f"{LAYERS}/{wide['id']}/lag").get_json()
    assert lag == {"concerned": 3, "applied": 0, "lagging": 3}, "none has echoed yet"
    terminals[0].check_in()  # is told
    terminals[0].check_in()  # echoes
    late = admin.get(f"{LAYERS}/{wide['id']}/laggards", query_string={"limit": 1}).get_json()
    assert [one["id"] for one in late["items"]] == [str(terminals[1].id)]
    assert late["next"]
    assert admin.get(f"{LAYERS}/{wide['id']}/lag").get_json()["applied"] == 1


def test_many_terminals_need_a_second_person_who_sees_the_same_draft(
    house: House, force: Force, admin: Console
) -> None:
    strict(house, 1)
    approver = force.console("B1", "approver")
    force.enrolled(admin), force.enrolled(admin)
    north = {"scope_id": str(force.units["NORTH"])}
    made = draft(admin, "unit", {"camera": False}, **north)
    path = f"{LAYERS}/{made['id']}"
    unsaid = admin.post(f"{path}/publish")
    assert unsaid.status_code == 422, "a second person must read why"
    asked = admin.post(f"{path}/publish", {"reason": "cameras leak"})
    assert asked.status_code == 202, asked.get_data(as_text=True)
    assert admin.get(path).get_json()["state"] == "draft"
    twice = admin.post(f"{path}/publish", {"reason": "cameras leak"})
    assert twice.get_json()["code"] == "configuration_publication_waiting"
    approval = f"/admin/v1/approvals/{asked.get_json()['approval_id']}/approve"
    assert admin.post(approval).get_json()["code"] == "second_person_required"
    tag = {"If-Match": admin.get(path).headers["ETag"]}
    admin.call("PUT", path, {"document": {"usb": {"debugging": True}}}, headers=tag)
    swapped = approver.post(approval)
    assert swapped.get_json()["code"] == "configuration_changed"
    tag = {"If-Match": admin.get(path).headers["ETag"]}
    admin.call("PUT", path, {"document": {"camera": False}}, headers=tag)
    assert approver.post(approval).status_code == 200
    shown = admin.get(path).get_json()
    assert (shown["state"], shown["approved_by"]) == ("published", str(approver.officer_id))
    back = admin.post(f"{path}/roll-back", {"reason": "cameras needed"})
    assert back.status_code == 202, "taking back is a publication like any other"


def test_of_two_that_publish_at_once_one_is_told_to_look_again(
    house: House, force: Force, admin: Console
) -> None:
    north = {"scope_id": str(force.units["NORTH"])}
    first, second = (draft(admin, "unit", {"camera": way}, **north) for way in (True, False))
    assert admin.post(f"{LAYERS}/{first['id']}/publish").status_code == 200
    late = admin.post(f"{LAYERS}/{second['id']}/publish")
    assert (late.status_code, late.get_json()["code"]) == (409, "configuration_overtaken")
    path = f"{LAYERS}/{second['id']}"
    tag = {"If-Match": admin.get(path).headers["ETag"]}
    admin.call("PUT", path, {"document": {"camera": False}}, headers=tag)
    assert admin.post(f"{path}/publish").status_code == 200, "saved again, it was looked at"


def test_a_race_for_an_empty_layer_is_won_once(house: House, force: Force, admin: Console) -> None:
    north = {"scope_id": str(force.units["NORTH"])}
    drafts = [UUID(draft(admin, "unit", {"camera": way}, **north)["id"]) for way in (True, False)]
    with house.kernel.reads() as uow:
        actor = actor_for(uow, admin.officer_id)
    start = Barrier(2)

    def run(configuration_id: UUID) -> str:
        start.wait()
        try:
            with house.kernel.writes() as uow:
                publishing.publish(uow, actor, configuration_id)
        except Overtaken as refused:
            return refused.code
        return "published"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(run, drafts))
    assert told == ["configuration_overtaken", "published"]
    listed = admin.get(LAYERS, query_string={"state": "published"}).get_json()["items"]
    assert len(listed) == 1


def test_rolling_back_is_one_act_and_goes_further_each_time(force: Force, admin: Console) -> None:
    terminal = force.compliant(admin)
    north = {"scope_id": str(force.units["NORTH"])}
    current = [publish(admin, "unit", {"offline_hours": hours}, **north) for hours in (4, 5, 6)][-1]
    force.work()
    told = []
    for _ in range(4):
        back = admin.post(f"{LAYERS}/{current}/roll-back", {"reason": "the last one was wrong"})
        assert back.status_code == 200, back.get_data(as_text=True)
        force.work()
        current = back.get_json()["id"]
        told.append(
            (back.get_json()["restores"], sight(admin, terminal)["values"]["offline_hours"])
        )
    assert told == [(2, 5), (1, 4), (0, 12), (0, 12)]
    listed = admin.get(LAYERS, query_string={"state": "superseded"}).get_json()["items"]
    gone = admin.post(f"{LAYERS}/{listed[0]['id']}/roll-back", {"reason": "once more"})
    assert gone.get_json()["code"] == "configuration_not_in_force"


def test_a_password_is_shown_to_nobody_who_may_not_write_the_layer(
    house: House, force: Force, admin: Console, chief: Console
) -> None:
    terminal = force.compliant(admin)
    wifi = [{"ssid": "Station", "security": "wpa", "password": "correct horse"}]
    made = publish(chief, "organisation", {"wifi": wifi})
    force.work()
    assert chief.get(f"{LAYERS}/{made}").get_json()["document"]["wifi"] == wifi
    for place in (f"{LAYERS}/{made}", LAYERS, f"/admin/v1/devices/{terminal.id}/configuration"):
        shown = admin.get(place).get_data(as_text=True)
        assert "Station" in shown, place
        assert "horse" not in shown, place
    for place in (f"{LAYERS}/{made}/diff", f"{LAYERS}/{made}/impact"):
        assert "horse" not in chief.get(place).get_data(as_text=True)
    told = terminal.check_in().get_json()["configuration"]["manifest"]["document"]
    assert told["configuration"]["wifi"] == wifi
    log = force.console("I1", "auditor", unit="CITY").get("/admin/v1/audit/entries")
    assert "horse" not in log.get_data(as_text=True)


def test_an_incident_lies_over_everything_until_it_is_lifted(
    house: House, force: Force, admin: Console
) -> None:
    terminal = force.compliant(admin)
    publish(admin, "device", {"lock_message": "mine"}, scope_id=str(terminal.id))
    device = terminal.id
    assert device is not None
    for message in ("lost", "still lost"):
        with house.kernel.writes() as uow:
            wish = {"lost": {"enabled": True}, "lock_message": message}
            configuration.impose(uow, device, wish, admin.officer_id, "left in a taxi")
        told = sight(admin, terminal)
        assert told["values"]["lock_message"] == message
        assert told["provenance"]["lost.enabled"] == "incident"
    terminal.check_in()
    with house.kernel.writes() as uow:
        assert configuration.lift(uow, device) is True
        assert configuration.lift(uow, device) is False
    assert sight(admin, terminal)["values"]["lock_message"] == "mine"
    assert sight(admin, terminal)["lagging"] is True
