"""Layers people publish, and terminals that follow."""

from typing import Any

import pytest

from tests.conftest import House
from tests.factories.mdm import Console, Force
from tests.factories.terminal import TestTerminal

LAYERS = "/admin/v1/configurations"


@pytest.fixture
def chief(force: Force) -> Console:
    return force.console("C1", "device_admin", unit="CITY")


def publish(console: Console, kind: str, scope: object, document: dict[str, Any]) -> None:
    body = {"scope_kind": kind, "scope_id": scope and str(scope), "document": document}
    made = console.post(LAYERS, body)
    assert made.status_code == 201, made.get_data(as_text=True)
    put = console.post(f"{LAYERS}/{made.get_json()['id']}/publish")
    assert (put.status_code, put.get_json()["state"]) == (200, "published")


def sight(admin: Console, terminal: TestTerminal) -> dict[str, Any]:
    shown: dict[str, Any] = admin.get(f"/admin/v1/devices/{terminal.id}/configuration").get_json()
    return shown


def test_the_nearest_layer_wins_and_the_page_says_which(
    force: Force, chief: Console, admin: Console
) -> None:
    terminal = force.compliant(admin)
    group = make_group(admin)
    admin.call("PUT", f"/admin/v1/device-groups/{group}/members/{terminal.id}")
    publish(chief, "organisation", None, {"camera": False, "log_level": "debug"})
    publish(admin, "unit", force.units["NORTH"], {"camera": True, "offline_hours": 4})
    publish(admin, "group", group, {"offline_hours": 6, "password": {"min_length": 8}})
    publish(admin, "device", terminal.id, {"log_level": "error"})
    force.work()
    shown = sight(admin, terminal)
    assert shown["values"]["camera"] is True
    assert shown["values"]["offline_hours"] == 6
    assert shown["values"]["log_level"] == "error"
    assert shown["values"]["password"] == {"min_length": 8, "quality": "numeric", "max_failed": 10}
    told = shown["provenance"]
    assert (told["camera"], told["offline_hours"]) == ("unit NORTH", "group Bikes")
    assert (told["log_level"], told["encryption"]) == ("device", "built in")
    assert shown["lagging"] is True
    terminal.comply()
    terminal.check_in()
    assert sight(admin, terminal)["lagging"] is False


def test_a_published_layer_reaches_the_terminals_below_and_no_others(
    house: House, force: Force, admin: Console, chief: Console
) -> None:
    inside, outside = force.compliant(admin, unit="N1"), force.compliant(chief, unit="SOUTH")
    before = outside.applied_hash
    heard: list[bytes] = []
    house.kernel.bus.subscribe([f"device:{inside.id}"], lambda _, news: heard.append(news))
    publish(admin, "unit", force.units["NORTH"], {"check_in_seconds": 120})
    force.work()
    assert heard == [b'{"look":"configuration"}']
    told = inside.check_in().get_json()
    document = told["configuration"]["manifest"]["document"]["configuration"]
    assert document["check_in_seconds"] == 120
    assert 108 <= told["next_check_in_seconds"] <= 132
    assert told["compliant"] is True, "what is new may take a day"
    assert outside.check_in().get_json()["configuration"] is None
    assert outside.applied_hash == before
    fetched = inside.agent("GET", "/agent/v1/configuration").get_json()
    assert fetched["manifest"]["version"] == inside.applied_hash


def test_terminals_that_are_to_be_alike_are_given_the_same_hash(
    force: Force, admin: Console
) -> None:
    assert force.enrolled(admin).applied_hash == force.enrolled(admin).applied_hash


def test_a_new_revision_takes_the_place_of_the_old(force: Force, chief: Console) -> None:
    publish(chief, "organisation", None, {"camera": False})
    publish(chief, "organisation", None, {"camera": True})
    listed = chief.get(LAYERS, query_string={"scope_kind": "organisation"}).get_json()["items"]
    assert [(one["revision"], one["state"]) for one in listed] == [
        (2, "published"),
        (1, "superseded"),
    ]


