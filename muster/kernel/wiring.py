"""The kernel's own answers: its access fragments, jobs and schedules."""

from datetime import timedelta
from typing import Any

from muster.kernel.approvals import expire
from muster.kernel.approvals.access import FRAGMENT as APPROVALS
from muster.kernel.audit import seal
from muster.kernel.audit.access import FRAGMENT as AUDIT
from muster.kernel.guard import FRAGMENTS
from muster.kernel.identity.access import FRAGMENT as IDENTITY
from muster.kernel.jobs import HANDLERS, SCHEDULES, Schedule
from muster.kernel.jobs.wiring import wire as wire_jobs
from muster.kernel.kernel import Kernel
from muster.kernel.ports import Ports


def wire(ports: Ports) -> None:
    """Answer for every room of the kernel."""
    wire_jobs(ports)
    for fragment in (APPROVALS, AUDIT, IDENTITY):
        ports.answer(FRAGMENTS, fragment.name, fragment)
    ports.answer(HANDLERS, "audit.seal", _seal)
    ports.answer(SCHEDULES, "audit.seal", Schedule(timedelta(seconds=1), "audit.seal"))
    ports.answer(HANDLERS, "approvals.expire", _expire)
    ports.answer(SCHEDULES, "approvals.expire", Schedule(timedelta(minutes=1), "approvals.expire"))


def _seal(kernel: Kernel, payload: dict[str, Any]) -> None:
    seal(kernel)


def _expire(kernel: Kernel, payload: dict[str, Any]) -> None:
    with kernel.writes() as uow:
        expire(uow)
