"""Runs jobs: one at a time per worker, as many workers as there are threads and processes."""

import logging
import threading
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING
from uuid import UUID

from muster.kernel import observe
from muster.kernel.jobs import queue
from muster.kernel.jobs.delivery import dispatch
from muster.kernel.jobs.errors import GiveUp
from muster.kernel.jobs.ports import HANDLERS, SCHEDULES
from muster.kernel.jobs.queue import Claim
from muster.kernel.jobs.schedule import fire_due

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

log = logging.getLogger(__name__)

POLL = 1.0  # seconds an idle worker waits for a wake before it looks for itself
BEAT = queue.LEASE.total_seconds() / 3
TURN = 20  # jobs run before schedules, events and lost jobs are looked at again

_current: ContextVar[UUID] = ContextVar("job")


def current() -> UUID:
    """Return the id of the job whose handler is running here; `LookupError` outside of one."""
    return _current.get()


class Worker:
    """Delivers events, fires schedules and runs jobs. Give each thread a worker of its own."""

    def __init__(self, kernel: "Kernel") -> None:
        self._kernel = kernel
        self._handlers = kernel.ports.all(HANDLERS)
        self._duties = [s for s in kernel.ports.all(SCHEDULES).values() if s.direct]
        self._duty_at = [0.0] * len(self._duties)
        self._running: Claim | None = None

    def run_until_idle(self) -> int:
        """Work until nothing is due; return the number of jobs run (tests, demo)."""
        total = 0
        while worked := self._turn(threading.Event()):
            total += worked[0]
        return total

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set: the running job is finished first, then within a second."""
        beats = threading.Thread(target=self._beat, args=(stop,), name="job-lease", daemon=True)
        beats.start()
        while not stop.is_set():
            try:
                if self._turn(stop) is None:
                    self._kernel.bus.wait(POLL)
            except Exception:  # a database that is away comes back; a dead worker does not
                log.exception("the worker's turn failed")
                stop.wait(POLL)
        beats.join()

    def _turn(self, stop: threading.Event) -> tuple[int, int] | None:
        """Do what is due once: (jobs run, other things done), or None if there was nothing."""
        kernel = self._kernel
        self._do_duties()
        queue.reclaim(kernel.db, kernel.clock())
        others = fire_due(kernel) + dispatch(kernel)
        jobs = 0
        if queue.waiting(kernel.db, self._handlers, kernel.clock()):
            while jobs < TURN and not stop.is_set() and self._run_one():
                jobs += 1
        return (jobs, others) if jobs or others else None

    def _do_duties(self) -> None:
        """Run the direct schedules that are due; one that fails is logged and comes again."""
        for place, duty in enumerate(self._duties):
            if time.monotonic() < self._duty_at[place]:
                continue
            self._duty_at[place] = time.monotonic() + duty.every.total_seconds()
            try:
                self._handlers[duty.kind](self._kernel, duty.payload)
            except Exception:
                log.exception("the duty %s failed", duty.kind)

    def _run_one(self) -> bool:
        job = queue.claim(self._kernel.db, self._handlers, self._kernel.clock())
        if job is None:
            return False
        self._running = job
        mark, name = _current.set(job.id), observe.request_id.set(f"job-{job.id}")
        try:
            self._attempt(job)
        finally:
            self._running = None
            _current.reset(mark)
            observe.request_id.reset(name)
        return True

    def _attempt(self, job: Claim) -> None:
        kernel, outcome = self._kernel, "done"
        try:
            self._handlers[job.kind](kernel, job.payload)
        except Exception as error:  # whatever a handler raises is the job's, not the worker's
            log.exception("job %s (%s) failed at attempt %d", job.id, job.kind, job.attempts)
            final = isinstance(error, GiveUp)
            given_up = queue.fail(kernel.db, job, kernel.clock(), describe(error), final=final)
            outcome = "failed" if given_up else "retried"
        else:
            queue.finish(kernel.db, job, kernel.clock())
        observe.JOBS.labels(job.kind, outcome).inc()

    def _beat(self, stop: threading.Event) -> None:
        while not stop.wait(BEAT):
            job = self._running
            if job is None:
                continue
            try:
                queue.keep(self._kernel.db, job, self._kernel.clock())
            except Exception:  # the next beat tries again well before the lease ends
                log.exception("the lease of job %s was not extended", job.id)


def describe(error: Exception) -> str:
    """Return what is kept of an error: its kind and first line, without secrets.

    Further lines are left out: databases put rows' contents there.
    """
    lines = str(error).splitlines() or [""]
    return observe.scrub(f"{type(error).__name__}: {lines[0]}")[:500]
