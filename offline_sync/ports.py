"""What sync asks of the owners of records: collections terminals hold, and outbox items they send."""

from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from muster.kernel.identity import Actor
from muster.kernel.ports import Port
from muster.kernel.uow import UnitOfWork

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One edit of a terminal: the state it wants, the one it started from, the one that is.

    States are JSON objects without `id`, `rev` and `_deleted`; None means there is no document.
    """

    id: str
    new: Body | None
    assumed: Body | None
    current: Body | None

    @property
    def deleted(self) -> bool:
        """Whether the terminal asks for the document to go."""
        return self.new is None


@dataclass(frozen=True)
class Applied:
    """The edit is in, and the owner has called `touch`."""


@dataclass(frozen=True)
class Conflicting:
    """The record moved on meanwhile; the terminal gets today's state."""


@dataclass(frozen=True)
class Refused:
    """The edit must not be; `code` is a problem code, `detail` the sentence a supervisor reads."""

    code: str
    detail: str


Verdict = Applied | Conflicting | Refused


class Collection(Protocol):
    """Documents of one kind that terminals hold. Every method decides on today's facts.

    A higher `schema_version` re-sends every document to every terminal. `writable` is False for a
    collection that is only read; what terminals push to it is kept for a supervisor.
    """

    @property
    def schema_version(self) -> int:
        """The version of the bodies' shape."""

    @property
    def writable(self) -> bool:
        """Whether terminals may push."""

    def visible(self, uow: UnitOfWork, actor: Actor) -> Several[str]:
        """Return the keys (`unit:NORTH`) of every scope the guard lets this actor hold now.

        Asked on every pull: it should cost decisions, not statements.
        """

    def load(self, uow: UnitOfWork, actor: Actor, ids: Sequence[str]) -> Mapping[str, Body]:
        """Return the bodies of documents by id in one statement; leave out what is gone."""

    def apply(self, uow: UnitOfWork, actor: Actor, row: Row) -> Verdict:
        """Authorise and write one edit, in a savepoint of its own.

        `row.assumed` equals `row.current`, or `merge` made `row.new`. A `DomainError` means refused.
        """

    def merge(self, row: Row) -> Body | None:
        """Return the state that keeps both edits by the fields' policies, or None for a conflict."""


COLLECTIONS: Port[Collection] = Port("offline_sync collections")
"""Key: the collection's name in the address, lower-case words joined by underscores."""


@dataclass(frozen=True)
class OutboxItem:
    """A piece of finished work made on a terminal, its signature and session already checked.

    `op_id` is the terminal's own name for it. `device_time` is the terminal's clock and never
    orders anything; `flags` say what is odd about it (`outside_session`, `clock_ahead`).
    """

    op_id: str
    kind: str
    device_id: UUID
    session_id: UUID
    device_time: datetime
    received_at: datetime
    boot_id: str
    elapsed_ms: int
    body: Body
    flags: tuple[str, ...] = ()


class OutboxTarget(Protocol):
    """Takes one kind of outbox item."""

    def receive(self, uow: UnitOfWork, author: Actor, item: OutboxItem) -> dict[str, Any]:
        """Record the author's work and return the answer (JSON) the terminal shows.

        `author` is the officer who made it, whoever uploads. The member `id`, a reference to the
        record, is kept for good; the rest 72 hours. A `DomainError` refuses: the item is kept for
        a supervisor.
        """


OUTBOX: Port[OutboxTarget] = Port("offline_sync outbox targets")
"""Key: the item's kind, such as `submission`."""
