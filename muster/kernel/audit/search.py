"""Reading the log: one entry, filtered lists, a resource's timeline, and who looked somebody up.

Newest first, by keyset: `after` is the `n` that the last page ended with. Whoever calls this has
asked the guard before; looking into the log is itself on the log.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Row, Select, select

from muster.kernel.audit import document
from muster.kernel.audit.entry import Outcome
from muster.kernel.audit.models import ENTRIES, LEAVES, SUBJECTS
from muster.kernel.errors import NotFound
from muster.ondevice.subjects import Subject, blind

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Recorded:
    """An entry as it stands in the log: `document` is its decoded JSON (see `document.py`).

    `seq` is its place in the sealed order, None until the sealer came by.
    """

    n: int
    id: UUID
    at: datetime
    document: dict[str, Any]
    seq: int | None

    @property
    def sealed(self) -> bool:
        """Whether a signed checkpoint covers the entry."""
        return self.seq is not None


@dataclass(frozen=True)
class Page:
    """Some entries, newest first; `next` is the cursor for older ones, None at the end."""

    items: list[Recorded]
    next: int | None


def entry(uow: "UnitOfWork", entry_id: UUID) -> Recorded:
    """Return one entry, or raise `NotFound`."""
    row = uow.session.execute(_SELECT.where(ENTRIES.c.id == entry_id)).first()
    if row is None:
        raise NotFound
    return _recorded(row)


def entries(
    uow: "UnitOfWork",
    *,
    actor_id: UUID | None = None,
    device_id: UUID | None = None,
    unit_id: UUID | None = None,
    session_id: UUID | None = None,
    action: str | None = None,
    outcome: Outcome | None = None,
    resource_type: str | None = None,
    resource_id: str | None = None,
    purpose: str | None = None,
    case_ref: str | None = None,
    request_id: str | None = None,
    operation: str | None = None,
    recipient: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page:
    """Return the entries that match everything given; `since` is included, `until` is not."""
    ids = {
        "actor_id": actor_id,
        "device_id": device_id,
        "unit_id": unit_id,
        "session_id": session_id,
    }
    texts = {
        "action": action,
        "outcome": outcome,
        "resource_type": resource_type,
        "resource_id": resource_id,
        "purpose": purpose,
        "case_ref": case_ref,
        "request_id": request_id,
        "operation": operation,
        "recipient": recipient,
    }
    where = [ENTRIES.c[name] == value for name, value in ids.items() if value is not None]
    where += [
        ENTRIES.c[name] == document.clip(value)
        for name, value in texts.items()
        if value is not None
    ]
    if since is not None:
        where.append(ENTRIES.c.at >= since)
    if until is not None:
        where.append(ENTRIES.c.at < until)
    return _page(uow, _SELECT, where, after, limit)


def of_resource(
    uow: "UnitOfWork",
    resource_type: str,
    resource_id: str,
    *,
    after: int | None = None,
    limit: int = 50,
) -> Page:
    """Return what happened to one resource: its timeline."""
    return entries(
        uow, resource_type=resource_type, resource_id=resource_id, after=after, limit=limit
    )


def who_looked_up(
    uow: "UnitOfWork", subject: Subject, *, after: int | None = None, limit: int = 50
) -> Page:
    """Return the entries about a subject, under whichever index key they were written."""
    hashes = [blind(subject, key) for _, key in uow.kernel.keys.live_secrets("audit_index")]
    # The index of subjects leads: a planner that starts from the log walks it backwards instead.
    about = _newest(select(SUBJECTS.c.n), SUBJECTS.c.n, after, limit)
    numbers = about.where(SUBJECTS.c.hash.in_(hashes)).subquery()
    return _page(uow, _SELECT.join(numbers, numbers.c.n == ENTRIES.c.n), [], None, limit)


_SELECT = select(
    ENTRIES.c.n, ENTRIES.c.id, ENTRIES.c.at, ENTRIES.c.canonical, LEAVES.c.seq
).select_from(ENTRIES.outerjoin(LEAVES, LEAVES.c.n == ENTRIES.c.n))


def _page(
    uow: "UnitOfWork",
    query: Query,
    where: Sequence[ColumnElement[bool]],
    after: int | None,
    limit: int,
) -> Page:
    newest = _newest(query.where(*where), ENTRIES.c.n, after, limit)
    rows = uow.session.execute(newest).all()
    items = [_recorded(row) for row in rows[:limit]]
    return Page(items, items[-1].n if len(rows) > limit else None)


def _newest(query: Query, n: Column[int], after: int | None, limit: int) -> Query:
    """Take one more than the page holds: it tells whether there is a next one."""
    older = query if after is None else query.where(n < after)
    return older.order_by(n.desc()).limit(limit + 1)


def _recorded(row: Row[*tuple[Any, ...]]) -> Recorded:
    return Recorded(row.n, row.id, row.at, json.loads(row.canonical), row.seq)
