"""The auditor's desk: read, prove, verify, and ask who looked somebody up."""

from typing import Any
from uuid import UUID

from muster.kernel import guard
from muster.kernel.audit import proofs, search, tiles, verification
from muster.kernel.audit.errors import LogTooLong, NotSealed
from muster.kernel.audit.live import Live
from muster.kernel.errors import InvalidInput
from muster.kernel.identity.actor import Actor
from muster.kernel.uow import UnitOfWork
from muster.ondevice.subjects import Subject, SubjectError, normalise

ONLINE_LIMIT = 100_000
EXPORT_LIMIT = 10_000


def listing(uow: UnitOfWork, actor: Actor, **filters: Any) -> search.Page:
    """Return entries that match the filters of `search.entries`, newest first."""
    guard.require(uow, actor, "audit.entry.list", guard.FORCE).note(
        filters=sorted(name for name, value in filters.items() if value is not None)
    )
    return search.entries(uow, **filters)


def read(uow: UnitOfWork, actor: Actor, entry_id: UUID) -> search.Recorded:
    """Return one entry."""
    guard.require(uow, actor, "audit.entry.read", guard.FORCE).note(entry=str(entry_id))
    return search.entry(uow, entry_id)


def prove(uow: UnitOfWork, actor: Actor, entry_id: UUID) -> proofs.Proof:
    """Return the proof that an entry is in the log, checkable without us."""
    guard.require(uow, actor, "audit.entry.prove", guard.FORCE).note(entry=str(entry_id))
    return proofs.prove(uow, entry_id)


def prove_consistency(uow: UnitOfWork, actor: Actor, old_size: int) -> tuple[list[bytes], str]:
    """Return the proof that the latest checkpoint extends the log of `old_size`, and its note."""
    guard.require(uow, actor, "audit.log.prove", guard.FORCE).note(old=old_size)
    return proofs.prove_consistency(uow, old_size)


def checkpoint(uow: UnitOfWork, actor: Actor) -> str:
    """Return the latest checkpoint with every cosignature that witnesses gave for it."""
    guard.require(uow, actor, "audit.log.prove", guard.FORCE)
    note = proofs.cosigned_note(uow)
    if note is None:
        raise NotSealed
    return note


def tile(uow: UnitOfWork, actor: Actor, level: int, path: str) -> bytes:
    """Return one tile of the tree (C2SP tlog-tiles)."""
    guard.require(uow, actor, "audit.log.prove", guard.FORCE)
    return tiles.tile(uow, level, path)


def export(
    uow: UnitOfWork, actor: Actor, *, reason: str, recipient: str, **filters: Any
) -> search.Page:
    """Return up to 10 000 entries for somebody: a disclosure, with why and to whom."""
    decision = guard.require(uow, actor, "audit.entry.export", guard.FORCE)
    page = search.entries(uow, limit=EXPORT_LIMIT, **filters)
    decision.note(
        reason=reason,
        recipient=recipient,
        filters=sorted(name for name, value in filters.items() if value is not None),
        entries=len(page.items),
    )
    return page


def own_log(
    uow: UnitOfWork, actor: Actor, *, after: int | None = None, limit: int = 50
) -> search.Page:
    """Return what an officer themselves did, newest first."""
    guard.require(uow, actor, "audit.own.read", guard.FORCE)
    return search.entries(uow, actor_id=actor.id, after=after, limit=limit)


def who_looked_up(
    uow: UnitOfWork,
    actor: Actor,
    *,
    kind: str,
    value: str,
    reason: str,
    after: int | None = None,
    limit: int = 50,
) -> search.Page:
    """Return who looked a subject up, and why; `reason` says why the auditor asks.

    The subject is normalised as checks do it; the search is itself an entry about the subject.
    """
    subject = _subject(kind, value)
    known = [subject] if isinstance(subject, Subject) else []
    decision = guard.require(uow, actor, "audit.subject.search", guard.FORCE, subjects=known)
    if not isinstance(subject, Subject):
        raise InvalidInput(str(subject)) from subject
    page = search.who_looked_up(uow, subject, after=after, limit=limit)
    decision.note(reason=reason, found=len(page.items))
    return page


def _subject(kind: str, value: str) -> Subject | SubjectError:
    """Return the subject, or why it is none: who may not ask must not learn even that."""
    try:
        return normalise(kind, value).subject
    except SubjectError as error:
        return error


def verify(uow: UnitOfWork, actor: Actor) -> verification.Verdict:
    """Walk the whole log; longer logs are verified by `muster audit verify` (LogTooLong)."""
    decision = guard.require(uow, actor, "audit.log.verify", guard.FORCE)
    live = Live(uow, index=False)  # within two seconds; the command also checks the index
    if live.head.size > ONLINE_LIMIT:
        raise LogTooLong(f"The log has {live.head.size} entries. Run: muster audit verify")
    verdict = verification.verify(live)
    decision.note(sound=verdict.ok, size=verdict.size, first_bad=verdict.first_bad)
    return verdict
