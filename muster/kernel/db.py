"""One engine for SQLite and PostgreSQL: how transactions begin, and what each request costs.

SQLite runs in WAL with foreign keys on; a writing transaction begins IMMEDIATE, so that two
writers queue instead of failing half-way (SQLITE_BUSY on lock upgrade).
"""

import enum
from typing import Any

import msgspec
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from muster.kernel import observe

_MODE = "muster_mode"


class Mode(enum.Enum):
    """How a transaction begins.

    READS: read committed. SNAPSHOT: all reads see one moment. WRITES: may change rows; in the
    other two a statement that would is refused before it is sent.
    """

    READS = "reads"
    SNAPSHOT = "snapshot"
    WRITES = "writes"


class Database:
    """The engine and its sessions. `synchronous` is SQLite's NORMAL or FULL."""

    def __init__(self, url: str, *, synchronous: str = "NORMAL", pool: int = 8) -> None:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.url = parsed
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        options: dict[str, Any] = {
            "pool_size": pool,
            "max_overflow": 2 * pool,
            "hide_parameters": True,  # rows must not reach the log with an error
            "json_deserializer": msgspec.json.decode,
        }
        if not self.is_sqlite:
            options |= {"connect_args": {"options": "-c timezone=UTC -c lock_timeout=5s"}}
        self.engine: Engine = create_engine(parsed, **options)
        if self.is_sqlite:
            _prepare_sqlite(self.engine, synchronous)
        event.listen(self.engine, "before_cursor_execute", _refuse_stray_write)
        event.listen(self.engine, "before_cursor_execute", _count_statement)
        event.listen(self.engine, "commit", _count_commit)
        self._begun = {mode: self._beginning(mode) for mode in Mode}
        self._alone = self.engine  # on SQLite a transaction costs nothing, and we begin it
        if not self.is_sqlite:
            self._alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    def session(self, mode: Mode) -> Session:
        """Return a new session whose one transaction begins in the given mode."""
        session = Session(self._begun[mode], expire_on_commit=False)
        session.info["mode"] = mode
        return session

    def _beginning(self, mode: Mode) -> Engine:
        options: dict[str, Any] = {_MODE: mode}
        if mode is Mode.SNAPSHOT and not self.is_sqlite:
            options["isolation_level"] = "REPEATABLE READ"
        return self.engine.execution_options(**options)

    def connect(self) -> Connection:
        """Return a bare connection for one short reading statement (the gate row).

        On PostgreSQL the statement stands alone: no BEGIN before it and no ROLLBACK behind.
        """
        return self._alone.connect()

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _prepare_sqlite(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def connect(dbapi: Any, record: object) -> None:
        dbapi.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "busy_timeout=5000",
        ):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get(_MODE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if mode is Mode.WRITES else "BEGIN")


def _refuse_stray_write(
    connection: Connection,
    cursor: object,
    statement: str,
    parameters: object,
    context: Any,
    _: bool,
) -> None:
    """A change made in a reading transaction would be lost without a word."""
    mode = connection.get_execution_options().get(_MODE)
    if mode in (Mode.READS, Mode.SNAPSHOT) and (
        context is not None and (context.isinsert or context.isupdate or context.isdelete)
    ):
        raise RuntimeError("a reading unit of work changed rows: declare it as writes")


def _count_statement(*_: object) -> None:
    counts = observe.counts.get()
    if counts is not None:
        counts.statements += 1


def _count_commit(_: Connection) -> None:
    counts = observe.counts.get()
    if counts is not None:
        counts.commits += 1
