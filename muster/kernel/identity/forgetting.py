"""Forgets ended console sessions, spent refresh tokens and unanswered challenges.

Sessions of terminals stay: work that was done offline names the session it was done under, and
may come in late (ADR 0013).
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.sql.dml import ReturningDelete

from muster.kernel.db import Mode
from muster.kernel.identity.authenticators import ceremonies
from muster.kernel.identity.models import RefreshToken, Session

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

FORGET: Final = "identity.forget"
KEEP_TOKENS: Final = timedelta(days=1)
KEEP_SESSIONS: Final = timedelta(days=90)
_BATCH: Final = 1000


def forget(kernel: "Kernel", payload: dict[str, Any]) -> None:
    """Delete late challenges, tokens a day after their session's end, console sessions after 90."""
    now = kernel.clock()
    with kernel.writes() as uow:
        ceremonies.forget_late(uow)
    over = select(RefreshToken.hash).join(Session, Session.id == RefreshToken.session_id)
    over = over.where(_over(now - KEEP_TOKENS)).limit(_BATCH)
    gone = delete(RefreshToken).where(RefreshToken.hash.in_(over))
    _in_batches(kernel, gone.returning(RefreshToken.hash))
    old = select(Session.id).where(Session.kind == "console", _over(now - KEEP_SESSIONS))
    ended = delete(Session).where(Session.id.in_(old.limit(_BATCH)))
    _in_batches(kernel, ended.returning(Session.id))


def _over(before: datetime) -> ColumnElement[bool]:
    return or_(Session.expires_at < before, Session.revoked_at < before)


def _in_batches(kernel: "Kernel", some: ReturningDelete[Any]) -> None:
    left = True
    while left:
        with kernel.db.session(Mode.WRITES) as session:
            left = len(session.execute(some).all()) == _BATCH
            session.commit()
