"""Finished work belongs to the officer who made it, and is recorded once."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from muster.kernel.identity import Officer
from offline_sync.jobs import purge
from tests.conftest import House
from tests.factories.sync import (
    MEMO,
    City,
    FieldTerminal,
    answered,
    console_session,
    sign_item,
)

OUTBOX, CONFLICTS = "/sync/v1/outbox", "/admin/v1/conflicts"


def hand_in(terminal: FieldTerminal, item: str, status: int = 200) -> Any:
    return answered(terminal.call("POST", OUTBOX, {"item": item}), status)


def memos(house: House) -> list[tuple[str, str]]:
    """Return author and text of every memo on record."""
    with house.kernel.reads() as uow:
        rows = uow.session.execute(select(MEMO.c.author, MEMO.c.text).order_by(MEMO.c.id))
        return [(row.author, row.text) for row in rows]


def test_work_is_recorded_and_its_author_told(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    told = hand_in(terminal, terminal.item("found a bicycle"))
    assert told["status"] == "recorded"
    assert told["author"] == str(city.officers["N1"])
    assert told["result"]["feedback"] == "thank you, N1"
    assert told["reference"] == told["result"]["id"]
    assert told["flags"] == []
    assert memos(house) == [(str(city.officers["N1"]), "found a bicycle")]


def test_the_author_stays_who_made_it_after_another_officer_signs_in(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    item = terminal.item("seen before the change of shift")
    terminal.officer("N2")
    told = hand_in(terminal, item)
    assert told["author"] == str(city.officers["N1"])
    assert memos(house) == [(str(city.officers["N1"]), "seen before the change of shift")]


def test_the_same_item_sent_three_times_is_recorded_once(
    house: House, terminal: FieldTerminal
) -> None:
    item = terminal.item()
    first, second, third = (hand_in(terminal, item) for _ in range(3))
    assert first == second == third
    assert len(memos(house)) == 1


def test_after_three_days_a_repetition_still_finds_the_record(
    house: House, terminal: FieldTerminal
) -> None:
    item = terminal.item()
    first = hand_in(terminal, item)
    house.clock.advance(hours=73)
    purge(house.kernel, {})
    terminal.judged(2)
    terminal.officer("N2")
    again = hand_in(terminal, item)
    assert again == first | {"result": None}
    assert len(memos(house)) == 1


def test_another_item_under_the_same_op_id_is_a_conflict(
    house: House, terminal: FieldTerminal
) -> None:
    op_id = uuid4().hex
    hand_in(terminal, terminal.item("one", op_id=op_id))
    refused = hand_in(terminal, terminal.item("two", op_id=op_id), 409)
    assert refused["code"] == "sync_op_id_reused"
    assert [text for _, text in memos(house)] == ["one"]


def test_another_terminals_session_cannot_be_named(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    other = FieldTerminal(city, house.client, clock=house.clock)
    theirs = other.officer("N2")
    refused = hand_in(terminal, terminal.item(session_id=str(theirs)), 422)
    assert refused["code"] == "sync_item_session_unknown"
    assert memos(house) == []


def test_an_item_signed_by_another_key_is_refused(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    other = FieldTerminal(city, house.client, clock=house.clock)
    other.session_id = terminal.session_id
    assert hand_in(terminal, other.item(), 422)["code"] == "sync_item_session_unknown"


@pytest.mark.parametrize("damage", ["changed", "unsigned", "rubbish"])
def test_a_changed_item_is_refused(terminal: FieldTerminal, damage: str) -> None:
    head, body, signature = terminal.item().split(".")
    item = {
        "changed": f"{head}.{body[:-2]}AA.{signature}",
        "unsigned": f"{head}.{body}.",
        "rubbish": "not a token",
    }[damage]
    assert hand_in(terminal, item, 422)["code"] == "sync_item_signature_invalid"


@pytest.mark.parametrize(
    "claims",
    [
        {"op_id": "short"},
        {"device_time": "yesterday"},
        {"device_time": "2026-01-01T10:00:00"},
        {"body": "text"},
        {"session_id": "me"},
        {"elapsed_ms": -1},
    ],
)
def test_an_item_of_the_wrong_shape_is_refused(
    terminal: FieldTerminal, claims: dict[str, Any]
) -> None:
    assert hand_in(terminal, terminal.item(**claims), 422)["code"] == "sync_item_unreadable"


def test_an_access_token_is_no_item(terminal: FieldTerminal) -> None:
    assert hand_in(terminal, terminal.access_token, 422)["code"] == "sync_item_signature_invalid"
    wrong_type = sign_item(terminal, {}, typ="dpop+jwt")
    assert hand_in(terminal, wrong_type, 422)["code"] == "sync_item_signature_invalid"


def test_a_kind_nobody_takes_is_refused(terminal: FieldTerminal) -> None:
    assert hand_in(terminal, terminal.item(kind="poem"), 422)["code"] == "sync_item_kind_unknown"


def test_a_wrong_clock_is_flagged_and_loses_nothing(house: House, terminal: FieldTerminal) -> None:
    early = hand_in(terminal, terminal.item(device_time="2001-01-01T00:00:00Z"))
    late = hand_in(terminal, terminal.item(device_time="2101-01-01T00:00:00Z"))
    assert early["flags"] == ["outside_session"]
    assert late["flags"] == ["outside_session", "clock_ahead"]
    assert len(memos(house)) == 2


def test_what_the_owner_refuses_is_kept_for_the_supervisor(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    item = terminal.item(body={"words": "no text"})
    told = hand_in(terminal, item)
    assert (told["status"], told["result"]["code"]) == ("kept", "invalid_input")
    assert hand_in(terminal, item) == told
    supervisor = console_session(city, "NS")
    (copy,) = answered(house.client.get(CONFLICTS, headers=supervisor))["items"]
    assert (copy["source"], copy["reason"]) == ("outbox/memo", "refused")
    opened = answered(house.client.get(f"{CONFLICTS}/{copy['id']}", headers=supervisor))
    assert opened["content"]["body"] == {"words": "no text"}


def test_work_of_an_officer_suspended_meanwhile_is_kept(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    item = terminal.item("made in good standing")
    with house.kernel.writes() as uow:
        officer = uow.session.get_one(Officer, city.officers["N1"])
        officer.state, officer.epoch = "suspended", officer.epoch + 1
    terminal.officer("N2")
    told = hand_in(terminal, item)
    assert (told["status"], told["author"]) == ("kept", str(city.officers["N1"]))
    assert memos(house) == []


def test_conflicts_are_seen_read_and_resolved_by_the_units_supervisor_only(
    house: House, city: City, terminal: FieldTerminal
) -> None:
    hand_in(terminal, terminal.item(body={}))
    ours, theirs = console_session(city, "NS"), console_session(city, "SS")
    (copy,) = answered(house.client.get(CONFLICTS, headers=ours))["items"]
    where = f"{CONFLICTS}/{copy['id']}"
    assert answered(house.client.get(CONFLICTS, headers=theirs))["items"] == []
    answered(house.client.get(where, headers=theirs), 403)
    tag = house.client.get(where, headers=ours).headers["ETag"]
    done = {"resolution": "Entered by hand as memo 17."}
    resolve = f"{where}/resolve"
    answered(house.client.post(resolve, json=done, headers=ours), 428)
    resolved = house.client.post(resolve, json=done, headers=ours | {"If-Match": tag})
    assert answered(resolved)["state"] == "resolved"
    assert answered(house.client.get(where, headers=ours))["content"] is None
    tag = resolved.headers["ETag"]
    answered(house.client.post(resolve, json=done, headers=ours | {"If-Match": tag}), 409)
