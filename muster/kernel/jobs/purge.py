"""Forgets finished jobs and delivered events, a few thousand per transaction."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, select

from muster.kernel.db import Mode
from muster.kernel.events import OutboxRow
from muster.kernel.jobs.models import Job

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

PURGE = "kern.jobs.purge"
KEEP_DONE = timedelta(days=1)
KEEP_TOLD = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)
BATCH = 5000


def purge(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Delete done jobs after a day, delivered events after 7, failed jobs after 90."""
    now = kernel.clock()
    for state, keep in (("done", KEEP_DONE), ("failed", KEEP_FAILED)):
        old = select(Job.id).where(Job.state == state, Job.finished_at < now - keep)
        _delete_all(kernel, Job, old)
    told = select(OutboxRow.id).where(
        OutboxRow.state == "done", OutboxRow.created_at < now - KEEP_TOLD
    )
    _delete_all(kernel, OutboxRow, told)


def _delete_all(kernel: "Kernel", model: type[Job | OutboxRow], ids: Select[Any]) -> None:
    some = delete(model).where(model.id.in_(ids.limit(BATCH))).returning(model.id)
    left = True
    while left:
        with kernel.db.session(Mode.WRITES) as session:
            left = len(session.execute(some).all()) == BATCH
            session.commit()
