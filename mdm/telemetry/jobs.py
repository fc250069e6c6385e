"""What telemetry forgets, in short commits of a few thousand rows each."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, select

from mdm.telemetry.models import Crash, CrashGroup, HistoryEntry, LogBatch, LogLine
from mdm.telemetry.quarantine import expire
from muster.kernel.kernel import Kernel

FORGET: Final = "mdm.telemetry.forget"
BATCH: Final = 5000


def forget(kernel: Kernel, payload: dict[str, Any]) -> None:
    """Handle `mdm.telemetry.forget`: erase what is older than the settings say."""
    logs = kernel.clock() - timedelta(days=kernel.settings.log_days)
    past = kernel.clock() - timedelta(days=kernel.settings.history_days)
    _forget(kernel, LogLine, LogLine.received_at < logs)
    _forget(kernel, LogBatch, LogBatch.received_at < logs)
    _forget(kernel, Crash, Crash.received_at < past)
    _forget(kernel, CrashGroup, _is_over(past))
    _forget(kernel, HistoryEntry, HistoryEntry.at < past)
    with kernel.writes() as uow:
        expire(uow)


def _is_over(past: datetime) -> ColumnElement[bool]:
    """A group goes with its last crash, which goes no later than the group was seen."""
    held = select(Crash.id).where(Crash.group_id == CrashGroup.id).exists()
    return (CrashGroup.last_seen < past) & ~held


def _forget(
    kernel: Kernel,
    model: type[LogLine | LogBatch | Crash | CrashGroup | HistoryEntry],
    over: ColumnElement[bool],
) -> None:
    while True:
        with kernel.writes() as uow:
            some = select(model.id).where(over).limit(BATCH)
            done = uow.session.execute(
                delete(model)
                .where(model.id.in_(some))
                .execution_options(synchronize_session=False)
                .returning(model.id)
            ).all()
        if len(done) < BATCH:
            return
