"""The log in the database as a source to verify, read in chunks: memory stays flat."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, func, select

from muster.kernel.audit import document, merkle, notes, sealer
from muster.kernel.audit.models import CHECKPOINTS, ENTRIES, LEAVES, SUBJECTS, TILES
from muster.kernel.audit.verification import Finding, Leaf

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

_CHUNK = 5_000
_PROJECTED = (*document.PROJECTED_TEXTS, *document.PROJECTED_IDS, "at", "policies")
_COLUMNS = (*_PROJECTED, "n", "xid", "canonical")


class Live:
    """What is in the database now, up to the last checkpoint at the moment of asking.

    `index` also checks what people search by: projected columns, subjects, and that no entry was
    slipped in behind the sealed ones. It reads every entry's JSON: ten times the work.
    """

    def __init__(self, uow: "UnitOfWork", *, index: bool = True) -> None:
        self._uow = uow
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
            rows = self._session.execute(
                select(CHECKPOINTS.c.size, CHECKPOINTS.c.note)
                .where(CHECKPOINTS.c.size > size, CHECKPOINTS.c.size <= self.head.size)
                .order_by(CHECKPOINTS.c.size)
                .limit(_CHUNK)
            ).all()
            yield from (row.note for row in rows)
            size = rows[-1].size

    def leaves(self) -> Iterator[Leaf]:
        """Yield every leaf with its entry; a leaf whose entry is gone comes with None."""
        for start in range(0, self.head.size, _CHUNK):
            rows = self._session.execute(
                select(LEAVES.c.seq, LEAVES.c.hash, ENTRIES.c.canonical)
                .outerjoin(ENTRIES, ENTRIES.c.n == LEAVES.c.n)
                .where(LEAVES.c.seq >= start, LEAVES.c.seq < min(start + _CHUNK, self.head.size))
                .order_by(LEAVES.c.seq)
            ).all()
            if not rows:
                return
            yield from rows

    def check_tiles(self, tiles: Sequence[merkle.Tile]) -> Finding | None:
        """Compare the stored subtrees; a wrong one breaks proofs, not the log."""
        for level, group in groupby(sorted(tiles), key=lambda tile: tile[0]):
            computed = {index: hash_ for _, index, hash_ in group}
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


def _entries(after: int | None) -> Select[*tuple[Any, ...]]:
    """Select the next rows by number, from the lowest: a forger may have chosen a negative one."""
    query = (
        select(*(ENTRIES.c[name] for name in _COLUMNS), LEAVES.c.seq)
        .outerjoin(LEAVES, LEAVES.c.n == ENTRIES.c.n)
        .order_by(ENTRIES.c.n)
        .limit(_CHUNK)
    )
    return query if after is None else query.where(ENTRIES.c.n > after)
