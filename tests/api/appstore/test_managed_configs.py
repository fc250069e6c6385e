"""Apps are told what to be, by group of terminals, and never what their version does not take."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from appstore.managed_configs import values_for
from mdm.groups import Group
from muster.kernel.audit import search
from tests.factories.appstore import PACKAGE, Store, apk, compiled, desired
from tests.factories.mdm import Console
from tests.factories.sync import statements
from tests.factories.terminal import TestTerminal

CONFIGS = f"/appstore/v1/apps/{PACKAGE}/configs"
FIRST = [
    {"key": "server", "type": "string", "title": "Server", "default": "https://old.test"},
    {"key": "offline", "type": "bool", "title": "Works offline"},
    {"key": "token", "type": "string", "title": "Token"},
]
SECOND = [
    {"key": "server", "type": "choice", "choices": [{"value": "a", "label": "A"}]},
    *FIRST[1:],
]
URL = "https://notes.city.test"
_BEGUN = {True: 1, False: 0}
"""SQLite's BEGIN counts as a statement."""


@pytest.fixture
def rolled(store: Store) -> Store:
    """Return the store with a configurable app in the pilot's ring."""
    store.rolled(store.approved(apk(1, restrictions=FIRST)), store.pilot)
    return store


def put(
    who: Console, scope: str, values: dict[str, Any], version: int = 0, **more: Any
) -> TestResponse:
    headers = {"If-Match": f'"v{version}"'}
    return who.call("PUT", f"{CONFIGS}/{scope}", {"values": values, **more}, headers=headers)


def ranked(store: Store, name: str, priority: int) -> str:
    group_id = store.group(name)
    with store.house.kernel.writes() as uow:
        row = uow.session.scalars(select(Group).where(Group.name == name)).one()
        row.priority = priority
    return group_id


def told(store: Store, terminal: TestTerminal) -> Any:
    """Return what a terminal is told: the same in its list and in its signed desired state."""
    store.force.work()
    [listed], [signed] = desired(terminal), compiled(terminal)
    assert listed.get("config") == signed.get("config")
    return listed.get("config")


def named(terminal: TestTerminal) -> UUID:
    assert terminal.id is not None
    return terminal.id


def installed(terminal: TestTerminal, code: int) -> None:
    said = {"package": PACKAGE, "state": "installed", "version_code": code}
    assert terminal.check_in(apps=[said]).status_code == 200


def test_values_reach_terminals_everybodys_first_then_groups_by_priority(rolled: Store) -> None:
    store = rolled
    bikes = ranked(store, "bikes", 10)
    plain, biker = store.terminal(store.pilot), store.terminal(store.pilot, bikes)
    assert told(store, plain) is None
    made = put(store.publisher, "everybody", {"server": URL, "offline": True})
    assert (made.status_code, made.headers["ETag"]) == (200, '"v1"')
    assert put(store.admin, store.pilot, {"server": "https://pilot.test"}).status_code == 200
    assert put(store.admin, bikes, {"offline": False}).status_code == 200
    assert told(store, plain) == {"server": "https://pilot.test", "offline": True}
    assert told(store, biker) == {"server": "https://pilot.test", "offline": False}
    seen = store.admin.get(f"{CONFIGS}/effective?device_id={biker.id}").get_json()
    assert seen["said_by"] == {"server": "pilot", "offline": "bikes"}
    listed = store.approver.get(CONFIGS).get_json()
    assert [one["key"] for one in listed["declaration"]["restrictions"]] == [
        "server",
        "offline",
        "token",
    ]
    assert [one["scope"] for one in listed["items"]] == ["everybody", store.pilot, bikes]
    gone = {"headers": {"If-Match": '"v1"'}}
    assert store.admin.call("DELETE", f"{CONFIGS}/{bikes}", **gone).status_code == 204
    assert told(store, biker) == {"server": "https://pilot.test", "offline": True}


def test_a_release_that_takes_less_breaks_nobody_and_is_told(rolled: Store) -> None:
    store = rolled
    terminal = store.terminal(store.pilot)
    put(store.publisher, "everybody", {"server": URL, "offline": True})
    installed(terminal, 1)
    assert told(store, terminal) == {"server": URL, "offline": True}
    second = store.approved(apk(2, restrictions=SECOND))
    store.force.work()
    assert "app.config_misfit" in store.force.notices()
    [sheet] = store.publisher.get(CONFIGS).get_json()["items"]
    assert (sheet["misfits"], sheet["version"]) == ({"2": ["server"]}, 1)
    store.rolled(second, store.pilot)
    assert told(store, terminal) == {"server": URL, "offline": True}, "it runs version 1"
    installed(terminal, 2)
    assert told(store, terminal) == {"offline": True}
    seen = store.publisher.get(CONFIGS).get_json()["declaration"]
    assert seen["version_code"] == 2
    refused = put(store.publisher, "everybody", {"server": URL}, 1)
    assert refused.get_json()["errors"][0]["pointer"] == "/values/server"
    assert put(store.publisher, "everybody", {"server": "a"}, 1).status_code == 200
    assert told(store, terminal) == {"server": "a"}


