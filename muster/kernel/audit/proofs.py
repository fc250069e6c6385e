"""Proof that one entry is in the log, and that the log only ever grew: checkable without us."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Select, between, func, or_, select
from sqlalchemy.orm import Session

from muster.kernel.audit import merkle, notes
from muster.kernel.audit.errors import LogDamaged, NoteInvalid, NotSealed
from muster.kernel.audit.models import CHECKPOINTS, COSIGNATURES, ENTRIES, LEAVES, TILES
from muster.kernel.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork


@dataclass(frozen=True)
class Proof:
    """An entry byte for byte, its place, and the hashes that lead to a signed root."""

    entry: bytes
    seq: int
    size: int
    path: tuple[bytes, ...]
    note: str
    algorithm: str = merkle.ALGORITHM


def prove(uow: "UnitOfWork", entry_id: UUID) -> Proof:
    """Prove an entry under the latest checkpoint, with O(log n) rows read.

    Raises `NotFound`, or `NotSealed` in the second or so before the sealer comes by.
    """
    found = uow.session.execute(
        select(ENTRIES.c.canonical, LEAVES.c.seq)
        .outerjoin(LEAVES, LEAVES.c.n == ENTRIES.c.n)
        .where(ENTRIES.c.id == entry_id)
    ).first()
    if found is None:
        raise NotFound
    if found.seq is None:
        raise NotSealed
    size, note = _latest(uow.session)
    if found.seq >= size:
        raise LogDamaged(f"Leaf {found.seq} lies beyond the last checkpoint, {size}. Verify now.")
    path = _path(uow.session, merkle.inclusion_spans(found.seq, size))
    return Proof(found.canonical, found.seq, size, tuple(path), note)


def verify_proof(proof: Proof, key: notes.VerifierKey) -> bool:
    """Say whether the proof shows its entry to be in the log that this key signs."""
    try:
        checkpoint = notes.verify(proof.note, [key])
    except NoteInvalid:
        return False
    leaf = merkle.leaf_hash(proof.entry)
    return (
        proof.algorithm == merkle.ALGORITHM
        and proof.size == checkpoint.size
        and merkle.verify_inclusion(leaf, proof.seq, proof.size, proof.path, checkpoint.root)
    )


def prove_consistency(uow: "UnitOfWork", old_size: int) -> tuple[list[bytes], str]:
    """Prove that the latest checkpoint extends the log of `old_size`; return path and note.

    It is what a witness asks for. Raises `InvalidInput` if the log was never that large.
    """
    size, note = _latest(uow.session)
    if not 0 < old_size <= size:
        raise InvalidInput(f"Give a size from 1 to {size}; the log was never {old_size} long.")
    return _path(uow.session, merkle.consistency_spans(old_size, size)), note


def latest_note(uow: "UnitOfWork") -> str | None:
    """Return the latest signed checkpoint, the one to keep elsewhere; None before the first."""
    return uow.session.scalars(_LATEST.with_only_columns(CHECKPOINTS.c.note)).first()


def cosigned_note(uow: "UnitOfWork") -> str | None:
    """Return the latest checkpoint with the cosignatures of its witnesses below our signature.

    The newest one that a witness cosigned, if any did: it lags the log by seconds.
    """
    newest = select(func.max(COSIGNATURES.c.size)).scalar_subquery()
    lines = uow.session.execute(
        select(COSIGNATURES.c.line, CHECKPOINTS.c.note)
        .join(CHECKPOINTS, CHECKPOINTS.c.size == COSIGNATURES.c.size)
        .where(COSIGNATURES.c.size == newest)
        .order_by(COSIGNATURES.c.witness)
    ).all()
    if not lines:
        return latest_note(uow)
    return str(lines[0].note) + "".join(f"{row.line}\n" for row in lines)


_LATEST = (
    select(CHECKPOINTS.c.size, CHECKPOINTS.c.note).order_by(CHECKPOINTS.c.size.desc()).limit(1)
)


def _latest(session: Session) -> tuple[int, str]:
    row = session.execute(_LATEST).first()
    if row is None:
        raise NotSealed
    return row.size, row.note


def _path(session: Session, spans: Sequence[merkle.Span]) -> list[bytes]:
    nodes = {node for span in spans for node in merkle.complete(span)}
    stored = _stored(session, nodes)
    try:
        return merkle.path(spans, lambda node: _computed(node, stored))
    except KeyError as error:
        raise LogDamaged from error


def _base(node: merkle.Node) -> tuple[int, int, int]:
    """Return the stored level below a node, and the first and last index there."""
    level, index = node
    tile, above = divmod(level, merkle.TILE_HEIGHT)
    return tile, index << above, ((index + 1) << above) - 1


def _stored(session: Session, nodes: Iterable[merkle.Node]) -> dict[tuple[int, int], bytes]:
    """Read what the nodes are computed from: one statement for each stored level."""
    spans = defaultdict(list)
    for node in nodes:
        tile, first, last = _base(node)
        spans[tile].append((first, last))
    stored = {}
    for tile, wanted in spans.items():
        for index, hash_ in session.execute(_level(tile, wanted)):
            stored[tile, index] = hash_
    return stored


def _level(tile: int, wanted: list[tuple[int, int]]) -> Select[int, bytes]:
    table, position = (TILES, TILES.c.idx) if tile else (LEAVES, LEAVES.c.seq)
    query = select(position, table.c.hash).where(
        or_(*(between(position, first, last) for first, last in wanted))
    )
    return query.where(TILES.c.level == tile) if tile else query


def _computed(node: merkle.Node, stored: dict[tuple[int, int], bytes]) -> bytes:
    tile, first, last = _base(node)
    row = [stored[tile, index] for index in range(first, last + 1)]
    while len(row) > 1:
        row = [merkle.node_hash(*pair) for pair in zip(row[::2], row[1::2], strict=True)]
    return row[0]
