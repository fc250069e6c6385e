"""What every test may ask for: a whole house on SQLite and on PostgreSQL, and a clock to move."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from muster.kernel.kernel import Kernel
from muster.kernel.settings import Settings
from muster.kernel.web import MusterFlask
from muster.server.app import create_app
from muster.server.assembly import assemble, close, database
from muster.server.schema import upgrade
from tests import peers
from tests.postgres import Postgres

POSTGRES = os.environ.get("MUSTER_TEST_DATABASE_URL", "")
ENGINES = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]
KEY = bytes(range(7, 39))


def pytest_configure(config: pytest.Config) -> None:
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
        path = tmp_path / "muster.db"
        path.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        yield f"sqlite:///{path}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    yield postgres.url
    postgres.empty()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(tmp_path, database_url)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


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
