"""A kernel with nothing in it but a database, a bus and ports, for rooms tested on their own."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from muster.kernel import hints, jobs, limits, notices
from muster.kernel.db import Database, Mode
from muster.kernel.events import Bus, LocalBus, Outbox
from muster.kernel.identity import models as identity
from muster.kernel.limits import Limits
from muster.kernel.model import Base
from muster.kernel.ports import Ports
from muster.kernel.uow import UnitOfWork

POSTGRES = os.environ.get("MUSTER_TEST_DATABASE_URL", "")
ROOMS = (hints, identity, jobs, limits, notices)
TABLES = {"kern_outbox", "kern_job", "kern_schedule", "kern_rate", "kern_replay", "kern_lockout"}
TABLES |= {"kern_hint_address", "kern_hint_carrier", "kern_hint_state"}
TABLES |= {"kern_device", "kern_notice", "kern_officer", "kern_unit"}


class Refused(Exception):
    """What a use case raises when it refuses."""


@dataclass
class StillClock:
    """Time that stands until a test moves it."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 3, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@dataclass
class BareKernel:
    """What these rooms use of a kernel; the audit log is left to its own tests."""

    db: Database
    clock: StillClock = field(default_factory=StillClock)
    bus: Bus = field(default_factory=LocalBus)
    ports: Ports = field(default_factory=Ports)
    outbox: Outbox = field(default_factory=Outbox)
    audit: Any = field(default_factory=lambda: SimpleNamespace(append=lambda *_: None))
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        self.limits = Limits(self.db, shared=False, clock=self.clock)

    def reads(self) -> UnitOfWork:
        return UnitOfWork(self, Mode.READS)

    def writes(self) -> UnitOfWork:
        return UnitOfWork(self, Mode.WRITES)

    def refuse(self, work: Callable[[UnitOfWork], object]) -> None:
        """Do the work in a unit that ends in a refusal."""
        with suppress(Refused), self.writes() as uow:
            work(uow)
            raise Refused


@pytest.fixture(scope="session")
def temporary_postgres() -> Iterator[str]:
    name = f"muster_rooms_{uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Database]]:
    """Opens another engine on this test's empty database, as another process would."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('rooms') / 'muster.db'}"
    else:
        url = request.getfixturevalue("temporary_postgres")
    opened = [Database(url)]
    tables = [table for table in Base.metadata.sorted_tables if table.name in TABLES]
    Base.metadata.create_all(opened[0].engine, tables=tables)

    def another() -> Database:
        opened.append(Database(url))
        return opened[-1]

    yield another
    Base.metadata.drop_all(opened[0].engine, tables=tables)
    for db in opened:
        db.dispose()


@pytest.fixture
def bare(new_database: Callable[[], Database]) -> BareKernel:
    """A bare kernel on this test's database."""
    return BareKernel(new_database())


@pytest.fixture
def another(bare: BareKernel, new_database: Callable[[], Database]) -> Callable[[], BareKernel]:
    """Builds a second kernel on the same database, time and wiring: another process."""
    return lambda: BareKernel(new_database(), clock=bare.clock, ports=bare.ports)
