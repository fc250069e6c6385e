"""Two databases, SQLite and PostgreSQL, each fresh for every test of keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from muster.kernel.db import Database
from muster.kernel.keys import Keys

MASTER_KEY = bytes(range(32))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    db = Database(database_url)
    yield db
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
