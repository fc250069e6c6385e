"""The sealer: puts committed entries into the tree in commit order and signs what it has.

It keeps nothing in memory: the last checkpoint says where to go on, and leaves, tiles and the next
checkpoint are inserted by one transaction. So it may be killed at any point, and two sealers
cannot both go on from the same checkpoint.

Commit order on PostgreSQL is (transaction id, n), taken only up to the oldest transaction still
open: nothing can appear below that mark any more. SQLite has one writer; there n is the order.
"""

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    func,
    insert,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from muster.kernel.audit import merkle, notes
from muster.kernel.audit.models import CHECKPOINTS, ENTRIES, LEAVES, TILES
from muster.kernel.db import Mode
from muster.kernel.ids import uuid7

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

BATCH = 4_000
PURPOSE = "audit_checkpoint"
_LOCK = 0x6D75_7374_6572_01  # "muster", 1: the advisory lock of the sealer
_OLDEST = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger)
_NEWEST = literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint", BigInteger)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Head:
    """The last checkpoint, as far as sealing goes on from it."""

    size: int = 0
    origin: str = ""
    frontier: bytes = b""
    xid: int = 0
    n: int = 0
    floor: int = 0


@dataclass(frozen=True)
class Batch:
    """The next entries in commit order: their numbers and leaf hashes, and where they end."""

    head: Head
    leaves: list[tuple[int, bytes]]
    xid: int
    n: int


def seal(kernel: "Kernel") -> int:
    """Seal everything that is committed, in small transactions; return how many entries."""
    sealed = 0
    while count := _seal_batch(kernel):
        sealed += count
        if count < BATCH:
            break
    return sealed


def head(session: Session) -> Head:
    """Return where the log stands; an empty `Head` if nothing was ever sealed."""
    columns = [CHECKPOINTS.c[name] for name in Head.__dataclass_fields__]
    row = session.execute(select(*columns).order_by(CHECKPOINTS.c.size.desc()).limit(1)).first()
    return Head(*row) if row else Head()


def _seal_batch(kernel: "Kernel") -> int:
    with kernel.db.session(Mode.READS) as session:
        batch = _take(session, head(session))
    if not batch.leaves:
        return 0
    tree = merkle.CompactRange(batch.head.size, batch.head.frontier)
    for _, leaf in batch.leaves:
        tree.append(leaf)
    checkpoint = _checkpoint(kernel, batch, tree)
    with kernel.db.session(Mode.WRITES) as session:
        if not _is_next(session, batch.head.size):
            return 0
        _store(session, batch, tree)
        session.execute(insert(CHECKPOINTS), checkpoint)
        session.commit()
    return len(batch.leaves)


def _take(session: Session, start: Head) -> Batch:
    """Read the next batch after `start`; only hashes are kept, however large the entries are."""
    committed: list[ColumnElement[bool]] = []
    if session.get_bind().dialect.name == "postgresql":
        start, committed = _watermark(session, start)
    rows = session.execute(
        _after(start).where(*committed).limit(BATCH).execution_options(yield_per=500)
    )
    place, leaves = (start.xid, start.n), []
    for xid, n, canonical in rows:
        place = (xid, n)
        leaves.append((n, merkle.leaf_hash(canonical)))
    return Batch(start, leaves, *place)


def _after(start: Head) -> Any:
    place = tuple_(ENTRIES.c.xid, ENTRIES.c.n)
    return (
        select(ENTRIES.c.xid, ENTRIES.c.n, ENTRIES.c.canonical)
        .where(place > tuple_(literal(start.xid), literal(start.n)), ENTRIES.c.n > start.floor)
        .order_by(ENTRIES.c.xid, ENTRIES.c.n)
    )


def _watermark(session: Session, start: Head) -> tuple[Head, list[ColumnElement[bool]]]:
    """Return where to go on and what is surely committed.

    A dump restored to another cluster brings rows whose transaction ids that cluster has not
    reached yet. They are complete, so they are sealed first; then a new era begins above them.
    """
    committed = [ENTRIES.c.xid < _OLDEST]
    if start.xid < session.scalars(select(_NEWEST)).one():
        return start, committed
    if session.execute(_after(start).limit(1)).first():
        log.warning("audit: sealing the rest of a log that was restored from another cluster")
        return start, []
    floor = session.scalars(select(func.max(LEAVES.c.n))).one()
    return replace(start, xid=0, n=0, floor=floor), committed


def _is_next(session: Session, size: int) -> bool:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    return head(session).size == size


def _checkpoint(kernel: "Kernel", batch: Batch, tree: merkle.CompactRange) -> dict[str, Any]:
    # A name of its own for every log: no witness can take one force's log for another's.
    origin = batch.head.origin or f"muster/audit/{uuid7()}"
    signer = kernel.keys.signer(PURPOSE)
    signed = notes.Checkpoint(origin, tree.size, tree.root())
    return {
        "size": tree.size,
        "root": signed.root,
        "note": notes.sign(signed, signer),
        "at": kernel.clock(),
        "origin": origin,
        "algorithm": merkle.ALGORITHM,
        "key_id": signer.kid,
        "frontier": tree.frontier(),
        "xid": batch.xid,
        "n": batch.n,
        "floor": batch.head.floor,
    }


def _store(session: Session, batch: Batch, tree: merkle.CompactRange) -> None:
    session.execute(
        insert(LEAVES),
        [
            {"seq": seq, "n": n, "hash": leaf}
            for seq, (n, leaf) in enumerate(batch.leaves, batch.head.size)
        ],
    )
    if tree.tiles:
        session.execute(
            insert(TILES),
            [{"level": level, "idx": idx, "hash": node} for level, idx, node in tree.tiles],
        )
