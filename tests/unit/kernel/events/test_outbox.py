"""Events are written with the change that made them, and read back as their class."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import func, select

from muster.kernel import observe
from muster.kernel.db import Mode
from muster.kernel.events import Event, Outbox, OutboxRow
from muster.kernel.events.outbox import decode, encode


@dataclass(frozen=True, kw_only=True)
class DeviceWiped(Event):
    name: ClassVar[str] = "mdm.device.wiped"
    device_id: UUID
    at: datetime
    reasons: tuple[str, ...] = ()


def wiped() -> DeviceWiped:
    return DeviceWiped(device_id=uuid4(), at=datetime(2026, 3, 1, 3, tzinfo=UTC), reasons=("lost",))


def test_an_event_is_read_back_as_it_was():
    event = wiped()
    assert decode(encode(event), DeviceWiped) == event


def test_a_subscriber_may_know_fewer_fields_than_the_sender():
    @dataclass(frozen=True, kw_only=True)
    class OnlyTheDevice(Event):
        device_id: UUID

    event = wiped()
    assert decode(encode(event), OnlyTheDevice).device_id == event.device_id


def test_a_body_that_lacks_a_field_is_refused_by_name():
    with pytest.raises(msgspec.ValidationError, match="device_id"):
        decode({"at": "2026-03-01T03:00:00Z"}, DeviceWiped)


def test_events_of_a_unit_are_written_in_one_statement(bare):
    with bare.db.session(Mode.WRITES) as session:
        session.connection()
        token = observe.counts.set(observe.Counts())
        Outbox().append(session, [wiped(), wiped(), wiped()])
        assert observe.counts.get().statements == 1
        Outbox().append(session, [])
        assert observe.counts.get().statements == 1
        observe.counts.reset(token)
        session.commit()
    assert pending(bare) == 3


def test_an_event_of_a_refused_unit_was_never_written(bare):
    bare.refuse(lambda uow: uow.emit(wiped()))
    assert pending(bare) == 0


def test_a_commit_with_events_wakes_the_workers(bare):
    assert not bare.bus.wait(0)
    with bare.writes() as uow:
        uow.emit(wiped())
    assert bare.bus.wait(0)
    assert pending(bare) == 1


def pending(kernel) -> int:
    with kernel.reads() as uow:
        waiting = select(func.count()).where(OutboxRow.state == "pending")
        return uow.session.scalar(waiting)