def test_a_draft_is_revised_by_whoever_read_it_last(force: Force, admin: Console) -> None:
    scope = {"scope_kind": "unit", "scope_id": str(force.units["N1"])}
    made = admin.post(LAYERS, {**scope, "document": {"camera": False}})
    path, tag = f"{LAYERS}/{made.get_json()['id']}", {"If-Match": made.headers["ETag"]}
    change = {"document": {"camera": True}}
    assert admin.call("PUT", path, change, headers=tag).get_json()["document"] == {"camera": True}
    stale = admin.call("PUT", path, change, headers=tag)
    assert (stale.status_code, stale.get_json()["code"]) == (412, "stale_version")
    admin.post(f"{path}/publish")
    late = admin.call("PUT", path, change, headers=tag)
    assert (late.status_code, late.get_json()["code"]) == (409, "configuration_not_a_draft")
    again = admin.post(f"{path}/publish")
    assert again.get_json()["code"] == "configuration_not_a_draft"


def test_the_organisations_layer_belongs_to_the_root(admin: Console, force: Force) -> None:
    body = {"scope_kind": "organisation", "scope_id": None, "document": {"camera": False}}
    assert admin.post(LAYERS, body).status_code == 403
    south = {"scope_kind": "unit", "scope_id": str(force.units["SOUTH"]), "document": {}}
    assert admin.post(LAYERS, south).status_code == 403


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"camera": "yes"}, "/document/camera"),
        ({"password": {"min_length": 2}}, "/document/password/min_length"),
        ({"check_in_seconds": 1}, "/document/check_in_seconds"),
        ({"apps": {"blocked": ["not a package"]}}, "/document/apps/blocked/0"),
        ({"self_destruct": True}, "/document/self_destruct"),
    ],
)
def test_a_document_is_checked_key_by_key(
    force: Force, admin: Console, document: dict[str, Any], pointer: str
) -> None:
    scope = {"scope_kind": "unit", "scope_id": str(force.units["NORTH"])}
    answer = admin.post(LAYERS, {**scope, "document": document})
    assert answer.status_code == 422
    assert pointer in [fault["pointer"] for fault in answer.get_json()["errors"]]


@pytest.mark.parametrize(
    "scope",
    [
        {"scope_kind": "organisation", "scope_id": "01a1f886-786e-79b0-9e9c-38ec1d243e43"},
        {"scope_kind": "unit"},
        {"scope_kind": "group", "scope_id": "01a1f886-786e-79b0-9e9c-38ec1d243e43"},
    ],
)
def test_a_layer_needs_a_scope_that_exists(admin: Console, scope: dict[str, str]) -> None:
    answer = admin.post(LAYERS, {**scope, "document": {}})
    assert answer.get_json()["code"] == "configuration_scope_invalid"


def make_group(admin: Console, name: str = "Bikes") -> str:
    made = admin.post("/admin/v1/device-groups", {"name": name, "unit": "NORTH"})
    assert made.status_code == 201, made.get_data(as_text=True)
    group: str = made.get_json()["id"]
    return group


def test_groups_are_filled_and_emptied_and_a_token_may_name_one(
    force: Force, admin: Console
) -> None:
    group = make_group(admin)
    path = f"/admin/v1/device-groups/{group}/members"
    born, added = force.enrolled(admin, group_ids=[group]), force.enrolled(admin)
    assert admin.call("PUT", f"{path}/{added.id}").status_code == 200
    assert admin.call("PUT", f"{path}/{added.id}").status_code == 200, "twice is no fault"
    assert set(admin.get(path).get_json()["items"]) == {str(born.id), str(added.id)}
    admin.call("DELETE", f"{path}/{born.id}")
    assert admin.get(path).get_json()["items"] == [str(added.id)]
    twin = admin.post("/admin/v1/device-groups", {"name": "Bikes", "unit": "N1"})
    assert (twin.status_code, twin.get_json()["code"]) == (409, "group_name_taken")


def test_a_stranger_puts_no_terminal_into_a_group(force: Force, admin: Console) -> None:
    south = force.console("A9", "device_admin", unit="SOUTH")
    terminal = force.enrolled(admin)
    path = f"/admin/v1/device-groups/{make_group(admin)}/members/{terminal.id}"
    assert south.call("PUT", path).status_code == 403
