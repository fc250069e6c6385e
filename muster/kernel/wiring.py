"""The kernel's own answers: its access fragments, jobs and schedules."""

from datetime import timedelta
from typing import Any

from muster.kernel import approvals, hints, jobs, policies, uploads
from muster.kernel.approvals.access import FRAGMENT as APPROVALS
from muster.kernel.audit.access import FRAGMENT as AUDIT
from muster.kernel.audit.wiring import wire as wire_audit
from muster.kernel.guard import FRAGMENTS
from muster.kernel.identity.wiring import wire as wire_identity
from muster.kernel.jobs import every
from muster.kernel.kernel import Kernel
from muster.kernel.notices.access import FRAGMENT as NOTICES
from muster.kernel.policies.access import FRAGMENT as POLICIES
from muster.kernel.ports import Ports
from muster.kernel.settings import Settings
from muster.kernel.uploads.access import FRAGMENT as UPLOADS
from muster.kernel.web import forget_answers

Payload = dict[str, Any]


def wire(ports: Ports, settings: Settings) -> None:
    """Answer for every room of the kernel."""
    jobs.wire(ports)
    hints.wire(ports, settings)
    wire_audit(ports, settings)
    wire_identity(ports)
    for fragment in (APPROVALS, AUDIT, NOTICES, POLICIES, UPLOADS):
        ports.answer(FRAGMENTS, fragment.name, fragment)
    ports.answer(approvals.EXECUTORS, policies.PUBLISH, policies.PublishExecutor())
    every(ports, timedelta(minutes=1), "approvals.expire", _expire)
    every(ports, timedelta(hours=1), "idempotency.forget", _forget)
    every(ports, timedelta(hours=1), uploads.SWEEP, uploads.sweep)


def _expire(kernel: Kernel, payload: Payload) -> None:
    with kernel.writes() as uow:
        approvals.expire(uow)


def _forget(kernel: Kernel, payload: Payload) -> None:
    with kernel.writes() as uow:
        forget_answers(uow)
