"""Searching: whoever looked somebody up is found, under every key, page by page."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from muster.kernel.audit import Entry, search
from muster.kernel.db import Mode
from muster.kernel.errors import NotFound
from muster.kernel.uow import UnitOfWork
from muster.ondevice.subjects import Subject, SubjectKind

PERSON = Subject(SubjectKind.PERSON_ID, "11010519491231002X")
PLATE = Subject(SubjectKind.PLATE, "沪A12345")
OFFICER = uuid4()


def act(number: int, **changes) -> Entry:
    return Entry(
        **{"action": f"act.{number}", "outcome": "done", "actor_kind": "officer"} | changes
    )


@pytest.fixture
def unit(log):
    unit = log.unit()
    yield unit
    unit.close()


def rotate_index_key(log) -> None:
    unit = UnitOfWork(log, Mode.WRITES)
    log.keys.rotate(unit, "audit_index", at_once=True)
    unit.session.commit()
    unit.close()
    log.keys.reload()


def test_who_looked_up_finds_entries_under_every_index_key(log, unit):
    log.append([act(1, subjects=[PERSON]), act(2, subjects=[PLATE])])
    rotate_index_key(log)
    log.append([act(3, subjects=[PLATE, PERSON]), act(4)])
    found = search.who_looked_up(unit, PERSON)
    assert [one.document["action"] for one in found.items] == ["act.3", "act.1"]
    assert found.next is None
    keys = {one["key"] for item in found.items for one in item.document["subjects"]}
    assert len(keys) == 2


def test_pages_are_newest_first_and_meet_without_gap_or_overlap(log, unit):
    log.append([act(number, subjects=[PERSON]) for number in range(7)])
    seen, after = [], None
    while True:
        page = search.who_looked_up(unit, PERSON, after=after, limit=3)
        seen += [item.document["action"] for item in page.items]
        after = page.next
        if after is None:
            break
    assert seen == [f"act.{number}" for number in reversed(range(7))]


def test_every_filter_narrows(log, unit):
    at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    wanted = {
        "actor_id": OFFICER,
        "device_id": uuid4(),
        "unit_id": uuid4(),
        "session_id": uuid4(),
        "action": "mdm.device.wipe",
        "outcome": "denied",
        "resource_type": "device",
        "resource_id": "d-1",
        "purpose": "lost",
        "case_ref": "C-7",
        "request_id": "r-1",
    }
    log.append([act(1, at=at), act(2, at=at, **{**wanted, "action": "mdm.device.wipe"})])
    for name, value in wanted.items():
        (found,) = search.entries(unit, **{name: value}).items
        assert found.document["action"] == "mdm.device.wipe", name
    assert search.entries(unit, **wanted, since=at, until=at + timedelta(seconds=1)).items
    assert not search.entries(unit, **wanted, until=at).items
    assert not search.entries(unit, since=at + timedelta(microseconds=1)).items


def test_a_resource_has_a_timeline(log, unit):
    log.append([act(n, resource_type="device", resource_id=f"d-{n % 2}") for n in range(6)])
    page = search.of_resource(unit, "device", "d-1", limit=2)
    assert [one.document["action"] for one in page.items] == ["act.5", "act.3"]
    assert page.next == page.items[-1].n


def test_an_entry_knows_whether_it_is_sealed(log, unit):
    early, late = act(1), act(2, reason="why")
    log.append([early])
    log.seal(1)
    log.append([late])
    assert search.entry(unit, early.id).seq == 0
    found = search.entry(unit, late.id)
    assert not found.sealed
    assert found.document["reason"] == "why"
    assert found.at == late.at


def test_an_unknown_entry_is_not_found(unit):
    with pytest.raises(NotFound):
        search.entry(unit, uuid4())