def test_what_the_app_does_not_declare_is_refused_with_its_place(rolled: Store) -> None:
    store = rolled
    wrong = {"server": 5, "colour": "red", "offline": "yes"}
    answer = put(store.publisher, "everybody", wrong, secrets=["token"])
    assert (answer.status_code, answer.get_json()["code"]) == (422, "managed_config_invalid")
    pointers = {one["pointer"] for one in answer.get_json()["errors"]}
    assert pointers == {"/values/server", "/values/colour", "/values/offline", "/secrets/0"}
    large = put(store.publisher, "everybody", {"server": "x" * 65_536})
    assert large.get_json()["code"] == "managed_config_invalid"
    larger = put(store.publisher, "everybody", {"server": "x" * 200_000})
    assert larger.status_code == 413
    path = f"{CONFIGS}/everybody"
    assert store.publisher.call("PUT", path, {"values": {}}).status_code == 428
    assert put(store.publisher, "everybody", {}, 3).status_code == 412
    assert put(store.publisher, "nobody", {}).get_json()["code"] == "managed_config_not_found"
    store.approved(apk(1, package="city.muster.plain"))
    other = CONFIGS.replace(PACKAGE, "city.muster.plain")
    empty = store.publisher.call(
        "PUT", f"{other}/everybody", {"values": {}}, headers={"If-Match": '"v0"'}
    )
    assert (empty.status_code, empty.get_json()["code"]) == (409, "managed_config_undeclared")


def test_only_those_who_keep_a_scope_write_it_and_read_its_secrets(rolled: Store) -> None:
    store = rolled
    south = store.force.console("A2", "device_admin", unit="SOUTH")
    stranger = store.force.console("P2", "publisher", unit="SOUTH")
    chief = store.force.console("A3", "device_admin", unit="CITY")
    for who, scope in ((south, store.pilot), (stranger, "everybody"), (store.admin, "everybody")):
        assert put(who, scope, {"offline": True}).status_code == 403
    values = {"token": "s3cret", "server": URL}
    assert put(store.admin, store.pilot, values, secrets=["token"]).status_code == 200
    assert put(chief, "everybody", {"token": "open"}).status_code == 200
    for who, tokens in (
        (store.publisher, ["open", "s3cret"]),
        (store.admin, ["•••", "s3cret"]),
        (store.approver, ["•••", "•••"]),
    ):
        items = who.get(CONFIGS).get_json()["items"]
        assert [one["values"]["token"] for one in items] == tokens
    terminal = store.terminal(store.pilot)
    path = f"{CONFIGS}/effective?device_id={terminal.id}"
    assert chief.get(path).get_json()["values"]["token"] == "s3cret"
    assert store.admin.get(path).get_json()["values"]["token"] == "•••"
    assert store.publisher.get(path).status_code == 403
    assert told(store, terminal) == values


def test_the_log_names_keys_and_never_values(rolled: Store) -> None:
    store = rolled
    put(store.publisher, "everybody", {"token": "s3cret", "server": URL}, secrets=["token"])
    put(store.publisher, "everybody", {"token": "s3cret"}, 1)
    with store.house.kernel.reads() as uow:
        page = search.entries(uow, action="app.config.write", resource_id=f"{PACKAGE}/everybody")
    second, first = (row.document["result"] for row in page.items)
    assert (sorted(first["changed"]), first["removed"]) == (["server", "token"], [])
    assert (second["changed"], second["removed"]) == ({}, ["server"])
    assert "s3cret" not in str(page.items)
    assert "notes.city" not in str(page.items)


def test_many_terminals_cost_two_statements_and_nothing_said_costs_one(rolled: Store) -> None:
    store = rolled
    ids = [named(store.terminal(store.pilot)) for _ in range(3)]
    asked = {device_id: [PACKAGE, "city.muster.other"] for device_id in ids}
    with store.house.kernel.reads() as uow, statements() as counted:
        assert values_for(uow, asked) == {}
    assert counted.statements - _BEGUN[store.house.kernel.db.is_sqlite] == 1
    put(store.publisher, "everybody", {"offline": True})
    put(store.admin, store.pilot, {"server": URL})
    with store.house.kernel.reads() as uow, statements() as counted:
        found = values_for(uow, asked)
    assert counted.statements - _BEGUN[store.house.kernel.db.is_sqlite] == 2
    assert found == {id: {PACKAGE: {"offline": True, "server": URL}} for id in ids}
