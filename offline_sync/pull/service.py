"""A pull: what changed for this actor since the checkpoint, to be read in one snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muster.kernel import guard
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from offline_sync.ports import Collection
from offline_sync.pull import checkpoint as checkpoints
from offline_sync.pull import read
from offline_sync.pull.checkpoint import Checkpoint, Foreign
from offline_sync.pull.plan import Change, Standing, arms, begin, lost_history, settle
from offline_sync.pull.read import Look
from offline_sync.scopes import allowed

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Pulled:
    """A page. `reset`: drop every row of the collection (never the outbox) and begin anew.

    As many documents as asked for means that there may be more; `settled` that there are none.
    `digest` is the number of visible documents and the sum of their hashes (`feed/digest.py`).
    """

    documents: Sequence[Document] = ()
    token: str = ""
    reset: bool = False
    digest: tuple[int, int] | None = None

    @property
    def settled(self) -> bool:
        """Whether the terminal was up to date before it asked."""
        return not self.documents and not self.reset


def pull(
    uow: UnitOfWork,
    actor: Actor,
    name: str,
    token: str | None,
    limit: int,
    *,
    with_digest: bool = False,
) -> Pulled:
    """Return up to `limit` documents and tombstones (`{id, _deleted: true}`), each in its final state.

    One statement when nothing changed. Raises `Denied`, `CollectionUnknown`, `CheckpointInvalid`.
    """
    decision = guard.require(
        uow, actor, "offline_sync.collection.pull", Target("SyncCollection", name)
    )
    collection, keys = allowed(uow, actor, name)
    try:
        held = checkpoints.read(uow.kernel.keys, name, token) if token else None
    except Foreign:
        return Pulled(reset=True)
    seen = read.look(uow, keys, {*held.live, *held.gone} if held else ())
    if held is not None and (held.epoch != seen.epoch or lost_history(held, seen.counters)):
        decision.note(reset=True)
        return Pulled(reset=True)
    standing = begin(held, seen.visible, collection.schema_version)
    documents, standing = _collect(uow, actor, name, collection, seen, standing, limit)
    decision.note(documents=len(documents))
    after = Checkpoint(
        name,
        seen.epoch,
        collection.schema_version,
        dict(sorted(standing.live.items())),
        dict(sorted(standing.gone.items())),
    )
    return Pulled(
        documents,
        checkpoints.write(uow.kernel.keys, after),
        digest=read.digest(uow, name, seen.visible) if with_digest else None,
    )


def _collect(
    uow: UnitOfWork,
    actor: Actor,
    name: str,
    collection: Collection,
    seen: Look,
    standing: Standing,
    limit: int,
) -> tuple[list[Document], Standing]:
    """Fill the page: a client takes one with fewer documents than asked for as the last.

    A document may have changed in several scopes, so one reading may not fill it.
    """
    revs: dict[str, int | None] = {}
    while len(revs) < limit and (plan := arms(standing, seen.visible)):
        wanted = limit - len(revs)
        rows = read.changes(uow, name, plan, seen.visible, wanted + 1)
        taken, more = rows[:wanted], len(rows) > wanted
        revs |= _final(uow, name, taken, seen)
        standing = settle(standing, plan, taken, seen.visible, more=more)
    held = [doc_id for doc_id, rev in revs.items() if rev is not None]
    bodies = collection.load(uow, actor, held) if held else {}
    return [_document(doc_id, rev, bodies.get(doc_id)) for doc_id, rev in revs.items()], standing


def _final(
    uow: UnitOfWork, name: str, taken: Sequence[Change], seen: Look
) -> dict[str, int | None]:
    """Return each document's revision if it may be held now, or None if it must go.

    What left one scope may have come into another: moved is never put and then deleted.
    """
    doubtful = {row.doc_id for row in taken if row.op == "REMOVE"}
    final: dict[str, int | None] = dict.fromkeys((row.doc_id for row in taken), None)
    final |= {row.doc_id: row.rev for row in taken if row.op == "PUT"}
    if doubtful:
        final |= read.still_held(uow, name, doubtful, seen.visible)
    return final


def _document(doc_id: str, rev: int | None, body: Document | None) -> Document:
    if rev is None or body is None:
        return {"id": doc_id, "_deleted": True}
    return {**body, "id": doc_id, "rev": rev, "_deleted": False}
