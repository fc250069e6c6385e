"""The commit finisher: turns queued touches into numbered changes, scope by scope.

Counters are the last locks of a transaction and are taken in one order, after the documents' own
rows in theirs: two commits never wait for each other in a circle, and within a scope the order of
numbers is the order of commits. A reader never sees a number before a smaller one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import delete, insert, select, tuple_, update

from muster.kernel.ids import uuid7
from muster.kernel.uow import UnitOfWork
from muster.kernel.upsert import insert_into
from offline_sync.feed import digest
from offline_sync.feed.models import Change, Doc, DocScope
from offline_sync.feed.touch import Queue, take
from offline_sync.scopes import Scope, announce

_BATCH = 500
T = TypeVar("T")


class Member(NamedTuple):
    """A document's place in a scope."""

    collection: str
    doc_id: str
    scope_id: UUID


def finish(uow: UnitOfWork) -> None:
    """Write the changes this unit of work has queued, if any."""
    queue = take(uow)
    if not queue:
        return
    _store_docs(uow, queue)
    before = _members(uow, queue)
    ids = _scope_ids(uow, {key for touched in queue.values() for key in touched.scopes})
    now = {Member(*name, ids[key]) for name, touched in queue.items() for key in touched.scopes}
    announce(uow, _number(uow, queue, before, now))
    _move(uow, before, now)


def _store_docs(uow: UnitOfWork, queue: Queue) -> None:
    """Upsert in the order of names: the rows' locks keep two moves of one document apart."""
    for batch in _batches(queue.items()):
        statement = insert_into(uow.kernel.db, Doc).values(
            [
                {
                    "collection": collection,
                    "id": doc_id,
                    "rev": touched.rev,
                    "deleted": touched.deleted,
                    "hash": digest.of(doc_id, touched.rev),
                }
                for (collection, doc_id), touched in batch
            ]
        )
        new = {name: statement.excluded[name] for name in ("rev", "deleted", "hash")}
        uow.session.execute(
            statement.on_conflict_do_update(index_elements=["collection", "id"], set_=new)
        )


def _members(uow: UnitOfWork, queue: Queue) -> set[Member]:
    """Return where the documents are now; read after their rows are locked."""
    found: set[Member] = set()
    for batch in _batches(queue):
        rows = uow.session.execute(
            select(DocScope.collection, DocScope.doc_id, DocScope.scope_id).where(
                tuple_(DocScope.collection, DocScope.doc_id).in_(batch)
            )
        )
        found.update(Member(*row) for row in rows)
    return found


def _scope_ids(uow: UnitOfWork, keys: set[str]) -> dict[str, UUID]:
    """Return the ids of scopes by key, making those that are new."""
    ids = _known_ids(uow, keys)
    if missing := sorted(keys - ids.keys()):
        statement = insert_into(uow.kernel.db, Scope).values(
            [
                {"id": uuid7(), "kind": key.partition(":")[0], "key": key, "v": 0, "floor": 0}
                for key in missing
            ]
        )
        uow.session.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
        ids |= _known_ids(uow, set(missing))
    return ids


def _known_ids(uow: UnitOfWork, keys: set[str]) -> dict[str, UUID]:
    if not keys:
        return {}
    rows = uow.session.execute(select(Scope.key, Scope.id).where(Scope.key.in_(sorted(keys))))
    return {row.key: row.id for row in rows}


def _number(
    uow: UnitOfWork, queue: Queue, before: set[Member], now: set[Member]
) -> dict[UUID, str]:
    """Give each change its number in its scope; return the keys of the scopes that changed."""
    by_scope: dict[UUID, list[Member]] = defaultdict(list)
    for member in sorted(before | now):
        by_scope[member.scope_id].append(member)
    keys: dict[UUID, str] = {}
    rows: list[dict[str, Any]] = []
    for scope_id, members in sorted(by_scope.items()):
        v, keys[scope_id] = uow.session.execute(
            update(Scope)
            .where(Scope.id == scope_id)
            .values(v=Scope.v + len(members))
            .returning(Scope.v, Scope.key)
            .execution_options(synchronize_session=False)
        ).one()
        for seq, member in enumerate(members, v - len(members) + 1):
            rows.append(_change(uow, queue, member, seq, put=member in now))
    _store_changes(uow, rows)
    return keys


def _change(
    uow: UnitOfWork, queue: Queue, member: Member, seq: int, *, put: bool
) -> dict[str, Any]:
    return {
        "scope_id": member.scope_id,
        "seq": seq,
        "collection": member.collection,
        "doc_id": member.doc_id,
        "op": "PUT" if put else "REMOVE",
        "rev": queue[member.collection, member.doc_id].rev,
        "at": uow.now(),
    }


def _store_changes(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Upsert: a document's earlier change in a scope has nothing more to say."""
    for batch in _batches(rows):
        statement = insert_into(uow.kernel.db, Change).values(batch)
        new = {name: statement.excluded[name] for name in ("seq", "op", "rev", "at")}
        uow.session.execute(
            statement.on_conflict_do_update(
                index_elements=["scope_id", "collection", "doc_id"], set_=new
            )
        )


def _move(uow: UnitOfWork, before: set[Member], now: set[Member]) -> None:
    for gone in _batches(sorted(before - now)):
        place = tuple_(DocScope.collection, DocScope.doc_id, DocScope.scope_id)
        uow.session.execute(
            delete(DocScope)
            .where(place.in_([tuple(member) for member in gone]))
            .execution_options(synchronize_session=False)
        )
    for come in _batches(sorted(now - before)):
        uow.session.execute(insert(DocScope), [member._asdict() for member in come])


def _batches(items: Iterable[T]) -> Iterator[Sequence[T]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch
