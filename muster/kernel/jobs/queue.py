"""The queue: enqueue in the caller's transaction; claim, keep and finish in short ones of its own.

PostgreSQL claims with FOR UPDATE SKIP LOCKED; SQLite, which knows no row locks, inside
BEGIN IMMEDIATE. No transaction is open while a job runs.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, false, insert, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select, Update

from muster.kernel.db import Database, Mode
from muster.kernel.ids import uuid7
from muster.kernel.jobs import backoff
from muster.kernel.jobs.models import Job
from muster.kernel.jobs.ports import HANDLERS
from muster.kernel.ports import WiringError
from muster.kernel.upsert import insert_into

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

LEASE = timedelta(seconds=60)  # a crashed worker's job is taken again after this
_UNFINISHED = text("state IN ('ready', 'running')")
_random = SystemRandom()


@dataclass(frozen=True)
class Claim:
    """A job this worker may run until its lease ends."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    attempts: int

    def holds(self) -> ColumnElement[bool]:
        """The condition under which the job is still this claim's."""
        return and_(Job.id == self.id, Job.attempts == self.attempts, Job.state == "running")


def enqueue(
    uow: "UnitOfWork",
    kind: str,
    payload: dict[str, Any],
    *,
    run_at: datetime | None = None,
    key: str | None = None,
) -> UUID:
    """Add a job that becomes visible with this unit's commit, and wake the workers then.

    With a `key`, one unfinished job stands for all requests: a waiting one is returned (and moved
    forward if `run_at` is earlier), a running one runs once more when it is done. The key must
    therefore determine the payload.

    Raises `WiringError`: nobody handles this kind of job.
    """
    if kind not in uow.kernel.ports.all(HANDLERS):
        raise WiringError(f"job handlers: nobody answers {kind!r}")
    row = _row(kind, payload, run_at or uow.now(), uow.now())
    uow.after_commit(uow.kernel.bus.wake)
    if key is None:
        uow.session.connection().execute(insert(Job), [row])
        return UUID(str(row["id"]))
    return _enqueue_keyed(uow, row | {"key": key})


def enqueue_many(
    session: Session,
    kind: str,
    payloads: Collection[dict[str, Any]],
    now: datetime,
    *,
    over: timedelta = timedelta(),
) -> None:
    """Add many jobs of one kind in one statement; their turns come evenly `over` that time."""
    if payloads:
        step = over / len(payloads)
        rows = [
            _row(kind, payload, now + place * step, now) for place, payload in enumerate(payloads)
        ]
        session.connection().execute(insert(Job), rows)


def _row(kind: str, payload: dict[str, Any], run_at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "kind": kind,
        "payload": payload,
        "run_at": run_at,
        "created_at": now,
    }


def _enqueue_keyed(uow: "UnitOfWork", row: dict[str, Any]) -> UUID:
    added = insert_into(uow.kernel.db, Job).values(row)
    sooner = case((added.excluded.run_at < Job.run_at, added.excluded.run_at), else_=Job.run_at)
    merged = added.on_conflict_do_update(
        index_elements=["key"],
        index_where=_UNFINISHED,
        set_={"run_at": sooner, "again": Job.state == "running"},
    )
    found: UUID = uow.session.execute(merged.returning(Job.id)).scalar_one()
    return found


def waiting(db: Database, kinds: Collection[str], now: datetime) -> bool:
    """Whether a job of these kinds is due; a read, so that idle workers lock nothing."""
    with db.session(Mode.READS) as session:
        return session.execute(_due(kinds, now)).first() is not None


def claim(db: Database, kinds: Collection[str], now: datetime) -> Claim | None:
    """Take the longest due job of these kinds under a lease, or return None."""
    chosen = _due(kinds, now).with_for_update(skip_locked=True).scalar_subquery()
    taking = (
        update(Job)
        .where(Job.id == chosen)
        .values(state="running", attempts=Job.attempts + 1, locked_until=now + LEASE)
        .returning(Job.id, Job.kind, Job.payload, Job.attempts)
        .execution_options(synchronize_session=False)
    )
    with db.session(Mode.WRITES) as session:
        row = session.execute(taking).first()
        session.commit()
    return None if row is None else Claim(*row)


def _due(kinds: Collection[str], now: datetime) -> Select[UUID]:
    return (
        select(Job.id)
        .where(Job.state == "ready", Job.run_at <= now, Job.kind.in_(list(kinds)))
        .order_by(Job.run_at, Job.id)
        .limit(1)
    )


def keep(db: Database, job: Claim, now: datetime) -> None:
    """Extend the lease of a job that is still running."""
    _write(db, update(Job).where(job.holds()).values(locked_until=now + LEASE))


def finish(db: Database, job: Claim, now: datetime) -> None:
    """Mark a job done, or ready once more if it was asked for while it ran."""
    done = {"state": "done", "locked_until": None, "error": "", "finished_at": now}
    _end(db, job, done, now)


def fail(db: Database, job: Claim, now: datetime, error: str, *, final: bool) -> bool:
    """Keep the error; try again after a back-off, or never if `final` or tried too often.

    Returns whether the job is given up.
    """
    if final or job.attempts >= backoff.ATTEMPTS:
        given_up = {"state": "failed", "locked_until": None, "error": error, "finished_at": now}
        _end(db, job, given_up, now)
        return True
    later = now + backoff.delay(job.attempts, _random.random())
    retry = {"state": "ready", "again": false(), "run_at": later, "locked_until": None}
    _write(db, update(Job).where(job.holds()).values(retry | {"error": error}))
    return False


def _end(db: Database, job: Claim, values: dict[str, Any], now: datetime) -> None:
    """End the job unless it was asked for again; then it starts afresh.

    In this order: a request that arrives in between waits for our commit and adds a new job.
    """
    afresh = {"state": "ready", "again": false(), "attempts": 0, "run_at": now}
    _write(
        db,
        update(Job).where(job.holds(), Job.again.is_(False)).values(values),
        update(Job).where(job.holds()).values(afresh | {"locked_until": None, "error": ""}),
    )


def reclaim(db: Database, now: datetime) -> None:
    """Give back the jobs of workers that vanished; fail those that took too many with them."""
    lost = and_(Job.state == "running", Job.locked_until < now)
    with db.session(Mode.READS) as session:
        if session.execute(select(Job.id).where(lost).limit(1)).first() is None:
            return
    error = f"The worker vanished while it ran this, {backoff.ATTEMPTS} times."
    spent = {"state": "failed", "error": error, "finished_at": now, "locked_until": None}
    back = {"state": "ready", "again": false(), "run_at": now, "locked_until": None}
    _write(
        db,
        update(Job).where(lost, Job.attempts >= backoff.ATTEMPTS).values(spent),
        update(Job).where(lost).values(back),
    )


def _write(db: Database, *statements: Update) -> None:
    with db.session(Mode.WRITES) as session:
        for statement in statements:
            session.execute(statement.execution_options(synchronize_session=False))
        session.commit()
