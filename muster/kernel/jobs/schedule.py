"""Turns due schedules into jobs, once for however many workers look."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from muster.kernel.db import Mode
from muster.kernel.jobs.models import ScheduleRow
from muster.kernel.jobs.ports import SCHEDULES, Schedule
from muster.kernel.jobs.queue import enqueue
from muster.kernel.upsert import insert_into

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel


def fire_due(kernel: "Kernel") -> int:
    """Enqueue every schedule that is due; return how many."""
    schedules = {
        name: schedule
        for name, schedule in kernel.ports.all(SCHEDULES).items()
        if not schedule.direct
    }
    now = kernel.clock()
    with kernel.db.session(Mode.READS) as session:
        rows = session.execute(select(ScheduleRow.name, ScheduleRow.next_at)).all()
    turns = {name: at for name, at in rows}  # noqa: C416 - rows are tuples only by protocol
    for name in schedules.keys() - turns.keys():
        _begin(kernel, name, now + schedules[name].every)
    due = [name for name in schedules if name in turns and turns[name] <= now]
    return sum(_fire(kernel, name, schedules[name], turns[name], now) for name in due)


def _begin(kernel: "Kernel", name: str, first: datetime) -> None:
    row = insert_into(kernel.db, ScheduleRow).values(name=name, next_at=first)
    with kernel.db.session(Mode.WRITES) as session:
        session.execute(row.on_conflict_do_nothing())
        session.commit()


def _fire(kernel: "Kernel", name: str, schedule: Schedule, turn: datetime, now: datetime) -> int:
    """Move the turn on and enqueue, in one transaction; 0 if another worker was first."""
    moved = (
        update(ScheduleRow)
        .where(ScheduleRow.name == name, ScheduleRow.next_at == turn)
        .values(next_at=now + schedule.every)
        .returning(ScheduleRow.name)
    )
    with kernel.writes() as uow:
        if uow.session.execute(moved).first() is None:
            return 0
        enqueue(uow, schedule.kind, schedule.payload, key=f"schedule:{name}")
    return 1
