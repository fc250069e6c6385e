"""A log of its own for each test, on SQLite, and on PostgreSQL if there is one."""

import os
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from muster.kernel.audit import AuditLog, Entry, Live, Verdict, export, seal, verify
from muster.kernel.audit.models import (
    ARCHIVES,
    CHECKPOINTS,
    COSIGNATURES,
    ENTRIES,
    LEAVES,
    RETIRED,
    SUBJECTS,
    TILES,
)
from muster.kernel.clock import Clock, now
from muster.kernel.db import Database, Mode
from muster.kernel.keys import Key, Keys
from muster.kernel.model import Base
from muster.kernel.uow import UnitOfWork

POSTGRES = os.environ.get("MUSTER_TEST_DATABASE_URL")
collect_ignore = [] if POSTGRES else ["test_commit_order.py"]
TABLES = [
    ARCHIVES,
    CHECKPOINTS,
    COSIGNATURES,
    ENTRIES,
    LEAVES,
    RETIRED,
    SUBJECTS,
    TILES,
    Key.__table__,
]
MakeDatabase = Callable[[], Database]


@dataclass
class Log:
    """What the audit room needs of a kernel, and short ways to use it."""

    db: Database
    keys: Keys
    audit: AuditLog = field(init=False)
    clock: Clock = field(default=now)

    def __post_init__(self) -> None:
        self.audit = AuditLog(self.keys)

    @staticmethod
    def acts(count: int) -> list[Entry]:
        """Make entries that all differ."""
        return [
            Entry(action=f"test.act.{number}", outcome="done", actor_kind="system")
            for number in range(count)
        ]

    def append(self, entries: Sequence[Entry]) -> None:
        with self.db.session(Mode.WRITES) as session:
            self.audit.append(session, entries)
            session.commit()

    def fill(self, *groups: int) -> None:
        """Append groups of plain entries and seal after each."""
        for count in groups:
            self.append(self.acts(count))
            self.seal(count)

    def seal(self, count: int) -> None:
        """Seal exactly so many entries.

        Whoever writes elsewhere on the same PostgreSQL server holds the sealer back meanwhile.
        """
        sealed, deadline = 0, time.monotonic() + 20
        while sealed < count and time.monotonic() < deadline:
            sealed += seal(self)
        assert sealed == count

    def unit(self, mode: Mode = Mode.READS) -> UnitOfWork:
        """Open a unit whose changes are undone by `close`."""
        return UnitOfWork(self, mode)

    def export(self, folder: Path) -> Path:
        unit = self.unit()
        export(unit, folder / "export")
        unit.close()
        return folder / "export"

    def verdict(self, **how: object) -> Verdict:
        unit = self.unit()
        try:
            return verify(Live(unit), **how)
        finally:
            unit.close()


def open_log(make_database: MakeDatabase) -> Log:
    db = make_database()
    Base.metadata.create_all(db.engine, tables=TABLES)
    keys = Keys(db, os.urandom(32), now)
    keys.ensure("audit_checkpoint", "audit_index")
    return Log(db, keys)


def sqlite_databases(folder: Path) -> Iterator[MakeDatabase]:
    made: list[Database] = []

    def make() -> Database:
        made.append(Database(f"sqlite:///{folder / f'log{len(made)}.db'}"))
        return made[-1]

    yield make
    for db in made:
        db.dispose()


def postgres_databases(folder: Path) -> Iterator[MakeDatabase]:
    made: list[Database] = []
    server = make_url(POSTGRES).set(drivername="postgresql")
    dsn = server.render_as_string(hide_password=False)

    def make() -> Database:
        name = f"audit_{uuid.uuid4().hex}"
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        made.append(Database(server.set(database=name).render_as_string(hide_password=False)))
        return made[-1]

    yield make
    for db in made:
        db.dispose()
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{db.url.database}" WITH (FORCE)')


@pytest.fixture(scope="session")
def open_databases() -> dict[str, Callable[[Path], Iterator[MakeDatabase]]]:
    return {"sqlite": sqlite_databases, "postgres": postgres_databases}


@pytest.fixture(scope="module", params=["sqlite", *(["postgres"] if POSTGRES else [])])
def make_database(
    request: pytest.FixtureRequest,
    open_databases: dict[str, Callable[[Path], Iterator[MakeDatabase]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[MakeDatabase]:
    yield from open_databases[request.param](tmp_path_factory.mktemp("log"))


@pytest.fixture
def log(make_database: MakeDatabase) -> Log:
    return open_log(make_database)


@pytest.fixture
def other_log(make_database: MakeDatabase) -> Log:
    return open_log(make_database)


@pytest.fixture(scope="module")
def long_log(make_database: MakeDatabase) -> Log:
    """One log for many looks at it: 700 entries under checkpoints of 1, 2, 100, 357, 700."""
    log = open_log(make_database)
    log.fill(1, 1, 98, 257, 343)
    return log
