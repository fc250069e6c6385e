"""Logs of terminals: taken in batches, scrubbed, no more talkative than ordered; read by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import insert, select

from mdm.commands.models import Command
from mdm.devices import fleet
from mdm.telemetry.models import LogBatch, LogLine
from mdm.telemetry.orders import LEVELS, orders
from mdm.telemetry.scrubbing import scrub
from muster.kernel import guard
from muster.kernel.identity import Actor
from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into

__all__ = ["LEVELS", "LogQuery", "Reported", "Taken", "listing", "take"]


class Reported(Protocol):
    """A line as a terminal reports it."""

    @property
    def at(self) -> datetime: ...
    @property
    def level(self) -> str: ...
    @property
    def tag(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Taken:
    """What became of a batch; `dropped` lines are more talkative than was ordered."""

    stored: int
    dropped: int = 0
    repeated: bool = False


@dataclass(frozen=True)
class LogQuery:
    """Filters of the viewer: lines of `level` and graver ones, lines that hold `text`."""

    level: str | None = None
    text: str | None = None
    command_id: UUID | None = None


def take(
    uow: UnitOfWork,
    device_id: UUID,
    batch: UUID,
    lines: Sequence[Reported],
    *,
    command_id: UUID | None = None,
) -> Taken:
    """Store a batch once. Without an order to collect logs, `log_level` bounds what is taken."""
    row = {"id": uuid7(), "device_id": device_id, "batch_id": batch, "received_at": uow.now()}
    once = insert_into(uow.kernel.db, LogBatch).values(row).on_conflict_do_nothing()
    if uow.session.execute(once.returning(LogBatch.id)).first() is None:
        return Taken(0, repeated=True)
    ordered = _is_ordered(uow, device_id, command_id)
    most = LEVELS["debug"] if ordered else _level(uow, device_id)
    wanted = [line for line in lines if LEVELS[line.level] <= most]
    if wanted:
        rows = [_row(uow, device_id, line, command_id if ordered else None) for line in wanted]
        uow.session.execute(insert(LogLine), rows)
    return Taken(len(wanted), dropped=len(lines) - len(wanted))


def listing(
    uow: UnitOfWork,
    actor: Actor,
    device_id: UUID,
    query: LogQuery,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[LogLine]:
    """Return up to `limit + 1` lines of a terminal, the last received first."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.log.read", terminal.target(actor))
    lines = select(LogLine).where(LogLine.device_id == device_id)
    if query.level is not None:
        lines = lines.where(LogLine.level <= LEVELS[query.level])
    if query.text:
        lines = lines.where(
            LogLine.text.icontains(query.text, autoescape=True)
            | LogLine.tag.icontains(query.text, autoescape=True)
        )
    if query.command_id is not None:
        lines = lines.where(LogLine.command_id == query.command_id)
    if after is not None:
        lines = lines.where(LogLine.id < after)
    return uow.session.scalars(lines.order_by(LogLine.id.desc()).limit(limit + 1)).all()


def _is_ordered(uow: UnitOfWork, device_id: UUID, command_id: UUID | None) -> bool:
    if command_id is None:
        return False
    order = select(Command.id).where(
        Command.id == command_id, Command.device_id == device_id, Command.kind == "collect_logs"
    )
    return uow.session.scalar(order) is not None


def _level(uow: UnitOfWork, device_id: UUID) -> int:
    return orders(uow, fleet.find(uow, device_id).managed.desired_hash).log_level


def _row(
    uow: UnitOfWork, device_id: UUID, line: Reported, command_id: UUID | None
) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "device_id": device_id,
        "at": line.at,
        "received_at": uow.now(),
        "level": LEVELS[line.level],
        "tag": line.tag,
        "text": scrub(line.text),
        "command_id": command_id,
    }
