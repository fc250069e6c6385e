"""The log in the database as a source to verify, read in chunks: memory stays flat."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, func, select, text
from sqlalchemy.orm import Session

from muster.kernel.audit import document, index_check, merkle, notes, sealer
from muster.kernel.audit.models import (
    ARCHIVES,
    CHECKPOINTS,
    ENTRIES,
    LEAVES,
    RETIRED,
    SUBJECTS,
    TILES,
)
from muster.kernel.audit.retirement import Retirement
from muster.kernel.audit.verification import Checked, Finding, Leaf

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

_CHUNK = 5_000
_PROJECTED = (*document.PROJECTED_TEXTS, *document.PROJECTED_IDS, "at", "policies")
_COLUMNS = (*_PROJECTED, "n", "xid", "canonical")


# Hashes in the database what it holds. A leaf whose entry is not there, or another, is not counted.
_HASHED = text(
    """
    SELECT count(*) AS leaves,
           count(*) FILTER (WHERE pg_catalog.sha256('\\x00'::bytea || e.canonical) = l.hash) AS hashed,
           string_agg(l.hash, ''::bytea ORDER BY l.seq) AS hashes
      FROM kern_audit_leaf l LEFT JOIN kern_audit e ON e.n = l.n
     WHERE l.seq >= :start AND l.seq < :end
    """
)


def _nowhere(seq: int) -> bytes | None:
    return None


class Live:
    """What is in the database now, up to the last checkpoint at the moment of asking.

    `index` also checks what people search by: projected columns, subjects, and that no entry was
    slipped in behind the sealed ones. It reads every entry's JSON: ten times the work. `archive`
    returns the retired entry of a place, if it is at hand; then that is checked too.
    """

    def __init__(
        self,
        uow: "UnitOfWork",
        *,
        index: bool = True,
        archive: Callable[[int], bytes | None] = _nowhere,
    ) -> None:
        self._uow = uow
        self._archive = archive
        self._turn = Lock()  # one session, and `leaves` reads ahead in a thread of its own
        self._session = uow.session
        self._index = index
        self.head = sealer.head(self._session)

    def verifier_keys(self) -> Sequence[notes.VerifierKey]:
        """Return every checkpoint key this server ever had, under the name of its log."""
        return [
            notes.VerifierKey.of(self.head.origin, key)
            for key in self._uow.kernel.keys.verifiers(sealer.PURPOSE)
        ]

    def checkpoints(self) -> Iterator[str]:
        """Yield the notes of every checkpoint, oldest first."""
        size = 0
        while size < self.head.size:
            with self._turn:
                rows = self._session.execute(
                    select(CHECKPOINTS.c.size, CHECKPOINTS.c.note)
                    .where(CHECKPOINTS.c.size > size, CHECKPOINTS.c.size <= self.head.size)
                    .order_by(CHECKPOINTS.c.size)
                    .limit(_CHUNK)
                ).all()
            yield from (row.note for row in rows)
            size = rows[-1].size

    def leaves(self) -> Iterator[Leaf]:
        """Yield every leaf with its entry; a leaf whose entry is gone comes with None.

        PostgreSQL hashes the entries itself, while this process builds the tree of what came
        before; where a stretch is not plainly in order, its entries are read one by one.
        """
        if self._session.get_bind().dialect.name != "postgresql":
            for start in range(0, self.head.size, _CHUNK):
                yield from self._one_by_one(start)
            return
        with ThreadPoolExecutor(1, "audit-verify") as ahead:
            following = ahead.submit(self._hashed, 0)
            for start in range(0, self.head.size, _CHUNK):
                hashes = following.result()
                if start + _CHUNK < self.head.size:
                    following = ahead.submit(self._hashed, start + _CHUNK)
                yield from _checked(start, hashes) if hashes else self._one_by_one(start)

    def bodies(self) -> Iterator[Leaf]:
        """Yield every leaf with its entry itself, unchecked: what an export writes."""
        for start in range(0, self.head.size, _CHUNK):
            yield from self._one_by_one(start)

    def _one_by_one(self, start: int) -> Sequence[Leaf]:
        with self._turn:
            rows = self._session.execute(
                select(LEAVES.c.seq, LEAVES.c.hash, ENTRIES.c.canonical)
                .outerjoin(ENTRIES, ENTRIES.c.n == LEAVES.c.n)
                .where(LEAVES.c.seq >= start, LEAVES.c.seq < self._end(start))
                .order_by(LEAVES.c.seq)
            ).all()
        return [(row.seq, row.hash, self._archived(row.seq, row.canonical)) for row in rows]

    def _hashed(self, start: int) -> bytes:
        """Return the leaf hashes of a stretch, or nothing if any of it has to be looked at."""
        end = self._end(start)
        with self._turn:
            found = self._session.execute(_HASHED, {"start": start, "end": end}).one()
        whole = (found.leaves, found.hashed, len(found.hashes or b"")) == (
            end - start,
            end - start,
            32 * (end - start),
        )
        return found.hashes if whole else b""

    def _end(self, start: int) -> int:
        return min(start + _CHUNK, self.head.size)

    def _archived(self, seq: int, entry: bytes | None) -> bytes | None:
        return self._archive(seq) if entry is None else entry

    def retirements(self) -> Sequence[Retirement]:
        """Return what was retired, each with its record, if that is sealed."""
        with self._turn:
            return retirements(self._session)

    def check_tiles(self, tiles: Sequence[merkle.Tile]) -> Finding | None:
        """Compare the stored subtrees; a wrong one breaks proofs, not the log."""
        for level, group in groupby(sorted(tiles), key=lambda tile: tile[0]):
            computed = {index: hash_ for _, index, hash_ in group}
            with self._turn:
                rows = self._session.execute(
                    select(TILES.c.idx, TILES.c.hash).where(
                        TILES.c.level == level, TILES.c.idx.between(min(computed), max(computed))
                    )
                )
                stored = {row.idx: row.hash for row in rows}
            for index, hash_ in computed.items():
                if stored.get(index) != hash_:
                    width = 1 << (level * merkle.TILE_HEIGHT)
                    what = f"the stored subtree {level}/{index} over them is wrong or missing"
                    return Finding(what, index * width, (index + 1) * width - 1)
        return None

    def check_index(self) -> Finding | None:
        """Compare the columns and subjects that people search by with the entries themselves."""
        return self._beyond() or self._unlike_entries()

    def _beyond(self) -> Finding | None:
        """Look for leaves that no checkpoint covers, in one statement: the sealer may be at work."""
        size, last = self._session.execute(
            select(
                select(func.max(CHECKPOINTS.c.size)).scalar_subquery(),
                select(func.max(LEAVES.c.seq)).scalar_subquery(),
            )
        ).one()
        if last is None or last < (size or 0):
            return None
        return Finding("added after the last checkpoint", size or 0, last)

    def _unlike_entries(self) -> Finding | None:
        n: int | None = None
        sealed = 0
        while self._index:
            plain, last = self._in_order(n)
            if plain and last is None:
                break
            if plain:
                n = last
                sealed = self._sealed_after(n) or sealed
                continue
            rows = self._session.execute(_entries(n)).all()
            if not rows:
                break
            subjects = self._subjects(rows[0].n, rows[-1].n)
            for row in rows:
                sealed = sealed if row.seq is None else row.seq + 1
                what = self._unlike(row, subjects[row.n])
                if what:
                    place = sealed if row.seq is None else row.seq
                    return Finding(f"{what} (row {row.n}, id {row.id})", place, place)
            n = rows[-1].n
        return None

    def _in_order(self, after: int | None) -> tuple[bool, int | None]:
        """Let PostgreSQL look at the next stretch; elsewhere, and at the lowest, we look."""
        if self._session.get_bind().dialect.name != "postgresql":
            return False, None
        lowest = -(2**63)  # a forger may have chosen a negative number
        bounds = {
            "after": lowest if after is None else after,
            "chunk": _CHUNK,
            "floor": self.head.floor,
            "xid": self.head.xid,
            "n": self.head.n,
        }
        return index_check.in_order(self._session, bounds)

    def _sealed_after(self, n: int | None) -> int | None:
        """Return the place after the one of row `n`, if that is sealed."""
        place = self._session.scalar(select(LEAVES.c.seq).where(LEAVES.c.n == n))
        return None if place is None else place + 1

    def _subjects(self, first: int, last: int) -> dict[int, set[tuple[str, str]]]:
        found = defaultdict(set)
        query = select(SUBJECTS).where(SUBJECTS.c.n.between(first, last))
        for row in self._session.execute(query):
            found[row.n].add((row.key_id, row.hash))
        return found

    def _unlike(self, row: Row[*tuple[Any, ...]], subjects: set[tuple[str, str]]) -> str:
        """Return what differs between a row and the entry it stores."""
        behind = row.n <= self.head.floor or (row.xid, row.n) <= (self.head.xid, self.head.n)
        if row.seq is None and behind:
            return "slipped in behind the sealed entries"
        try:
            members = json.loads(row.canonical)
            columns = document.project(members)
            blinded = {(one["key"], one["hash"]) for one in members.get("subjects", ())}
        except (ValueError, KeyError, TypeError, AttributeError):
            return "the entry is not a document of the log"
        wrong = [
            name for name, value in zip(_PROJECTED, row, strict=False) if value != columns[name]
        ]
        if subjects != blinded:
            wrong.append("subjects")
        return f"searched by a wrong {', '.join(wrong)}" if wrong else ""


def _checked(start: int, hashes: bytes) -> Iterator[Leaf]:
    for at in range(0, len(hashes), 32):
        yield start + at // 32, hashes[at : at + 32], Checked.BY_SOURCE


def retirements(session: Session) -> list[Retirement]:
    """Return the retirements that a database claims; a record that is gone is empty."""
    ranges = defaultdict(list)
    for row in session.execute(select(RETIRED).order_by(RETIRED.c.first)):
        ranges[row.archive_id].append((row.first, row.last))
    rows = session.execute(
        select(ARCHIVES.c.id, ARCHIVES.c.sha256, ENTRIES.c.canonical, LEAVES.c.seq)
        .outerjoin(ENTRIES, ENTRIES.c.id == ARCHIVES.c.record_id)
        .outerjoin(LEAVES, LEAVES.c.n == ENTRIES.c.n)
        .order_by(ARCHIVES.c.id)
    )
    return [Retirement(row.sha256, row.seq, row.canonical or b"", ranges[row.id]) for row in rows]


def _entries(after: int | None) -> Select[*tuple[Any, ...]]:
    """Select the next rows by number, from the lowest: a forger may have chosen a negative one."""
    query = (
        select(*(ENTRIES.c[name] for name in _COLUMNS), LEAVES.c.seq)
        .outerjoin(LEAVES, LEAVES.c.n == ENTRIES.c.n)
        .order_by(ENTRIES.c.n)
        .limit(_CHUNK)
    )
    return query if after is None else query.where(ENTRIES.c.n > after)
