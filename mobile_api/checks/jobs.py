"""Forgetting checks whose retention has ended; the audit log keeps that they were made."""

from typing import Any, Final

from sqlalchemy import delete, select

from mobile_api.checks.models import CheckHit, CheckRequest, CheckSource
from muster.kernel.kernel import Kernel

FORGET: Final = "field.checks.forget"


def forget(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Delete what is past `retain_until`, with its parts."""
    with kernel.writes() as uow:
        over = CheckRequest.retain_until < uow.now()
        requests = select(CheckRequest.id).where(over)
        for part in (CheckHit, CheckSource):
            uow.session.execute(delete(part).where(part.check_id.in_(requests)))
        uow.session.execute(delete(CheckRequest).where(over))
