"""What happened to a terminal, newest first: audit entries merged with the life of its commands.

Two sources with orders of their own, so the cursor keeps a place in each.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from mdm.commands.models import Command
from mdm.devices import fleet
from muster.kernel import guard
from muster.kernel.audit import Recorded, search
from muster.kernel.identity import Actor, Officer
from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Moment:
    """One line: what happened, who did it, why, and when.

    `entry` lines come from the audit log, `command` lines from the queue; `detail` holds codes
    and references (`policies`, `result`, or a command's `state`, `approved_by`, moments).
    """

    kind: Literal["entry", "command"]
    at: datetime
    what: str
    who: str
    why: str
    outcome: str
    detail: dict[str, Any] = field(default_factory=dict)
    place: tuple[int, str] = (0, "")


@dataclass(frozen=True)
class Place:
    """Where a page ended: the last audit entry's `n` and the last command's id."""

    entry: int | None = None
    command: UUID | None = None


@dataclass(frozen=True)
class Moments:
    """A page of the timeline and where it goes on, if it does."""

    items: Sequence[Moment]
    next: Place | None


def timeline(
    uow: UnitOfWork, actor: Actor, device_id: UUID, *, after: Place | None = None, limit: int = 50
) -> Moments:
    """Return up to `limit` lines of a terminal's history."""
    terminal = fleet.find(uow, device_id)
    guard.require(uow, actor, "mdm.device.read", terminal.target(actor))
    after = after or Place()
    entries = search.of_resource(
        uow, "Device", str(device_id), after=after.entry, limit=limit + 1
    ).items
    merged = heapq.merge(
        map(_entry, entries),
        _commands(uow, device_id, after.command, limit + 1),
        key=lambda moment: moment.at,
        reverse=True,
    )
    lines = [line for line, _ in zip(merged, range(limit + 1), strict=False)]
    shown = lines[:limit]
    return Moments(shown, _place_after(after, shown) if len(lines) > limit else None)


def _place_after(after: Place, shown: Sequence[Moment]) -> Place:
    entry, command = after.entry, after.command
    for moment in shown:
        if moment.kind == "entry":
            entry = moment.place[0]
        else:
            command = UUID(moment.place[1])
    return Place(entry, command)


def _entry(recorded: Recorded) -> Moment:
    document = recorded.document
    return Moment(
        kind="entry",
        at=recorded.at,
        what=document["action"],
        who=document.get("actor_label", ""),
        why=document.get("reason", "") or document.get("purpose", ""),
        outcome=document["outcome"],
        detail={
            "policies": document.get("policies", []),
            "result": document.get("result", {}),
            "entry_id": str(recorded.id),
            "sealed": recorded.sealed,
        },
        place=(recorded.n, ""),
    )


_asker, _approver = aliased(Officer), aliased(Officer)


def _commands(
    uow: UnitOfWork, device_id: UUID, before: UUID | None, limit: int
) -> Iterator[Moment]:
    query = (
        select(Command, _asker.number, _approver.number)
        .outerjoin(_asker, _asker.id == Command.requested_by)
        .outerjoin(_approver, _approver.id == Command.approved_by)
        .where(Command.device_id == device_id)
        .order_by(Command.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Command.id < before)
    for command, asker, approver in uow.session.execute(query):
        yield _command(command, asker or "", approver or "")


def _command(command: Command, asker: str, approver: str) -> Moment:
    moments = {"delivered_at": command.delivered_at, "finished_at": command.finished_at}
    return Moment(
        kind="command",
        at=command.created_at,
        what=command.kind,
        who=asker,
        why=command.reason,
        outcome=command.state,
        detail={
            "command_id": str(command.id),
            "approved_by": approver,
            "attempts": command.attempts,
            "evidence": command.evidence,
            **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        },
        place=(0, str(command.id)),
    )
