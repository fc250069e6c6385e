"""What people and handlers do with a job: follow it, report progress, look at failures, retry.

Nothing here asks the guard: the room that enqueued a job decides who may see it.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, update

from muster.kernel.jobs.errors import JobNotFailed, JobNotFound
from muster.kernel.jobs.models import Job
from muster.kernel.jobs.queue import LEASE

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork


def find(uow: "UnitOfWork", job_id: UUID) -> Job:
    """Return one job, or raise `JobNotFound`."""
    job = uow.session.get(Job, job_id)
    if job is None:
        raise JobNotFound
    return job


def progress(uow: "UnitOfWork", job_id: UUID, done: int, total: int) -> None:
    """Note that `done` of `total` units are finished, and tell followers of topic `job:<id>`."""
    noted = update(Job).where(Job.id == job_id, Job.state == "running")
    uow.session.execute(noted.values(done=done, total=total, locked_until=uow.now() + LEASE))
    uow.after_commit(lambda: uow.kernel.bus.publish(f"job:{job_id}", str(job_id).encode()))


def failed(uow: "UnitOfWork", after: UUID | None = None, limit: int = 50) -> list[Job]:
    """Return jobs that were given up, newest first, from below the id `after`."""
    query = select(Job).where(Job.state == "failed")
    if after is not None:
        query = query.where(Job.id < after)
    return list(uow.session.scalars(query.order_by(Job.id.desc()).limit(limit)))


def retry(uow: "UnitOfWork", job_id: UUID) -> Job:
    """Make a failed job ready again, with all its attempts.

    Raises `JobNotFound`: no such job.
    Raises `JobNotFailed`: it is waiting, running or done.
    Raises `Conflict`: an unfinished job of the same key exists already (at commit).
    """
    job = find(uow, job_id)
    if job.state != "failed":
        raise JobNotFailed
    job.state, job.attempts, job.run_at, job.finished_at = "ready", 0, uow.now(), None
    uow.after_commit(uow.kernel.bus.wake)
    return job
