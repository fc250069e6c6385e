"""Objects over both stores and both databases, with real keys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from obstore.store import MemoryStore

from muster.kernel import clock
from muster.kernel.blobs import Blobs, Store
from muster.kernel.blobs.bucket import Bucket
from muster.kernel.blobs.folder import Folder
from muster.kernel.db import Database, Mode
from muster.kernel.keys import Keys
from muster.kernel.ports import Ports
from muster.kernel.uow import UnitOfWork


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    db = Database(database_url)
    yield db
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
