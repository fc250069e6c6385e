"""Moves bodies that are past their hot time out of the database, into an archive; leaves stay.

Run by `muster audit retire` as the maintenance role, never by the server. In this order, so that a
kill at any point loses nothing and the next run goes on:

1. the whole log is verified: what is not sound is not touched;
2. the archive is written, flushed, and read back entry by entry against the leaves;
3. one transaction records it: an entry of the log, the archive, and its places;
4. that entry is sealed, and only then
5. the bodies are deleted, a few thousand in a transaction, each time but for what is held.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, insert, not_, or_, select

from muster.kernel.audit import merkle, retirement
from muster.kernel.audit.entry import Entry
from muster.kernel.audit.errors import LogUnsound, NotSealed
from muster.kernel.audit.live import Live
from muster.kernel.audit.models import ARCHIVES, ENTRIES, LEAVES, RETIRED, SUBJECTS
from muster.kernel.audit.retention import archive, catch
from muster.kernel.audit.retention.rules import Retention
from muster.kernel.audit.sealer import head, seal
from muster.kernel.audit.verification import verify
from muster.kernel.db import Mode
from muster.kernel.ids import uuid7

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel
    from muster.kernel.uow import UnitOfWork

_CHUNK: Final = 2_000
_PATIENCE: Final = 30.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a run did: bodies archived and removed, and those that a hold kept."""

    archived: int
    removed: int
    held: int
    folder: Path | None


def retire(kernel: "Kernel", archives: Path, rules: Retention, *, dry_run: bool = False) -> Outcome:
    """Archive and remove what is past its hot time.

    Raises `LogUnsound` if the log does not verify, and `NotSealed` if the record was not sealed in
    30 seconds: nothing was removed then, and the next run goes on from there.
    """
    with kernel.snapshot() as uow:
        verdict = verify(Live(uow, index=False))
    if not verdict.ok:
        raise LogUnsound(f"{verdict}. Nothing was retired.")
    due, held = _due(kernel, rules), 0
    with kernel.snapshot() as uow:
        holds = catch.net(uow).condition()
        held = _count(uow, and_(due, holds))
        if dry_run:
            return Outcome(_count(uow, and_(due, not_(holds))), 0, held, None)
    removed = sum(_remove(kernel, archive_id) for archive_id in _unfinished(kernel))
    archive_id = uuid7()
    with kernel.snapshot() as uow:
        kept = not_(catch.net(uow).condition())
        if not _count(uow, and_(due, kept), most=1):
            return Outcome(0, removed, held, None)
        folder = archives / str(archive_id)
        written = archive.write(folder, _entries(uow, and_(due, kept)))
        archive.describe(written, archive_id, head(uow.session).origin, _ranges(written))
        _read_back(uow, written)
    _record(kernel, archive_id, written, held)
    removed += _remove(kernel, archive_id)
    return Outcome(len(written.places), removed, held, folder)


def _due(kernel: "Kernel", rules: Retention) -> ColumnElement[bool]:
    parts = []
    for prefix, apart, before in rules.cuts(kernel.clock()):
        part = [ENTRIES.c.at < before]
        if prefix:
            part.append(ENTRIES.c.action.startswith(prefix, autoescape=True))
        part += [not_(ENTRIES.c.action.startswith(one, autoescape=True)) for one in apart]
        parts.append(and_(*part))
    return or_(*parts)


def _count(uow: "UnitOfWork", where: ColumnElement[bool], most: int | None = None) -> int:
    query = select(LEAVES.c.seq).join(ENTRIES, ENTRIES.c.n == LEAVES.c.n).where(where).limit(most)
    return len(uow.session.scalars(query).all())


def _entries(uow: "UnitOfWork", where: ColumnElement[bool]) -> Iterator[tuple[int, bytes]]:
    size, after = head(uow.session).size, -1
    query = (
        select(LEAVES.c.seq, ENTRIES.c.canonical)
        .join(ENTRIES, ENTRIES.c.n == LEAVES.c.n)
        .where(where, LEAVES.c.seq < size)
        .order_by(LEAVES.c.seq)
        .limit(_CHUNK)
    )
    while rows := uow.session.execute(query.where(LEAVES.c.seq > after)).all():
        yield from rows
        after = rows[-1].seq


