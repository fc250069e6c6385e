"""The database's epoch: restored from a backup, it must not answer to checkpoints of its future."""

from sqlalchemy import ScalarSelect, func, select

from muster.kernel.audit import Entry
from muster.kernel.ids import token
from muster.kernel.uow import UnitOfWork
from offline_sync.feed.models import Epoch


def current_epoch() -> ScalarSelect[str]:
    """Return today's epoch as part of another statement; NULL until the first restore."""
    return select(Epoch.token).order_by(Epoch.n.desc()).limit(1).scalar_subquery()


def renew_epoch(uow: UnitOfWork, reason: str) -> str:
    """Begin a new epoch after a restore: every terminal gets `reset` at its next pull.

    For the operator's command line; the unsent work of terminals is not touched by a reset.
    """
    last = uow.session.scalar(select(func.max(Epoch.n))) or 0
    row = Epoch(n=last + 1, token=token(128), at=uow.now(), reason=reason[:200])
    uow.session.add(row)
    uow.record(
        Entry(
            action="offline_sync.epoch.renew",
            outcome="done",
            actor_kind="system",
            actor_label="cli",
            reason=row.reason,
            result={"epoch": row.n},
            at=row.at,
        )
    )
    return row.token
