"""A unit of work inside another: its rows, events and touches are kept or undone as one.

A refused row must not take the batch with it, nor leave half of itself behind: a savepoint undoes
its rows, and what it queued for the commit is only handed on if it holds.
"""

from types import TracebackType
from typing import Self

from sqlalchemy.orm import SessionTransaction

from muster.kernel.uow import UnitOfWork
from offline_sync.feed.touch import queued, requeue


class RowUnit(UnitOfWork):
    """Use as a context manager; an exception undoes the row and goes on to the caller.

    Audit entries outlive the undoing, as they do in a whole unit; what was to be written after a
    rollback is written in the outer unit.
    """

    def __init__(self, outer: UnitOfWork) -> None:
        super().__init__(outer.kernel, outer.mode)
        self._outer = outer
        self._session = outer.session
        self._queue = queued(outer)
        self._savepoint: SessionTransaction | None = None

    def __enter__(self) -> Self:
        self._savepoint = self.session.begin_nested()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.rollback()
            return
        try:
            self.commit()
        except BaseException:
            self.rollback()
            raise

    def commit(self) -> None:
        """Release the savepoint and hand everything on to the outer unit."""
        for work in self._before:
            work()
        assert self._savepoint is not None
        self._savepoint.commit()
        self._tell_outer()
        for event in self._events:
            self._outer.emit(event)
        for after in self._after:
            self._outer.after_commit(after)
        for afterwards in self._afterwards:
            self._outer.afterwards(afterwards)

    def rollback(self) -> None:
        """Undo the row."""
        if self._savepoint is not None and self._savepoint.is_active:
            self._savepoint.rollback()
        self.session.expire_all()
        requeue(self._outer, self._queue)
        for entry in self.entries:
            if entry.outcome in ("permitted", "done"):
                entry.outcome = "failed"
        self._tell_outer()
        for work in self._afterwards:
            work(self._outer)

    def close(self) -> None:
        """The session is the outer unit's."""

    def _tell_outer(self) -> None:
        self._outer.entries.extend(self.entries)
        self._outer.decided.extend(self.decided)
