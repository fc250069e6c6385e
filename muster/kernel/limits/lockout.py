"""Locks a subject after five failures within fifteen minutes, until a supervisor releases it.

NIST SP 800-53 AC-7 as CJIS sets it. The count starts anew only after a success or after fifteen
minutes without a failure, so no choice of moments yields five tries in fifteen minutes.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from sqlalchemy import case, delete, select

from muster.kernel.errors import NotFound
from muster.kernel.events.event import Event
from muster.kernel.limits.errors import LockedOut
from muster.kernel.limits.models import Lockout
from muster.kernel.upsert import insert_into

if TYPE_CHECKING:
    from muster.kernel.uow import UnitOfWork

FAILURES = 5
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class SubjectLocked(Event):
    """A subject was just locked; tell those who may release it."""

    name: ClassVar[str] = "kern.lockout.locked"
    subject: str


class Lockouts:
    """`subject` is a reference such as `officer:<id>`, never a name typed at the door."""

    def check(self, uow: "UnitOfWork", subject: str) -> None:
        """Raise `LockedOut` if the subject is locked; ask before verifying any secret."""
        locked = select(Lockout.locked_at).where(Lockout.subject == subject)
        if uow.session.execute(locked).scalar() is not None:
            raise LockedOut

    def is_locked(self, uow: "UnitOfWork", subject: str) -> bool:
        """Whether a subject is locked now."""
        locked = select(Lockout.locked_at).where(Lockout.subject == subject)
        return uow.session.execute(locked).scalar() is not None

    def fail(self, uow: "UnitOfWork", subject: str) -> bool:
        """Count a failure; return whether the subject is locked now.

        The unit that refuses is rolled back, so call this from what outlives it:
        `uow.afterwards(lambda unit: lockouts.fail(unit, subject))`.
        """
        now = uow.now()
        recent = Lockout.failed_at >= now - WINDOW
        failures = case((recent, Lockout.failures + 1), else_=1)
        lock = case(
            (Lockout.locked_at.is_not(None), Lockout.locked_at),
            (failures >= FAILURES, now),
            else_=None,
        )
        first = insert_into(uow.kernel.db, Lockout).values(
            subject=subject, failures=1, failed_at=now
        )
        counted = first.on_conflict_do_update(
            index_elements=["subject"],
            set_={"failures": failures, "failed_at": now, "locked_at": lock},
        ).returning(Lockout.locked_at)
        locked_at = uow.session.execute(counted).scalar_one()
        if locked_at == now:
            uow.emit(SubjectLocked(subject=subject))
        return locked_at is not None

    def succeed(self, uow: "UnitOfWork", subject: str) -> None:
        """Forget the failures of a subject that is not locked."""
        free = (Lockout.subject == subject, Lockout.locked_at.is_(None))
        uow.session.execute(delete(Lockout).where(*free))

    def release(self, uow: "UnitOfWork", subject: str, by: UUID) -> None:
        """Unlock; `by` is the supervisor, who has passed the guard.

        Raises `NotFound`: the subject is not locked.
        """
        row = uow.session.get(Lockout, subject, populate_existing=True)
        if row is None or row.locked_at is None:
            raise NotFound("This subject is not locked.")
        row.failures, row.locked_at = 0, None
        row.released_at, row.released_by = uow.now(), by

    def locked(self, uow: "UnitOfWork", limit: int = 200) -> list[Lockout]:
        """Return who is locked now, the longest locked first."""
        query = select(Lockout).where(Lockout.locked_at.is_not(None))
        return list(uow.session.scalars(query.order_by(Lockout.locked_at).limit(limit)))
