"""A push: every row is judged by itself, and what is not applied is kept before it is refused."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from muster.kernel import guard
from muster.kernel.errors import Conflict, DomainError
from muster.kernel.guard import Target
from muster.kernel.identity import Actor
from muster.kernel.uow import UnitOfWork
from offline_sync.conflicts import Kept, keep
from offline_sync.feed import Doc, DocScope
from offline_sync.ports import Applied, Body, Collection, Conflicting, Refused, Row, Verdict
from offline_sync.push.row import RowUnit
from offline_sync.push.verdict import Meaning, content, meaning
from offline_sync.scopes import Scope, allowed
from offline_sync.wire import as_json

_log = logging.getLogger("muster.sync")
_LONGEST_ID = 64


@dataclass(frozen=True)
class Edit:
    """One row of a push as the terminal sent it."""

    new: Mapping[str, Any]
    assumed: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class _Known:
    """What the feed knows of a document."""

    rev: int
    deleted: bool
    visible: bool


class _Push:
    """One batch: who asks, of which collection, and the records as they are now."""

    def __init__(
        self, uow: UnitOfWork, actor: Actor, name: str, collection: Collection, keys: frozenset[str]
    ) -> None:
        self.uow, self.actor, self.name, self.collection = uow, actor, name, collection
        self._keys = keys
        self._known: dict[str, _Known] = {}
        self._bodies: dict[str, Body] = {}

    def read(self, ids: Sequence[str]) -> None:
        """Read what the feed knows of these documents, and the bodies the actor may see."""
        in_sight = exists().where(
            DocScope.collection == Doc.collection,
            DocScope.doc_id == Doc.id,
            DocScope.scope_id.in_(select(Scope.id).where(Scope.key.in_(sorted(self._keys)))),
        )
        rows = self.uow.session.execute(
            select(Doc.id, Doc.rev, Doc.deleted, in_sight.label("visible")).where(
                Doc.collection == self.name, Doc.id.in_(sorted(ids))
            )
        )
        self._known |= {row.id: _Known(row.rev, row.deleted, bool(row.visible)) for row in rows}
        wanted = [doc_id for doc_id in ids if self._visible(doc_id)]
        found = self.collection.load(self.uow, self.actor, wanted) if wanted else {}
        for doc_id in ids:
            self._bodies.pop(doc_id, None)
        self._bodies |= {doc_id: as_json(dict(body)) for doc_id, body in found.items()}

    def current(self, doc_id: str) -> Body | None:
        """Return today's content, or None if there is no document the actor may see."""
        return content(self._bodies.get(doc_id))

    def withheld(self, doc_id: str) -> bool:
        """Whether a live document is out of the actor's sight."""
        known = self._known.get(doc_id)
        return known is not None and not known.deleted and not known.visible

    def state(self, doc_id: str) -> dict[str, Any]:
        """Return the state the terminal is to have: today's, or a tombstone."""
        body = self.current(doc_id)
        if body is None:
            return {"id": doc_id, "_deleted": True}
        return {**body, "id": doc_id, "rev": self.rev(doc_id) or 0, "_deleted": False}

    def remember(self, row: Row) -> None:
        """Let a later row of the same batch find what this one wrote."""
        if row.new is None:
            self._bodies.pop(row.id, None)
        else:
            self._bodies[row.id] = row.new

    def rev(self, doc_id: str) -> int | None:
        """Return the revision the feed knows."""
        known = self._known.get(doc_id)
        return known.rev if known else None

    def _visible(self, doc_id: str) -> bool:
        known = self._known.get(doc_id)
        return known is not None and known.visible and not known.deleted


