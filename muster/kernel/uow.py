"""The unit of work: one transaction, its audit entries and its events, committed in one order.

    flush → before-commit work (the stored idempotent answer) → outbox rows → audit rows
    → commit finishers (sync counters, always last) → one COMMIT → wake bus and workers

What must outlive a refusal is handed to `afterwards` and written in a transaction of its own
after the rollback, before the problem leaves.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from muster.kernel.audit.entry import Entry
from muster.kernel.db import Mode
from muster.kernel.errors import Busy, Conflict, StaleVersion
from muster.kernel.events.event import Event
from muster.kernel.ports import Port

if TYPE_CHECKING:
    from muster.kernel.kernel import Kernel

log = logging.getLogger("muster.uow")
Finisher = Callable[["UnitOfWork"], None]
FINISHERS: Port[Finisher] = Port("commit finishers")


class UnitOfWork:
    """What a use case works in. Use as a context manager, or commit and close by hand.

    `session` begins lazily, so a request that never asks the database costs it nothing.
    `decided` lists the actions the guard judged: an answer without one never leaves.
    """

    def __init__(self, kernel: "Kernel", mode: Mode) -> None:
        self.kernel = kernel
        self.mode = mode
        self.entries: list[Entry] = []
        self.decided: list[str] = []
        self._events: list[Event] = []
        self._before: list[Callable[[], None]] = []
        self._after: list[Callable[[], None]] = []
        self._afterwards: list[Callable[[UnitOfWork], None]] = []
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The session of this unit; its transaction begins at the first statement."""
        if self._session is None:
            self._session = self.kernel.db.session(self.mode)
        return self._session

    def now(self) -> datetime:
        """Return the kernel's time in UTC."""
        return self.kernel.clock()

    def emit(self, event: Event) -> None:
        """Queue an event; it is written with the commit or not at all."""
        self._events.append(event)

    def record(self, entry: Entry) -> Entry:
        """Queue an audit entry; no audit row, no answer."""
        self.entries.append(entry)
        return entry

    def before_commit(self, work: Callable[[], None]) -> None:
        """Run once the unit is flushed and its answer is known, inside the transaction."""
        self._before.append(work)

    def after_commit(self, work: Callable[[], None]) -> None:
        """Run in memory after a successful commit (wake a waiting stream).

        What fails here is logged: the commit stands, and whoever missed the news polls.
        """
        self._after.append(work)

    def afterwards(self, work: "Callable[[UnitOfWork], None]") -> None:
        """Write in a transaction of its own if, and only if, this unit is rolled back."""
        self._afterwards.append(work)

    def commit(self) -> None:
        """Commit, or roll back and raise the domain error that a database error means."""
        try:
            if self.mode is Mode.WRITES:
                self._commit_writes()
            else:
                self._commit_reads()
        except (StaleDataError, IntegrityError, OperationalError, PoolTimeout) as error:
            raise translate(error) from error
        self._tell()

    def _commit_writes(self) -> None:
        self.session.flush()
        for work in self._before:
            work()
        self.kernel.outbox.append(self.session, self._events)
        self.kernel.audit.append(self.session, self.entries)
        for finish in self.kernel.ports.all(FINISHERS).values():
            finish(self)
        self.session.commit()

    def _commit_reads(self) -> None:
        if self._session is not None:
            if self._session.new or self._session.dirty or self._session.deleted or self._events:
                raise RuntimeError("a reading unit of work changed rows: declare it as writes")
            self._session.expunge_all()  # rows read outlive the reading
            self._session.rollback()
        if self.entries:
            with self.kernel.db.session(Mode.WRITES) as session:
                self.kernel.audit.append(session, self.entries)
                session.commit()

    def _tell(self) -> None:
        """Nothing can be undone any more, so a later `rollback` finds nothing to record."""
        works, self._after = self._after, []
        if self._events:
            works.append(self.kernel.bus.wake)
        self.entries, self._events, self._afterwards = [], [], []
        for work in works:
            try:
                work()
            except Exception:
                log.exception("the commit stands, but its news was not told")

    def rollback(self) -> None:
        """Undo everything, then write what must outlive the refusal; raises if that fails too."""
        if self._session is not None:
            self._session.rollback()
        entries, self.entries = self.entries, []
        works, self._afterwards = self._afterwards, []
        self._events.clear()
        if not entries and not works:
            return
        unit = UnitOfWork(self.kernel, Mode.WRITES)
        try:  # not as a context manager: what cannot be recorded must not be recorded again
            for entry in entries:
                if entry.outcome in ("permitted", "done"):
                    entry.outcome = "failed"
                unit.record(entry)
            for work in works:
                work(unit)
            unit.commit()
        finally:
            unit.close()

    def close(self) -> None:
        """Give the connection back."""
        if self._session is not None:
            self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._commit_or_undo()
            else:
                self.rollback()
        finally:
            self.close()

    def _commit_or_undo(self) -> None:
        try:
            self.commit()
        except BaseException:
            self.rollback()
            raise


def translate(error: Exception) -> Exception:
    """Return the domain error that a database error means to the caller."""
    if isinstance(error, StaleDataError):
        return StaleVersion()
    if isinstance(error, IntegrityError):
        return Conflict()
    if isinstance(error, PoolTimeout):
        return Busy()
    text = str(error).lower()
    if "locked" in text or "lock timeout" in text or "deadlock" in text:
        return Busy()
    return error
