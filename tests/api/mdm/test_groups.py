"""Groups of terminals, by hand and by rule."""

from typing import Any

from tests.api.mdm.test_enrolment import refused
from tests.factories.mdm import Console, Force

GROUPS = "/admin/v1/device-groups"


def test_a_group_by_rule_follows_reports_edits_and_changes_of_its_rule(
    force: Force, admin: Console
) -> None:
    boat, car = force.enrolled(admin, unit="N1"), force.enrolled(admin)
    rule = {"unit": "N1", "model": ["*PHONE 8"], "os_at_least": "15"}
    tried = admin.post(f"{GROUPS}/preview", {"rule": rule}).get_json()
    assert tried == {"matches": 1, "complete": True, "examples": [boat.label]}
    group = admin.post(GROUPS, {"name": "New boats", "unit": "NORTH", "rule": rule}).get_json()
    force.work()
    assert members(admin, group, boat) == [boat]
    young = force.enrolled(admin, unit="N1")
    assert members(admin, group, boat, young) == [boat, young], (
        "a newcomer is settled as it comes in"
    )
    publish(admin, group, {"camera": False})
    force.work()
    assert boat.check_in().get_json()["configuration"] is not None
    answer = boat.check_in(inventory={"os_version": "14.9"}).get_json()
    assert answer["configuration"]["manifest"]["document"]["configuration"].get("camera") is True
    assert members(admin, group, young) == [young]
    boat.check_in(inventory={"os_version": "16"})
    assert members(admin, group, boat, young) == [boat, young]
    changed = change(admin, group, {"rule": {"attributes": {"duty": "harbour"}}})
    force.work()
    assert members(admin, changed) == []
    describe(admin, car, {"attributes": {"duty": "harbour"}, "ring": "pilot"})
    assert members(admin, changed, car) == [car]
    path = f"{GROUPS}/{group['id']}/members"
    refused(admin.call("DELETE", f"{path}/{car.id}"), 409, "group_member_by_rule")
    assert admin.call("PUT", f"{path}/{car.id}").status_code == 200
    describe(admin, car, {"attributes": {}})
    assert members(admin, changed, car) == [car], "who was put in by hand stays"
    change(admin, group, {"rule": None})
    assert admin.call("DELETE", f"{path}/{car.id}").status_code == 200
    assert members(admin, changed) == []


def test_of_two_groups_the_one_of_higher_priority_decides(force: Force, admin: Console) -> None:
    terminal = force.enrolled(admin)
    strong = admin.post(GROUPS, {"name": "A", "unit": "NORTH", "priority": 5}).get_json()
    weak = admin.post(GROUPS, {"name": "B", "unit": "NORTH"}).get_json()
    for group, seconds in ((strong, 30), (weak, 300)):
        admin.call("PUT", f"{GROUPS}/{group['id']}/members/{terminal.id}")
        publish(admin, group, {"screen_lock_seconds": seconds})
    force.work()
    assert wanted(admin, terminal)["screen_lock_seconds"] == 30
    change(admin, weak, {"priority": 6})
    force.work()
    assert wanted(admin, terminal)["screen_lock_seconds"] == 300


def test_bad_rules_strangers_and_stale_edits_are_refused(force: Force, admin: Console) -> None:
    wrong: list[dict[str, Any]] = [
        {},
        {"colour": "red"},
        {"model": []},
        {"os_at_least": "new"},
        {"attributes": {"Bad Key": "x"}},
        {"ownership": "mine"},
    ]
    for rule in wrong:
        answer = admin.post(GROUPS, {"name": "X", "unit": "NORTH", "rule": rule})
        assert answer.status_code == 422, rule
    group = admin.post(GROUPS, {"name": "X", "unit": "NORTH"}).get_json()
    terminal = force.enrolled(admin)
    south = force.console("A9", "device_admin", unit="SOUTH")
    tag = {"If-Match": admin.get(f"{GROUPS}/{group['id']}").headers["ETag"]}
    body = {"rule": {"ring": ["pilot"]}}
    answer = south.call("PATCH", f"{GROUPS}/{group['id']}", body, headers=tag)
    refused(answer, 403, "not_permitted")
    assert admin.call("PATCH", f"{GROUPS}/{group['id']}", body, headers=tag).status_code == 200
    answer = admin.call("PATCH", f"{GROUPS}/{group['id']}", body, headers=tag)
    refused(answer, 412, "stale_version")
    tag = {"If-Match": admin.get(f"/admin/v1/devices/{terminal.id}").headers["ETag"]}
    traits = f"/admin/v1/devices/{terminal.id}/traits"
    refused(south.call("PATCH", traits, {"ring": "a"}, headers=tag), 403, "not_permitted")
    assert south.post(f"{GROUPS}/preview", {"rule": {"unit": "NORTH"}}).get_json()["matches"] == 0


def members(admin: Console, group: dict[str, Any], *of: Any) -> list[Any]:
    """Return those of these terminals that are in the group, and whoever else is."""
    ids = admin.get(f"{GROUPS}/{group['id']}/members").get_json()["items"]
    known = {str(terminal.id): terminal for terminal in of}
    return [known.get(id_, id_) for id_ in ids]


def change(admin: Console, group: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    path = f"{GROUPS}/{group['id']}"
    tag = {"If-Match": admin.get(path).headers["ETag"]}
    answer = admin.call("PATCH", path, body, headers=tag)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    changed: dict[str, Any] = answer.get_json()
    return changed


def describe(admin: Console, terminal: Any, body: dict[str, Any]) -> None:
    tag = {"If-Match": admin.get(f"/admin/v1/devices/{terminal.id}").headers["ETag"]}
    path = f"/admin/v1/devices/{terminal.id}/traits"
    answer = admin.call("PATCH", path, body, headers=tag)
    assert answer.status_code == 200, answer.get_data(as_text=True)


def publish(admin: Console, group: dict[str, Any], document: dict[str, Any]) -> None:
    draft = admin.post(
        "/admin/v1/configurations",
        {"scope_kind": "group", "scope_id": group["id"], "document": document},
    )
    assert draft.status_code == 201, draft.get_data(as_text=True)
    admin.post(f"/admin/v1/configurations/{draft.get_json()['id']}/publish")


def wanted(admin: Console, terminal: Any) -> dict[str, Any]:
    path = f"/admin/v1/devices/{terminal.id}/configuration"
    values: dict[str, Any] = admin.get(path).get_json()["values"]
    return values