def push(uow: UnitOfWork, actor: Actor, name: str, edits: Sequence[Edit]) -> list[dict[str, Any]]:
    """Apply what may be applied; return the server's states of the other rows (RxDB's contract).

    A row that is already so counts as applied. Everything else is kept as a conflict copy first.
    Raises `Denied` and `CollectionUnknown` for the batch as a whole, never for a row.
    """
    decision = guard.require(
        uow, actor, "offline_sync.collection.push", Target("SyncCollection", name)
    )
    collection, keys = allowed(uow, actor, name)
    batch = _Push(uow, actor, name, collection, keys)
    batch.read([doc_id for edit in edits if (doc_id := _id_of(edit)) is not None])
    answers: list[dict[str, Any]] = []
    told: dict[str, Any] = Counter()
    for edit in edits:
        outcome, answer = _one(batch, edit)
        told[outcome] += 1
        if answer is not None:
            answers.append(answer)
    decision.note(rows=len(edits), **told)
    return answers


def _one(batch: _Push, edit: Edit) -> tuple[str, dict[str, Any] | None]:
    """Return what became of one row, and the state to answer if it was not applied."""
    doc_id = _id_of(edit)
    if doc_id is None:
        _keep(batch, edit, "", Kept.INVALID, "the document has no usable id")
        return "invalid", None
    row = Row(doc_id, content(edit.new), content(edit.assumed), batch.current(doc_id))
    meant = meaning(row.new, row.assumed, row.current, withheld=batch.withheld(doc_id))
    if meant is Meaning.DONE:
        return "done", None
    if meant is Meaning.REVOKED:
        _keep(batch, edit, doc_id, Kept.REVOKED, "the document is out of the officer's sight")
        return "revoked", batch.state(doc_id)
    verdict = _decide(batch, row, meant)
    if isinstance(verdict, Applied):
        batch.remember(row)
        return "applied", None
    if isinstance(verdict, Conflicting):
        batch.read([doc_id])
        _keep(batch, edit, doc_id, Kept.CONFLICT, "the record moved on meanwhile")
        return "conflict", batch.state(doc_id)
    _keep(batch, edit, doc_id, Kept.REFUSED, f"{verdict.code}: {verdict.detail}")
    return "refused", batch.state(doc_id)


def _decide(batch: _Push, row: Row, meant: Meaning) -> Verdict:
    if not batch.collection.writable:
        return Refused("read_only", "Terminals only read this collection.")
    if meant is Meaning.CONTESTED:
        merged = batch.collection.merge(row)
        if merged is None:
            return Conflicting()
        row = Row(row.id, merged, row.assumed, row.current)
    return _apply(batch, row)


def _apply(batch: _Push, row: Row) -> Verdict:
    """Let the owner write the row in a savepoint; whatever goes wrong with it is its own."""
    try:
        return _attempt(batch, row)
    except _Undo as undone:
        return undone.verdict
    except OperationalError:
        raise  # the database's fault and not the row's: the terminal sends the batch again
    except (StaleDataError, IntegrityError, Conflict):
        return Conflicting()
    except DomainError as error:
        return Refused(error.code, error.detail)
    except DataError:
        return Refused("invalid_input", "A value is out of the range that can be stored.")
    except Exception:  # noqa: BLE001 - a fault of one row must not hold up a terminal for ever
        _log.exception("a pushed row of %s failed", batch.name)
        return Refused("internal_error", "The row could not be stored; it is kept.")


def _attempt(batch: _Push, row: Row) -> Applied:
    with RowUnit(batch.uow) as unit:
        verdict = batch.collection.apply(unit, batch.actor, row)
        if not isinstance(verdict, Applied):
            raise _Undo(verdict)
        return verdict


class _Undo(Exception):
    """The owner said no: undo what it may have written on the way."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.verdict = verdict


def _id_of(edit: Edit) -> str | None:
    doc_id = edit.new.get("id")
    usable = isinstance(doc_id, str) and 0 < len(doc_id) <= _LONGEST_ID and doc_id.isprintable()
    return str(doc_id) if usable else None


def _keep(batch: _Push, edit: Edit, doc_id: str, why: Kept, detail: str) -> None:
    keep(
        batch.uow,
        batch.actor,
        source=batch.name,
        doc_id=doc_id,
        base_rev=batch.rev(doc_id),
        content={"newDocumentState": edit.new, "assumedMasterState": edit.assumed},
        reason=why,
        detail=detail,
    )
