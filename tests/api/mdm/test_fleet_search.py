"""Every filter of the list gives exactly what a plain look at all terminals gives, page by page."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from mdm.devices import narrowing
from mdm.devices import searching as pages
from mdm.devices.models import ManagedDevice
from mdm.enrolment.models import EnrolToken
from mdm.groups.models import Group, GroupMember
from muster.kernel.identity import Device
from muster.kernel.ids import uuid7
from tests.conftest import House
from tests.factories.mdm import Console, Force, token_for

Row = dict[str, Any]
MANY = 400


@pytest.fixture
def fleet(house: House, force: Force, admin: Console, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Four hundred terminals of chance, and a search that thinks that many."""
    monkeypatch.setattr(narrowing, "PROBE", 20)
    monkeypatch.setattr(narrowing, "FEW", 30)
    monkeypatch.setattr(pages, "MOST", 150)
    token_for(admin)
    dice, now = random.Random(7), house.clock()
    rows: list[Row] = []
    for number in range(MANY):
        state = dice.choices(["enrolled", "lost", "wiped"], [95, 3, 2])[0]
        rows.append(
            {
                "id": uuid7(),
                "label": f"T-{number:04}",
                "unit": dice.choice(["CITY", "NORTH", "N1", "SOUTH"]),
                "state": state,
                "tier": dice.choices([0, 1, 2], [1, 9, 90])[0] if state == "enrolled" else 0,
                "serial": f"{dice.choice(['SN', 'XY'])}{number:04}",
                "imei": f"35{number:013}",
                "device_class": dice.choices(["handheld", "body_camera"], [97, 3])[0],
                "agent": dice.choice(["native", "headwind"]),
                "ring": dice.choices(["", "canary"], [90, 10])[0],
                "model": dice.choice(["Pixel 8a", "XCover 7"]),
                "os": "android",
                "applied_hash": dice.choices(["a", "b"], [95, 5])[0],
                "desired_hash": "a",
                "last_seen": now - timedelta(hours=dice.choices([1, 30], [90, 10])[0]),
            }
        )
    _insert(house, force, rows)
    return rows


def _insert(house: House, force: Force, rows: list[Row]) -> None:
    principal = ("id", "label", "state", "tier")
    with house.kernel.writes() as uow:
        token = uow.session.scalars(select(EnrolToken.id)).one()
        uow.session.execute(
            insert(Device),
            [
                {k: row[k] for k in principal} | {"unit_id": force.units[row["unit"]]}
                for row in rows
            ],
        )
        uow.session.execute(
            insert(ManagedDevice),
            [
                {k: v for k, v in row.items() if k not in (*principal[1:], "unit")}
                | {"token_id": token}
                for row in rows
            ],
        )
        group = Group(name="Bikes", unit_id=force.units["NORTH"])
        uow.session.add(group)
        uow.session.flush()
        members = [{"group_id": group.id, "device_id": row["id"]} for row in rows[::7]]
        uow.session.execute(insert(GroupMember), members)


def everything(admin: Console, **query: Any) -> list[UUID]:
    """Follow the list to its end."""
    found: list[UUID] = []
    after: dict[str, str] = {}
    for _ in range(MANY):
        answer = admin.get("/admin/v1/devices", query_string={**query, "limit": 7, **after})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        page = answer.get_json()
        found += [UUID(one["id"]) for one in page["items"]]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}
    raise AssertionError("the list does not end")


def test_every_filter_finds_all_of_its_terminals_once_and_in_order(
    house: House, force: Force, admin: Console, fleet: list[Row]
) -> None:
    day_ago = house.clock() - timedelta(hours=24)
    north, whole = admin, force.console("A9", "device_admin", unit="CITY")
    nowhere = force.console("A8", "auditor", unit="SOUTH")
    bikes = {row["id"] for row in fleet[::7]}
    served: Callable[[Row], bool] = lambda r: r["state"] == "enrolled" and r["tier"] >= 2  # noqa: E731
    cases: list[tuple[Row, Callable[[Row], bool]]] = [
        ({}, lambda _: True),
        ({"state": "lost"}, lambda r: r["state"] == "lost"),
        ({"unit": "NORTH"}, lambda r: r["unit"] in ("NORTH", "N1")),
        ({"unit": "N1", "device_class": "body_camera"}, lambda r: r["unit"] == "N1" and r["device_class"] == "body_camera"),
        ({"compliant": "false"}, lambda r: not served(r)),
        ({"compliant": "true", "agent": "headwind"}, lambda r: served(r) and r["agent"] == "headwind"),
        ({"group": "Bikes"}, lambda r: r["id"] in bikes),
        ({"ring": "canary", "model": "XCover 7"}, lambda r: r["ring"] == "canary" and r["model"] == "XCover 7"),
        ({"lagging": "true"}, lambda r: r["applied_hash"] != "a"),
        ({"lagging": "false", "os": "ios"}, lambda _: False),
        ({"silent_since": day_ago.isoformat()}, lambda r: r["last_seen"] < day_ago),
        ({"text": "T-003"}, lambda r: r["label"].startswith("T-003")),
        ({"text": "t-003"}, lambda r: r["label"].startswith("T-003")),
        ({"text": "XY"}, lambda r: r["serial"].startswith("XY")),
        ({"text": fleet[5]["imei"]}, lambda r: r is fleet[5]),
        ({"text": "%"}, lambda _: False),
        ({"state": "lost", "ring": "canary"}, lambda r: r["state"] == "lost" and r["ring"] == "canary"),
    ]  # fmt: skip
    newest_first = list(reversed(fleet))
    for query, fits in cases:
        expected = [row["id"] for row in newest_first if fits(row)]
        assert everything(whole, **query) == expected, query
    in_north = {row["id"] for row in fleet if row["unit"] in ("NORTH", "N1")}
    for query, fits in cases[:8]:
        expected = [row["id"] for row in newest_first if fits(row) and row["id"] in in_north]
        assert everything(north, **query) == expected, query
    assert everything(nowhere) == [r["id"] for r in newest_first if r["unit"] == "SOUTH"]
    assert everything(nowhere, unit="N1") == []
