"""Two databases, SQLite and PostgreSQL, each fresh for every test of keys."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from muster.kernel.db import Database
from muster.kernel.keys import Key, Keys
from muster.kernel.model import Base

POSTGRES = os.environ.get("MUSTER_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432")
MASTER_KEY = bytes(range(32))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database of this module's own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'keys.db'}"
        return
    name = f"muster_keys_{uuid4().hex}"
    admin = create_engine(f"{POSTGRES}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{POSTGRES}/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    db = Database(url)
    Base.metadata.create_all(db.engine, tables=[Key.__table__])
    yield db
    Base.metadata.drop_all(db.engine, tables=[Key.__table__])
    db.dispose()


@dataclass
class Time:
    """A clock that moves only when told to."""

    now: datetime = field(default=datetime(2031, 5, 4, 22, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def process(database: Database, time: Time) -> Callable[[], Keys]:
    """Start another process: a keyring of its own over the same database."""
    return lambda: Keys(database, MASTER_KEY, time)


@pytest.fixture
def keys(process: Callable[[], Keys]) -> Keys:
    keyring = process()
    keyring.ensure()
    return keyring
