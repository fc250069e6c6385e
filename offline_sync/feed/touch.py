"""Says that a document changed: only queued here, written when everything else is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from muster.kernel.uow import UnitOfWork
from offline_sync.errors import ScopeInvalid

_SCOPE = re.compile(r"[a-z_]{1,32}:[^\s\x00]{1,167}")
_QUEUE = "offline_sync.touched"


@dataclass(frozen=True)
class Touched:
    """A document's state once the unit of work is done."""

    rev: int
    scopes: frozenset[str]
    deleted: bool


Queue = dict[tuple[str, str], Touched]


def touch(
    uow: UnitOfWork,
    collection: str,
    doc_id: str | UUID,
    rev: int,
    scopes: Iterable[str],
    *,
    deleted: bool = False,
) -> None:
    """Announce that a document is new, changed, moved or deleted; its owner calls this.

    `rev` is the owner's version of the body; `scopes` are all keys it belongs to from now on, and
    whoever holds it by a scope left out loses it. The last call for a document counts.

    Raises:
        ScopeInvalid: a key is not `<kind>:<name>` without blanks, of at most 200 characters.

    """
    keys = frozenset(scopes)
    for key in keys:
        if not _SCOPE.fullmatch(key):
            raise ScopeInvalid(f"{key!r} is no scope: write <kind>:<name>")
    queue: Queue = uow.session.info.setdefault(_QUEUE, {})
    queue[collection, str(doc_id)] = Touched(rev, frozenset() if deleted else keys, deleted)


def queued(uow: UnitOfWork) -> Queue:
    """Return what is queued on this unit of work."""
    return dict(uow.session.info.get(_QUEUE, {}))


def requeue(uow: UnitOfWork, queue: Queue) -> None:
    """Put the queue back to an earlier state: a savepoint was rolled back."""
    uow.session.info[_QUEUE] = dict(queue)


def take(uow: UnitOfWork) -> Queue:
    """Empty the queue and return it in the order in which documents are locked."""
    return dict(sorted(uow.session.info.pop(_QUEUE, {}).items()))
