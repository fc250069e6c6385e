"""Durable background work: enqueued in the transaction that wants it, run by any worker.

Start at `enqueue` and `HANDLERS`. Every handler must bear being run twice: a job is run at least
once, and never by two workers at a time. Anybody above the kernel may import this room.
"""

from muster.kernel.jobs.errors import GiveUp, JobNotFailed, JobNotFound
from muster.kernel.jobs.models import Job, ScheduleRow
from muster.kernel.jobs.ports import HANDLERS, SCHEDULES, JobHandler, Schedule, every
from muster.kernel.jobs.queue import enqueue, enqueue_many
from muster.kernel.jobs.service import failed, find, progress, retry
from muster.kernel.jobs.wiring import wire
from muster.kernel.jobs.worker import Worker, current

__all__ = [
    "HANDLERS",
    "SCHEDULES",
    "GiveUp",
    "Job",
    "JobHandler",
    "JobNotFailed",
    "JobNotFound",
    "Schedule",
    "ScheduleRow",
    "Worker",
    "current",
    "enqueue",
    "enqueue_many",
    "every",
    "failed",
    "find",
    "progress",
    "retry",
    "wire",
]
