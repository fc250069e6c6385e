"""What every test may ask for: a whole house on SQLite and on PostgreSQL, and a clock to move."""

import gc
import os
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from flask.testing import FlaskClient

from muster.kernel.db import Database
from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings
from muster.kernel.web import MusterFlask
from muster.server import assembly
from muster.server.app import create_app
from muster.server.assembly import assemble, close, database
from muster.server.schema import upgrade
from tests import peers
from tests.postgres import Postgres

if TYPE_CHECKING:
    from playwright.sync_api import Browser

POSTGRES = os.environ.get("MUSTER_TEST_DATABASE_URL", "")
ENGINES = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]
KEY = bytes(range(7, 39))


hypothesis.settings.register_profile("unhurried", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("unhurried")  # no test asserts how long something takes


def pytest_configure(config: pytest.Config) -> None:
    gc.freeze()  # what is imported by now stays; the collector need not walk it for each test
    gc.set_threshold(20_000, 20, 50)
    if os.environ.get("CI") == "true" and not POSTGRES:
        raise pytest.UsageError("CI must set MUSTER_TEST_DATABASE_URL: nothing is skipped there")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    peers.choose(config, items)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", ENGINES, scope="function")


class MovableClock:
    """The kernel's time; it goes on by itself and can be moved ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def advance(self, **parts: float) -> None:
        self.ahead += timedelta(**parts)


@dataclass
class House:
    """A running server in this process: its kernel, its application and a client to call it."""

    kernel: Kernel
    app: MusterFlask
    client: FlaskClient
    clock: MovableClock


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "muster.db"
    db = database(settings_for(path.parent, f"sqlite:///{path}"))
    upgrade(db)
    db.dispose()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One migrated database for each test process, emptied after every test."""
    with Postgres.made(POSTGRES) as made:
        yield made


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated, empty database of this test alone."""
    if engine == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = template.with_name("of-this-process.db")
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()
        path.write_bytes(template.read_bytes())
        yield f"sqlite:///{path}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    yield postgres.url
    postgres.empty()


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The one browser of a test process: Playwright bears no second one beside it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield made
        made.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(tmp_path, database_url)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


_engines: dict[str, Database] = {}


@pytest.fixture(autouse=True)
def _one_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a process keep its engines: what they compiled for one test serves the next."""

    def kept(settings: Settings) -> Database:
        if settings.database_url not in _engines:
            _engines[settings.database_url] = database(settings)
        return copy(_engines[settings.database_url])  # what is known by database begins anew

    monkeypatch.setattr(assembly, "database", kept)


@pytest.fixture
def kernel(settings: Settings, clock: MovableClock) -> Iterator[Kernel]:
    kernel = assemble(settings, clock=clock)
    yield kernel
    close(kernel)


_apps: list[MusterFlask] = []


@pytest.fixture
def house(kernel: Kernel, clock: MovableClock) -> House:
    """Routes do not differ between tests, so each process builds its application once."""
    if not _apps:
        _apps.append(create_app(kernel))
    app = _apps[0]
    app.extensions["muster"] = kernel
    return House(kernel, app, app.test_client(), clock)


def settings_for(folder: Path, url: str) -> Settings:
    return Settings(
        master_key=KEY,
        state_dir=folder,
        database_url=url,
        origin="http://localhost:8000",
        blob_url=f"file://{folder / 'blobs'}",
        expose_counts=True,
    )
