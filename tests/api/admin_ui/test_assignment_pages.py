"""Assigning an app and pacing its rollout at the console, without scripts."""

import html
import re

import pytest

from tests.conftest import House
from tests.factories.appstore import PACKAGE, Store, apk, desired
from tests.factories.console import signed_in
from tests.factories.mdm import Force

ROOM = f"/console/apps/{PACKAGE}"
TERMS = {"network": "unmetered", "charging": "yes", "battery_min": "30", "deadline": ""}
NIGHT = TERMS | {"window_from": "22:00", "window_until": "05:00"}


@pytest.fixture
def store(house: House) -> Store:
    return Store(Force(house))


def test_an_admin_looks_ahead_assigns_changes_and_takes_back(store: Store) -> None:
    terminal = store.terminal()
    store.released(apk(1), store.group("elsewhere"))
    admin = signed_in(store.force, "A7", "device_admin")
    assert 'value="organisation"' not in admin.get(f"{ROOM}/assignments").get_data(as_text=True)
    form = {"audience": "unit:NORTH", "mode": "required", "reason": "for the night shift", **NIGHT}
    tried = admin.post(f"{ROOM}/assignments", preview="1", **form)
    assert tried.status_code == 200, admin.page
    assert desired(terminal) == []
    assert "Newly get the app: 1." in admin.page
    assert admin.post(f"{ROOM}/assignments", **form).status_code == 303
    store.force.work()
    (entry,) = desired(terminal)
    assert entry["mode"] == "required"
    assert entry["conditions"]["window"] == {"from": "22:00", "until": "05:00"}
    admin.get(f"{ROOM}/assignments")
    (one,) = re.findall(rf'href="({ROOM}/assignments/[0-9a-f-]+)"', admin.page)
    assert "unmetered network, charging, battery from 30 %, 22:00 to 05:00" in admin.page
    admin.get(one)
    assert "for the night shift" in admin.page
    wrong = admin.post(one, **form | {"window_until": "25:00", "version": "1"})
    assert (wrong.status_code, "Write a time of day" in admin.page) == (422, True)
    assert admin.post(one, **form | {"mode": "available", "version": "1"}).status_code == 303
    assert admin.post(one, **form | {"version": "1"}).status_code == 412
    assert admin.post(f"{one}/remove", version="2").status_code == 303
    store.force.work()
    assert desired(terminal) == []


def test_a_rollout_begins_with_conditions_is_widened_halted_and_goes_on(store: Store) -> None:
    terminal = store.terminal(store.pilot)
    release = store.approved(apk(1))
    admin = signed_in(store.force, "A7", "device_admin")
    admin.get(f"{ROOM}/rollouts")
    form = {
        "release": release["id"],
        "ring": store.pilot,
        "percent": "50",
        "mode": "required",
        "reason": "first the pilots",
    }
    assert admin.post(f"{ROOM}/rollouts", **form, **NIGHT).status_code == 303
    admin.get(f"{ROOM}/rollouts")
    (one,) = set(re.findall(r'href="(/console/rollouts/[0-9a-f-]+)"', admin.page))
    assert "50 %" in html.unescape(admin.page)
    admin.get(one)
    assert 'value="22:00"' in admin.page
    assert admin.post(one, **TERMS, percent="40", version="1").status_code == 422
    assert admin.post(one, **TERMS, percent="100", version="1").status_code == 303
    store.force.work()
    (entry,) = desired(terminal)
    assert "window" not in entry["conditions"]
    assert admin.post(f"{one}/halt", reason="it crashes at once").status_code == 303
    assert desired(terminal) == []
    assert admin.post(f"{one}/resume", reason="it was the network").status_code == 303
    assert [entry["version_code"] for entry in desired(terminal)] == [1]
