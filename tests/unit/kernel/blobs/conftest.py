"""Objects over both stores and both databases, with real keys."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from obstore.store import MemoryStore
from sqlalchemy import create_engine, text

from muster.kernel import clock
from muster.kernel.blobs import Blob, Blobs, Store
from muster.kernel.blobs.bucket import Bucket
from muster.kernel.blobs.folder import Folder
from muster.kernel.db import Database, Mode
from muster.kernel.keys import Key, Keys
from muster.kernel.model import Base
from muster.kernel.ports import Ports
from muster.kernel.uow import UnitOfWork

POSTGRES = os.environ.get("MUSTER_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432")
TABLES = [Key.__table__, Blob.__table__]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'blobs.db'}"
        return
    name = f"muster_blobs_{uuid4().hex}"
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
    Base.metadata.create_all(db.engine, tables=TABLES)
    yield db
    Base.metadata.drop_all(db.engine, tables=TABLES)
    db.dispose()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Folder(tmp_path / "blobs")
    return Bucket(MemoryStore(), tmp_path / "staging")


@pytest.fixture
def keys(database: Database) -> Keys:
    keyring = Keys(database, bytes(range(32)), clock.now)
    keyring.ensure("blob")
    return keyring


@pytest.fixture
def blobs(store: Store, keys: Keys) -> Blobs:
    return Blobs(store, keys)


@pytest.fixture
def unit(database: Database) -> Callable[..., UnitOfWork]:
    """Open a real unit of work over as much of a kernel as objects need."""
    silent = SimpleNamespace(append=lambda *_: None)
    kernel = SimpleNamespace(
        db=database, clock=clock.now, ports=Ports(), outbox=silent, audit=silent
    )
    return lambda mode=Mode.WRITES: UnitOfWork(kernel, mode)
