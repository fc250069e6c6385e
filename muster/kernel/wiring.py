"""The kernel's own answers: its access fragments, jobs and schedules."""

from datetime import timedelta
from typing import Any

from muster.kernel import approvals, hints, jobs, uploads
from muster.kernel.approvals.access import FRAGMENT as APPROVALS
from muster.kernel.audit import seal
from muster.kernel.audit.access import FRAGMENT as AUDIT
from muster.kernel.guard import FRAGMENTS
from muster.kernel.identity.access import FRAGMENT as IDENTITY
from muster.kernel.jobs import HANDLERS, SCHEDULES, JobHandler, Schedule
from muster.kernel.kernel import Kernel
from muster.kernel.ports import Ports
from muster.kernel.settings import Settings
from muster.kernel.uploads.access import FRAGMENT as UPLOADS
from muster.kernel.web import forget_answers

Payload = dict[str, Any]


def wire(ports: Ports, settings: Settings) -> None:
    """Answer for every room of the kernel."""
    jobs.wire(ports)
    hints.wire(ports, settings)
    for fragment in (APPROVALS, AUDIT, IDENTITY, UPLOADS):
        ports.answer(FRAGMENTS, fragment.name, fragment)
    ports.answer(HANDLERS, "audit.seal", _seal)
    sealing = Schedule(timedelta(seconds=1), "audit.seal", direct=True)
    ports.answer(SCHEDULES, "audit.seal", sealing)
    _every(ports, timedelta(minutes=1), "approvals.expire", _expire)
    _every(ports, timedelta(hours=1), "idempotency.forget", _forget)
    _every(ports, timedelta(hours=1), uploads.SWEEP, uploads.sweep)


def _every(ports: Ports, period: timedelta, kind: str, handler: JobHandler) -> None:
    ports.answer(HANDLERS, kind, handler)
    ports.answer(SCHEDULES, kind, Schedule(period, kind))


def _seal(kernel: Kernel, payload: Payload) -> None:
    seal(kernel)


def _expire(kernel: Kernel, payload: Payload) -> None:
    with kernel.writes() as uow:
        approvals.expire(uow)


def _forget(kernel: Kernel, payload: Payload) -> None:
    with kernel.writes() as uow:
        forget_answers(uow)
