"""A wearable comes in through a terminal, and never outlives its posture."""

from collections.abc import Callable

import pytest

from tests.conftest import House
from tests.factories.mdm import PIN, Console, Force, wipe
from tests.factories.terminal import COMPLIANT, TestTerminal

INVITE = "/agent/v1/companions"
WHY = {"reason": "left in a taxi"}
FILE = "/appstore/v1/downloads/" + "0" * 64
SURFACES = ("/mobile/v1/me", "/mobile/v1/terminals", "/sync/v1/lease", "/sync/v1/events", FILE)


@pytest.fixture
def parent(force: Force, admin: Console) -> TestTerminal:
    return force.compliant(admin)


@pytest.fixture
def wearable(force: Force, parent: TestTerminal) -> TestTerminal:
    """In service on its parent, with an officer signed in."""
    force.officer("P1")
    child = bring(force, parent)
    child.comply()
    assert child.sign_in("P1", PIN).status_code == 200
    return child


def bring(force: Force, parent: TestTerminal, device_class: str = "wearable") -> TestTerminal:
    told = parent.agent("POST", INVITE, {"device_class": device_class})
    assert told.status_code == 201, told.get_data(as_text=True)
    child = force.terminal()
    assert child.enrol(told.get_json()["content"]).status_code == 201
    return child


def lose(admin: Console, second: Console, parent: TestTerminal) -> None:
    assert admin.post(f"/admin/v1/devices/{parent.id}/lost", WHY).status_code == 200


def retire(admin: Console, second: Console, parent: TestTerminal) -> None:
    assert admin.post(f"/admin/v1/devices/{parent.id}/retire", WHY).status_code == 200


def erase(admin: Console, second: Console, parent: TestTerminal) -> None:
    wipe(admin, second, parent)
    order = parent.check_in().get_json()["commands"][0]["id"]
    parent.agent("POST", f"/agent/v1/commands/{order}/result", {"outcome": "done"})


@pytest.mark.parametrize("leave", [lose, retire, erase])
def test_when_its_parent_leaves_service_every_surface_refuses_it_at_once(
    admin: Console,
    second: Console,
    parent: TestTerminal,
    wearable: TestTerminal,
    leave: Callable[[Console, Console, TestTerminal], None],
) -> None:
    assert wearable.call("GET", "/mobile/v1/me").status_code == 200
    leave(admin, second, parent)
    for path in SURFACES:
        refused = wearable.call("GET", path)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "device_blocked"), path
    assert wearable.refresh().status_code == 400
    assert wearable.sign_in("P1", PIN).status_code == 400
    for path in ("/agent/v1/configuration", "/agent/v1/apps/desired", FILE):
        closed = wearable.agent("GET", path)
        assert closed.status_code == 403
        assert closed.get_json()["code"] in ("device_out_of_service", "posture_not_compliant")
    told = wearable.check_in().get_json()
    assert (told["compliant"], told["configuration"]) == (False, None)
    assert told["reasons"][0]["id"] == "parent_not_compliant"
    shown = admin.get(f"/admin/v1/devices/{wearable.id}").get_json()
    assert (shown["state"], shown["parent_id"]) == ("enrolled", str(parent.id))


def test_it_stands_no_better_than_its_parent_and_comes_back_with_it(
    house: House, admin: Console, parent: TestTerminal, wearable: TestTerminal
) -> None:
    parent.check_in(posture=COMPLIANT | {"rooted": True})
    refused = wearable.call("GET", "/mobile/v1/terminals").get_json()
    assert refused["code"] == "posture_not_compliant"
    assert refused["reasons"] == ["parent_not_compliant"]
    assert wearable.check_in().get_json()["compliant"] is False
    listed = admin.get(f"/admin/v1/devices/{parent.id}/companions").get_json()
    assert [(one["label"], one["compliant"]) for one in listed["items"]] == [
        (wearable.label, False)
    ]
    parent.comply()
    assert wearable.call("GET", "/mobile/v1/terminals").status_code == 200
    house.clock.advance(hours=25)
    wearable.check_in()
    wearable.sign_in("P1", PIN)
    silent = wearable.call("GET", "/mobile/v1/terminals").get_json()
    assert silent["reasons"] == ["parent_not_compliant"], "a parent that is silent for a day"
    parent.comply()
    assert wearable.check_in().get_json()["compliant"] is True


def test_only_a_terminal_in_order_brings_one_in_and_its_code_is_good_once_for_ten_minutes(
    house: House, force: Force, admin: Console, second: Console, parent: TestTerminal
) -> None:
    wish = {"device_class": "body_camera"}
    assert parent.agent("POST", INVITE, {"device_class": "handheld"}).status_code == 422
    first = parent.agent("POST", INVITE, wish).get_json()["content"]
    code = parent.agent("POST", INVITE, wish).get_json()["content"]
    voided = force.terminal().enrol(first)
    assert voided.get_json()["code"] == "enrolment_token_revoked"
    camera = force.terminal()
    assert camera.enrol(code).status_code == 201
    assert force.terminal().enrol(code).get_json()["code"] == "enrolment_token_used"
    shown = admin.get(f"/admin/v1/devices/{camera.id}").get_json()
    assert (shown["device_class"], shown["unit"]) == ("body_camera", "NORTH")
    camera.comply()
    chained = camera.agent("POST", INVITE, wish)
    assert (chained.status_code, chained.get_json()["code"]) == (409, "companion_of_companion")
    assert force.enrolled(admin).agent("POST", INVITE, wish).get_json()["code"] == (
        "posture_not_compliant"
    )
    late = parent.agent("POST", INVITE, wish).get_json()["content"]
    house.clock.advance(minutes=11)
    assert force.terminal().enrol(late).get_json()["code"] == "enrolment_token_expired"
    stolen = parent.agent("POST", INVITE, wish).get_json()["content"]
    lose(admin, second, parent)
    orphan = force.terminal().enrol(stolen)
    assert orphan.get_json()["code"] == "companion_parent_not_in_service"
    assert parent.agent("POST", INVITE, wish).get_json()["code"] == "device_out_of_service"
    assert admin.get("/admin/v1/enrolment-tokens").get_json()["next"] is None
