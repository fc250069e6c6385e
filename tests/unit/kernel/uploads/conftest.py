"""A kernel as far as uploads need one, on both databases, and people who upload."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from muster.kernel.blobs import Blob, Blobs
from muster.kernel.blobs.folder import Folder
from muster.kernel.db import Database, Mode
from muster.kernel.errors import DomainError
from muster.kernel.guard import Action, Fragment, Guard
from muster.kernel.identity.actor import Actor, Person, Terminal
from muster.kernel.keys import Keys
from muster.kernel.ports import Ports
from muster.kernel.settings import Settings
from muster.kernel.uow import UnitOfWork
from muster.kernel.uploads import TARGETS, Upload, UploadTarget
from muster.kernel.uploads.access import FRAGMENT

MASTER_KEY = bytes(range(32))
OTHERS = Fragment(  # the baseline policies speak of groups that some action must be in
    "others",
    actions=[
        Action(
            "others.act",
            "Force",
            groups=("data", "data_write", "needs_purpose", "agent_door"),
            principals=("Officer", "Terminal"),
        )
    ],
)


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


class Refused(DomainError):
    code, status = "test_upload_refused", 403
    title = "Not this one."


@dataclass
class Desk:
    """A feature that takes files: what it took, and whether it is in the mood."""

    sealed: bool
    open: bool = True
    taken: list[UUID] = field(default_factory=list)

    def allow(self, uow: UnitOfWork, actor: Actor, metadata: Mapping[str, str]) -> None:
        if metadata.get("filename") == "forbidden":
            raise Refused

    def accept(self, uow: UnitOfWork, actor: Actor, upload: Upload, blob: Blob) -> None:
        if not self.open:
            raise Refused
        self.taken.append(blob.id)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def evidence() -> Desk:
    return Desk(sealed=True)


@pytest.fixture
def maps() -> Desk:
    return Desk(sealed=False)


@pytest.fixture
def kernel(database: Database, time: Time, tmp_path: Path, evidence: Desk, maps: Desk) -> Any:
    settings = Settings(
        master_key=MASTER_KEY,
        state_dir=tmp_path,
        database_url="",
        origin="http://localhost:8000",
        blob_url="",
    )
    ports = Ports()
    for name, desk in (("evidence", evidence), ("maps", maps)):
        target = UploadTarget(name, desk.sealed, 1_000_000, desk.allow, desk.accept)
        ports.answer(TARGETS, name, target)
    keys = Keys(database, MASTER_KEY, time)
    keys.ensure("blob")
    silent = SimpleNamespace(append=lambda *_: None)
    house = SimpleNamespace(
        settings=settings,
        ports=ports,
        db=database,
        keys=keys,
        audit=silent,
        outbox=silent,
        guard=Guard([FRAGMENT, OTHERS], settings),
        blobs=Blobs(Folder(tmp_path / "blobs"), keys),
        clock=time,
    )
    house.reads = lambda: UnitOfWork(house, Mode.READS)
    house.writes = lambda: UnitOfWork(house, Mode.WRITES)
    return house


def officer_on_terminal(time: Time) -> Actor:
    unit = uuid4()
    person = Person(uuid4(), "4711", "A. Officer", True, 3, unit, "N", "/CITY/N/")
    device = Terminal(
        uuid4(), "T-1", "enrolled", 2, unit, "N", "/CITY/N/", "jkt", posture_at=time()
    )
    return Actor(kind="officer", surface="field", person=person, device=device)


@pytest.fixture
def officer(time: Time) -> Actor:
    return officer_on_terminal(time)


@pytest.fixture
def stranger(time: Time) -> Actor:
    return officer_on_terminal(time)