def _read_back(uow: "UnitOfWork", written: archive.Written) -> None:
    """Hold what lies on the disk against the leaves; raises `LogUnsound` if it is not the same."""
    if archive.digest(written.folder) != written.sha256:
        raise LogUnsound(f"{written.folder} is not what was written. Nothing was retired.")
    batch: dict[int, bytes] = {}
    count = 0
    for seq, entry in archive.read(written.folder):
        batch[seq] = merkle.leaf_hash(entry)
        if len(batch) == _CHUNK:
            _compare(uow, batch)
            count, batch = count + len(batch), {}
    _compare(uow, batch)
    if count + len(batch) != len(written.places):
        raise LogUnsound(f"{written.folder} is not complete. Nothing was retired.")


def _compare(uow: "UnitOfWork", batch: dict[int, bytes]) -> None:
    rows = uow.session.execute(
        select(LEAVES.c.seq, LEAVES.c.hash).where(LEAVES.c.seq.in_(list(batch)))
    )
    if {row.seq: row.hash for row in rows} != batch:
        raise LogUnsound("the archive is not what the leaves were made of. Nothing was retired.")


def _ranges(written: archive.Written) -> list[retirement.Range]:
    return retirement.spans(written.places)


def _record(kernel: "Kernel", archive_id: UUID, written: archive.Written, held: int) -> None:
    ranges = _ranges(written)
    told: dict[str, Any] = {
        "archive": written.sha256,
        "places": retirement.digest(ranges),
        "entries": len(written.places),
        "held": held,
    }
    record = Entry(
        action=retirement.ACTION,
        outcome="done",
        actor_kind="system",
        actor_label="audit.retire",
        operation="erasure",
        resource_type="AuditArchive",
        resource_id=str(archive_id),
        result=told,
        at=kernel.clock(),
    )
    row = {
        "id": archive_id,
        "record_id": record.id,
        "sha256": written.sha256,
        "entries": len(written.places),
        "folder": str(written.folder.absolute()),
        "made_at": kernel.clock(),
    }
    places = [{"first": a, "last": b, "archive_id": archive_id} for a, b in ranges]
    with kernel.db.session(Mode.WRITES) as session:
        kernel.audit.append(session, [record])
        session.execute(insert(ARCHIVES), row)
        session.execute(insert(RETIRED), places)
        session.commit()


def _unfinished(kernel: "Kernel") -> Sequence[UUID]:
    """Return the archives of which bodies are still there, for whatever reason."""
    there = (
        select(RETIRED.c.archive_id)
        .join(LEAVES, LEAVES.c.seq.between(RETIRED.c.first, RETIRED.c.last))
        .join(ENTRIES, ENTRIES.c.n == LEAVES.c.n)
        .distinct()
    )
    with kernel.reads() as uow:
        return uow.session.scalars(there).all()


def _remove(kernel: "Kernel", archive_id: UUID) -> int:
    """Delete the bodies of an archive that lies where it should and whose record is sealed."""
    with kernel.reads() as uow:
        row = uow.session.execute(select(ARCHIVES).where(ARCHIVES.c.id == archive_id)).one()
    if archive.digest(Path(row.folder)) != row.sha256:
        raise LogUnsound(f"{row.folder} is not the archive that was recorded. Nothing was removed.")
    _await_seal(kernel, row.record_id)
    removed, after = 0, -1
    while True:
        with kernel.db.session(Mode.WRITES) as session:
            gone = session.execute(_archived(kernel, archive_id, after)).all()
            if not gone:
                return removed
            numbers = [one.n for one in gone]
            session.execute(delete(SUBJECTS).where(SUBJECTS.c.n.in_(numbers)))
            session.execute(delete(ENTRIES).where(ENTRIES.c.n.in_(numbers)))
            session.commit()
        removed, after = removed + len(gone), gone[-1].seq


def _archived(kernel: "Kernel", archive_id: UUID, after: int) -> Any:
    with kernel.reads() as uow:
        kept = not_(catch.net(uow).condition())
    return (
        select(LEAVES.c.seq, ENTRIES.c.n)
        .select_from(RETIRED)
        .join(LEAVES, LEAVES.c.seq.between(RETIRED.c.first, RETIRED.c.last))
        .join(ENTRIES, ENTRIES.c.n == LEAVES.c.n)
        .where(RETIRED.c.archive_id == archive_id, LEAVES.c.seq > after, kept)
        .order_by(LEAVES.c.seq)
        .limit(_CHUNK)
    )


def _await_seal(kernel: "Kernel", record_id: UUID) -> None:
    sealed = select(LEAVES.c.seq).join(ENTRIES, ENTRIES.c.n == LEAVES.c.n)
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        seal(kernel)
        with kernel.reads() as uow:
            if uow.session.scalar(sealed.where(ENTRIES.c.id == record_id)) is not None:
                return
        time.sleep(0.05)
    raise NotSealed(
        "The record of the retirement is not sealed yet; nothing was removed. Run this again."
    )
