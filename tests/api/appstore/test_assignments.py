"""Whom an app is for: audiences, modes, pins and dates, who may say so, and who follows."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from tests.factories.appstore import PACKAGE, REASON, Store, apk, compiled, desired, download
from tests.factories.mdm import Console
from tests.factories.terminal import TestTerminal

PATH = f"/appstore/v1/apps/{PACKAGE}/assignments"


@pytest.fixture
def chief(store: Store) -> Console:
    """A device admin of the whole force."""
    return store.force.console("A0", "device_admin", unit="CITY")


def told(terminal: TestTerminal) -> list[tuple[Any, str]]:
    """Return version and mode of each app, the same in list and signed desired state."""
    entries = desired(terminal)
    assert compiled(terminal) == entries
    return [(entry.get("version_code"), entry["mode"]) for entry in entries]


def tag(row: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {"headers": {"If-Match": f'"v{row["version"]}"'}}


def test_a_released_app_reaches_every_audience_and_leaves_with_it(
    store: Store, chief: Console
) -> None:
    """One app, one terminal, every kind of audience: it comes, and goes when taken back."""
    terminal, other = store.terminal(), store.terminal()
    ring, here = store.group("elsewhere"), store.group("here")
    release = store.released(apk(1), ring)
    store.join(here, terminal)
    device = f"/admin/v1/devices/{terminal.id}"
    store.force.officer("P7", "officer", "supervisor")
    version = chief.get(device).headers["ETag"]
    chief.call("PATCH", device, {"holder": "P7"}, headers={"If-Match": version})
    version = chief.get(device).headers["ETag"]
    traits = {"attributes": {"bike": "yes"}}
    edited = chief.call("PATCH", f"{device}/traits", traits, headers={"If-Match": version})
    assert edited.status_code == 200, edited.get_data(as_text=True)
    assert told(terminal) == []
    alone: list[dict[str, Any]] = [
        {"audience": "group", "ref": here},
        {"audience": "role", "ref": "supervisor"},
        {"audience": "rule", "rule": {"attributes": {"bike": "yes"}}},
    ]
    both: list[dict[str, Any]] = [
        {"audience": "organisation"},
        {"audience": "unit", "ref": "NORTH"},
        {"audience": "class", "ref": "handheld"},
        {"audience": "rule", "rule": {"unit": "CITY"}},
    ]
    for audience in alone + both:
        made = store.assigned(**audience, who=chief)
        assert made["ref"] == audience.get("ref", ""), "people read what they wrote"
        assert told(terminal) == [(1, "required")], audience
        assert told(other) == ([(1, "required")] if audience in both else []), audience
        assert download(terminal, release["sha256"]).status_code == 200
        assert chief.call("DELETE", f"{PATH}/{made['id']}", **tag(made)).status_code == 204
        store.force.work()
        assert told(terminal) == [], audience
    for audience in (
        {"audience": "unit", "ref": "WEST"},
        {"audience": "group", "ref": "north"},
        {"audience": "role", "ref": "pirate"},
        {"audience": "organisation", "ref": "all"},
        {"audience": "rule"},
    ):
        answer = store.assign(**audience, who=chief)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "audience_invalid")


def test_what_an_assignment_asks_of_a_terminal_follows_who_holds_it_and_what_it_is(
    store: Store, chief: Console
) -> None:
    """Role, holder, trait and group change; nobody touches the assignments."""
    terminal = store.terminal()
    store.released(apk(1), store.group("elsewhere"))
    store.assigned("role", ref="supervisor", mode="available", who=chief)
    store.assigned("rule", rule={"ring": ["canary"]}, who=chief)
    store.assigned("group", "blocked", ref=store.pilot)
    device = f"/admin/v1/devices/{terminal.id}"

    def patch(path: str, body: dict[str, Any]) -> None:
        headers = {"If-Match": chief.get(device).headers["ETag"]}
        answer = chief.call("PATCH", path, body, headers=headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        store.force.work()

    store.force.officer("P7", "officer", "supervisor")
    assert told(terminal) == []
    patch(device, {"holder": "P7"})
    assert told(terminal) == [(1, "available")]
    patch(f"{device}/traits", {"ring": "canary"})
    assert told(terminal) == [(1, "required")]
    patch(f"{device}/traits", {"ring": ""})
    store.join(store.pilot, terminal)
    assert told(terminal) == [(None, "blocked")]


def test_dates_open_and_close_an_assignment_on_the_minute(store: Store) -> None:
    terminal = store.terminal()
    store.released(apk(1), store.group("elsewhere"))
    now = store.house.clock()
    dates = {
        "starts": (now + timedelta(minutes=4)).isoformat(),
        "ends": (now + timedelta(minutes=8)).isoformat(),
    }
    store.assigned("unit", ref="NORTH", **dates)
    seen = [told(terminal)]
    for _ in range(2):
        store.house.clock.advance(minutes=5)
        store.force.work()
        seen.append(told(terminal))
    assert seen == [[], [(1, "required")], []]
    turned = store.assign("unit", ref="NORTH", starts=dates["ends"], ends=dates["starts"])
    assert turned.get_json()["code"] == "assignment_dates_turned"


def test_a_pin_keeps_terminals_on_a_version_that_was_superseded(store: Store) -> None:
    pinned, free = store.terminal(store.pilot), store.terminal()
    ring = store.group("elsewhere")
    for code in (1, 2):
        store.released(apk(code), ring)
    store.assigned("unit", ref="NORTH", mode="available")
    made = store.assigned("group", ref=store.pilot, pinned_code=1)
    assert (told(pinned), told(free)) == ([(1, "required")], [(2, "available")])
    body = {"pinned_code": None, **REASON}
    changed = store.admin.call("PATCH", f"{PATH}/{made['id']}", body, **tag(made))
    assert changed.status_code == 200
    store.force.work()
    assert told(pinned) == [(2, "required")]
    stale = store.admin.call("PATCH", f"{PATH}/{made['id']}", body, **tag(made))
    assert stale.status_code == 412
    answer = store.assign("unit", ref="NORTH", pinned_code=9)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "assignment_pin_unknown")
    bare = store.assign("unit", "blocked", ref="NORTH", conditions={"charging": True})
    assert bare.get_json()["code"] == "assignment_blocked_is_bare"


def test_the_preview_says_who_will_get_and_lose_the_app_and_changes_nothing(
    store: Store,
) -> None:
    store.released(apk(1), store.pilot)
    for groups in ((store.pilot,), (), ()):
        store.terminal(*groups)

    def impact(audience: str, mode: str, **more: Any) -> tuple[int, ...]:
        body = {"audience": audience, "mode": mode, **REASON, **more}
        found = store.admin.post(f"{PATH}/preview", body).get_json()
        assert found.pop("complete")
        return tuple(found[name] for name in ("concerned", "gaining", "losing", "requiring"))

    assert impact("unit", "required", ref="NORTH") == (3, 2, 0, 2)
    assert impact("unit", "available", ref="NORTH") == (3, 2, 0, 0)
    assert impact("unit", "blocked", ref="NORTH") == (3, 0, 1, 0)
    assert impact("group", "blocked", ref=store.pilot) == (1, 0, 1, 0)
    assert impact("unit", "required", ref="SOUTH") == (0, 0, 0, 0)
    assert store.admin.get(PATH).get_json()["items"] == []


def test_who_may_assign_what_to_whom(store: Store, chief: Console) -> None:
    """Publishers their own app, short of blocking and of everybody; admins in their units."""
    store.released(apk(1), store.pilot)
    stranger = store.force.console("P9", "publisher", unit="SOUTH")
    auditor = store.force.console("U1", "auditor", unit="CITY")
    judge = store.force.console("V0", "approver", unit="CITY")
    everyone: dict[str, Any] = {"audience": "organisation"}
    south: dict[str, Any] = {"audience": "unit", "ref": "SOUTH"}
    north: dict[str, Any] = {"audience": "unit", "ref": "NORTH"}
    lines: list[tuple[Console, dict[str, Any], str, int]] = [
        (store.publisher, south, "required", 201),
        (store.publisher, north, "blocked", 403),
        (store.publisher, everyone, "available", 403),
        (store.publisher, everyone, "required", 403),
        (stranger, south, "available", 403),
        (store.admin, north, "blocked", 201),
        (store.admin, south, "available", 403),
        (store.admin, everyone, "available", 403),
        (store.admin, {"audience": "class", "ref": "handheld"}, "available", 403),
        (store.admin, {"audience": "rule", "rule": {"os": ["Android"]}}, "available", 403),
        (store.admin, {"audience": "rule", "rule": {"unit": "N1"}}, "available", 201),
        (chief, everyone, "required", 201),
        (judge, everyone, "required", 201),
        (judge, north, "blocked", 201),
        (judge, north, "required", 403),
        (auditor, north, "available", 403),
    ]
    for who, audience, mode, expected in lines:
        answer = store.assign(mode=mode, who=who, **audience)
        assert answer.status_code == expected, (audience, mode, answer.get_data(as_text=True))
    rows = store.publisher.get(PATH, query_string={"limit": 4}).get_json()
    assert (len(rows["items"]), bool(rows["next"])) == (4, True)
    blocked = next(row for row in rows["items"] if row["mode"] == "blocked")
    mine = f"{PATH}/{blocked['id']}"
    opened = {"mode": "available", **REASON}
    assert store.publisher.call("PATCH", mine, opened, **tag(blocked)).status_code == 403
    assert store.publisher.call("DELETE", mine, **tag(blocked)).status_code == 403
    store.house.clock.advance(minutes=12)
    late = store.assign(mode="required", who=chief, **everyone)
    assert (late.status_code, late.get_json()["code"]) == (401, "step_up_required")


def test_an_assignment_compiles_its_own_terminals_only_and_in_few_statements(
    store: Store,
) -> None:
    store.released(apk(1), store.group("elsewhere"))
    inside = [store.terminal(store.pilot) for _ in range(3)]
    outside = store.terminal()
    statements: list[str] = []
    assert store.assign("group", ref=store.pilot).status_code == 201
    engine = store.house.kernel.db.engine

    def count(*args: Any) -> None:
        statements.append(args[2])

    event.listen(engine, "before_cursor_execute", count)
    store.force.work()
    event.remove(engine, "before_cursor_execute", count)
    assert [told(one) for one in inside] == [[(1, "required")]] * 3
    assert told(outside) == []
    views = [
        text for text in statements if "FROM app_rollout" in text or "app_assignment.id" in text
    ]
    assert len(views) <= 4, "three terminals cost no more statements than one"


def test_conditions_and_deadline_reach_the_terminal_whole(store: Store) -> None:
    """A rollout's own come first; where it says nothing, the assignment's hold."""
    terminal = store.terminal(store.pilot)
    night = {"network": "unmetered", "window": {"from": "22:00", "until": "05:00"}}
    deadline = "2031-07-01T06:00:00+00:00"
    release = store.approved(apk(1))
    rollout = store.rolled(release, store.pilot, conditions=night, deadline=deadline)
    store.assigned("unit", ref="NORTH", conditions={"charging": True, "battery_min": 40})
    (entry,) = desired(terminal)
    assert (entry["conditions"], entry["deadline"]) == (night, deadline)
    path = f"/appstore/v1/rollouts/{rollout['id']}"
    body = {"conditions": {}, "deadline": None}
    assert store.admin.call("PATCH", path, body, **tag(rollout)).status_code == 200
    store.force.work()
    (entry,) = desired(terminal)
    assert compiled(terminal) == [entry]
    assert entry["conditions"] == {"charging": True, "battery_min": 40}
    assert "deadline" not in entry
    for wrong in (
        {"network": "wifi"},
        {"battery_min": 101},
        {"window": {"from": "25:00", "until": "05:00"}},
        {"window": {"from": "05:00", "until": "05:00"}},
        {"roaming": True},
    ):
        answer = store.assign("unit", ref="NORTH", conditions=wrong)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_input"), wrong
