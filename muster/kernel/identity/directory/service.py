"""What a security admin does with the directory's reports: read them, release or refuse removals."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from muster.kernel import guard, jobs
from muster.kernel.errors import Conflict, NotFound
from muster.kernel.identity.actor import Actor
from muster.kernel.identity.directory.models import DirectoryRun
from muster.kernel.identity.officers import reason_in_words
from muster.kernel.uow import UnitOfWork

RELEASE: Final = "identity.directory.release"


def listing(
    uow: UnitOfWork, actor: Actor, *, after: UUID | None = None, limit: int = 50
) -> list[DirectoryRun]:
    """Return up to `limit + 1` reports, newest first, beyond `after`."""
    guard.require(uow, actor, "identity.directory.list", guard.FORCE)
    query = select(DirectoryRun).order_by(DirectoryRun.id.desc())
    if after is not None:
        query = query.where(DirectoryRun.id < after)
    return list(uow.session.scalars(query.limit(limit + 1)))


def decide(
    uow: UnitOfWork, actor: Actor, run_id: UUID, *, release: bool, reason: str
) -> DirectoryRun:
    """Release the removals of a report, which a job then carries out, or refuse them."""
    decision = guard.require(uow, actor, "identity.directory.decide", guard.FORCE)
    run = uow.session.get(DirectoryRun, run_id, with_for_update=True)
    if run is None:
        raise NotFound("There is no such report.")
    decision.note(reason=reason_in_words(reason), run=str(run.id), release=release)
    if run.state != "held":
        raise Conflict("Nothing of this report waits for a decision.")
    run.state = "released" if release else "refused"
    run.decided_by, run.decided_at, run.note = actor.id, uow.now(), reason.strip()[:500]
    if release:
        jobs.enqueue(uow, RELEASE, {"run": str(run.id)}, key=f"{RELEASE}:{run.id}")
    return run
