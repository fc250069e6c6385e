"""Terminals that hold a connection open: that they listen, and what waited while they did not."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import update

from muster.kernel.hints.models import HintState
from muster.kernel.hints.reach import reach
from muster.kernel.upsert import insert_into

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

FRESH: Final = timedelta(minutes=15)
"""Older hints say nothing new: the terminal has polled since, or is told by its next check-in."""


def listens(uow: "UnitOfWork", device_id: UUID, carrier: str, until: datetime) -> None:
    """Note that the terminal holds a stream or a long poll open, or will again by `until`."""
    now = {"listening": carrier, "listening_until": until}
    row = insert_into(uow.kernel.db, HintState).values(
        device_id=device_id, look="", carrier="", outcome="", **now
    )
    uow.session.execute(row.on_conflict_do_update(index_elements=["device_id"], set_=now))


def take_waiting(uow: "UnitOfWork", device_id: UUID) -> str | None:
    """Return where the terminal was told to look and has not come since; each hint once."""
    state = uow.session.get(HintState, device_id)
    if state is None or state.sent_at is None or state.sent_at < uow.now() - FRESH:
        return None
    seen_at = reach(uow, [device_id])[device_id].seen_at
    if any(moment is not None and moment >= state.sent_at for moment in (state.told_at, seen_at)):
        return None
    uow.session.execute(
        update(HintState).where(HintState.device_id == device_id).values(told_at=uow.now())
    )
    return state.look
