"""Every subscriber hears every event at least once, and is troubled by nobody else's failure."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from muster.kernel import jobs
from muster.kernel.db import Mode
from muster.kernel.events import SUBSCRIBERS, Event, OutboxRow, Subscriber
from muster.kernel.jobs import Job, Worker
from muster.kernel.jobs.purge import purge


@dataclass(frozen=True, kw_only=True)
class DeviceWiped(Event):
    name: ClassVar[str] = "mdm.device.wiped"
    device_id: UUID


class Ear:
    """A subscriber that notes what it heard, after failing as often as it was told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.calls, self.heard = failures, 0, []

    def __call__(self, uow, event):
        self.calls += 1
        if self.calls <= self.failures:
            raise RuntimeError("not now")
        self.heard.append(event)


@pytest.fixture
def listen(bare, diary):
    def listen(who: str, ear: Ear, event: type[Event] = DeviceWiped) -> Ear:
        bare.ports.answer(SUBSCRIBERS, f"{event.name}:{who}", Subscriber(event, ear))
        return ear

    return listen


def emit(kernel) -> DeviceWiped:
    event = DeviceWiped(device_id=uuid4())
    with kernel.writes() as uow:
        uow.emit(event)
    return event


def test_every_subscriber_of_the_event_hears_it_once(bare, listen):
    @dataclass(frozen=True, kw_only=True)
    class Other(Event):
        name: ClassVar[str] = "mdm.device"

    sync, store = listen("sync", Ear()), listen("store", Ear())
    other = listen("sync", Ear(), Other)
    event = emit(bare)
    worker = Worker(bare)
    worker.run_until_idle()
    worker.run_until_idle()
    assert (sync.heard, store.heard, other.heard) == ([event], [event], [])


def test_a_subscriber_that_fails_is_retried_and_the_others_are_not_repeated(bare, listen):
    flaky, steady = listen("flaky", Ear(failures=2)), listen("steady", Ear())
    event, worker = emit(bare), Worker(bare)
    for _ in range(4):
        worker.run_until_idle()
        bare.clock.advance(minutes=1)
    assert (flaky.heard, flaky.calls) == ([event], 3)
    assert (steady.heard, steady.calls) == ([event], 1)


def test_what_a_failing_subscriber_wrote_is_undone(bare, diary, listen):
    def half(uow, event):
        jobs.enqueue(uow, "note", {})
        raise RuntimeError

    listen("half", half)
    emit(bare)
    Worker(bare).run_until_idle()
    assert diary == []


def test_what_a_subscriber_emits_is_delivered_in_turn(bare, listen):
    @dataclass(frozen=True, kw_only=True)
    class ScopesCut(Event):
        name: ClassVar[str] = "sync.scopes.cut"

    listen("sync", lambda uow, _: uow.emit(ScopesCut()))
    after = listen("edge", Ear(), ScopesCut)
    emit(bare)
    Worker(bare).run_until_idle()
    assert after.heard == [ScopesCut()]


def test_an_event_that_commits_late_is_not_lost(bare, listen):
    ear = listen("sync", Ear())
    late, early = DeviceWiped(device_id=uuid4()), DeviceWiped(device_id=uuid4())
    rows = [
        OutboxRow(name=event.name, body={"device_id": str(event.device_id)})
        for event in (late, early)
    ]
    for row in rows:
        row.id = uuid4()
    rows.sort(key=lambda row: row.id)
    for row in reversed(rows):  # the later id commits and is delivered first
        with bare.db.session(Mode.WRITES) as session:
            session.add(row)
            session.commit()
        Worker(bare).run_until_idle()
    assert {event.device_id for event in ear.heard} == {late.device_id, early.device_id}


def test_two_workers_do_not_deliver_one_event_twice(bare, another, listen):
    ear = listen("sync", Ear())
    emit(bare)
    for kernel in (bare, another()):
        Worker(kernel).run_until_idle()
    assert ear.calls == 1


def test_an_event_nobody_hears_is_done_with(bare, diary):
    emit(bare)
    Worker(bare).run_until_idle()
    assert counted(bare, OutboxRow, "pending") == 0


def test_the_purge_forgets_what_is_finished_and_keeps_what_is_not(bare, listen):
    listen("sync", Ear())
    listen("down", Ear(failures=10_000))
    emit(bare)
    Worker(bare).run_until_idle()
    bare.clock.advance(days=200)
    emit(bare)
    purge(bare, {})
    assert counted(bare, Job, "done") == 0
    assert counted(bare, Job, "ready") == 1
    assert counted(bare, OutboxRow, "pending") == 1


def counted(kernel, model, state: str) -> int:
    with kernel.reads() as uow:
        return uow.session.scalar(select(func.count()).where(model.state == state))
