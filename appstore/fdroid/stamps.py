"""Timestamps: which one a reader's view has, rising at that address with every visible change.

Clients take a timestamp that is not higher for "nothing new", and it is their only guard against
replay. All stamps come from one sequence, so that each names one snapshot and no diff meets another
base. A reader who moves into a view that is known takes its newest stamp if that is higher than the
last one seen here; else the view is stamped anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select

from appstore.fdroid.models import FdroidRepository, FdroidSnapshot, FdroidStand
from muster.kernel.uow import UnitOfWork

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

MOST_DIFFS: Final = 10
KEPT: Final = timedelta(days=90)
FORGET: Final = "app.fdroid.forget"


@dataclass(frozen=True)
class Stand:
    """Where a reader stands: the view, its stamp, and the stamps seen before, newest first."""

    view_key: str
    stamp: int
    before: tuple[int, ...]


def move(
    kernel: "Kernel", reader: str, view_key: str, mark: str, content: Mapping[str, Any]
) -> Stand:
    """Let a reader stand at a view, under the stamp it has there or a higher one.

    `content` is the snapshot's, should the view be stamped.
    """
    with kernel.writes() as uow:
        sequence = uow.session.scalars(select(FdroidRepository).with_for_update()).one()
        row = uow.session.get(FdroidStand, reader, populate_existing=True)
        if row is not None and row.view_key == view_key:
            row.mark = mark
            return _stand(row)
        before = [] if row is None else [row.stamp, *row.before][:MOST_DIFFS]
        newest = (
            select(FdroidSnapshot.stamp)
            .where(FdroidSnapshot.view_key == view_key)
            .order_by(FdroidSnapshot.stamp.desc())
            .limit(1)
        )
        stamp = uow.session.scalar(newest)
        if stamp is None or (before and stamp <= before[0]):
            stamp = _stamped(uow, sequence, view_key, content)
        if row is None:
            row = FdroidStand(reader=reader)
            uow.session.add(row)
        row.view_key, row.mark, row.stamp, row.before = view_key, mark, stamp, before
        return _stand(row)


def forget(kernel: "Kernel", payload: Mapping[str, Any]) -> None:
    """Handle `app.fdroid.forget`: drop snapshots so old that clients may take the whole index."""
    with kernel.writes() as uow:
        old = FdroidSnapshot.made_at < uow.now() - KEPT
        uow.session.execute(delete(FdroidSnapshot).where(old))


def _stamped(
    uow: UnitOfWork, sequence: FdroidRepository, view_key: str, content: Mapping[str, Any]
) -> int:
    sequence.stamp = max(sequence.stamp + 1, milliseconds(uow.now()))
    snapshot = FdroidSnapshot(stamp=sequence.stamp, view_key=view_key, content=dict(content))
    snapshot.made_at = uow.now()
    uow.session.add(snapshot)
    return sequence.stamp


def milliseconds(at: datetime) -> int:
    """Return a moment as the protocol counts: milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def _stand(row: FdroidStand) -> Stand:
    return Stand(row.view_key, row.stamp, tuple(row.before))
