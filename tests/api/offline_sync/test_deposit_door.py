"""A refused terminal may hand its work in, and learns nothing by it."""

from uuid import UUID

import pytest
from sqlalchemy import select

from muster.kernel.identity import Device
from offline_sync.jobs import purge
from offline_sync.quarantine import QuarantinedItem
from tests.conftest import House
from tests.factories.sync import MEMO, City, FieldTerminal, answered, console_session

DOOR, QUARANTINE = "/sync/v1/deposit", "/admin/v1/quarantine"
NOTE = {"note": "The terminal was stale, the work is good."}


def deposit(terminal: FieldTerminal, item: str) -> str:
    answer = answered(terminal.call("POST", DOOR, {"item": item}), 202)
    assert set(answer) == {"receipt"}
    return str(answer["receipt"])


@pytest.fixture
def refused(terminal: FieldTerminal) -> FieldTerminal:
    terminal.judged(1, "rooted")
    return terminal


def test_a_refused_terminal_gets_a_receipt_and_nothing_else(refused: FieldTerminal) -> None:
    item = refused.item()
    answered(refused.call("POST", "/sync/v1/outbox", {"item": item}), 403)
    assert deposit(refused, item) == deposit(refused, item)


def test_what_lies_there_is_sealed(house: House, refused: FieldTerminal) -> None:
    item = refused.item("the witness is Erika")
    deposit(refused, item)
    with house.kernel.reads() as uow:
        row = uow.session.scalars(select(QuarantinedItem)).one()
    assert row.sealed is not None
    assert item.encode() not in row.sealed
    assert row.reasons == ["rooted"]


def test_a_supervisor_lets_it_in_under_its_authors_name(
    house: House, city: City, refused: FieldTerminal
) -> None:
    deposit(refused, refused.item("found a bicycle"))
    ours, theirs = console_session(city, "NS"), console_session(city, "SS")
    (row,) = answered(house.client.get(QUARANTINE, headers=ours))["items"]
    assert answered(house.client.get(QUARANTINE, headers=theirs))["items"] == []
    where = f"{QUARANTINE}/{row['id']}/release"
    answered(house.client.post(where, json=NOTE, headers=theirs), 403)
    released = answered(house.client.post(where, json=NOTE, headers=ours))
    assert (released["state"], released["outcome"]) == ("released", "recorded")
    with house.kernel.reads() as uow:
        memo = uow.session.execute(select(MEMO)).one()
        assert (memo.id, memo.author) == (released["reference"], str(city.officers["N1"]))
        row_now = uow.session.get_one(QuarantinedItem, UUID(row["id"]))
        assert row_now.sealed is None
    answered(house.client.post(where, json=NOTE, headers=ours), 409)


def test_an_item_that_cannot_be_read_stays_where_it_is(
    house: House, city: City, refused: FieldTerminal
) -> None:
    deposit(refused, "not a token at all")
    ours = console_session(city, "NS")
    (row,) = answered(house.client.get(QUARANTINE, headers=ours))["items"]
    where = f"{QUARANTINE}/{row['id']}/release"
    answered(house.client.post(where, json=NOTE, headers=ours), 422)
    (still,) = answered(house.client.get(QUARANTINE, headers=ours))["items"]
    assert still["state"] == "held"


def test_after_thirty_days_it_is_erased(house: House, city: City, refused: FieldTerminal) -> None:
    deposit(refused, refused.item())
    house.clock.advance(days=31)
    purge(house.kernel, {})
    with house.kernel.reads() as uow:
        row = uow.session.scalars(select(QuarantinedItem)).one()
        assert (row.state, row.sealed) == ("expired", None)


@pytest.mark.parametrize("state", ["lost", "wiped"])
def test_lost_and_wiped_terminals_have_no_deposit_door(
    house: House, terminal: FieldTerminal, state: str
) -> None:
    with house.kernel.writes() as uow:
        uow.session.get_one(Device, terminal.id).state = state
    refused = terminal.call("POST", DOOR, {"item": terminal.item()})
    assert answered(refused, 403)["code"] == "device_blocked"
