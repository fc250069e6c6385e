"""The auditor's desk: read, prove, verify, and ask who looked somebody up."""

from typing import Any
from uuid import UUID

from muster.kernel import guard
from muster.kernel.audit import proofs, search, verification
from muster.kernel.audit.errors import LogTooLong
from muster.kernel.audit.live import Live
from muster.kernel.errors import InvalidInput
from muster.kernel.identity.actor import Actor
from muster.kernel.uow import UnitOfWork
from muster.ondevice.subjects import Subject, SubjectError, normalise

ONLINE_LIMIT = 100_000


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
