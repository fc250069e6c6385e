"""What a handler says when trying again cannot help, and what a caller hears about jobs."""

from muster.kernel.errors import Conflict, NotFound


class GiveUp(Exception):
    """Raised by a handler: keep the job as failed now, a retry would fail the same way."""


class JobNotFound(NotFound):
    code = "job_not_found"
    title = "There is no such job, or it finished long ago."


class JobNotFailed(Conflict):
    code = "job_not_failed"
    title = "Only a failed job can be tried again."
