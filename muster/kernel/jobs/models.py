"""Jobs and the next turn of each schedule."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from muster.kernel import clock
from muster.kernel.model import Base, Identified

State = Literal["ready", "running", "done", "failed"]


def _partial(name: str, column: str, where: str, *, unique: bool = False) -> Index:
    return Index(
        name, column, unique=unique, postgresql_where=text(where), sqlite_where=text(where)
    )


class Job(Identified, Base):
    """One piece of work. `attempts` counts claims and fences: an older claim cannot finish it.

    `key`: at most one unfinished job has it. `again`: asked for once more while it was running.
    `done` of `total` is progress in the handler's own units.
    """

    __tablename__ = "kern_job"
    __table_args__ = (
        _partial("ix_kern_job_ready", "run_at", "state = 'ready'"),
        _partial("ix_kern_job_running", "locked_until", "state = 'running'"),
        _partial("ix_kern_job_finished", "finished_at", "finished_at IS NOT NULL"),
        _partial("uq_kern_job_key", "key", "state IN ('ready', 'running')", unique=True),
    )

    kind: Mapped[str] = mapped_column(String(100))
    payload: Mapped[dict[str, Any]]
    state: Mapped[State] = mapped_column(String(8), default="ready")
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    key: Mapped[str | None] = mapped_column(String(200))
    again: Mapped[bool] = mapped_column(default=False)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    finished_at: Mapped[datetime | None]


class ScheduleRow(Base):
    """When a schedule is next due; whoever moves it on enqueues its job."""

    __tablename__ = "kern_schedule"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    next_at: Mapped[datetime]
