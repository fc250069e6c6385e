"""Says when the log needs somebody: the sealer lags, or reviews are overdue.

A lag of 5 s is logged, one of 60 s becomes a notice (AU-5: within a minute). Witnesses that refuse
are told of where they are asked, in `witness/push.py`.
"""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from muster.kernel import notices
from muster.kernel.audit.models import ENTRIES, LEAVES
from muster.kernel.audit.review import service as reviews
from muster.kernel.audit.sealer import head
from muster.kernel.audit.witness.push import TOLD

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

WATCH: Final = "audit.watch"
EVERY: Final = timedelta(seconds=20)
NOTED, ALARMING = timedelta(seconds=5), timedelta(seconds=60)
_BEHIND: Final = 1_000  # numbers below the last sealed one that may still commit

log = logging.getLogger(__name__)


def watch(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Look once, and tell whom it concerns."""
    with kernel.reads() as uow:
        behind, late = lag(uow), reviews.overdue(uow, uow.now())
    if behind > NOTED:
        log.warning("the sealer of the audit log lags by %d s", behind.total_seconds())
    if behind <= ALARMING and not late:
        return
    with kernel.writes() as uow:
        if behind > ALARMING:
            _tell(uow, "audit.sealer_lags", {"seconds": int(behind.total_seconds())})
        if late:
            _tell(uow, "audit.reviews_overdue", {"items": late})


def lag(uow: "UnitOfWork") -> timedelta:
    """Return how old the oldest entry is that no checkpoint covers; none is no lag."""
    oldest = (
        select(ENTRIES.c.at)
        .outerjoin(LEAVES, LEAVES.c.n == ENTRIES.c.n)
        .where(ENTRIES.c.n > head(uow.session).n - _BEHIND, LEAVES.c.seq.is_(None))
        .order_by(ENTRIES.c.n)
        .limit(1)
    )
    at = uow.session.scalar(oldest)
    return timedelta() if at is None else max(uow.now() - at, timedelta())


def _tell(uow: "UnitOfWork", kind: str, params: dict[str, Any]) -> None:
    for role in TOLD:
        notices.send(uow, kind, role=role, subject_key=kind, params=params, link="/console/audit")
